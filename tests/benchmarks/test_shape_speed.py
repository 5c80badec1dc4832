"""Ten thousand shapes on a picture are drawn and hovered at 60 frames a second."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.measuring import measured, measuring

SCRIPT = Path(__file__).with_name("shape_frames.py")
ANSWER = Path(__file__).with_name("shape_answer.py")
FRAME_MS = {"hover": 8.0, "pan": 8.0, "zoom": 16.7}
STEP_MS = 16.7
STRETCH_MS = 16.0
RUNS = 2
"""The better one counts: other work on the machine makes frames longer, and none shorter."""


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_ten_thousand_shapes_are_hovered_at_sixty_frames_a_second(report: Callable[..., None]) -> None:
    runs = [measured(measuring(SCRIPT)) for _ in range(RUNS)]
    for way, limit in FRAME_MS.items():
        best = {
            key: min(run[f"{key[0]} {way} {key[1]}"] for run in runs)
            for key in (
                ("bare", "p99"),
                ("shapes", "p50"),
                ("shapes", "p99"),
                ("shapes", "longest step"),
            )
        }
        assert all(run[f"shapes {way} frames"] > 200 for run in runs)
        name = f"10,000 shapes: frame CPU, {way}"
        report(f"{name}, without any, p99", best["bare", "p99"], None, "ms")
        report(f"{name}, p50", best["shapes", "p50"], None, "ms")
        report(f"{name}, p99", best["shapes", "p99"], limit, "ms")
        report(f"{name}, longest step between", best["shapes", "longest step"], STEP_MS, "ms")


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_an_answer_of_ten_thousand_boxes_and_their_list_hold_up_no_frame(
    report: Callable[..., None],
) -> None:
    runs = [measured(measuring(ANSWER)) for _ in range(RUNS)]
    for what in ("answer ends", "list opens", "list is scrolled"):
        longest = min(run[what] for run in runs)
        report(f"10,000 shapes: longest stretch, {what}", longest, STRETCH_MS, "ms")
