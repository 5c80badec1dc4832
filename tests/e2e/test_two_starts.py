"""Two starts make one window, whenever the second comes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.display import Display
from tests.e2e.running_window import ROOT, START_S, open_window
from tests.photos import PHOTOS


@pytest.mark.timeout(240)
def test_a15_a_second_start_opens_its_picture_in_the_first_window(x_display: Display, home: Path) -> None:
    with open_window(x_display, home) as running:
        second = subprocess.run(
            [sys.executable, "-m", "app", str(PHOTOS / "coffee.png")],
            env=x_display.environment(),
            cwd=ROOT,
            timeout=90,
            check=False,
        )
        assert second.returncode == 0
        running.until(lambda: running.query("SELECT sha256 FROM picture"))


@pytest.mark.timeout(240)
def test_a15_of_two_starts_at_once_one_hands_over_to_the_other(x_display: Display, home: Path) -> None:
    command = [sys.executable, "-m", "app", str(PHOTOS / "coffee.png")]
    starts = [subprocess.Popen(command, cwd=ROOT, env=x_display.environment()) for _ in range(2)]
    try:
        deadline = time.monotonic() + START_S
        while not (ended := [start for start in starts if start.poll() is not None]):
            assert time.monotonic() < deadline, "both stayed"
            time.sleep(0.05)
        assert [start.returncode for start in ended] == [0]
    finally:
        for start in starts:
            start.kill()
            start.wait()
