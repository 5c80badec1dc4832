"""Fovea's window as a program of its own on a real screen, and what its library holds."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw

from tests.display import Display

ROOT = Path(__file__).parents[2]
START_S = 60.0
ANSWER_S = 90.0


@dataclass(frozen=True)
class StoredMessage:
    """A row of the library as another program sees it."""

    role: str
    status: str
    text: str
    pictures: int


@dataclass
class RunningWindow:
    """The process, its home, and hands for it."""

    display: Display
    home: Path
    process: subprocess.Popen[bytes]
    window: str = ""

    def xdo(self, *command: str) -> str:
        ended = self.display.run("xdotool", *command)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    def shown(self) -> str:
        """The id of the window on the screen; empty while there is none."""
        command = ("xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid))
        return "".join(self.display.run(*command).stdout.split()[-1:])

    def middle_of(self, window: str) -> tuple[int, int]:
        """Where on the screen the middle of any program's window is, in pixels."""
        lines = self.xdo("getwindowgeometry", "--shell", window).splitlines()
        told = {name: int(value) for name, _, value in (line.partition("=") for line in lines)}
        return told["X"] + told["WIDTH"] // 2, told["Y"] + told["HEIGHT"] // 2

    def type(self, text: str) -> None:
        self.xdo("windowactivate", "--sync", self.window)
        self.xdo("type", "--delay", "8", text)

    def press(self, key: str) -> None:
        self.xdo("windowactivate", "--sync", self.window)
        self.xdo("key", key)

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Rows of the library; none while there is no library yet."""
        try:
            connection = apsw.Connection(str(self.home / "fovea.db"), flags=apsw.SQLITE_OPEN_READONLY)
        except apsw.CantOpenError:
            return []
        with contextlib.closing(connection):
            connection.set_busy_timeout(2000)
            try:
                return connection.execute(statement).fetchall()
            except apsw.SQLError:
                return []

    def messages(self) -> list[StoredMessage]:
        """Every message, oldest first."""
        rows = self.query(
            "SELECT turn.role, turn.status, coalesce(group_concat(CASE part.kind WHEN 'text' THEN part.text"
            " END, ''), ''), count(part.picture)"
            " FROM turn LEFT JOIN part ON part.turn_id = turn.id GROUP BY turn.id ORDER BY turn.seq"
        )
        return [StoredMessage(*row) for row in rows]

    def attached(self) -> int:
        """How many pictures the question that is being written has, once that is kept."""
        return sum(len(json.loads(str(pictures))) for (pictures,) in self.query("SELECT pictures FROM draft"))

    def until(self, condition: Callable[[], object], limit_s: float = ANSWER_S) -> None:
        """Wait until `condition` holds; fails when the program ends or takes too long."""
        deadline = time.monotonic() + limit_s
        while not condition():
            assert self.process.poll() is None, f"it ended with {self.process.returncode}"
            assert time.monotonic() < deadline, f"nothing within {limit_s} s; messages: {self.messages()}"
            time.sleep(0.02)


@contextlib.contextmanager
def open_window(display: Display, home: Path, *arguments: str) -> Iterator[RunningWindow]:
    """Start Fovea, wait until it can be typed into, and end it like a user who logs out."""
    trace = home.with_name("start.json")
    trace.unlink(missing_ok=True)
    environment = display.environment(FOVEA_START_TRACE=str(trace))
    process = subprocess.Popen([sys.executable, "-m", "app", *arguments], cwd=ROOT, env=environment)
    running = RunningWindow(display, home, process)
    try:
        running.until(trace.exists, START_S)
        running.until(running.shown, START_S)
        running.window = running.shown()
        yield running
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
