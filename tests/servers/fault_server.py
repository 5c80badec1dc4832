"""An HTTP server on 127.0.0.1 that answers by script, and misbehaves by script.

A script is a list of steps: bytes are sent as they are, the other steps say what to do between
them. `Answer` puts a status line and headers before its steps; `Raw` sends nothing of its own.

    async with FaultServer([Answer(steps=[event("hi"), Reset()])]) as server:
        ...  # ask server.url; then look at server.requests

Each request takes the next answer of the list; the last one serves all further requests. A path
may have a list of its own, `server.at("/v1/models", Answer(...))`, and an answer may be a function
of the request. Connections serve one request and close. `in_a_thread` runs a server in a thread of
its own, for tests whose client is another process or has no asyncio loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self, TypeVar

SSE = "text/event-stream"


@dataclass(frozen=True)
class Wait:
    """Send nothing for `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Hold:
    """Send nothing until `event` is set or the client has gone."""

    event: asyncio.Event


@dataclass(frozen=True)
class Hang:
    """Send nothing more and keep the connection open until the client goes."""


@dataclass(frozen=True)
class Reset:
    """End the connection with RST instead of FIN."""


@dataclass(frozen=True)
class Forever:
    """Send `data` again and again, `seconds` apart, until the client goes."""

    data: bytes
    seconds: float = 0.0


Step = bytes | Wait | Hold | Hang | Reset | Forever


@dataclass(frozen=True)
class Answer:
    """A status line, headers and the steps of the body.

    `framing` is how the body's end is told: "close" (the connection ends), "length" (the
    Content-Length of all bytes in `steps`, or of `length` if given), or "chunked" (each bytes
    step is a chunk; the last chunk follows unless `cut` is set).
    """

    steps: Sequence[Step] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": SSE})
    framing: str = "close"
    length: int | None = None
    cut: bool = False


@dataclass(frozen=True)
class Raw:
    """Steps alone: whatever is sent instead of an HTTP answer.

    `at_once`: they begin when the client connects, and its request is never read.
    """

    steps: Sequence[Step] = ()
    at_once: bool = False


@dataclass(frozen=True)
class Received:
    """A request as it came; header names are lower-case. `time` is the loop's when it was read in full."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    time: float = 0.0

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


AnswerFor = Answer | Raw | Callable[[Received], Answer | Raw]


class FaultServer:
    """The server. Use it as an async context manager; `answers` may be changed while it runs.

    `paths` holds answers by the beginning of the path; where several fit, the longest counts.
    """

    def __init__(self, answers: Iterable[AnswerFor] = (), tls: ssl.SSLContext | None = None) -> None:
        self.answers: list[AnswerFor] = list(answers)
        self.paths: dict[str, list[AnswerFor]] = {}
        self.requests: list[Received] = []
        self.accepted = 0
        self.open_connections = 0
        self.read_body_bytes_per_second: float | None = None
        self.port = 0
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def at(self, path: str, *answers: AnswerFor) -> Self:
        """Answer requests whose path begins with `path` by these, in turn; the last one stays."""
        self.paths[path] = list(answers)
        return self

    def asked(self, path: str) -> list[Received]:
        """The requests so far whose path begins with `path`."""
        return [request for request in self.requests if request.path.startswith(path)]

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def call(self, do: Callable[[], object]) -> None:
        """Do something on the server's loop, from any thread: set the event of a Hold, change answers."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(do)

    async def wait_for_requests(self, count: int) -> None:
        """Wait until `count` requests have been read in full."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.requests) >= count)

    async def wait_for_connections(self, count: int) -> None:
        """Wait until `count` connections have been accepted since the start."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.accepted >= count)

    async def wait_until_idle(self) -> None:
        """Wait until every client has gone."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.open_connections == 0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await self._count(accepted=1, open_now=1)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                first = self.answers[0] if self.answers else None
                if isinstance(first, Raw) and first.at_once:
                    answer = _next(self.answers)
                else:
                    self.requests.append(request := await self._read_request(reader))
                    answer = _next(self._answers_for(request.path))
                    answer = answer if isinstance(answer, Answer | Raw) else answer(request)
                await self._count()
                await _play(answer, reader, writer)
        except asyncio.CancelledError:
            # Python 3.11's streams report a cancelled handler as an error of the loop.
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            await self._count(open_now=-1)

    async def _count(self, accepted: int = 0, open_now: int = 0) -> None:
        async with self._changed:
            self.accepted += accepted
            self.open_connections += open_now
            self._changed.notify_all()

    async def _read_request(self, reader: asyncio.StreamReader) -> Received:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = await self._read_body(reader, int(headers.get("content-length", "0")))
        return Received(method, path, headers, body, asyncio.get_running_loop().time())

    async def _read_body(self, reader: asyncio.StreamReader, length: int) -> bytes:
        if self.read_body_bytes_per_second is None:
            return await reader.readexactly(length)
        body = b""
        while len(body) < length:
            piece = await reader.read(min(4096, length - len(body)))
            if not piece:
                raise asyncio.IncompleteReadError(body, length)
            body += piece
            await asyncio.sleep(len(piece) / self.read_body_bytes_per_second)
        return body

    def _answers_for(self, path: str) -> list[AnswerFor]:
        fitting = [prefix for prefix in self.paths if path.startswith(prefix)]
        answers = self.paths[max(fitting, key=len)] if fitting else self.answers
        return answers or [NOTHING_THERE]


NOTHING_THERE = Answer([b"not found"], 404, {"Content-Type": "text/plain"}, "length")


def _next(answers: list[AnswerFor]) -> AnswerFor:
    return answers.pop(0) if len(answers) > 1 else answers[0]


async def _play(answer: Answer | Raw, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    chunked = isinstance(answer, Answer) and answer.framing == "chunked"
    if isinstance(answer, Answer):
        writer.write(_head(answer))
    for step in answer.steps:
        if isinstance(step, bytes):
            writer.write(b"%x\r\n%b\r\n" % (len(step), step) if chunked else step)
            await writer.drain()
        elif isinstance(step, Forever):
            await _repeat(step, writer, chunked)
        elif isinstance(step, Reset):
            await _reset(writer)
            return
        else:
            await _pause(step, reader)
    if isinstance(answer, Answer) and chunked and not answer.cut:
        writer.write(b"0\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        await writer.drain()


async def _pause(step: Wait | Hold | Hang, reader: asyncio.StreamReader) -> None:
    gone = asyncio.ensure_future(_until_gone(reader))
    until = [gone]
    if isinstance(step, Hold):
        until.append(asyncio.ensure_future(step.event.wait()))  # type: ignore[arg-type]
    try:
        limit = step.seconds if isinstance(step, Wait) else None
        await asyncio.wait(until, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            gone.exception()
            raise ConnectionResetError("the client has gone")
    finally:
        for future in until:
            future.cancel()
        await asyncio.gather(*until, return_exceptions=True)


async def _until_gone(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        pass


async def _repeat(step: Forever, writer: asyncio.StreamWriter, chunked: bool) -> None:
    data = b"%x\r\n%b\r\n" % (len(step.data), step.data) if chunked else step.data
    while not writer.transport.is_closing():
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(step.seconds)


async def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    await asyncio.sleep(0)


def _head(answer: Answer) -> bytes:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{k}: {v}" for k, v in answer.headers.items())]
    if answer.framing == "chunked":
        lines.append("Transfer-Encoding: chunked")
    elif answer.framing == "length":
        whole = sum(len(step) for step in answer.steps if isinstance(step, bytes))
        lines.append(f"Content-Length: {whole if answer.length is None else answer.length}")
    lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


Server = TypeVar("Server", bound=FaultServer)


@contextlib.contextmanager
def in_a_thread(server: Server) -> Iterator[Server]:
    """`server` in a thread of its own, as long as the block lasts."""
    started = threading.Event()
    stop: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        over = asyncio.Event()
        async with server:
            stop.append((asyncio.get_running_loop(), over))
            started.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="server", daemon=True)
    thread.start()
    assert started.wait(10), "the server did not start"
    try:
        yield server
    finally:
        loop, over = stop[0]
        loop.call_soon_threadsafe(over.set)
        thread.join(10)


def running(
    answers: Iterable[AnswerFor], tls: ssl.SSLContext | None = None
) -> contextlib.AbstractContextManager[FaultServer]:
    """A server with these answers, in a thread of its own as long as the block lasts."""
    return in_a_thread(FaultServer(answers, tls))


def event(data: str | bytes | Mapping[str, Any], name: str = "") -> bytes:
    """One server-sent event; a mapping is sent as JSON."""
    if isinstance(data, Mapping):
        data = json.dumps(data, ensure_ascii=False)
    raw = data.encode() if isinstance(data, str) else data
    return (f"event: {name}\n".encode() if name else b"") + b"data: " + raw + b"\n\n"


def delta(text: str | None, **fields: Any) -> bytes:
    """A chunk of an OpenAI-style answer that adds `text`; `fields` join the delta."""
    choice = {"index": 0, "delta": {"content": text, **fields}, "finish_reason": None}
    return event({"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice]})


def finish(reason: str = "stop") -> bytes:
    """The chunk that ends an OpenAI-style answer."""
    return event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})


def usage(prompt: int, completion: int) -> bytes:
    """The chunk that counts the tokens."""
    return event({"choices": [], "usage": {"prompt_tokens": prompt, "completion_tokens": completion}})


DONE = event("[DONE]")


def words(text: str) -> list[bytes]:
    """A whole, well-behaved answer: a chunk for each word, then the end."""
    first, *others = text.split(" ")
    return [delta(first), *(delta(f" {word}") for word in others), finish(), DONE]


async def drain(chunks: AsyncIterator[bytes]) -> bytes:
    """All of `chunks`."""
    return b"".join([chunk async for chunk in chunks])
