"""Looks at a large picture in the window and prints what it cost, as one line of JSON.

`python pane_frames.py` with `move`, `drop`, `open` or `leave`, then HOME and FILE; run with
QT_QPA_PLATFORM=offscreen and QT_NO_GLIB=1.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import qasync
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImageReader, QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.benchmarks.frame_meter import FrameMeter, TurnMeter, percentile
from tests.ui.desk import Desk, open_desk
from ui.garbage import MainThreadCollector
from ui.panes.area import pane_moves
from ui.panes.view.picture_view import PictureView
from ui.panes.view.placement import MARGIN
from ui.theme import palette
from ui.widgets.offered import OfferedPictures

FRAME_S = 1 / 60
STEPS = 240
ROUNDS = 5
REST_S = 0.5


def wheel(view: PictureView, notches: float) -> None:
    at = QPointF(view.width() * 0.6, view.height() * 0.4)
    none, modifier = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    angle = QPoint(0, round(120 * notches))
    phase = Qt.ScrollPhase.NoScrollPhase
    place = view.mapToGlobal(at)
    QApplication.sendEvent(view, QWheelEvent(at, place, QPoint(), angle, none, modifier, phase, False))


async def steps(view: PictureView, turn: int) -> None:
    """In to 400 % and out again in small steps, then about at 100 %, as fast as a screen shows it."""
    view.fit()
    view.turn_by(turn - view.placement.turn)
    for step in range(STEPS):
        wheel(view, 0.2 if step < STEPS // 2 else -0.2)
        await asyncio.sleep(FRAME_S)
    view.show_full()
    for step in range(STEPS):
        view.push(QPointF(-17 if step % 80 < 40 else 17, 11 if step % 120 < 60 else -11))
        await asyncio.sleep(FRAME_S)


async def move(desk: Desk, file: Path) -> dict[str, float]:
    """CPU of the frames while the picture is zoomed and pushed, upright and turned."""
    await desk.attach(file)
    view = desk.window.pane.view
    await desk.until(lambda: view.image.width() == 4096 and view._painter.levels.complete)
    view.show_full()
    await desk.until(lambda: "tiles" in view.__dict__ and view.tiles.byte_count > 0)
    gc.collect()
    found: dict[str, float] = {}
    for turn in (0, 90):
        meter = FrameMeter([view], bursts=True)
        await steps(view, turn)
        frames = meter.frames_ms[1:]
        found[f"p50 at {turn}"] = statistics.median(frames)
        found[f"p99 at {turn}"] = percentile(frames, 0.99)
        found[f"longest at {turn}"] = max(*frames, *meter.others_ms)
        found["frames"] = len(frames)
    return found


class FirstPaint(QObject):
    """Notes when a view first painted a picture."""

    def __init__(self, view: PictureView) -> None:
        super().__init__()
        self._view = view
        self.at = 0.0
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.at and self._view.has_image():
            self.at = time.perf_counter()
        return False


def read_bare(file: Path, side: int) -> float:
    """How long Qt takes to read a picture to a size, in seconds."""
    start = time.perf_counter()
    reader = QImageReader(str(file))
    reader.setScaledSize(reader.size().scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
    assert not reader.read().isNull()
    return time.perf_counter() - start


async def drop_once(desk: Desk, file: Path) -> float:
    """How long a picture takes from its drop to the screen, in seconds; then it goes again."""
    pane, glances = desk.window.pane, desk.controller._pictures.glances
    pane.show_empty()
    desk.window.drops.covered.emit(True)  # it is dragged over the window
    await desk.until(lambda: glances.ready)
    first = FirstPaint(pane.view)
    start = time.perf_counter()
    desk.window.pictures_offered.emit(OfferedPictures(paths=[str(file)]), False)
    await desk.until(lambda: first.at)
    await desk.until(lambda: desk.chips().get(file.name) == "ready" and pane.sha256)
    await desk.until(lambda: pane.view.image.width() >= 4096)
    chip = next(chip for chip in desk.window.composer.strip.chips() if chip.name == file.name)
    desk.window.composer.attachment_removed.emit(chip.key)
    desk.controller._pictures._copies.clear()
    return first.at - start


async def drop(desk: Desk, file: Path) -> dict[str, float]:
    """The time from a drop to the first pixels, beside that of a bare scaled read to the same size."""
    await desk.attach(file.with_name("small.png"))  # the window is in use
    side = max(desk.window.pane.width(), desk.window.pane.height()) - 2 * MARGIN
    pairs = [(await drop_once(desk, file), read_bare(file, side)) for _ in range(ROUNDS)]
    ours, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    return {"ratio": statistics.median(o / b for o, b in pairs), "ours": ours, "bare": bare}


async def shown(desk: Desk, name: str) -> None:
    """Show an attached picture and wait until its large copy and all the smaller ones are there."""
    pictures, view = desk.controller._pictures, desk.window.pane.view
    pictures.show_picture(next(sha256 for sha256, known in pictures._names.items() if known == name))
    await desk.until(
        lambda: desk.window.pane.name == name and view.image.width() == 4096 and view._painter.levels.complete
    )
    await asyncio.sleep(REST_S)


async def open_panes(desk: Desk, file: Path) -> dict[str, float]:
    """The longest stretch while a further pane comes and goes, when the window had time between."""
    await desk.attach(file, file.with_name("small.png"))
    await shown(desk, file.name)
    meter, found = TurnMeter(), {"opened": 0.0, "closed": 0.0}
    commands = ("pane-right", "pane-down", "pane-right")
    for what, done in (("opened", commands), ("closed", ("pane-close",) * 3)):
        for command in done:
            spares = desk.window.panes._spares
            await desk.until(lambda spares=spares: spares is not None and not spares.steps.busy)
            meter.take()
            pane_moves.do(desk.window.panes, command, on=True)
            await asyncio.sleep(REST_S)
            found[what] = max(found[what], meter.take())
    return found


async def leave(desk: Desk, file: Path) -> dict[str, float]:
    """The longest stretch while a picture is looked at closely and turned, and while its copies go."""
    other = file.with_name("other.jpg")
    await desk.attach(file, other)
    view, meter, found = desk.window.pane.view, TurnMeter(), {"zoomed": 0.0, "left": 0.0}
    pictures = desk.controller._pictures
    gone = next(sha256 for sha256, name in pictures._names.items() if name == file.name)
    for _ in range(2):
        await shown(desk, file.name)
        meter.take()
        for step in range(STEPS):
            wheel(view, 0.2 if step < STEPS // 2 else -0.2)
            await asyncio.sleep(FRAME_S / 4)
        found["zoomed"] = max(found["zoomed"], meter.take())
        for degrees in (90, -90):
            view.turn_by(degrees)
            await asyncio.sleep(REST_S)
        await shown(desk, other.name)
        assert pictures._copies.get(gone) is None
        found["left"] = max(found["left"], meter.take())
    return found


async def measure(what: str, home: Path, file: Path) -> dict[str, float]:
    home.mkdir(parents=True, exist_ok=True)
    async with open_desk(home) as desk:
        desk.window.window().resize(1280, 820)
        return await {"move": move, "drop": drop, "open": open_panes, "leave": leave}[what](desk, file)


def main() -> None:
    app = QApplication([sys.argv[0], "-style", "Fusion"])
    palette.apply(app, "light")
    collector = MainThreadCollector(app)
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        print(json.dumps(runner.run(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))))
    del collector


if __name__ == "__main__":
    main()
