"""Does one thing in the window for the first time and prints how long the window could do nothing else,
as one line of JSON.

`python first_uses.py WHAT HOME FOLDER` with one of USES and a folder of pictures; run with
QT_QPA_PLATFORM=offscreen and QT_NO_GLIB=1.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import qasync
from PySide6.QtCore import QAbstractEventDispatcher, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from tests.ui.desk import Desk, open_desk
from ui.start import import_plainly
from ui.theme import palette

ANIMATION = "moving.gif"
PHOTO = "photo.png"
QUIET_S = 0.25
"""So long nothing may happen before something is begun, and after it."""


class TurnMeter:
    """Milliseconds of CPU that each turn of the event loop took the main thread: between two of them
    the window hears the user and the screen."""

    def __init__(self) -> None:
        self.turns_ms: list[float] = []
        self._since = time.thread_time()
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.connect(self._turn)

    def _turn(self) -> None:
        now = time.thread_time()
        self.turns_ms.append((now - self._since) * 1_000)
        self._since = now


def dialog(desk: Desk) -> QDialog | None:
    """The dialog that is open."""
    return next((one for one in desk.window.findChildren(QDialog) if one.isVisible()), None)


async def quiet(meter: TurnMeter) -> None:
    """Until nothing more happens in the window."""
    count = -1
    while count != (count := sum(took > 1.0 for took in meter.turns_ms)):
        await asyncio.sleep(QUIET_S)


async def open_by(command: str, desk: Desk) -> None:
    """Open a dialog by a command of the window."""
    desk.window.actions_table[command].trigger()
    await desk.until(lambda: dialog(desk))


async def open_frames(desk: Desk) -> None:
    strip = desk.window.composer.strip
    strip.frames_requested.emit(next(chip.key for chip in strip.chips() if chip.framed))
    await desk.until(lambda: dialog(desk))


async def draw_region(desk: Desk) -> None:
    """Drag a rectangle over the picture."""
    from ui.panes.regions.tools import Tool

    view = desk.window.pane.view
    regions = desk.controller._places.drawing.regions
    regions._markers[desk.window.pane].board.choose(Tool.RECTANGLE)
    await asyncio.sleep(QUIET_S)
    left, middle = Qt.MouseButton.LeftButton, view.rect().center()
    QTest.mousePress(view, left, pos=middle)
    for step in range(1, 12):
        QTest.mouseMove(view, middle + QPoint(4 * step, 3 * step))
        await asyncio.sleep(0.02)
    QTest.mouseRelease(view, left, pos=middle + QPoint(48, 36))
    await desk.until(lambda: desk.controller._composing.attachments.treatments)


USES: dict[str, Callable[[Desk], Awaitable[None]]] = {
    "inspector": partial(open_by, "sent"),
    "camera roll": partial(open_by, "newest"),
    "capture": partial(open_by, "capture"),
    "frames": open_frames,
    "region": draw_region,
}


async def measure(what: str, home: Path, folder: Path) -> dict[str, float]:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.json").write_text(json.dumps({"pictures_folder": str(folder)}))
    async with open_desk(home) as desk:
        desk.window.window().resize(1280, 820)
        await desk.attach(folder / PHOTO, folder / ANIMATION)
        await desk.until(lambda: any(chip.framed for chip in desk.window.composer.strip.chips()))
        meter = TurnMeter()
        await quiet(meter)
        meter.turns_ms.clear()
        await USES[what](desk)
        await quiet(meter)
        turns = sorted(meter.turns_ms)
        if shown := dialog(desk):
            shown.reject()
        return {"longest": turns[-1], "second": turns[-2], "all": sum(turns)}


def main() -> None:
    """Print the figures as JSON."""
    import_plainly()
    app = QApplication([sys.argv[0], "-style", "Fusion"])
    palette.apply(app, "light")
    gc.disable()  # as the window does while it is used
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        print(json.dumps(runner.run(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))))


if __name__ == "__main__":
    main()
