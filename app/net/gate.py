"""The only door to the network.

Each request has a connection of its own, speaks HTTP/1.1, and ends with its connection: nothing is
pooled, so nothing can leak. No proxy, no redirect, no cookie, no compression, by construction.
The libraries are imported with the first Gate, not with this module.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple, Required, TypedDict, Unpack

from app.domain.errors import BadAnswer, FoveaError, OfflineRefused, Stalled
from app.net.address import Address, parse
from app.net.key import SECRET_HEADERS, Key
from app.net.ledger import Ledger, LedgerRow
from app.net.wake import Alertness, WakeWatch

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpcore2

    from app.net.wire import Wire

MAX_ANSWER = 256 * 2**20
MAX_DOCUMENT = 8 * 2**20
FIRST_BYTE_S = 120.0
UPLOAD_PIECE = 64 * 1024

_CHATTY = ("httpcore2", "httpcore2.http11", "httpcore2.connection")


def _import_network() -> tuple[ModuleType, ModuleType]:
    from app.net import failures, wire

    return wire, failures


class Response:
    """The head of an answer, and its body as it arrives."""

    def __init__(
        self,
        exchange: Exchange,
        answer: httpcore2.Response,
        idle_s: float | None,
        most: int,
    ) -> None:
        self.status: int = answer.status
        self.headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers
        }
        """Header names are lower-case; of a repeated header the last one counts."""
        self.host = exchange.address.authority
        self._exchange = exchange
        self._answer = answer
        self._idle_s = idle_s
        self._most = most

    @property
    def content_type(self) -> str:
        """The media type in lower case without its parameters; empty where none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def within(self, seconds: float | None) -> AbstractAsyncContextManager[asyncio.Timeout]:
        """A limit on a wait for more of the answer, as `asyncio.timeout`; a sleep does not use it up."""
        return self._exchange.watch.limit(seconds)

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The body, once. Raises EndpointFailed when it breaks off, stalls or grows too large."""
        endpoint = self._exchange.endpoint
        if self.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise BadAnswer(endpoint=endpoint, reason="it is compressed, which was not asked for")
        size = 0
        async with aclosing(self._answer.aiter_stream()) as pieces:
            while (piece := await self._next(pieces)) is not None:
                size += len(piece)
                if size > self._most:
                    raise BadAnswer(endpoint=endpoint, reason=f"it is larger than {self._most // 2**20} MB")
                yield piece

    async def _next(self, pieces: AsyncIterator[bytes]) -> bytes | None:
        """The next piece of the body, None at its end."""
        limit = None
        try:
            if self._idle_s is None:
                return await anext(pieces, None)
            async with self.within(self._idle_s) as limit:
                return await anext(pieces, None)
        except self._exchange.network_errors as error:
            if limit is not None and limit.expired():
                raise Stalled(endpoint=self._exchange.endpoint, seconds=f"{self._idle_s:g}") from error
            raise self._exchange.explain(error) from error

    async def body(self) -> bytes:
        """The whole body. Raises what `chunks` raises."""
        async with aclosing(self.chunks()) as chunks:
            return b"".join([chunk async for chunk in chunks])


class Document(NamedTuple):
    """An answer that was read to its end. `headers` as in `Response`."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str]


class Sending(TypedDict, total=False):
    """What `Gate.fetch` takes as `Gate.stream` does."""

    endpoint: Required[str]
    headers: Mapping[str, str] | None
    key: Key | None
    json: bytes | None
    content: bytes | None
    content_type: str
    on_sent: Callable[[int], None] | None
    first_byte_s: float | None
    noted: bool


class Body(NamedTuple):
    """What a request carries. `on_sent` hears how many bytes of it were handed to the connection."""

    content: bytes | None = None
    content_type: str = "application/json"
    on_sent: Callable[[int], None] | None = None


class Exchange:
    """A request on its way."""

    def __init__(
        self,
        address: Address,
        endpoint: str,
        method: str,
        wire: Wire,
        watch: WakeWatch,
        network_errors: tuple[type[BaseException], ...],
    ) -> None:
        self.address = address
        self.endpoint = endpoint
        self.method = method
        self.wire = wire
        self.watch = watch
        self.network_errors = network_errors
        self.begun = datetime.now(UTC)
        self.clock = time.monotonic()
        self.status: int | None = None

    def explain(self, error: BaseException) -> FoveaError:
        """The network's error in our own words."""
        from app.net.failures import explain

        return explain(error, self.wire, self.endpoint, self.address, self.status is not None)

    def row(self, outcome: str) -> LedgerRow:
        """What the ledger keeps."""
        return LedgerRow(
            time=self.begun,
            endpoint=self.endpoint,
            method=self.method,
            origin=self.address.origin,
            path=self.address.path,
            status=self.status,
            bytes_sent=self.wire.sent,
            bytes_received=self.wire.received,
            duration_s=time.monotonic() - self.clock,
            outcome=outcome,
        )


class Gate:
    """Opens connections, refuses those it must, and writes every request into `ledger`.

    With `offline` set, only this computer itself is spoken to. `alertness` says how long answers
    are waited for after the computer slept.
    """

    def __init__(self, offline: bool = False, alertness: Alertness | None = None) -> None:
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        self.offline = offline
        self.ledger = Ledger()
        self._new_wire: Callable[[], Wire] | None = None
        self._network_errors: tuple[type[Exception], ...] = ()
        self._trust: SSLContext | None = None
        self._open: set[Wire] = set()
        self._watch = WakeWatch(alertness or Alertness())

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        *,
        endpoint: str,
        headers: Mapping[str, str] | None = None,
        key: Key | None = None,
        json: bytes | None = None,
        content: bytes | None = None,
        content_type: str = "application/octet-stream",
        on_sent: Callable[[int], None] | None = None,
        first_byte_s: float | None = FIRST_BYTE_S,
        idle_s: float | None = None,
        most_bytes: int = MAX_ANSWER,
        noted: bool = True,
    ) -> AsyncGenerator[Response, None]:
        """Send a request and read its answer; leaving the block closes the connection at once.

        `endpoint` names the other side in errors and in the ledger. `headers` must not hold a
        secret: pass it as `key`. The body is `json`, or else `content`, which is of
        `content_type`; `on_sent` hears how many of its bytes were handed to the connection.
        Whole seconds or parts: `first_byte_s` from the end of the request to the head of the
        answer, `idle_s` between two pieces of its body; None waits for ever. After a sleep of the
        computer an answer is Interrupted when nothing comes within some seconds, unless
        `first_byte_s` is None, as for what runs here and slept as well. An answer of status 400
        and above is an answer like any other. `noted` False keeps a request to this very
        computer out of the ledger: one that only asks whether something still runs.
        Raises InputRefused (address, key), OfflineRefused, and EndpointFailed leaves.
        """
        address = parse(url)
        body = Body(content, content_type, on_sent) if json is None else Body(json, on_sent=on_sent)
        wire = await self._wire()
        exchange = Exchange(address, endpoint, method, wire, self._watch, self._network_errors)
        with self._open_for(exchange, may_sleep=first_byte_s is None, noted=noted):
            self._refuse_offline(address)
            head = _head(address, headers or {}, key, body)
            answer = await self._ask(exchange, head, body, first_byte_s)
            yield Response(exchange, answer, idle_s, most_bytes)

    @contextmanager
    def _open_for(self, exchange: Exchange, *, may_sleep: bool, noted: bool) -> Iterator[None]:
        """Look after the exchange's wire, drop it at the end, and write the ledger."""
        wire = exchange.wire
        outcome = "cancelled"
        self._open.add(wire)
        if not may_sleep:
            self._watch.add(wire)
        try:
            yield
            outcome = "done"
        except FoveaError as error:
            outcome = error.code
            raise
        except Exception:
            outcome = "failed"
            raise
        finally:
            wire.drop()
            self._open.discard(wire)
            self._watch.discard(wire)
            if noted or not exchange.address.on_this_computer:
                self.ledger.append(exchange.row(outcome))

    async def fetch(
        self,
        method: str,
        url: str,
        *,
        idle_s: float | None = 30.0,
        most_bytes: int = MAX_DOCUMENT,
        **sending: Unpack[Sending],
    ) -> Document:
        """Send a request and read its whole answer. Arguments and errors as in `stream`."""
        async with self.stream(method, url, idle_s=idle_s, most_bytes=most_bytes, **sending) as response:
            body = await response.body()
            return Document(response.status, response.content_type, body, response.headers)

    async def aclose(self) -> None:
        """Drop every open connection; whoever reads from one gets an error."""
        for wire in tuple(self._open):
            wire.drop()

    async def _wire(self) -> Wire:
        """A wire for one request. The network's library is loaded with the first one, in a thread."""
        if not self._network_errors:
            wire, failures = await asyncio.to_thread(_import_network)
            self._network_errors = failures.NETWORK_ERRORS
            self._new_wire = self._new_wire or wire.Wire
        assert self._new_wire is not None
        return self._new_wire()

    def _refuse_offline(self, address: Address) -> None:
        if self.offline and not address.on_this_computer:
            raise OfflineRefused(host=address.authority)

    async def _ask(
        self,
        exchange: Exchange,
        head: list[tuple[bytes, bytes]],
        body: Body,
        first_byte_s: float | None,
    ) -> httpcore2.Response:
        import httpcore2

        address = exchange.address
        url = httpcore2.URL(
            scheme=address.scheme, host=address.host, port=address.port, target=address.target
        )
        connection = httpcore2.AsyncHTTPConnection(
            url.origin,
            ssl_context=await self._trusted() if address.scheme == "https" else None,
            network_backend=exchange.wire,
        )
        try:
            async with self._watch.limit(None) as limit:
                request = httpcore2.Request(
                    exchange.method, url, headers=head, content=_upload(body, limit, first_byte_s)
                )
                answer = await connection.handle_async_request(request)
        except self._network_errors as error:
            if limit.expired():
                raise Stalled(endpoint=exchange.endpoint, seconds=f"{first_byte_s:g}") from error
            raise exchange.explain(error) from error
        exchange.status = answer.status
        return answer

    async def _trusted(self) -> SSLContext:
        """The system's trusted authorities, read once, off the loop."""
        import httpcore2

        if self._trust is None:
            self._trust = await asyncio.to_thread(httpcore2.default_ssl_context)
        return self._trust


def _head(
    address: Address, headers: Mapping[str, str], key: Key | None, body: Body
) -> list[tuple[bytes, bytes]]:
    secret = SECRET_HEADERS.intersection(name.lower() for name in headers)
    if secret:
        raise ValueError(f"pass {', '.join(sorted(secret))} as a Key, which knows where it may go")
    head = {"host": address.authority, "user-agent": "Fovea", "accept": "*/*"}
    head |= {"accept-encoding": "identity", "connection": "close"}
    if body.content is not None:
        head |= {"content-type": body.content_type, "content-length": str(len(body.content))}
    head |= {name.lower(): value for name, value in headers.items()}
    if key is not None:
        name, value = key.header_for(address)
        head[name.lower()] = value
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in head.items()]


async def _upload(
    body: Body, limit: asyncio.Timeout, first_byte_s: float | None
) -> AsyncGenerator[bytes, None]:
    """The body in pieces, so that a slow line shows progress; then the wait for the answer begins."""
    view = memoryview(body.content or b"")
    for start in range(0, len(view), UPLOAD_PIECE):
        piece = bytes(view[start : start + UPLOAD_PIECE])
        yield piece
        if body.on_sent is not None:
            body.on_sent(start + len(piece))
    if first_byte_s is not None:
        limit.reschedule(asyncio.get_running_loop().time() + first_byte_s)
