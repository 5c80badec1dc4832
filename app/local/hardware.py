"""What this computer has, as far as the engine asks."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

_TOPOLOGY = Path("/sys/devices/system/cpu")


def engine_threads() -> int:
    """How many threads the engine gets: every physical core but one, at least one."""
    return max(1, physical_cores() - 1)


def physical_cores() -> int:
    """The cores this process may run on; two hardware threads of a core count once.

    Where the system does not tell, half of the logical processors, for two threads a core is
    the rule there.
    """
    if sys.platform == "linux":
        count = _linux_cores(os.sched_getaffinity(0), _TOPOLOGY)
    elif sys.platform == "darwin":
        count = _darwin_cores()
    else:
        count = 0
    return count or max(1, (os.cpu_count() or 2) // 2)


def _linux_cores(processors: set[int], topology: Path) -> int:
    cores: set[str] = set()
    for number in processors:
        core = str(number)
        with contextlib.suppress(OSError):
            core = (topology / f"cpu{number}" / "topology" / "thread_siblings_list").read_text().strip()
        cores.add(core)
    return len(cores)


def _darwin_cores() -> int:
    import ctypes

    count, size = ctypes.c_int(0), ctypes.c_size_t(ctypes.sizeof(ctypes.c_int))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).sysctlbyname(b"hw.physicalcpu", ctypes.byref(count), ctypes.byref(size), None, 0)
    return max(0, count.value)
