"""A process that neither answers nor ends."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

_LIMIT_S = 30.0


def freeze(pid: int | None) -> None:
    """Stop `pid` as SIGSTOP does, and return once the whole process stands still."""
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    deadline = time.monotonic() + _LIMIT_S
    while not all(_stands(task) for task in Path(f"/proc/{pid}/task").iterdir()):
        assert time.monotonic() < deadline, f"process {pid} does not stop"
        time.sleep(0.001)


def _stands(task: Path) -> bool:
    try:
        return (task / "stat").read_text().rpartition(")")[2].split()[0] == "T"
    except (FileNotFoundError, ProcessLookupError):  # a thread that was ending
        return True
