"""The screen, captured to the pixel by the whole window on a real X server."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("scale", ["2", pytest.param("1", marks=pytest.mark.soak)])
def test_regions_windows_and_screens_are_captured_in_all_their_pixels(
    run_on_display: Callable[..., Any], tmp_path: Path, scale: str
) -> None:
    command = (sys.executable, "-m", "tests.ui.capture.capture_program", str(tmp_path / "library"))
    ended = run_on_display(*command, timeout=90, QT_SCALE_FACTOR=scale)
    assert ended.returncode == 0, ended.stderr
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [each["what"] for each in found] == ["region", "region", "window", "screen"]
    side = int(scale)
    sizes = [[142, 74], [21, 9], [160 * side, 120 * side], [1280, 800]]
    assert [each["size"] for each in found] == sizes
    for each in found:
        assert each["hash"] == each["expected"], each["what"]
        assert each["name"].startswith("screen capture 20")
