"""10,000 messages with 500 pictures, from a library on disk: how they open, scroll and reflow."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.measuring import ENVIRONMENT, measured, measuring
from tests.benchmarks.test_start_speed import BARE

pytestmark = pytest.mark.bench

Report = Callable[..., None]
SCRIPT = Path(__file__).with_name("long_conversation.py")
BARE_STARTS = 5
STEPS = {"wheel": 10.0, "fling": 17.0, "jump": 25.0, "resize": 16.0}
"""Milliseconds of CPU that nearly all frames take at most."""


def bare_window_ms(told: Path) -> float:
    """CPU that a bare window takes until its first paint, in the middle of some starts."""
    found = []
    for _ in range(BARE_STARTS):
        command = [sys.executable, "-c", BARE, str(told)]
        subprocess.run(command, env={**os.environ, **ENVIRONMENT}, check=True, timeout=60)
        found.append(float(json.loads(told.read_text("utf-8"))["first_paint_cpu"]))
    return statistics.median(found) * 1_000


@pytest.mark.timeout(400)
def test_a_conversation_of_10000_messages_opens_at_once_and_scrolls(
    home: Path, tmp_path: Path, report: Report
) -> None:
    bare = bare_window_ms(tmp_path / "bare.json")
    found = measured(measuring(SCRIPT, home))
    report("10,000 messages on the screen / bare window, CPU", found["open cpu ms"] / bare, 1.0)
    report("10,000 messages on the screen, CPU", found["open cpu ms"], None, "ms")
    report("10,000 messages on the screen, CPU of the window's thread", found["open gui ms"], None, "ms")
    report("memory of 10,000 messages", found["open MB"], 40.0, "MB")
    report("memory once scrolled through", found["scrolled MB"], None, "MB")
    for step, limit in STEPS.items():
        report(f"{step}, frame CPU, p50", found[f"{step} p50"], None, "ms")
        report(f"{step}, frame CPU, p99", found[f"{step} p99"], limit, "ms")
        report(f"{step}, longest between frames", found[f"{step} longest between"], None, "ms")
