"""What a streamed answer costs before anybody looks at it: parsing, and waking up to read."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest

from app.domain.events import TextDelta
from app.net import wire
from app.net.gate import Gate
from app.providers.openai_chunks import AnswerReader
from app.providers.openai_wire import stream_chat
from tests.servers.fault_server import DONE, event, finish

pytestmark = pytest.mark.bench

EVENTS = 20_000
ROUNDS = 5
BODY = b"{}"


def frame(n: int) -> bytes:
    """An event as large as real servers make them: about 330 bytes."""
    choice = {"finish_reason": None, "index": 0, "delta": {"content": f" word{n % 97}"}}
    data = {"choices": [choice], "created": 1_790_000_000 + n, "id": "chatcmpl-" + "x" * 32}
    data |= {"model": "a-model-with-a-long-name.Q4_K_M.gguf", "system_fingerprint": "b11549-0123456789abcdef"}
    return event(data | {"object": "chat.completion.chunk", "service_tier": None, "timings": {"n": n}})


def cut(stream: bytes, size: int) -> list[bytes]:
    return [stream[i : i + size] for i in range(0, len(stream), size)]


def best_ratio(work: Callable[[], object], yardstick: Callable[[], object]) -> tuple[float, float]:
    """The median of the ratios of interleaved rounds, and the best CPU seconds of `work`."""
    ratios, seconds = [], []
    for _ in range(ROUNDS):
        begun = time.thread_time()
        work()
        between = time.thread_time()
        yardstick()
        ended = time.thread_time()
        seconds.append(between - begun)
        ratios.append((between - begun) / (ended - between))
    return sorted(ratios)[ROUNDS // 2], min(seconds)


@pytest.mark.parametrize(
    ("label", "limit", "by_event"), [("one event a read", 2.3, True), ("16 kB a read", 1.0, False)]
)
def test_reading_events_costs_about_as_much_as_json_alone(
    report: Callable[..., None], label: str, limit: float, by_event: bool
) -> None:
    frames = [frame(n) for n in range(EVENTS)]
    pieces = frames if by_event else cut(b"".join(frames), 16 * 1024)
    documents = [piece[6:].strip() for piece in frames]
    expected = "".join(json.loads(d)["choices"][0]["delta"]["content"] for d in documents)

    def read() -> None:
        reader = AnswerReader("Box")
        events = [found for piece in pieces for found in reader.feed(piece)]
        assert len("".join(e.text for e in events if isinstance(e, TextDelta))) == len(expected)

    def json_alone() -> None:
        for document in documents:
            json.loads(document)

    ratio, seconds = best_ratio(read, json_alone)
    report(f"SSE to events, {label}, to bare json.loads", ratio, limit)
    report(f"SSE to events, {label}", seconds / EVENTS * 1e6, None, unit="us")


def test_reading_events_is_cheaper_than_the_library_s_lines_and_json(report: Callable[..., None]) -> None:
    pieces = cut(b"".join(frame(n) for n in range(EVENTS)), 16 * 1024)

    class Pieces(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return iter(pieces)

    def read() -> None:
        reader = AnswerReader("Box")
        for piece in pieces:
            reader.feed(piece)

    def lines() -> None:
        for line in httpx2.Response(200, stream=Pieces()).iter_lines():
            if line.startswith("data: "):
                json.loads(line[6:])

    ratio, _ = best_ratio(read, lines)
    report("SSE to events, 16 kB a read, to iter_lines and json.loads", ratio, 0.75)


def send_evenly(listener: socket.socket, answers: int, pieces: list[bytes], per_second: float) -> None:
    """Answer as a steady model does: a piece at a time, whatever the machine's timer is worth."""
    for _ in range(answers):
        client, _ = listener.accept()
        with client, client.makefile("rb") as request:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while request.readline().strip():
                pass
            request.read(len(BODY))
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            begun = time.perf_counter()
            for n, piece in enumerate(pieces):
                time.sleep(max(0.0, begun + n / per_second - time.perf_counter()))
                client.sendall(piece)


def test_paced_reads_spare_the_processor(
    report: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    count, rounds = 2000, 3
    pieces = [*map(frame, range(count)), finish(), DONE]

    async def consume(url: str) -> float:
        length = 0
        begun = time.thread_time()
        async for found in stream_chat(Gate(), url, {}, BODY, "Box"):
            length += len(found.text) if isinstance(found, TextDelta) else 0
        assert length > count * 5
        return (time.thread_time() - begun) / count * 1e6

    costs: dict[float, list[float]] = {wire.PACE_S: [], 0.0: []}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        served = (listener, 2 * rounds, pieces, 1000.0)
        server = threading.Thread(target=send_evenly, args=served)
        server.start()
        for _ in range(rounds):
            for pace, found in costs.items():
                monkeypatch.setattr(wire.Wire.__init__, "__defaults__", (wire.CONNECT_S, wire.WRITE_S, pace))
                found.append(asyncio.run(consume(url)))
        server.join()
    paced, unpaced = sorted(costs[wire.PACE_S])[1], sorted(costs[0.0])[1]
    report("streaming client at 1,000 events a second, paced reads to unpaced", paced / unpaced, 0.5)
    report("streaming client at 1,000 events a second, paced", paced, None, unit="us")
