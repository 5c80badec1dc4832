"""One connection for one request, read at a pace that lets the kernel gather small pieces.

Waking the reader once a token costs several times what the token itself costs. So what comes within
PACE_S of the last read waits for the rest of that time, and the kernel's buffer collects what
follows; the first reads after anything was sent never wait, nor does a read that follows a large
one, and a slow stream never does. Pacing sits below TLS, where one read takes in many records.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable
from enum import StrEnum
from itertools import zip_longest
from socket import SocketKind
from ssl import SSLContext
from typing import Any

import httpcore2
from anyio import EndOfStream
from anyio.abc import ByteStream
from anyio.streams.tls import TLSStream

PACE_S = 0.024  # about as often as the window shows what came
GATHER_S = 0.001
FREE_READS = 2
BULK_BYTES = 16 * 1024

CONNECT_S = 10.0
LEAD_S = 0.25
WRITE_S = 30.0


class Stage(StrEnum):
    """How far a connection has come."""

    CONNECTING = "connecting"
    SECURING = "securing"
    OPEN = "open"


class PacedSocket(asyncio.Protocol, ByteStream):
    """A TCP connection that reads only when asked, paced, and can be dropped at once."""

    def __init__(self, pace_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._pace_s = pace_s
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._ended = False
        self._lost: Exception | None = None
        self._readable: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._gathering = False
        self._dense = False
        self._free_reads = FREE_READS
        self._last_read = 0.0
        self._last_size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what came. What follows stays with the kernel while nobody waits, or it is too early."""
        self._buffer += data
        early = self._early_by()
        is_early = early > 0 and not self._gathering
        self._dense = is_early or (self._dense and early > -self._pace_s)
        if (self._dense or self._readable is None) and self._transport is not None:
            self._transport.pause_reading()
        if is_early and self._readable is not None:
            self._timer = self._loop.call_later(early, self._gather, self._readable)
        else:
            _wake(self._readable)

    def eof_received(self) -> bool:
        """Note the other side's end; ours stays open until it is dropped."""
        self._ended = True
        _wake(self._readable)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Let whoever waits find out."""
        self._ended = True
        self._lost = self._lost or exc
        _wake(self._readable)
        _wake(self._writable)
        self._writable = None

    def pause_writing(self) -> None:
        """Make senders wait."""
        self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        """Let senders go on."""
        _wake(self._writable)
        self._writable = None

    async def receive(self, max_bytes: int = 65536) -> bytes:
        """The next bytes, at least one. Raises EndOfStream at the end, OSError when it broke."""
        if not self._buffer and not self._ended:
            await self._fill()
        if not self._buffer:
            if self._lost is not None:
                raise self._lost
            raise EndOfStream
        data = bytes(self._buffer[:max_bytes])
        del self._buffer[:max_bytes]
        return data

    async def send(self, item: bytes) -> None:
        """Write and wait until the buffer has room again. Raises OSError."""
        self._free_reads = FREE_READS
        if self._transport is None or self._transport.is_closing():
            raise self._lost or ConnectionResetError("the connection is closed")
        self._transport.write(item)
        if self._writable is not None:
            await self._writable
        if self._lost is not None:
            raise self._lost

    async def send_eof(self) -> None:
        """End our side. Never used: HTTP says where a request ends."""
        if self._transport is not None:
            self._transport.write_eof()

    async def aclose(self) -> None:
        """Drop the connection at once."""
        self.drop()

    @property
    def waiting(self) -> bool:
        """Whether somebody waits for the other side to send, or to take what is sent."""
        return self._readable is not None or self._writable is not None

    def drop(self, because: OSError | None = None) -> None:
        """Close the socket now; whatever was not yet written is thrown away.

        Whoever waits finds the end of the stream, or `because`.
        """
        self._lost = self._lost or because
        if self._transport is not None:
            self._transport.abort()

    def _early_by(self) -> float:
        """For how many seconds what came now has to wait, 0 or less for not at all."""
        if self._free_reads or self._last_size >= BULK_BYTES:
            return 0.0
        return self._last_read + self._pace_s - self._loop.time()

    def _gather(self, readable: asyncio.Future[None]) -> None:
        """Take what the kernel has by now; hand on what is there even if that is nothing."""
        self._gathering = True
        self._timer = self._loop.call_later(GATHER_S, _wake, readable)
        if self._transport is not None:
            self._transport.resume_reading()

    async def _fill(self) -> None:
        """Wait until there is something in the buffer, or the end."""
        if self._transport is None:
            return
        self._readable = self._loop.create_future()
        early = self._early_by() if self._dense else 0.0
        if early > 0:
            self._timer = self._loop.call_later(early, self._transport.resume_reading)
        else:
            self._transport.resume_reading()
        try:
            await self._readable
        finally:
            self._readable = None
            self._gathering = False
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        self._free_reads = max(self._free_reads - 1, 0)
        self._last_read = self._loop.time()
        self._last_size = len(self._buffer)


class Wire(httpcore2.AsyncNetworkBackend):
    """Makes the one connection of a request, and says how far it came and what crossed it."""

    def __init__(
        self, connect_s: float = CONNECT_S, write_s: float = WRITE_S, pace_s: float = PACE_S
    ) -> None:
        self.stage = Stage.CONNECTING
        self.sent = 0
        self.received = 0
        self.ended = False
        self.connect_s = connect_s
        self.write_s = write_s
        self._pace_s = pace_s
        self._sockets: list[PacedSocket] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect within `connect_s`. Raises OSError, TimeoutError among them."""
        async with asyncio.timeout(self.connect_s):
            if host == "localhost":
                socket = await self._connect_here(port)
            elif _is_number(host):
                socket = await self._connect(host, port)
            else:
                socket = await self._connect_name(host, port)
        self.stage = Stage.OPEN
        return WireStream(self, socket)

    @property
    def waiting(self) -> bool:
        """Whether somebody waits for the other side."""
        return any(socket.waiting for socket in self._sockets)

    @property
    def moved(self) -> int:
        """How many bytes went either way so far."""
        return self.sent + self.received

    def drop(self, because: OSError | None = None) -> None:
        """Close whatever is open, at once; whoever waits gets `because`. Harmless when nothing is."""
        for socket in self._sockets:
            socket.drop(because)

    async def _connect_here(self, port: int) -> PacedSocket:
        """Connect to this computer without asking a name server what `localhost` is."""
        try:
            return await self._connect("127.0.0.1", port)
        except OSError as error:
            try:
                return await self._connect("::1", port)
            except OSError:
                raise error from None

    async def _connect_name(self, host: str, port: int) -> PacedSocket:
        """Try the addresses of `host` one after the other, each with a short lead (RFC 8305)."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SocketKind.SOCK_STREAM)
        addresses = _mixed([str(entry[4][0]) for entry in found])
        won: list[PacedSocket] = []
        lost: list[OSError] = []

        async def attempt(address: str) -> None:
            try:
                won.append(await self._connect(address, port))
            except OSError as error:
                lost.append(error)

        async with asyncio.TaskGroup() as group:
            running: set[asyncio.Task[None]] = set()
            while not won and (addresses or running):
                if addresses:
                    running.add(group.create_task(attempt(addresses.pop(0))))
                _, running = await asyncio.wait(
                    running,
                    timeout=LEAD_S if addresses else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
            for task in running:
                task.cancel()
        if not won:
            raise lost[0]
        for late in won[1:]:
            late.drop()
        return won[0]

    async def _connect(self, address: str, port: int) -> PacedSocket:
        # The loop's own racing of addresses leaks the socket of a cancelled attempt.
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(self._new_socket, address, port)
        return socket

    def _new_socket(self) -> PacedSocket:
        socket = PacedSocket(self._pace_s)
        self._sockets.append(socket)
        return socket


class WireStream(httpcore2.AsyncNetworkStream):
    """The bytes of a Wire, plain or encrypted, as the HTTP library asks for them."""

    def __init__(self, wire: Wire, stream: ByteStream) -> None:
        self._wire = wire
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """The next bytes; none at the end. How long to wait is the caller's matter."""
        try:
            data = await self._stream.receive(max_bytes)
        except EndOfStream:
            self._wire.ended = True
            return b""
        self._wire.received += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send all of `buffer`. Raises TimeoutError when the other side takes nothing for `write_s`.

        Raises httpcore2.WriteError when it closed: the library then looks for an early answer.
        """
        try:
            async with asyncio.timeout(self._wire.write_s):
                await self._stream.send(buffer)
        except TimeoutError:
            raise
        except OSError as error:
            raise httpcore2.WriteError(str(error)) from error
        self._wire.sent += len(buffer)

    async def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        """Encrypt. Raises OSError (ssl.SSLError among them) or an anyio stream error."""
        self._wire.stage = Stage.SECURING
        async with asyncio.timeout(self._wire.connect_s):
            stream = await TLSStream.wrap(
                self._stream,
                server_side=False,
                hostname=server_hostname,
                ssl_context=ssl_context,
                standard_compatible=False,
            )
        self._wire.stage = Stage.OPEN
        return WireStream(self._wire, stream)

    async def aclose(self) -> None:
        """Drop the connection at once."""
        self._wire.drop()

    def get_extra_info(self, info: str) -> Any:
        """Nothing: connections are never used twice, so nobody needs to look inside."""
        return None


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _mixed(addresses: list[str]) -> list[str]:
    """The addresses without repetition, IPv6 and IPv4 in turns."""
    unique = list(dict.fromkeys(addresses))
    six = [address for address in unique if ":" in address]
    four = [address for address in unique if ":" not in address]
    return [address for pair in zip_longest(six, four) for address in pair if address]
