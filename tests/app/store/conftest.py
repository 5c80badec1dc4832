"""Processes to kill, and disks too small."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def no_thread_of_a_store_stays() -> Iterator[None]:
    """Who opens a library or looks after one closes it."""
    before = set(threading.enumerate())
    yield
    left = [t.name for t in threading.enumerate() if t not in before and t.name.startswith("store ")]
    if left:
        pytest.fail(f"threads were left behind: {left}", pytrace=False)


class Nursery:
    """Gives birth to victims, one at a time; see victims.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.app.store.victims"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd=ROOT,
            start_new_session=True,
        )
        self._pid = 0
        self._alive = False

    def start(self, name: str, *arguments: object) -> None:
        """Start a victim."""
        assert self._process.stdin is not None
        self._process.stdin.write(shlex.join([name, *map(str, arguments)]) + "\n")
        self._pid = int(self._lines_until("born")[-1].split()[1])
        self._alive = True

    def wait_for(self, word: str) -> list[str]:
        """The victim's lines up to one that begins with `word`."""
        return self._lines_until(word)

    def kill(self) -> list[str]:
        """Kill the victim, unless it came to its end before; returns the lines it still said."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        return self.wait()

    def wait(self) -> list[str]:
        """The victim's lines up to its end."""
        lines = self._lines_until("gone")
        self._alive = False
        return lines

    def run(self, name: str, *arguments: object) -> list[str]:
        """A victim from birth to its end."""
        self.start(name, *arguments)
        return self.wait()

    def end_victim(self) -> None:
        """Kill what a test left alive."""
        if self._alive:
            self.kill()

    def close(self) -> None:
        """End the nursery and what lives in it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def _lines_until(self, word: str) -> list[str]:
        assert self._process.stdout is not None
        lines: list[str] = []
        for line in self._process.stdout:
            lines.append(line.rstrip("\n"))
            if line.split()[0] == word:
                return lines
            if line.startswith("gone"):
                self._alive = False
                break
        raise AssertionError(f"no {word!r} in {lines}")


@pytest.fixture(scope="session")
def lasting_nursery() -> Iterator[Nursery]:
    """One for all tests: its start costs half a second."""
    nursery = Nursery()
    try:
        yield nursery
    finally:
        nursery.close()


@pytest.fixture
def nursery(lasting_nursery: Nursery) -> Iterator[Nursery]:
    """Starts processes that use a library and can be killed."""
    try:
        yield lasting_nursery
    finally:
        lasting_nursery.end_victim()


@pytest.fixture
def nurseries() -> Iterator[Callable[[], Nursery]]:
    """Several of them, for processes that live at the same time."""
    born: list[Nursery] = []

    def bear() -> Nursery:
        born.append(Nursery())
        return born[-1]

    try:
        yield bear
    finally:
        for nursery in born:
            nursery.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB; skips where mounting one is not allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
