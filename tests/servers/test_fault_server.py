from __future__ import annotations

import asyncio
import http.client
import socket
import time

import pytest

from tests.servers.fault_server import Answer, FaultServer, Hold, Raw, Reset, running
from tests.servers.hurry import hurried


def test_a_server_in_a_thread_answers_in_order_and_repeats_the_last() -> None:
    with running([Answer([b"one"], framing="length"), Answer([b"t", b"wo"], framing="chunked")]) as server:
        bodies = []
        for _ in range(3):
            client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
            client.request("POST", "/x", body=b"{}")
            bodies.append(client.getresponse().read())
            client.close()
        assert bodies == [b"one", b"two", b"two"]
        assert [(r.method, r.path, r.json) for r in server.requests] == [("POST", "/x", {})] * 3


def test_a_held_answer_waits_for_its_event_and_a_cut_one_lacks_its_end() -> None:
    async def run() -> None:
        go = asyncio.Event()
        answer = Answer([b"a", Hold(go), b"b"], framing="chunked", cut=True)
        async with FaultServer([answer]) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            await reader.readuntil(b"1\r\na\r\n")
            go.set()
            assert await reader.read() == b"1\r\nb\r\n"
            writer.close()
            await writer.wait_closed()
            await server.wait_until_idle()

    asyncio.run(run())


def test_a_reset_is_a_reset() -> None:
    with (
        running([Raw([b"x", Reset()])]) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert client.recv(10) == b"x"
        with pytest.raises(ConnectionResetError):
            client.recv(10)


def test_a_path_has_answers_of_its_own_and_the_longest_counts() -> None:
    answers = {"/v1": b"v1", "/v1/models": b"models"}
    with running([Answer([b"other"], framing="length")]) as server:
        for path, body in answers.items():
            server.at(path, Answer([b"once"], framing="length"), Answer([body], framing="length"))
        server.at("/echo", lambda request: Answer([request.method.encode(), request.body], framing="length"))
        asked = ["/v1/x", "/v1/y", "/v1/models?z", "/v1/models", "/", "/echo"]
        got = []
        for path in asked:
            client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
            client.request("POST", path, body=b"!")
            got.append(client.getresponse().read())
            client.close()
        assert got == [b"once", b"v1", b"once", b"models", b"other", b"POST!"]
        assert [request.path for request in server.asked("/v1/models")] == ["/v1/models?z", "/v1/models"]
        times = [request.time for request in server.requests]
        assert times == sorted(times)


def test_a_server_without_answers_knows_no_path() -> None:
    with running([]) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        client.request("GET", "/")
        assert client.getresponse().status == 404
        client.close()


def test_time_runs_faster_on_a_hurried_loop_for_waits_and_limits_alike() -> None:
    async def run() -> float:
        clock = asyncio.get_running_loop().time
        begun = clock()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(20):
                await asyncio.sleep(3600)
        return clock() - begun

    begun = time.monotonic()
    assert 20 <= hurried(run(), speed=200) < 2_000
    assert 0.1 <= time.monotonic() - begun < 10.0
