"""A model that answers word by word and without end, and remembers when it sent which word."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from app import settings
from app.domain.model import EndpointConfig, KeyGroup
from tests.benchmarks.steady_server import HEAD, frame

MODEL = "endless"
EVERY_S = 0.004


@dataclass
class Answer:
    """What was sent of an answer: each word with the time.monotonic after it had left."""

    question: str
    begun: float
    words: list[tuple[float, str]] = field(default_factory=list)

    def text(self, before: float = float("inf")) -> str:
        """What had left by then."""
        return "".join(word for when, word in list(self.words) if when <= before)


class EndlessModel:
    """Listens on 127.0.0.1, each request in a thread of its own."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._answers: dict[str, Answer] = {}
        self._asked = threading.Condition()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def settings(self) -> settings.Settings:
        """With this model as the one that is asked."""
        url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        key = KeyGroup(origins=(url,), needed=False)
        box = EndpointConfig(id="box", name="Box", kind="llamacpp", base_url=f"{url}/v1", key=key)
        return settings.Settings(endpoint="box", endpoints=(box,), shown=("box",), models={"box": MODEL})

    def answer_to(self, question: str, limit_s: float = 30.0) -> Answer:
        """The answer to a question, once that was asked. Raises TimeoutError."""
        with self._asked:
            if not self._asked.wait_for(lambda: question in self._answers, limit_s):
                raise TimeoutError(question)
            return self._answers[question]

    def close(self) -> None:
        """Hang up and end the threads."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                self._threads.append(threading.Thread(target=self._serve, args=(client,), daemon=True))
                self._threads[-1].start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            question = _question_of(client)
            if question is None:
                body = json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}).encode()
                head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                return
            answer = Answer(question, time.monotonic())
            with self._asked:
                self._answers[question] = answer
                self._asked.notify_all()
            client.sendall(HEAD)
            number = 0
            while True:
                number += 1
                word = f"{number} "
                client.sendall(frame(word))
                answer.words.append((time.monotonic(), word))
                time.sleep(EVERY_S)


def _question_of(client: socket.socket) -> str | None:
    """Read a request; the last question in it, None where none is asked."""
    length = 0
    with client.makefile("rb") as request:
        chat = b"/chat/completions" in request.readline()
        while line := request.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        body = request.read(length)
    if not chat:
        return None
    content = json.loads(body)["messages"][-1]["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


@contextlib.contextmanager
def endless_model() -> Iterator[EndlessModel]:
    """One that is closed at the end."""
    model = EndlessModel()
    try:
        yield model
    finally:
        model.close()
