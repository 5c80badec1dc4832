"""The screen, captured to the pixel by the whole window on a real X server."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SIZES = {"region": [142, 74], "window": [160, 120], "keyboard": [21, 9], "screen": [1280, 800]}
"""Of what each trial captures; a window's is in units of the screen."""


def check(run: Callable[..., Any], home: Path, scale: int, *names: str) -> None:
    command = (sys.executable, "-m", "tests.ui.capture.capture_program", str(home), *names)
    ended = run(*command, timeout=90, QT_SCALE_FACTOR=str(scale))
    assert ended.returncode == 0, ended.stderr
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    for name, each in zip(names, found, strict=True):
        assert each["size"] == [side * (scale if name == "window" else 1) for side in SIZES[name]], name
        assert each["hash"] == each["expected"], name
        assert each["name"].startswith("screen capture 20")


def test_a_region_and_a_window_are_captured_in_all_their_pixels_at_200_percent(
    run_on_display: Callable[..., Any], tmp_path: Path
) -> None:
    check(run_on_display, tmp_path / "library", 2, "region", "window")


@pytest.mark.soak
@pytest.mark.parametrize("scale", [1, 2])
def test_whatever_is_captured_is_captured_to_the_pixel(
    run_on_display: Callable[..., Any], tmp_path: Path, scale: int
) -> None:
    check(run_on_display, tmp_path / "library", scale, *SIZES)
