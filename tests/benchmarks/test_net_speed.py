"""The network's gates: parsing beside the usual library, the whole client on the window's loop, crowds."""

from __future__ import annotations

import asyncio
import contextlib
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.domain.events import Event, TextDelta
from app.net.gate import Gate
from app.providers.openai_chunks import AnswerReader
from app.providers.openai_wire import stream_chat
from tests.benchmarks.test_sse_speed import best_ratio, cut, frame
from tests.servers.fault_server import DONE, Answer, FaultServer, Forever, Hang, Raw, Wait, finish

pytestmark = pytest.mark.bench

openai = pytest.importorskip("openai", reason="make bench installs it")

Report = Callable[..., None]
RunAsync = Callable[[Coroutine[Any, Any, Any]], Any]
EVENTS = 5_000
steady_server_script = str(Path(__file__).with_name("steady_server.py"))


# ---------------------------------------------------------------- (a) bytes to typed events


class Recorded(httpx2.AsyncBaseTransport):
    """Answers every request with the same pieces, out of memory."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        pieces = self._pieces

        class Body(httpx2.AsyncByteStream):
            async def __aiter__(self) -> AsyncIterator[bytes]:
                for piece in pieces:
                    yield piece

        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=Body())


async def read_by_the_library(pieces: list[bytes]) -> int:
    """The characters that openai-python's stream yields from `pieces`."""
    http = httpx2.AsyncClient(transport=Recorded(pieces))
    client = openai.AsyncOpenAI(api_key="none", base_url="http://127.0.0.1/v1", http_client=http)
    asked = [{"role": "user", "content": "?"}]
    length = 0
    async for chunk in await client.chat.completions.create(model="m", messages=asked, stream=True):
        length += sum(len(choice.delta.content or "") for choice in chunk.choices)
    await client.close()
    return length


@pytest.mark.parametrize("by_event", [True, False], ids=["one event a read", "16 kB a read"])
def test_bytes_become_events_ten_times_cheaper_than_in_the_usual_library(
    report: Report, by_event: bool, request: pytest.FixtureRequest
) -> None:
    frames = [*map(frame, range(EVENTS)), finish(), DONE]
    pieces = frames if by_event else cut(b"".join(frames), 16 * 1024)
    expected = sum(len(f" word{n % 97}") for n in range(EVENTS))

    def ours() -> None:
        reader = AnswerReader("Box")
        found: list[Event] = [event for piece in pieces for event in reader.feed(piece)]
        assert sum(len(event.text) for event in found if isinstance(event, TextDelta)) == expected

    def theirs() -> None:
        assert asyncio.run(read_by_the_library(pieces)) == expected

    ratio, seconds = best_ratio(ours, theirs)
    seconds = min(seconds, *(best_ratio(ours, ours)[1] for _ in range(5)))
    name = f"SSE to events, {request.node.callspec.id}"
    report(f"{name}, to openai-python's stream", ratio, 0.1)
    report(name, seconds / EVENTS * 1e6, 6.0, unit="us")


# ---------------------------------------------------------------- (b) the whole client


@contextlib.contextmanager
def steady_server(answers: int, events: int, per_second: float) -> Iterator[str]:
    """The address of models that answer evenly; see steady_server.py."""
    command = [sys.executable, steady_server_script, str(answers), str(events), str(per_second)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1/chat/completions"
        assert server.wait(10) == 0


class Listener:
    """Reads answers to their ends and keeps how late their events were, in seconds.

    An event is as late as the time between its leaving the server and its being there.
    """

    def __init__(self) -> None:
        self.late: list[float] = []
        self.first: list[float] = []
        self.begun_cpu = 0.0

    async def listen(self, gate: Gate, url: str) -> None:
        first = True
        async for found in stream_chat(gate, url, {}, b"{}", "Box"):
            if isinstance(found, TextDelta):
                now = time.perf_counter()
                late = [now - float(moment) for moment in found.text.split()]
                self.late += late
                if first:
                    first = False
                    self.first.append(late[0])
                    self.begun_cpu = self.begun_cpu or time.thread_time()


def test_the_whole_client_spares_the_processor_and_does_not_hold_the_first_word_back(
    report: Report, run_async: RunAsync
) -> None:
    """The best of some rounds, for the machine has other things to do."""
    count, rounds = 1_500, 5
    costs: list[float] = []
    firsts: list[float] = []
    for _ in range(rounds):
        listener = Listener()
        with steady_server(1, count, 1000.0) as url:
            run_async(listener.listen(Gate(), url))
        costs.append((time.thread_time() - listener.begun_cpu) / count * 1e6)
        firsts += listener.first
        assert len(listener.late) == count
    name = "streaming client on qasync at 1,000 events a second"
    report(name, min(costs), 100.0, unit="us")
    report("first event after its first byte", sorted(firsts)[rounds // 2] * 1e3, 2.0, unit="ms")


# ---------------------------------------------------------------- (c) a thousand Stops


def open_sockets() -> int:
    return sum(path.is_socket() for path in Path("/proc/self/fd").iterdir())


def test_a_thousand_stops_leak_no_socket(report: Report, run_async: RunAsync) -> None:
    chance = random.Random(1000)
    answers: list[Answer | Raw] = [
        Answer([Forever(frame(1), 0.001)], framing="chunked"),
        Answer([Wait(0.002), frame(1), Hang()]),
        Raw([Hang()]),
    ]
    good = Answer([frame(1), finish(), DONE])

    async def read(gate: Gate, url: str) -> int:
        return sum(
            [1 async for found in stream_chat(gate, url, {}, b"{}", "Box") if isinstance(found, TextDelta)]
        )

    async def stops() -> tuple[int, float]:
        gate = Gate()
        async with FaultServer([good]) as server:
            await read(gate, server.url)
            before, begun = open_sockets(), time.perf_counter()
            server.answers = [chance.choice(answers) for _ in range(2_000)]
            for _ in range(1_000):
                task = asyncio.ensure_future(read(gate, server.url))
                await asyncio.sleep(chance.choice([0, 0.001, 0.003, 0.008]))
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            server.answers = [good]
            assert await read(gate, server.url) == 1
            seconds = time.perf_counter() - begun
            await asyncio.wait_for(server.wait_until_idle(), 5)
            return open_sockets() - before, seconds

    left, seconds = run_async(stops())
    report("sockets left by 1,000 Stops", max(left, 0), 0, unit="")
    report("a Stop, in all", seconds, None, unit="ms")


# ---------------------------------------------------------------- (d) a crowd of answers


def test_a_hundred_answers_at_once_come_in_time(report: Report, run_async: RunAsync) -> None:
    """Each as fast as people read. The best of some rounds, for the machine has other things to do."""
    streams, events, per_second = 100, 30, 500.0

    async def crowd(listener: Listener, url: str) -> None:
        gate = Gate()
        async with asyncio.TaskGroup() as group:
            for _ in range(streams):
                group.create_task(listener.listen(gate, url))

    rounds: list[list[float]] = []
    for _ in range(3):
        listener = Listener()
        with steady_server(streams, events, per_second) as url:
            run_async(crowd(listener, url))
        assert len(listener.late) == streams * events
        rounds.append(sorted(listener.late))
    best = min(rounds, key=lambda late: late[-1])
    report("100 answers at once, median event after it left", best[len(best) // 2] * 1e3, None, unit="ms")
    report("100 answers at once, latest event after it left", best[-1] * 1e3, 50.0, unit="ms")
