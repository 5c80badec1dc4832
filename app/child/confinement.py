"""The limits within which a child process opens what came from outside."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress


def confine(memory_bytes: int, most_bytes: int = 0) -> None:
    """Bound the memory of this process, and leave no core file with somebody's pictures or words in it.

    `bound_memory` may raise it later, up to `most_bytes` where those are more.
    """
    if sys.platform == "win32":
        return
    import resource

    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # whoever started Fovea may have it ignored
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS knows the limit but not all its values
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, max(memory_bytes, most_bytes)))


def bound_memory(memory_bytes: int) -> None:
    """Bound the memory of this process anew, at most as `confine` allowed."""
    if sys.platform == "win32":
        return
    import resource

    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, most))


def end_after(seconds: float) -> None:
    """Let the system end this process once it took so much time of the processor, from now on and with
    all its threads, also while native code runs; 0 for never. Does nothing on Windows."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)
