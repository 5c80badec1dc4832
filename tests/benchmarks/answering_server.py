"""A model that writes the long answer at 1,000 tokens a second, as a program of its own.

    python tests/benchmarks/answering_server.py

prints its port and answers until it is ended: chat requests with the answer, all others with the
one model that there is.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.long_answer import tokens
from tests.benchmarks.steady_server import HEAD, frame

MODEL = "long-winded"
TOKENS = 20_000
PER_SECOND = 1_000


def asked_for(client: socket.socket) -> bool:
    """Read a request to its end; whether it asks for an answer."""
    length, chat = 0, False
    with client.makefile("rb") as request:
        chat = b"/chat/completions" in request.readline()
        while line := request.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        request.read(length)
    return chat


def answer(client: socket.socket) -> None:
    """Answer one request and hang up."""
    with client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not asked_for(client):
            body = json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}).encode()
            head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            return
        client.sendall(HEAD)
        begun = time.perf_counter()
        written = [token for section in tokens() for token in section][:TOKENS]
        for number, token in enumerate(written):
            time.sleep(max(0.0, begun + number / PER_SECOND - time.perf_counter()))
            client.sendall(frame(token))
        client.sendall(frame("", "stop") + b"data: [DONE]\n\n")


def serve() -> None:
    """Answer whoever asks."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


if __name__ == "__main__":
    serve()
