"""What is made when it is first used: for how long the window can do nothing else meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.benchmarks.first_uses import ANIMATION, PHOTO, USES
from tests.benchmarks.measuring import measured, measuring
from tests.photos import PHOTOS

pytestmark = pytest.mark.bench

Report = Callable[..., None]
SCRIPT = Path(__file__).with_name("first_uses.py")
ROUNDS = 3
PICTURES = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A photo, an animation and pictures for the grid of the newest ones."""
    shutil.copy(PHOTOS / "coffee.png", tmp_path / PHOTO)
    frames = [Image.new("RGB", (300, 200), (number * 8, 100, 200)) for number in range(30)]
    frames[0].save(tmp_path / ANIMATION, save_all=True, append_images=frames[1:], duration=80)
    with Image.open(PHOTOS / "chelsea.png") as cat:
        for number in range(PICTURES):
            cat.convert("RGB").rotate(number).save(tmp_path / f"{number}.jpg")
    return tmp_path


@pytest.mark.timeout(300)
@pytest.mark.parametrize("use", USES)
def test_the_first_use_of_a_part_holds_no_frame_up(
    use: str, folder: Path, home: Path, report: Report
) -> None:
    """The best of some rounds, for the machine has other things to do."""
    rounds = [measured(measuring(SCRIPT, use, home / str(n), folder)) for n in range(ROUNDS)]
    report(f"first use of {use}: longest turn", min(found["longest"] for found in rounds), 16.0, "ms")
