"""Pictures of 48 and 100 megapixels in the window: from the drop to the screen, and moving them there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.benchmarks.measuring import measured, measuring
from tests.photos import PHOTOS

pytestmark = pytest.mark.bench

Report = Callable[..., None]
SCRIPT = Path(__file__).with_name("pane_frames.py")
ROUNDS = 2


def large(photo: str, width: int, height: int, path: Path) -> Path:
    smooth = Qt.TransformationMode.SmoothTransformation
    image = QImage(str(PHOTOS / photo)).convertToFormat(QImage.Format.Format_RGB32)
    image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, smooth).save(str(path), "JPEG", 90)
    return path


@pytest.mark.timeout(400)
def test_a_hundred_megapixels_are_zoomed_and_moved_without_a_late_frame(
    tmp_path: Path, home: Path, report: Report
) -> None:
    """The best of some rounds, for the machine has other things to do."""
    file = large("coffee.png", 12_000, 8_300, tmp_path / "large.jpg")
    rounds = [measured(measuring(SCRIPT, "move", home / str(n), file)) for n in range(ROUNDS)]
    assert min(found["frames"] for found in rounds) > 300
    for turn, words in ((0, "upright"), (90, "turned")):
        for what, limit in (("p50", None), ("p99", 8.0), ("longest", 16.0)):
            value = min(found[f"{what} at {turn}"] for found in rounds)
            report(f"100 MP, {words}: frame CPU {what}", value, limit, "ms")


@pytest.mark.timeout(400)
def test_a_dropped_photo_is_seen_about_as_soon_as_qt_could_read_it(
    tmp_path: Path, home: Path, report: Report
) -> None:
    file = large("astronaut.png", 8_000, 6_000, tmp_path / "photo.jpg")
    (tmp_path / "small.png").write_bytes((PHOTOS / "page.png").read_bytes())
    rounds = [measured(measuring(SCRIPT, "drop", home / str(n), file)) for n in range(ROUNDS)]
    best = min(rounds, key=lambda found: found["ratio"])
    report("48 MP JPEG, drop to first pixels / QImageReader", best["ratio"], 1.5)
    report("48 MP JPEG, drop to first pixels", best["ours"] * 1_000, None, "ms")


@pytest.mark.timeout(400)
def test_nothing_waits_for_another_pane(tmp_path: Path, home: Path, report: Report) -> None:
    file = large("astronaut.png", 6_000, 4_000, tmp_path / "photo.jpg")
    (tmp_path / "small.png").write_bytes((PHOTOS / "page.png").read_bytes())
    rounds = [measured(measuring(SCRIPT, "open", home / str(n), file)) for n in range(ROUNDS)]
    for what in ("opened", "closed"):
        longest = min(found[what] for found in rounds)
        report(f"a further pane {what}: longest stretch of the main thread", longest, 16.0, "ms")


@pytest.mark.timeout(400)
def test_nothing_waits_while_large_copies_of_a_picture_come_and_go(
    tmp_path: Path, home: Path, report: Report
) -> None:
    file = large("astronaut.png", 9_000, 9_000, tmp_path / "large.jpg")
    large("coffee.png", 6_000, 4_000, tmp_path / "other.jpg")
    rounds = [measured(measuring(SCRIPT, "leave", home / str(n), file)) for n in range(ROUNDS)]
    for what, words in (("zoomed", "zoomed"), ("left", "turned and let go")):
        longest = min(found[what] for found in rounds)
        report(f"81 MP, {words}: longest stretch of the main thread", longest, 16.0, "ms")
