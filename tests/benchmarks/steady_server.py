"""Models that answer at an even pace, as a program of its own so that it takes nothing from the client.

    python tests/benchmarks/steady_server.py ANSWERS EVENTS PER_SECOND

prints its port, waits for ANSWERS requests, and answers them all together: EVENTS events each, in
turns, PER_SECOND in all. What an event adds to the text is the moment at which it left, by the
clock that all programs share (time.perf_counter on Linux).
"""

from __future__ import annotations

import json
import socket
import sys
import time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
READING_S = 0.2
"""The model reads the question; its client has gone back to waiting by then."""


def frame(content: str, reason: str | None = None) -> bytes:
    """An event as large as real servers make them: about 330 bytes."""
    choice = {"finish_reason": reason, "index": 0, "delta": {"content": content}}
    data = {"choices": [choice], "created": 1_790_000_000, "id": "chatcmpl-" + "x" * 32}
    data |= {"model": "a-model-with-a-long-name.Q4_K_M.gguf", "system_fingerprint": "b11549-0123456789abcdef"}
    data |= {"object": "chat.completion.chunk", "service_tier": None, "timings": {"n": 1}}
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def take_request(client: socket.socket) -> None:
    """Read a request to its end."""
    length = 0
    with client.makefile("rb") as request:
        while line := request.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        request.read(length)


def serve(answers: int, events: int, per_second: float) -> None:
    """Answer and end."""
    with socket.create_server(("127.0.0.1", 0), backlog=answers) as listener:
        print(listener.getsockname()[1], flush=True)
        clients = [listener.accept()[0] for _ in range(answers)]
    for client in clients:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        take_request(client)
        client.sendall(HEAD)
    time.sleep(READING_S)
    begun = time.perf_counter()
    for turn in range(events * answers):
        time.sleep(max(0.0, begun + turn / per_second - time.perf_counter()))
        clients[turn % answers].sendall(frame(f" {time.perf_counter():.6f}"))
    for client in clients:
        client.sendall(frame("", "stop") + b"data: [DONE]\n\n")
        client.close()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
