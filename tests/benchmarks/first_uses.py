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
from itertools import chain
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import qasync
from PySide6.QtCore import QAbstractEventDispatcher, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from app.domain.events import Finished, TextDelta
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.filling import KINDS, LATER, imported, made
from ui.start import import_plainly
from ui.theme import palette

ANIMATION = "moving.gif"
PHOTO = "photo.png"
MANY = 12
Deed = Callable[[Desk, Path], Awaitable[None]]
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


async def nothing(_: Desk, __: Path) -> None:
    """Nothing has to be done before."""


async def attach(desk: Desk, folder: Path) -> None:
    """Have a photo and an animation in the question."""
    await desk.attach(folder / PHOTO, folder / ANIMATION)
    await desk.until(lambda: any(chip.framed for chip in desk.window.composer.strip.chips()))


async def open_by(command: str, desk: Desk, _: Path) -> None:
    """Open a dialog by a command of the window."""
    desk.window.actions_table[command].trigger()
    await desk.until(lambda: dialog(desk))


async def open_frames(desk: Desk, _: Path) -> None:
    strip = desk.window.composer.strip
    strip.frames_requested.emit(next(chip.key for chip in strip.chips() if chip.framed))
    await desk.until(lambda: dialog(desk))


async def draw_region(desk: Desk, _: Path) -> None:
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


async def draw_early(desk: Desk, folder: Path) -> None:
    """Drag a rectangle over a picture as soon as it is seen, before it can be drawn on."""

    def draw(_: str) -> None:
        view = desk.window.pane.view
        middle = view.rect().center()
        QTest.keyClick(view, Qt.Key.Key_R)
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
        for step in range(1, 12):
            QTest.mouseMove(view, middle + QPoint(4 * step, 3 * step))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(48, 36))

    desk.window.pane.picture_shown.connect(draw, Qt.ConnectionType.SingleShotConnection)
    await desk.attach(folder / PHOTO)
    await desk.until(lambda: desk.controller._composing.attachments.treatments)


async def open_panes(desk: Desk, _: Path) -> None:
    """Three further panes within a tenth of a second."""
    for command in ("pane-right", "pane-down", "pane-right"):
        desk.window.actions_table[command].trigger()
        await asyncio.sleep(0.03)
    assert len(desk.window.panes.panes()) == 4


async def ask(desk: Desk, _: Path) -> None:
    desk.answer_with(ScriptedProvider(TextDelta(text="A cup."), Finished(reason="stop")))
    await desk.ask("What is it?")
    await desk.answered()


async def be_about_to_draw(desk: Desk, folder: Path) -> None:
    """Have asked about a picture."""
    await desk.attach(folder / PHOTO)
    await ask(desk, folder)


async def have_answer(desk: Desk, folder: Path) -> None:
    """Have something to be compared."""
    await attach(desk, folder)
    await ask(desk, folder)


async def drop_many(desk: Desk, folder: Path) -> None:
    await desk.attach(*(folder / f"{number}.jpg" for number in range(MANY)))


async def have_asked(desk: Desk, folder: Path) -> None:
    """Have asked about a dozen pictures and one more."""
    await drop_many(desk, folder)
    await desk.attach(folder / PHOTO)
    await ask(desk, folder)


async def have_left(desk: Desk, folder: Path) -> None:
    """Be in a new conversation after one about many pictures, with several of them in panes."""
    await have_asked(desk, folder)
    await open_panes(desk, folder)
    desk.window.actions_table["new"].trigger()
    await desk.until(lambda: desk.controller._conversations.conversation_id is None)


async def go_back(desk: Desk, _: Path) -> None:
    conversations = desk.controller._conversations
    (row,) = await desk.services.store.conversations.list()
    desk.controller._composing.open(row.id)
    await desk.until(lambda: conversations.conversation_id == row.id)


async def edit(desk: Desk, _: Path) -> None:
    desk.window.actions_table["edit"].trigger()
    await desk.until(lambda: len(desk.chips()) == MANY + 1)


class Use(NamedTuple):
    """What is measured, and what is done before; both with the folder of pictures."""

    do: Deed
    before: Deed = attach


USES = {
    "inspector": Use(partial(open_by, "sent")),
    "camera roll": Use(partial(open_by, "newest")),
    "capture": Use(partial(open_by, "capture")),
    "frames": Use(open_frames),
    "region": Use(draw_region),
    "region of an earlier question's picture": Use(draw_region, be_about_to_draw),
    "region, before it can be drawn": Use(draw_early, nothing),
    "further panes, three at once": Use(open_panes),
    "further pictures, a dozen": Use(drop_many),
    "question": Use(ask),
    "conversation with a dozen pictures, opened again": Use(go_back, have_left),
    "question with a dozen pictures, changed": Use(edit, have_asked),
    "table of answers": Use(partial(open_by, "compare"), have_answer),
}


async def measure(what: str, home: Path, folder: Path) -> dict[str, float]:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.json").write_text(json.dumps({"pictures_folder": str(folder)}))
    async with open_desk(home) as desk:
        desk.window.window().resize(1280, 820)
        for _ in chain(imported(LATER), made(KINDS)):
            await asyncio.sleep(0)
        await USES[what].before(desk, folder)
        meter = TurnMeter()
        await quiet(meter)
        meter.turns_ms.clear()
        await USES[what].do(desk, folder)
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
