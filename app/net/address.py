"""Web addresses: what a connection is made to, and whether it leaves this computer."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from app.domain.errors import InputRefused

DEFAULT_PORTS = {"http": 80, "https": 443}

_WRITTEN = re.compile(r"[^\x00-\x20\x7f][^\x00-\x1f\x7f]*")
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_AS_IT_IS = "/%:@!$&'()*+,;=~[]|^\\"
_QUERY = _AS_IT_IS + "?"


class Address(NamedTuple):
    """A parsed http or https address. The one parse serves every check and the connection.

    `host` is lower-case ASCII without brackets; `target` is what the request line names.
    """

    scheme: str
    host: str
    port: int
    target: bytes

    @property
    def origin(self) -> str:
        """Scheme, host and port in one form, the scheme's own port left out."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and port as the Host header names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def path(self) -> str:
        """The path without its query, in which some servers expect secrets."""
        return self.target.partition(b"?")[0].decode("ascii", "replace")

    @property
    def on_this_computer(self) -> bool:
        """Whether a connection stays on the loopback interface."""
        if self.host == "localhost":
            return True
        try:
            ip = ipaddress.ip_address(self.host)
        except ValueError:
            return False
        mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
        return (mapped or ip).is_loopback


def parse(url: str) -> Address:
    """Read an address. Raises InputRefused for anything but plain http and https.

    A user name or password in the address is refused too: it would be a key bound to nothing.
    """
    try:
        if not _WRITTEN.fullmatch(url):
            raise ValueError(url)
        parts = urlsplit(url)
        port = parts.port
        if port == 0:
            raise ValueError(url)
        host = "" if "@" in parts.netloc else _host(parts.hostname or "", "[" in parts.netloc)
        target = quote(parts.path or "/", _AS_IT_IS) + (
            f"?{quote(parts.query, _QUERY)}" if parts.query else ""
        )
    except (TypeError, ValueError) as error:
        raise InputRefused(name="The address", reason="it is not a web address") from error
    if "@" in parts.netloc:
        raise InputRefused(name="The address", reason="it holds a user name")
    if parts.scheme not in DEFAULT_PORTS:
        raise InputRefused(name="The address", reason="it is not a web address")
    return Address(parts.scheme, host, port or DEFAULT_PORTS[parts.scheme], target.encode("ascii"))


def _host(name: str, in_brackets: bool) -> str:
    """A host as a connection needs it: a number, or a name in ASCII. Raises ValueError."""
    if in_brackets:
        if "%" in name:
            raise ValueError(name)
        return str(ipaddress.IPv6Address(name))
    if not name.isascii():
        import idna

        name = idna.encode(name, uts46=True).decode("ascii")
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise ValueError(name)
    return name


def moved(url: str, base_url: str) -> str:
    """The path and query of `url` at the scheme, host and port of `base_url`. Raises InputRefused."""
    return parse(base_url).origin + parse(url).target.decode("ascii")
