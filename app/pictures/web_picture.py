"""One picture from the web, fetched after the user agreed to its address."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from app.domain.errors import FoveaError, InputRefused, OfflineRefused, PictureRefused, Stalled
from app.pictures.intake import shown_name

if TYPE_CHECKING:
    from app.net.gate import Gate

MOST_BYTES = 100 * 2**20
MOST_S = 120.0
_SCHEMES = ("http", "https")
_STATUSES = {
    401: "{host} gives it only to those who are signed in there",
    403: "{host} does not give it to Fovea",
    404: "{host} has no such picture",
    410: "{host} no longer has this picture",
}


class WebPicture(NamedTuple):
    """What an address gave; nobody has looked yet whether it is a picture.

    `link` is the address where it is one that endpoints may be told: over https.
    """

    name: str
    data: bytes
    link: str


def host_of(url: str) -> str:
    """Whom fetching `url` would ask, with the port where one is named; empty for no web address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return shown_name(f"{host}{port}") if host and parts.scheme in _SCHEMES else ""


async def fetch_picture(
    gate: Gate, url: str, *, most_bytes: int = MOST_BYTES, most_s: float = MOST_S
) -> WebPicture:
    """Fetch `url` through `gate`: without a key, without following it anywhere else.

    Raises PictureRefused for everything that goes wrong. Where the address leads on to another
    one, that is the refusal's `url`, for the user to agree to again.
    """
    host, name = host_of(url), _name(url)
    try:
        async with asyncio.timeout(most_s):
            data = await _fetch(gate, url, host, name, most_bytes)
    except TimeoutError as error:
        reason = f"{host} took longer than {most_s:g} seconds to send it"
        raise PictureRefused(name=name, reason=reason) from error
    except PictureRefused:
        raise
    except FoveaError as error:
        raise PictureRefused(name=name, reason=_clause(error, host)) from error
    return WebPicture(name, data, url if url.startswith("https:") else "")


async def _fetch(gate: Gate, url: str, host: str, name: str, most_bytes: int) -> bytes:
    async with gate.stream(
        "GET", url, endpoint=host, first_byte_s=30.0, idle_s=30.0, most_bytes=most_bytes
    ) as response:
        target = response.headers.get("location", "")
        if 300 <= response.status < 400 and target:
            raise _elsewhere(name, host, urljoin(url, target))
        if response.status != 200:
            said = _STATUSES.get(response.status, "{host} answered with status {status}")
            reason = said.format(host=host, status=response.status)
            raise PictureRefused(name=name, reason=reason)
        return await response.body()


def _elsewhere(name: str, host: str, target: str) -> PictureRefused:
    there = host_of(target)
    if not there:
        return PictureRefused(name=name, reason=f"{host} leads on to something that is no web address")
    how = ", over a connection that is not encrypted" if target.startswith("http:") else ""
    refusal = PictureRefused(name=name, reason=f"{host} says that it is now at {shown_name(target)}{how}")
    refusal.url = target
    return refusal


def _clause(error: FoveaError, host: str) -> str:
    match error:
        case OfflineRefused():
            return f"Fovea is offline, so it did not connect to {host}"
        case Stalled():
            return f"{host} sent nothing for {error.facts['seconds']} seconds"
        case InputRefused():
            return error.facts["reason"]
        case _:
            return f"{host} did not send it: {error.facts['reason']}"


def _name(url: str) -> str:
    """The last part of the path, as a name of a picture; the host where there is none."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return shown_name(url)
    last = unquote(path.rstrip("/").rpartition("/")[2])
    return shown_name(last or host_of(url) or url)
