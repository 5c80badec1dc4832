"""What a test can leave behind: child processes, listening sockets, visible windows.

Processes and sockets are read from /proc, so on other systems than Linux only windows are seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_ENDED = "Z"
_LISTENING_TCP = "0A"
_ACCEPTING_UNIX = 0x10000


@dataclass
class Leftovers:
    """Each is a key to compare by and the words to name it with."""

    processes: dict[int, str] = field(default_factory=dict)
    sockets: dict[str, str] = field(default_factory=dict)
    windows: dict[int, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not (self.processes or self.sockets or self.windows)

    def add(self, other: Leftovers) -> None:
        self.processes |= other.processes
        self.sockets |= other.sockets
        self.windows |= other.windows

    def minus(self, other: Leftovers) -> Leftovers:
        return Leftovers(
            {k: v for k, v in self.processes.items() if k not in other.processes},
            {k: v for k, v in self.sockets.items() if k not in other.sockets},
            {k: v for k, v in self.windows.items() if k not in other.windows},
        )

    def in_words(self) -> str:
        parts = [f"process {pid} ({command})" for pid, command in self.processes.items()]
        parts += [f"listening socket {where}" for where in self.sockets.values()]
        parts += [f"window {name}" for name in self.windows.values()]
        return ", ".join(parts)


def look_around() -> Leftovers:
    """What there is now, of this process."""
    if sys.platform != "linux":
        return Leftovers(windows=_windows())
    return Leftovers(_children(os.getpid()), _listening(), _windows())


def is_ours(task: asyncio.Task[Any]) -> bool:
    """Whether the task runs a coroutine that app/ or ui/ defines."""
    code = getattr(task.get_coro(), "cr_code", None)
    path = Path(code.co_filename) if code else Path()
    return any(path.is_relative_to(ROOT / folder) for folder in ("app", "ui"))


def end_processes(left: Leftovers) -> None:
    """Kill what stayed, so that the next test does not pay for it."""
    for pid in left.processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def close_windows(left: Leftovers) -> None:
    """Close what stayed open, so that the next test does not see it."""
    for window in _visible_windows():
        if id(window) in left.windows:
            window.close()


def _children(parent: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(folder.name)
            state, its_parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(its_parent) == parent and state != _ENDED:
                found[pid] = _command(pid)
    return found


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:200]


def _listening() -> dict[str, str]:
    listening = _listening_tcp() | _listening_unix()
    mine: dict[str, str] = {}
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            target = str(entry.readlink())
            if target.startswith("socket:[") and (inode := target[8:-1]) in listening:
                mine[inode] = listening[inode]
    return mine


def _listening_tcp() -> dict[str, str]:
    found = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == _LISTENING_TCP:
                    found[columns[9]] = f"TCP port {int(columns[1].rpartition(':')[2], 16)}"
    return found


def _listening_unix() -> dict[str, str]:
    found = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
            columns = line.split()
            if int(columns[3], 16) & _ACCEPTING_UNIX:
                found[columns[6]] = columns[7] if len(columns) > 7 else "unnamed"
    return found


def _visible_windows() -> list[Any]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    return [w for w in widgets.QApplication.topLevelWidgets() if w.isVisible()]


def _windows() -> dict[int, str]:
    return {id(w): f"{type(w).__name__} {w.windowTitle()!r}" for w in _visible_windows()}
