from __future__ import annotations

import asyncio
import http.client
import socket

import pytest

from tests.servers.fault_server import Answer, FaultServer, Hold, Raw, Reset, running


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
