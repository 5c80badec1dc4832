"""The real window, killed at random moments while an answer streams into it. Row A1."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from app import settings
from app.domain.conversation import Conversation
from app.domain.message import Message, Role, Status
from app.store.database import Store
from tests.app.store import samples
from tests.e2e.endless_model import Answer, EndlessModel, endless_model

ROOT = Path(__file__).parents[2]
AT_RISK_S = 0.5
LATEST_S = 1.0
"""After the request arrived; half of the moments are so late that some text must be there."""
AT_ONCE = 3


class Killed(NamedTuple):
    """A window that was killed at a moment of time.monotonic.

    So many seconds of the answer it `waited` for a processor, which others had: they do not count.
    """

    answer: Answer
    when: float
    waited: float


class Chain:
    """Windows on one library, one after the other, each killed."""

    def __init__(self, home: Path, model: EndlessModel, seed: int) -> None:
        self._windows = Windows()
        self.home = home
        self.killed: list[Killed] = []
        self.longest_s = 0.0
        self._model = model
        self._random = random.Random(seed)
        home.mkdir(mode=0o700, parents=True)
        settings.save(home, model.settings())

    def run(self, kills: int) -> None:
        """Kill so many; every third time it is a window alone that reopens what was left."""
        for number in range(kills):
            self.killed.append(self._kill(f"Question {number} of {self.home.name}" + " whole" * 20))
            if number % 3:
                self.check()
        self.check()

    def close(self) -> None:
        """End who opens the windows."""
        self._windows.close()

    def check(self) -> None:
        """Reopen the library; nothing of what was there half a second before a kill is missing."""
        assert samples.sound(self.home)
        shown = asyncio.run(_everything_in(self.home))
        by_question = {m.text: _answer_below(m, one) for one in shown for m in one.messages if _asks(m)}
        assert set(by_question) == {killed.answer.question for killed in self.killed}
        for killed in self.killed:
            stored = by_question[killed.answer.question]
            assert stored.status is Status.INTERRUPTED
            assert killed.answer.text().startswith(stored.text)
            old = killed.answer.text(before=killed.when - AT_RISK_S - killed.waited)
            assert len(stored.text) >= len(old), f"{old[len(stored.text) :]!r} is lost"
            self.longest_s = max(self.longest_s, _unsaved_s(killed, stored.text))

    def _kill(self, question: str) -> Killed:
        pid = int(self._windows.say(f"{self.home} {question}").removeprefix("born "))
        when, waited = time.monotonic(), 0.0
        try:
            answer = self._model.answer_to(question)
            waited = _waited_s(pid)
            moment = answer.begun + self._random.uniform(0.0, LATEST_S)
            time.sleep(max(0.0, moment - time.monotonic()))
            when, waited = time.monotonic(), _waited_s(pid) - waited
        finally:
            os.kill(pid, signal.SIGKILL)
        assert self._windows.hear() == f"gone {signal.SIGKILL:d}"
        return Killed(answer, when, waited)


class Windows:
    """Opens windows, one at a time; see asking_window.py."""

    def __init__(self) -> None:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-m", "tests.e2e.asking_window"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def say(self, line: str) -> str:
        """Ask for a window; returns the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self.hear()

    def hear(self) -> str:
        """The next line."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")

    def close(self) -> None:
        """End it."""
        self._process.communicate()


async def _everything_in(home: Path) -> list[Conversation]:
    store = await Store.open(home)
    try:
        return [await store.conversations.get(row.id) for row in await store.conversations.list()]
    finally:
        await store.close()


def _asks(message: Message) -> bool:
    return message.role is Role.USER


def _answer_below(question: Message, conversation: Conversation) -> Message:
    (answer,) = conversation.tree.children(question.id)
    return answer


def _unsaved_s(killed: Killed, text: str) -> float:
    """How old the oldest word was that is not there."""
    length = 0
    for when, word in list(killed.answer.words):
        length += len(word)
        if length > len(text):
            return max(0.0, killed.when - when - killed.waited)
    return 0.0


def _waited_s(pid: int) -> float:
    """How long the first thread of a process has been ready to run and did not; 0 where the system keeps
    no account of it."""
    told = Path(f"/proc/{pid}/schedstat")
    return int(told.read_text().split()[1]) / 1e9 if told.exists() else 0.0


def kill_windows(folder: Path, kills: int, seeds: list[int]) -> float:
    """A chain of `kills` for each seed, some at a time; the most seconds of text that were lost."""
    with endless_model() as model, ThreadPoolExecutor(AT_ONCE) as pool:
        chains = [Chain(folder / f"home-{seed}", model, seed) for seed in seeds]
        try:
            for running in [pool.submit(chain.run, kills) for chain in chains]:
                running.result()
        finally:
            for chain in chains:
                chain.close()
    return max(chain.longest_s for chain in chains)


@pytest.mark.timeout(300)
def test_a1_twenty_windows_killed_at_random_moments_lose_nothing_older_than_half_a_second(
    tmp_path: Path,
) -> None:
    assert kill_windows(tmp_path, 7, [1, 2, 3]) <= AT_RISK_S


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a1_a_thousand_windows_killed_lose_nothing_older_than_half_a_second(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kills = int(os.environ.get("FOVEA_KILLS", "1000"))
    seeds = [random.randrange(2**32) for _ in range(max(AT_ONCE, kills // 50))]
    longest_s = kill_windows(tmp_path, kills // len(seeds), seeds)
    with capsys.disabled():
        print(f"\nof {kills} windows killed, none lost more than {longest_s:.3f} s of text; seeds {seeds}")
    assert longest_s <= AT_RISK_S
