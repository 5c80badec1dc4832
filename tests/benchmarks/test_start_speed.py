"""How fast the window is there and what it weighs, beside a bare Qt window in the same environment."""

from __future__ import annotations

import compileall
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 11
WEIGHINGS = 3
_SETTLED_MB = 0.2
_SETTLE_LIMIT_S = 20.0

# The same figures as FOVEA_START_TRACE, from the least that shows a window.
BARE = """
import json, os, signal, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    painted = False
    def paintEvent(self, event):
        if not self.painted:
            self.painted = True
            fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
            began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
            wall = time.clock_gettime(time.CLOCK_BOOTTIME) - began
            noted = {"first_paint": wall, "first_paint_cpu": time.process_time()}
            Path(sys.argv[1]).write_text(json.dumps(noted))
            if "stay" not in sys.argv:
                QTimer.singleShot(0, app.quit)

signal.signal(signal.SIGTERM, signal.SIG_DFL)
app = QApplication(["bare"])
window = Window()
window.resize(1100, 720)
window.show()
app.exec()
"""

Trace = dict[str, float]
Started = tuple[subprocess.Popen[bytes], Path]
Start = Callable[..., Started]
Report = Callable[..., None]


@pytest.fixture
def start(home: Path, tmp_path: Path) -> Start:
    """`start("bare" or "fovea", stay=True)` starts one of the two; the path is where it writes its trace."""
    for folder in ("app", "ui"):
        compileall.compile_dir(ROOT / folder, quiet=2)

    def begin(which: str, *, stay: bool = False) -> Started:
        trace = tmp_path / "trace.json"
        trace.unlink(missing_ok=True)
        bare = [sys.executable, "-c", BARE, str(trace), *(["stay"] if stay else [])]
        fovea = [sys.executable, "-m", "app", *([] if stay else ["--quit-when-ready"])]
        environment = {**os.environ, "FOVEA_HOME": str(home), "FOVEA_START_TRACE": str(trace)}
        command = bare if which == "bare" else fovea
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL), trace

    return begin


def _traced(started: Started) -> Trace:
    process, trace = started
    assert process.wait(60) == 0
    return dict(json.loads(trace.read_text("utf-8")))


def test_the_window_paints_soon_and_never_freezes_while_it_loads(start: Start, report: Report) -> None:
    _traced(start("fovea"))  # the first start makes the library
    rounds = [(_traced(start("bare")), _traced(start("fovea"))) for _ in range(ROUNDS)]

    def ratio(what: str, floor: str) -> float:
        return statistics.median(fovea[what] / bare[floor] for bare, fovea in rounds)

    report("first paint / bare window, CPU", ratio("first_paint_cpu", "first_paint_cpu"), 1.3)
    report("first paint / bare window, time", ratio("first_paint", "first_paint"), 1.3)
    report("everything imported / bare window, CPU", ratio("imported_cpu", "first_paint_cpu"), 3.3)
    report("everything imported / bare window, time", ratio("imported", "first_paint"), 3.3)
    report("longest gap while loading", statistics.median(f["worst_gap_ms"] for _, f in rounds), 30, "ms")
    report("first paint of a bare window", statistics.median(b["first_paint"] for b, _ in rounds), None, "s")
    report("ready to type", statistics.median(f["ready"] for _, f in rounds), None, "s")


def test_an_idle_window_weighs_little(start: Start, report: Report) -> None:
    _traced(start("fovea"))
    pairs = [
        (_weight(start("bare", stay=True)), _weight(start("fovea", stay=True))) for _ in range(WEIGHINGS)
    ]
    report("idle memory / bare window", statistics.median(f / b for b, f in pairs), 2.2)
    report("idle memory of a bare window", statistics.median(b for b, _ in pairs), None, "MB")
    report("idle memory of the window", statistics.median(f for _, f in pairs), None, "MB")


def _weight(started: Started) -> float:
    """Megabytes of a window and its children once it has written its trace and settled."""
    process, trace = started
    try:
        deadline = time.monotonic() + _SETTLE_LIMIT_S
        last = 0.0
        while time.monotonic() < deadline:
            time.sleep(1.0)
            now = _alone(process.pid) if trace.exists() else 0.0
            if now and abs(now - last) < _SETTLED_MB:
                return now
            last = now
        return last
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _alone(pid: int) -> float:
    """What the process and its children would weigh (PSS) with nobody else on the machine.

    Measured beside other programs that use Qt, such as the tests themselves, PSS gives Qt's pages
    to them in part: a bare window, which is little else, then seems to weigh half. Resident memory
    counts every page once for each process, so for a family it errs on the high side.
    """
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Rss:")) / 1000
    children = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _parent(p) == pid]
    return own + sum(map(_alone, children))


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0
