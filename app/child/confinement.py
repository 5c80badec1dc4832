"""The limits within which a child process opens what came from outside."""

from __future__ import annotations

import sys
from contextlib import suppress


def confine(memory_bytes: int) -> None:
    """Bound the memory of this process, and leave no core file with somebody's pictures or words in it."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS knows the limit but not all its values
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
