"""Where the requests of one endpoint go, and whose key goes with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from app.net.address import moved
from app.net.gate import Gate
from app.net.key import Key


class Patience(NamedTuple):
    """How long an endpoint is waited for, in seconds.

    `idle`: an answer that makes no progress. `poll`: how long the server may hold one question
    for an answer it makes later; `deadline`: how long that answer may take in all.
    """

    idle: float | None = 120.0
    poll: float = 10.0
    deadline: float = 20 * 60.0


class Site(NamedTuple):
    """The way to an endpoint. `name` is the endpoint's in sentences.

    `base_url`, where one is given, replaces scheme, host and port of every address. `key` finds
    the key, None for an endpoint that wants none; it raises KeyMissing where one is needed.
    """

    gate: Gate
    name: str
    key: Callable[[], Awaitable[Key | None]]
    base_url: str = ""
    patience: Patience = Patience()

    def url(self, address: str) -> str:
        """`address`, or the same path at `base_url`."""
        return moved(address, self.base_url) if self.base_url else address
