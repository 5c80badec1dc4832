from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import logging
import random
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from app.domain.errors import (
    BadAnswer,
    EndpointFailed,
    InputRefused,
    Interrupted,
    OfflineRefused,
    Stalled,
    Unreachable,
)
from app.net import gate as gate_module
from app.net import wire
from app.net.gate import Gate
from app.net.key import Key
from app.net.ledger import LEDGER_ROWS
from tests.servers.fault_server import Answer, FaultServer, Forever, Hang, Raw, Reset, Wait, drain, event

PLAIN = {"Content-Type": "text/plain"}


@contextlib.asynccontextmanager
async def talking(*answers: Answer | Raw, **gate: bool) -> AsyncIterator[tuple[FaultServer, Gate]]:
    door = Gate(**gate)
    async with FaultServer(answers) as server:
        yield server, door
        await door.aclose()
        await asyncio.wait_for(server.wait_until_idle(), 30)


async def failure(door: Gate, url: str, **arguments: object) -> EndpointFailed:
    with pytest.raises(EndpointFailed) as caught:
        await door.fetch("GET", url, endpoint="Box", **arguments)  # type: ignore[arg-type]
    assert all(caught.value.facts.values()), "an error without its reason"
    return caught.value


def sockets_of_this_process() -> int:
    return sum(path.is_socket() for path in Path("/proc/self/fd").iterdir())


async def no_more_sockets_than(before: int) -> None:
    async with asyncio.timeout(30):
        while sockets_of_this_process() > before:
            await asyncio.sleep(0.005)


# ---------------------------------------------------------------- what is sent


def test_a_request_carries_its_body_and_nothing_that_was_not_asked_for() -> None:
    async def run() -> None:
        async with talking(Answer([b"yes"], headers=PLAIN, framing="length")) as (server, door):
            answer = await door.fetch(
                "POST", f"{server.url}/v1/x?q=1", endpoint="Box", json=b'{"a":1}', headers={"X-Of-Ours": "1"}
            )
            assert (answer.status, answer.content_type, answer.body) == (200, "text/plain", b"yes")
            request = server.requests[0]
            assert (request.method, request.path, request.json) == ("POST", "/v1/x?q=1", {"a": 1})
            assert request.headers == {
                "host": f"127.0.0.1:{server.port}",
                "user-agent": "Fovea",
                "accept": "*/*",
                "accept-encoding": "identity",
                "connection": "close",
                "content-type": "application/json",
                "content-length": "7",
                "x-of-ours": "1",
            }

    asyncio.run(run())


def test_cookies_are_not_kept() -> None:
    async def run() -> None:
        answer = Answer([b"x"], headers={"Set-Cookie": "id=1; Path=/"}, framing="length")
        async with talking(answer) as (server, door):
            for _ in range(2):
                await door.fetch("GET", server.url, endpoint="Box")
            assert "cookie" not in server.requests[1].headers

    asyncio.run(run())


def test_t19_a_key_goes_to_its_origin_only() -> None:
    async def run() -> None:
        async with talking(Answer([b"x"], framing="length")) as (server, door):
            key = Key((f"{server.url}/v1/models",), "sekret")
            await door.fetch("GET", f"{server.url}/a", endpoint="Box", key=key)
            assert server.requests[0].headers["authorization"] == "Bearer sekret"
            for elsewhere in (f"http://127.0.0.1:{server.port + 1}", f"http://localhost:{server.port}"):
                with pytest.raises(InputRefused, match="the key belongs to"):
                    await door.fetch("GET", elsewhere, endpoint="Box", key=key)
            assert server.accepted == 1

    asyncio.run(run())


@pytest.mark.parametrize("name", ["Authorization", "x-api-key", "X-Goog-Api-Key", "Cookie"])
def test_t19_a_secret_cannot_be_slipped_in_as_a_header(name: str) -> None:
    async def run() -> None:
        async with talking(Answer()) as (server, door):
            with pytest.raises(ValueError, match="as a Key"):
                await door.fetch("GET", server.url, endpoint="Box", headers={name: "sekret"})
            assert server.accepted == 0

    asyncio.run(run())


def test_a_key_leaves_this_computer_over_https_only() -> None:
    key = Key(("http://192.0.2.1",), "sekret")
    with pytest.raises(InputRefused, match="over https only"):
        asyncio.run(Gate().fetch("GET", "http://192.0.2.1/v1", endpoint="Box", key=key))


@pytest.mark.parametrize("value", ["", "a b", "a\r\nX: y", "schlüssel"])
def test_a_key_no_header_can_hold_is_refused(value: str) -> None:
    with pytest.raises(InputRefused):
        Key(("https://example.com",), value)


def test_t20_the_key_is_in_no_repr_no_log_and_no_ledger(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> Gate:
        async with talking(Answer([b"x"], framing="length")) as (server, door):
            key = Key((server.url,), "sekret")
            assert "sekret" not in repr(key)
            await door.fetch("GET", f"{server.url}/p?key=sekret", endpoint="Box", key=key)
            return door

    with caplog.at_level(logging.DEBUG):
        door = asyncio.run(run())
    assert "sekret" not in caplog.text
    assert "sekret" not in repr(door.ledger)
    assert door.ledger[0].path == "/p"


# ---------------------------------------------------------------- offline


@pytest.mark.parametrize(
    "host",
    [
        *("example.com", "127.0.0.1.example.com", "localhost.example.com"),
        *("lоcalhost", "192.0.2.1", "[2001:db8::1]", "0.0.0.0", "127.1", "0x7f000001", "2130706433"),
    ],
)
def test_offline_refuses_what_is_not_this_computer_before_any_socket(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_socket(*_: object, **__: object) -> None:
        pytest.fail("a connection was tried")

    monkeypatch.setattr(wire.Wire, "connect_tcp", no_socket)
    door = Gate(offline=True)
    with pytest.raises(OfflineRefused):
        asyncio.run(door.fetch("GET", f"http://{host}/", endpoint="Box"))
    assert door.ledger[0].outcome == "offline"


def test_offline_still_reaches_this_computer() -> None:
    async def run() -> None:
        async with talking(Answer([b"x"], framing="length"), offline=True) as (server, door):
            for host in ("127.0.0.1", "localhost", "LOCALHOST", "127.0.0.1", "[::ffff:127.0.0.1]"):
                answer = await door.fetch("GET", f"http://{host}:{server.port}/", endpoint="Box")
                assert answer.body == b"x"

    asyncio.run(run())


def test_a_name_with_several_addresses_is_reached_by_the_one_that_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> None:
        async with talking(Answer([b"x"], framing="length")) as (server, door):

            async def several(host: str, port: int, **_: object) -> list[object]:
                assert host == "box.example"
                return [
                    (family, 1, 6, "", (address, port))
                    for family, address in [(2, "127.9.9.9"), (10, "::1"), (2, "127.0.0.1"), (2, "127.0.0.1")]
                ]

            before = sockets_of_this_process()
            monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", several)
            answer = await door.fetch("GET", f"http://box.example:{server.port}/", endpoint="Box")
            assert answer.body == b"x"
            assert server.requests[0].headers["host"] == f"box.example:{server.port}"
            await server.wait_until_idle()
            await no_more_sockets_than(before)
            server.port += 1
            refused = await failure(door, f"http://box.example:{server.port}/")
            assert refused.facts["reason"] == "nothing accepts connections there"

    asyncio.run(run())


def test_localhost_is_this_computer_whatever_a_name_server_says(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with talking(Answer([b"x"], framing="length")) as (server, door):
            loop = asyncio.get_running_loop()
            real = loop.getaddrinfo

            async def lying(host: str, *rest: object, **more: object) -> object:
                assert host != "localhost", "a name server was asked"
                return await real(host, *rest, **more)  # type: ignore[arg-type]

            monkeypatch.setattr(loop, "getaddrinfo", lying)
            answer = await door.fetch("GET", f"http://localhost:{server.port}/", endpoint="Box")
            assert answer.body == b"x"

    asyncio.run(run())


def test_b23_nothing_goes_to_a_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with FaultServer([Answer([b"proxy"], framing="length")]) as proxy:
            for name in ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "no_proxy"):
                for written in (name, name.upper()):
                    monkeypatch.setenv(written, "" if name == "no_proxy" else proxy.url)
            async with talking(Answer([b"x"], framing="length")) as (server, door):
                for host in ("127.0.0.1", "localhost"):
                    url = f"http://{host}:{server.port}"
                    answer = await door.fetch("GET", url, endpoint="Box", key=Key((url,), "sekret"))
                    assert answer.body == b"x"
                for url in ("http://no-such-host.invalid/", "https://no-such-host.invalid/"):
                    assert isinstance(await failure(door, url), Unreachable)
            assert not [asked for asked in proxy.requests if "no-such-host" in asked.path]

    asyncio.run(run())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_b15_a_redirect_is_an_answer_and_is_not_followed(status: int) -> None:
    async def run() -> None:
        async with FaultServer([Answer([b"evil"], framing="length")]) as evil:
            moved = Answer(status=status, headers={"Location": f"{evil.url}/?a=b"}, framing="length")
            async with talking(moved) as (server, door):
                key = Key((server.url,), "sekret")
                answer = await door.fetch("POST", server.url, endpoint="Box", json=b"{}", key=key)
                assert (answer.status, answer.headers["location"]) == (status, f"{evil.url}/?a=b")
                with pytest.raises(InputRefused):
                    await door.fetch("GET", answer.headers["location"], endpoint="Box", key=key)
            assert evil.accepted == 0

    asyncio.run(run())


@pytest.mark.parametrize(("status", "kind"), [(511, "text/html"), (200, "TEXT/HTML; charset=utf-8")])
def test_b15_a_sign_in_page_is_told_by_its_status_and_type(status: int, kind: str) -> None:
    async def run() -> None:
        page = Answer([b"<html>sign in"], status, {"Content-Type": kind}, "length")
        async with talking(page) as (server, door):
            answer = await door.fetch("GET", server.url, endpoint="Box")
            assert (answer.status, answer.content_type) == (status, "text/html")

    asyncio.run(run())


# ---------------------------------------------------------------- what goes wrong


def test_b21_refused_and_unknown_names_have_texts_of_their_own() -> None:
    async def run() -> None:
        door = Gate()
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # and kept, or somebody else's server may get it
            port = unused.getsockname()[1]
            refused = await failure(door, f"http://127.0.0.1:{port}/")
        unknown = await failure(door, "http://no-such-host.invalid/")
        assert isinstance(refused, Unreachable)
        assert refused.facts["host"] == f"127.0.0.1:{port}"
        assert refused.facts["reason"] == "nothing accepts connections there"
        assert isinstance(unknown, Unreachable)
        assert "name" in unknown.facts["reason"]

    asyncio.run(run())


def test_b21_a_black_hole_is_left_after_the_connect_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            port = full.getsockname()[1]
            crowd = [socket.socket() for _ in range(4)]
            for member in crowd:
                member.setblocking(False)
                member.connect_ex(("127.0.0.1", port))
            door = Gate()
            monkeypatch.setattr(door, "_new_wire", lambda: wire.Wire(connect_s=0.2))
            error = await failure(door, f"http://127.0.0.1:{port}/")
            for member in crowd:
                member.close()
            assert isinstance(error, Unreachable)
            assert error.facts["reason"] == "it did not answer within 0.2 seconds"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Reset(), "the connection was closed before an answer could begin"),
        (b"", "the connection was closed before an answer could begin"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "it does not speak TLS as https needs it"),
    ],
)
def test_b21_a_handshake_that_fails_says_how(step: Reset | bytes, reason: str) -> None:
    async def run() -> None:
        async with FaultServer([Raw([step], at_once=True)]) as server:
            error = await failure(Gate(), server.url.replace("http:", "https:"))
        assert isinstance(error, Unreachable)
        assert error.facts["reason"] == reason

    asyncio.run(run())


def test_b21_each_way_not_to_be_reached_has_a_text_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[str]:
        door = Gate()
        monkeypatch.setattr(door, "_new_wire", lambda: wire.Wire(connect_s=0.2))
        reset, mute = Raw([Reset()], at_once=True), Raw([Hang()], at_once=True)
        other = Raw([b"220 mail.example ESMTP\r\n"], at_once=True)
        async with FaultServer([reset, mute, other]) as server:
            urls = [
                "http://no-such-host.invalid/",
                "http://127.0.0.1:1/",
                *[server.url.replace("http:", "https:")] * 3,
            ]
            errors = [await failure(door, url) for url in urls]
        assert all(type(error) is Unreachable for error in errors)
        assert not any("[Errno" in error.sentence or "SSL:" in error.sentence for error in errors)
        return [error.facts["reason"] for error in errors]

    reasons = asyncio.run(run())
    assert len(set(reasons)) == len(reasons)
    assert all(len(reason.split()) > 3 for reason in reasons)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Raw(), Interrupted),
        (Raw([Reset()]), Interrupted),
        (Raw([b"SSH-2.0-OpenSSH_9.2\r\n"]), BadAnswer),
        (Raw([b"HTTP/1.1 abc\r\n\r\n"]), BadAnswer),
        (Raw([b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000]), BadAnswer),
        (Answer([b"part"], framing="length", length=100), Interrupted),
        (Answer([b"part"], framing="chunked", cut=True), Interrupted),
        (Answer([b"part", Reset()]), Interrupted),
        (Raw([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"]), BadAnswer),
        (Answer([Forever(b"x" * 65536)]), BadAnswer),
    ],
)
def test_broken_answers_are_errors_with_a_reason(answer: Answer | Raw, error: type[EndpointFailed]) -> None:
    async def run() -> None:
        async with talking(answer) as (server, door):
            assert type(await failure(door, server.url)) is error
            assert door.ledger[0].outcome == error.code

    asyncio.run(run())


@pytest.mark.parametrize("name", ["gzip", "GZIP", "br", "gzip, gzip", "nonsense"])
def test_b8_an_answer_compressed_unasked_is_refused_before_its_body(name: str) -> None:
    async def run() -> None:
        answer = Answer([b"\x1f\x8b\x08 broken", Hang()], headers={"Content-Encoding": name})
        async with talking(answer) as (server, door):
            error = await failure(door, server.url)
            assert isinstance(error, BadAnswer)
            assert "compressed" in error.facts["reason"]

    asyncio.run(run())


def test_b7_a_cut_compressed_answer_is_never_called_whole() -> None:
    async def run() -> None:
        half = gzip.compress(b"data: [DONE]\n\n")[:12]
        async with talking(Answer([half], headers={"Content-Encoding": "gzip"})) as (server, door):
            assert isinstance(await failure(door, server.url), BadAnswer)

    asyncio.run(run())


def test_b10_a_compressed_bomb_is_never_unpacked() -> None:
    async def run() -> None:
        bomb = Answer([Forever(gzip.compress(bytes(10_000_000)))], headers={"Content-Encoding": "gzip"})
        async with talking(bomb) as (server, door):
            assert isinstance(await failure(door, server.url), BadAnswer)
            assert door.ledger[0].bytes_received < 2**20

    asyncio.run(run())


def test_b4_what_came_before_a_reset_is_not_lost() -> None:
    async def run() -> None:
        async with talking(Answer([b"one", Wait(0.05), b"two", Reset()])) as (server, door):
            got = b""
            with pytest.raises(Interrupted):
                async with door.stream("GET", server.url, endpoint="Box") as response:
                    async for chunk in response.chunks():
                        got += chunk
            assert got == b"onetwo"

    asyncio.run(run())


def test_silence_before_and_inside_an_answer_is_a_stall() -> None:
    async def run() -> None:
        async with talking(Raw([Hang()]), Answer([b"x", Hang()])) as (server, door):
            first = await failure(door, server.url, first_byte_s=0.1)
            later = await failure(door, server.url, idle_s=0.1)
            assert isinstance(first, Stalled)
            assert isinstance(later, Stalled)
            assert later.facts["seconds"] == "0.1"

    asyncio.run(run())


def test_the_wait_for_the_answer_begins_when_the_request_is_sent() -> None:
    async def run() -> None:
        async with talking(Answer([b"x"], framing="length")) as (server, door):
            server.read_body_bytes_per_second = 2_000_000
            body = b"x" * 1_000_000
            answer = await door.fetch("POST", server.url, endpoint="Box", json=body, first_byte_s=30.0)
            assert answer.body == b"x"
            assert len(server.requests[0].body) == len(body)

    asyncio.run(run())


def test_b26_a_slow_upload_is_cancelled_at_once() -> None:
    async def run() -> None:
        async with talking(Answer()) as (server, door):
            server.read_body_bytes_per_second = 100_000
            task = asyncio.ensure_future(
                door.fetch("POST", server.url, endpoint="Box", json=b"x" * 20_000_000)
            )
            await server.wait_for_connections(1)
            await asyncio.sleep(0.05)
            begun = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            server.read_body_bytes_per_second = 1e9
            await server.wait_until_idle()
            assert time.monotonic() - begun < 20.0  # all of it would take 200
            assert door.ledger[0].outcome == "cancelled"

    asyncio.run(run())


def test_an_early_refusal_during_the_upload_is_read() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
        await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def run() -> None:
        async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            answer = await Gate().fetch("POST", url, endpoint="Box", json=b"x" * 5_000_000)
            assert (answer.status, answer.body) == (413, b"big")

    asyncio.run(run())


# ---------------------------------------------------------------- stopping


def test_b24_a_thousand_stops_at_random_moments_leak_no_socket() -> None:
    chance = random.Random(24)
    answers = [
        Answer([Forever(event("x"), 0.001)], framing="chunked"),
        Answer([Wait(0.01), event("x"), Hang()]),
        Raw([Hang()]),
    ]

    async def stopped(door: Gate, url: str) -> None:
        async with door.stream("POST", url, endpoint="Box", json=b"x" * 200_000) as response:
            async for _ in response.chunks():
                pass

    async def run() -> None:
        door = Gate()
        async with FaultServer([Answer([b"good"], framing="length")]) as server:
            await door.fetch("GET", server.url, endpoint="Box")  # loads the network's library
            before = sockets_of_this_process()
            server.answers = [chance.choice(answers) for _ in range(2000)]
            for _ in range(1000):
                task = asyncio.ensure_future(stopped(door, server.url))
                await asyncio.sleep(chance.choice([0, 0, 0.001, 0.004, 0.02]))
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            server.answers = [Answer([b"good"], framing="length")]
            answer = await door.fetch("GET", server.url, endpoint="Box")
            assert answer.body == b"good"
            await asyncio.wait_for(server.wait_until_idle(), 30)
            gc.collect()
            await no_more_sockets_than(before)
            assert {row.outcome for row in list(door.ledger)[:-1]} == {"cancelled"}
            assert door.ledger[-1].outcome == "done"
            assert server.open_connections == 0
            assert door._watch._timer is None

    asyncio.run(run())


def test_b24_stops_during_a_hung_tls_handshake_leave_nothing() -> None:
    async def run() -> None:
        async with FaultServer([Answer([b"good"], framing="length")]) as server, _mute() as mute:
            before = sockets_of_this_process()
            door = Gate()
            for _ in range(48):
                task = asyncio.ensure_future(
                    door.fetch("GET", f"https://127.0.0.1:{mute.port}/", endpoint="Box")
                )
                await mute.next_client()
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            assert (await door.fetch("GET", server.url, endpoint="Box")).body == b"good"
            await asyncio.wait_for(server.wait_until_idle(), 30)
            await mute.drop_clients()
            await no_more_sockets_than(before)

    asyncio.run(run())


class _Mute:
    """Accepts connections and says nothing."""

    port = 0

    def __init__(self) -> None:
        self._writers: list[asyncio.StreamWriter] = []
        self._came = asyncio.Semaphore(0)

    async def accept(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self._came.release()

    async def next_client(self) -> None:
        await self._came.acquire()

    async def drop_clients(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def _mute() -> AsyncIterator[_Mute]:
    mute = _Mute()
    server = await asyncio.start_server(mute.accept, "127.0.0.1", 0)
    mute.port = server.sockets[0].getsockname()[1]
    try:
        yield mute
    finally:
        server.close()


def test_closing_the_gate_ends_what_runs() -> None:
    async def run() -> None:
        door = Gate()
        async with (
            FaultServer([Answer([b"x", Hang()])]) as server,
            door.stream("GET", server.url, endpoint="Box") as response,
        ):
            chunks = response.chunks()
            assert await anext(chunks) == b"x"
            await door.aclose()
            assert await drain(chunks) == b""
            await asyncio.wait_for(server.wait_until_idle(), 30)

    asyncio.run(run())


def test_leaving_the_block_early_closes_the_connection() -> None:
    async def run() -> None:
        async with talking(Answer([Forever(b"x" * 100, 0.001)])) as (server, door):
            async with door.stream("GET", server.url, endpoint="Box") as response:
                async for _ in response.chunks():
                    break
            await asyncio.wait_for(server.wait_until_idle(), 10)
            assert door.ledger[0].outcome == "done"

    asyncio.run(run())


# ---------------------------------------------------------------- the ledger


def test_the_ledger_tells_each_request_and_keeps_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with talking(Answer([b"12345"], status=404, headers=PLAIN, framing="length")) as (server, door):
            await door.fetch("POST", f"{server.url}/v1/x?secret=1", endpoint="Box", json=b"x" * 1000)
            row = door.ledger[0]
            assert (row.endpoint, row.method, row.origin, row.path) == ("Box", "POST", server.url, "/v1/x")
            assert (row.status, row.outcome) == (404, "done")
            assert 1000 < row.bytes_sent < 1500
            assert 5 < row.bytes_received < 500
            assert 0 < row.duration_s < 10
            assert row.time.tzinfo is not None
            door.ledger.extend([row] * LEDGER_ROWS * 2)
            assert len(door.ledger) == LEDGER_ROWS

    asyncio.run(run())


# ---------------------------------------------------------------- pace


async def _reads(pieces: int, gap_s: float) -> tuple[int, list[float]]:
    """How many reads a stream took, and when after its sending each piece was there."""
    delays: list[float] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        await asyncio.sleep(0.1)
        for _ in range(pieces):
            writer.write(f"{time.monotonic():.6f}\n".encode())
            await asyncio.sleep(gap_s)
        writer.close()
        await writer.wait_closed()

    reads = 0
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with Gate().stream("GET", url, endpoint="Box") as response:
            async for chunk in response.chunks():
                reads += 1
                delays += [time.monotonic() - float(sent) for sent in chunk.split()]
    return reads, delays


def test_small_pieces_are_gathered_and_the_first_is_not_delayed(monkeypatch: pytest.MonkeyPatch) -> None:
    paced, delays = asyncio.run(_reads(200, 0.001))
    monkeypatch.setattr(wire.Wire.__init__, "__defaults__", (wire.CONNECT_S, wire.WRITE_S, 0.0))
    unpaced, _ = asyncio.run(_reads(200, 0.001))
    assert len(delays) == 200
    assert paced < unpaced / 3
    assert min(delays[0], *(asyncio.run(_reads(1, 0.0))[1][0] for _ in range(4))) < wire.PACE_S


def test_a_fast_server_is_not_slowed_down() -> None:
    async def run() -> float:
        body = b"x" * 65536
        async with talking(Answer([body] * 320, framing="length")) as (server, door):
            begun = time.monotonic()
            await door.fetch("GET", server.url, endpoint="Box", most_bytes=2**26)
            return time.monotonic() - begun

    assert asyncio.run(run()) < 320 * wire.PACE_S


def test_importing_the_gate_imports_no_network_library() -> None:
    heavy = "{'httpcore2', 'anyio', 'h11', 'idna'}"
    code = f"import sys, app.net.gate; sys.exit(not {heavy}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_it_works_on_the_loop_of_the_window(run_async: Callable[[Awaitable[None]], None]) -> None:
    async def run() -> None:
        async with talking(Answer([event("a"), Wait(0.02), event("b")], framing="chunked")) as (server, door):
            answer = await door.fetch("GET", server.url, endpoint="Box")
            assert answer.body == event("a") + event("b")

    run_async(run())


def test_the_libraries_log_nothing_below_a_warning() -> None:
    Gate()
    for name in gate_module._CHATTY:
        assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
