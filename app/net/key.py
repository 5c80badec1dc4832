"""A secret that knows the origins it may be sent to."""

from __future__ import annotations

from msgspec.structs import force_setattr

from app.domain.errors import InputRefused
from app.domain.record import Record
from app.log import hide
from app.net.address import Address, parse

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-api-key", "x-goog-api-key", "api-key"}
)


class Key(Record, frozen=True):
    """A key bound to origins: scheme, host and port of each.

    They may be given as any address of theirs. The key is sent as `header: prefix + value`.
    Raises InputRefused for a value that no header can hold.
    """

    origins: tuple[str, ...]
    value: str
    header: str = "Authorization"
    prefix: str = "Bearer "

    def __post_init__(self) -> None:
        force_setattr(self, "origins", tuple(parse(origin).origin for origin in self.origins))
        if not self.value or not self.value.isascii() or not self.value.isprintable() or " " in self.value:
            raise InputRefused(name="The key", reason="it holds characters that no key has")
        hide(self.value)

    def __repr__(self) -> str:
        return f"Key({self.origins})"

    def header_for(self, address: Address) -> tuple[str, str]:
        """The header that carries the key to `address`.

        Raises InputRefused for any other origin, and for a way off this computer without TLS.
        """
        if address.origin not in self.origins:
            belongs = " and ".join(self.origins)
            raise InputRefused(name=address.origin, reason=f"the key belongs to {belongs}")
        if address.scheme != "https" and not address.on_this_computer:
            raise InputRefused(name=address.origin, reason="a key is sent over https only")
        return self.header, self.prefix + self.value
