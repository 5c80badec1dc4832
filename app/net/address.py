"""Web addresses: what a connection is made to, and whether it leaves this computer."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

from app.domain.errors import InputRefused

DEFAULT_PORTS = {"http": 80, "https": 443}


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
    import httpx2

    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, TypeError, ValueError) as error:
        raise InputRefused(name="The address", reason="it is not a web address") from error
    if parsed.scheme not in DEFAULT_PORTS or not parsed.host:
        raise InputRefused(name="The address", reason="it is not a web address")
    if parsed.userinfo:
        raise InputRefused(name="The address", reason="it holds a user name")
    port = parsed.port or DEFAULT_PORTS[parsed.scheme]
    if port > 65535:
        raise InputRefused(name="The address", reason=f"there is no port {port}")
    return Address(parsed.scheme, parsed.raw_host.decode("ascii"), port, parsed.raw_path)


def moved(url: str, base_url: str) -> str:
    """The path and query of `url` at the scheme, host and port of `base_url`. Raises InputRefused."""
    return parse(base_url).origin + parse(url).target.decode("ascii")
