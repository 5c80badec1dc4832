"""The real program on a real screen while a model writes 20,000 tokens, 1,000 a second."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import settings
from app.domain.model import EndpointConfig, KeyGroup
from tests.benchmarks.answering_server import MODEL, PER_SECOND, TOKENS
from tests.display import Display
from tests.e2e.running_window import RunningWindow, StoredMessage, open_window

pytestmark = pytest.mark.bench

Report = Callable[..., None]
SERVER = Path(__file__).with_name("answering_server.py")
WEB_CLIENT_S = 44.7
"""CPU seconds of a chat client in a browser and its server for the same answer, measured once."""
PART = 0.25
MOST_ROUNDS = 3


@contextlib.contextmanager
def answering_server() -> Iterator[str]:
    """The address of the model."""
    with subprocess.Popen([sys.executable, SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
        finally:
            server.kill()


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and of its children that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def take_answer(running: RunningWindow, number: int) -> tuple[float, float]:
    """Ask, and return the CPU seconds and the seconds from the first word of the answer to its end."""

    def answer() -> StoredMessage | None:
        stored = running.messages()[2 * number + 1 :]
        if stored and stored[0].status == "failed":
            pytest.fail(f"the answer failed: {running.query('SELECT problem FROM turn')}")
        return stored[0] if stored else None

    def begun() -> bool:
        return bool((growing := answer()) and growing.text)

    def ended() -> bool:
        return bool((growing := answer()) and growing.status == "done")

    running.type("Tell me everything")
    running.press("Return")
    running.until(begun)
    cpu, since = cpu_s(running.process.pid), time.monotonic()
    running.until(ended)
    spent, wall = cpu_s(running.process.pid) - cpu, time.monotonic() - since
    whole = answer()
    assert whole is not None
    assert len(whole.text) > 2.5 * TOKENS
    return spent, wall


@pytest.mark.timeout(300)
def test_an_answer_of_20000_tokens_takes_a_part_of_a_core(
    x_display: Display, home: Path, report: Report
) -> None:
    """Once more, below what is there, where the machine may have had other things to do."""
    with answering_server() as url:
        key = KeyGroup(origins=(url.removesuffix("/v1"),), needed=False)
        box = EndpointConfig(id="box", name="Box", kind="llamacpp", base_url=url, key=key)
        chosen = settings.Settings(endpoint="box", endpoints=(box,), shown=("box",), models={"box": MODEL})
        settings.save(home, chosen)
        rounds: list[tuple[float, float]] = []
        with open_window(x_display, home) as running:
            while len(rounds) < MOST_ROUNDS and not any(spent / wall <= PART for spent, wall in rounds):
                rounds.append(take_answer(running, len(rounds)))
    spent, wall = min(rounds)
    report("CPU seconds of 20,000 tokens, the whole program", spent, WEB_CLIENT_S / 5, "s")
    report("part of a core at 1,000 tokens a second", spent / wall, PART)
    report("end of the answer after its last token", wall - TOKENS / PER_SECOND, None, "s")
