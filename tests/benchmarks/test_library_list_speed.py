"""A library of 50,000 conversations scrolls at 60 frames a second."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.measuring import measured, measuring

SCRIPT = Path(__file__).with_name("library_list.py")
FRAME_MS = {"wheel": 8.0, "jump": 16.7, "fling": 16.7}
"""A fling of 3,000 pixels a frame paints every row of every frame anew, and reads all pages on its way."""

CHANGE_MS = 8.0


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_fifty_thousand_conversations_scroll_at_sixty_frames_a_second(report: Callable[..., None]) -> None:
    told = measured(measuring(SCRIPT))
    assert told["listed"] == 50_000
    for way, limit in FRAME_MS.items():
        assert told[f"{way} frames"] > 100
        name = f"50,000 conversations: frame CPU, {way}"
        report(f"{name}, p50", told[f"{way} p50"], None, "ms")
        report(f"{name}, p99", told[f"{way} p99"], limit, "ms")
    report("50,000 conversations: one of them changes, p99", told["change p99"], CHANGE_MS, "ms")
