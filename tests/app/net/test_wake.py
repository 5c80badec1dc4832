"""A sleep of the computer: noticed by either clock, survived by what lives, named where it killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import FoveaError, Interrupted, Stalled
from app.net import wake
from app.net.gate import Gate
from app.net.wake import Alertness, Sleeps
from tests.app.child.freezing import freeze
from tests.servers.certificates import Authority, server_side
from tests.servers.fault_server import Answer, FaultServer, Hang, Hold, Raw, running
from tests.servers.hurry import hurried

ROOT = Path(__file__).resolve().parents[3]
CALM = Alertness()
NIGHT = 8 * 3600.0


class Computer:
    """Its outer clock runs with the loop's, but for the nights."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._slept = 0.0
        monkeypatch.setattr(wake, "outer_clock", lambda: asyncio.get_running_loop().time() + self._slept)

    def sleep(self, seconds: float = NIGHT) -> None:
        self._slept += seconds


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Computer:
    return Computer(monkeypatch)


# ---------------------------------------------------------------- the clocks


def test_b25_a_sleep_shows_on_the_outer_clock_and_a_stop_on_both() -> None:
    sleeps = Sleeps(CALM, 1000.0, 50.0)
    assert not sleeps.since(1001.0, 51.0)
    assert sleeps.since(1001.0 + NIGHT, 52.0), "the computer slept, the loop's clock stood still"
    assert not sleeps.since(1002.0 + NIGHT, 53.0)
    assert sleeps.since(1600.0 + NIGHT, 653.0), "the program was stopped, both clocks went on"


@pytest.mark.parametrize("step", [1.0, 5.0, 30.9, 0.0, -1.0, -1e9])
def test_b25_a_busy_moment_and_a_clock_set_back_are_no_sleep(step: float) -> None:
    assert not Sleeps(CALM, 1000.0, 50.0).since(1000.0 + step, 50.0 + max(step, 0.0))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such clock")
def test_a22_setting_the_time_is_no_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    before = wake.outer_clock()
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert 0 <= wake.outer_clock() - before < 5


# ---------------------------------------------------------------- what waits for an answer


def after(seconds: float, do: Callable[[], object]) -> None:
    asyncio.get_running_loop().call_later(seconds, do)


async def outcome(work: Coroutine[Any, Any, Any]) -> tuple[FoveaError | None, float]:
    """How it failed, and after how many seconds."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    try:
        await work
    except FoveaError as error:
        return error, clock() - begun
    return None, clock() - begun


@pytest.mark.parametrize("silent", [Raw([Hang()]), Answer([b"half", Hang()])], ids=["no head", "half a body"])
def test_b25_what_stays_silent_after_a_sleep_is_interrupted_within_ten_seconds(
    computer: Computer, silent: Answer | Raw
) -> None:
    async def run() -> tuple[FoveaError | None, float]:
        async with FaultServer([silent]) as server:
            after(5.0, computer.sleep)
            return await outcome(Gate().fetch("GET", server.url, endpoint="Box", idle_s=120.0))

    taken: list[float] = []
    while len(taken) < 5 and min(taken, default=60.0) > 5 + 10.5:  # a busy moment is long in hurried time
        error, seconds = hurried(run(), speed=50)
        assert type(error) is Interrupted
        assert error.facts["reason"] == "the computer slept"
        taken.append(seconds)
    assert 5 + 8 <= min(taken) <= 5 + 10.5


def test_b25_through_tls_too(computer: Computer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.root))

    async def run() -> tuple[FoveaError | None, float]:
        async with FaultServer(
            [Answer([b"half", Hang()])], tls=server_side(authority.certificate())
        ) as server:
            after(5.0, computer.sleep)
            return await outcome(Gate().fetch("GET", server.url, endpoint="Box", idle_s=120.0))

    error, _ = hurried(run(), speed=20)
    assert error is not None
    assert error.facts["reason"] == "the computer slept"


def test_b25_what_speaks_after_a_sleep_is_read_to_its_end(computer: Computer) -> None:
    async def run() -> bytes:
        go_on = asyncio.Event()
        async with FaultServer([Answer([b"one ", Hold(go_on), b"two"])]) as server:
            after(5.0, computer.sleep)
            after(11.0, go_on.set)
            return (await Gate().fetch("GET", server.url, endpoint="Box", idle_s=120.0)).body

    assert hurried(run(), speed=50) == b"one two"


def test_b25_a_pause_long_after_a_sleep_is_an_ordinary_one(computer: Computer) -> None:
    async def run() -> tuple[bytes, float]:
        first, second = asyncio.Event(), asyncio.Event()
        answer = Answer([b"one ", Hold(first), b"two ", Hold(second), b"three"])
        async with FaultServer([answer]) as server:
            clock = asyncio.get_running_loop().time
            begun = clock()
            after(5.0, computer.sleep)
            after(8.0, first.set)
            after(60.0, second.set)
            body = (await Gate().fetch("GET", server.url, endpoint="Box", idle_s=120.0)).body
            return body, clock() - begun

    body, seconds = hurried(run(), speed=50)
    assert body == b"one two three"
    assert seconds >= 60


def test_b25_what_runs_here_and_slept_as_well_is_waited_for(computer: Computer) -> None:
    async def run() -> bytes:
        go_on = asyncio.Event()
        async with FaultServer([Raw([Hold(go_on), b"HTTP/1.1 200 OK\r\n\r\nread it"])]) as server:
            after(5.0, computer.sleep)
            after(60.0, go_on.set)
            return (await Gate().fetch("GET", server.url, endpoint="Box", first_byte_s=None)).body

    assert hurried(run(), speed=50) == b"read it"


def test_b25_a_slow_reader_is_not_taken_for_a_dead_connection(computer: Computer) -> None:
    async def run() -> list[bytes]:
        go_on = asyncio.Event()
        async with (
            FaultServer([Answer([b"one", Hold(go_on), b"two"])]) as server,
            Gate().stream("GET", server.url, endpoint="Box") as response,
        ):
            got = []
            async for chunk in response.chunks():
                got.append(chunk)
                if chunk == b"one":
                    computer.sleep()
                    await asyncio.sleep(30)
                    after(3.0, go_on.set)
            return got

    assert hurried(run(), speed=50) == [b"one", b"two"]


def test_b25_a_stop_of_the_program_uses_up_no_limit() -> None:
    """Both clocks jump beyond the limit; the answer that came meanwhile is read all the same."""

    async def run() -> bytes:
        loop = asyncio.get_running_loop()
        real, slept = loop.time, 0.0
        go_on = asyncio.Event()
        async with FaultServer([Answer([b"one ", Hold(go_on), b"two"])]) as server:

            def stop() -> None:
                nonlocal slept
                slept = 600.0

            loop.time = lambda: real() + slept  # type: ignore[method-assign]
            after(5.0, stop)
            after(609.0, go_on.set)
            return (await Gate().fetch("GET", server.url, endpoint="Box", idle_s=120.0)).body

    assert hurried(run(), speed=50) == b"one two"


def test_without_a_sleep_silence_is_a_stall_and_nothing_ticks_when_nothing_is_open(
    computer: Computer,
) -> None:
    async def run() -> None:
        door = Gate()
        async with FaultServer([Answer([b"half", Hang()])]) as server:
            error, _ = await outcome(door.fetch("GET", server.url, endpoint="Box", idle_s=20.0))
            assert type(error) is Stalled
            assert door._watch._timer is None

    hurried(run(), speed=50)


# ---------------------------------------------------------------- a real process, really stopped

ASK = """
import asyncio, sys
from app.domain.errors import FoveaError
from app.net.gate import Gate
from app.net.wake import Alertness

async def ask(url):
    try:
        gate = Gate(alertness=Alertness(tick_s=0.05, jump_s=0.5, grace_s=0.4))
        async with gate.stream("GET", url, endpoint="Box", idle_s=0.9) as response:
            async for chunk in response.chunks():
                print(chunk.decode(), flush=True)
        print("whole", flush=True)
    except FoveaError as error:
        print(error.code, error.facts["reason"], flush=True)

asyncio.run(ask(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("silent", "said"), [(True, "interrupted the computer slept"), (False, "more")], ids=["silent", "alive"]
)
def test_b25_a_program_that_was_stopped_finds_out_soon_after(silent: bool, said: str) -> None:
    go_on = asyncio.Event()
    with running([Answer([b"half", Hang() if silent else Hold(go_on), b"more"])]) as server:
        command = [sys.executable, "-c", ASK, server.url]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline().strip() == "half"
            freeze(child.pid)
            time.sleep(1.5)  # longer than its patience, and than what it takes for a moment's work
            server.call(go_on.set)
            begun = time.monotonic()
            os.kill(child.pid, signal.SIGCONT)
            assert child.stdout.readline().strip() == said
            assert time.monotonic() - begun < 0.4 + 10.0
            assert child.stdout.read().strip() == ("" if silent else "whole")
        assert child.returncode == 0
