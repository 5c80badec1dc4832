"""What a test can leave behind: child processes, listening sockets, visible windows.

Processes and sockets are read from /proc, so on other systems than Linux only windows are seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_ENDED = b"Z"


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
    for pid in _child_ids(parent):
        with contextlib.suppress(OSError, IndexError):
            state = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[0]
            if state != _ENDED:
                found[pid] = _command(pid)
    return found


def _child_ids(parent: int) -> list[int]:
    try:
        with os.scandir(f"/proc/{parent}/task") as threads:
            return [int(pid) for thread in threads for pid in _read(f"{thread.path}/children").split()]
    except OSError:  # not every kernel tells; and a thread may have ended meanwhile
        return [pid for pid in _all_ids() if _parent_of(pid) == parent]


def _all_ids() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def _parent_of(pid: int) -> int | None:
    try:
        return int(_read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[1])
    except OSError:
        return None


def _command(pid: int) -> str:
    return _read(f"/proc/{pid}/cmdline").replace(b"\0", b" ").decode(errors="replace")[:200]


def _read(path: str) -> bytes:
    """A file of the kernel, without the layers of open(), which every test would pay for many times."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 1 << 16)
    finally:
        os.close(descriptor)


def _listening() -> dict[str, str]:
    mine: dict[str, str] = {}
    with os.scandir("/proc/self/fd") as entries:
        open_now = list(entries)
    for entry in open_now:
        with contextlib.suppress(OSError):
            target = os.readlink(entry.path)  # noqa: PTH115 - pathlib takes ten times as long
            if target.startswith("socket:["):
                with socket.socket(fileno=os.dup(int(entry.name))) as same:
                    if same.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                        mine[target] = f"{same.family.name} {same.getsockname()}"
    return mine


def _visible_windows() -> list[Any]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    return [w for w in widgets.QApplication.topLevelWidgets() if w.isVisible()]


def _windows() -> dict[int, str]:
    return {id(w): f"{type(w).__name__} {w.windowTitle()!r}" for w in _visible_windows()}
