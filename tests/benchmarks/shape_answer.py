"""Takes an answer that points at 10,000 things and opens their list, in the real window, and prints, as
JSON, the longest stretch of CPU that the window's thread spends each time without hearing of events.

Run with QT_QPA_PLATFORM=offscreen and QT_NO_GLIB=1.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from app.domain.events import Event, Finished, TextDelta
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.controllers.shapes.grounding import GroundingController
from ui.theme import palette

COUNT = 10_000
CHARACTERS = 8_000
"""Of the answer, at a time."""
LIMIT_S = 100.0
QUIET_S = 0.4


def answer() -> str:
    """Boxes under forty names, as a model writes them."""
    chance = random.Random(7)
    lines = []
    for number in range(COUNT):
        left, top = chance.randrange(950), chance.randrange(950)
        box = [left, top, left + chance.randrange(3, 50), top + chance.randrange(3, 50)]
        lines.append(f'  {{"bbox_2d": {box}, "label": "thing {number % 40}"}}')
    return "```json\n[\n" + ",\n".join(lines) + "\n]\n```\n"


class SlowProvider(ScriptedProvider):
    """Holds back the end of the answer until `ends`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ends = asyncio.Event()
        self._pieces = [text[at : at + CHARACTERS] for at in range(0, len(text), CHARACTERS)]

    async def _play(self) -> AsyncGenerator[Event, None]:
        for piece in self._pieces[:-1]:
            yield TextDelta(text=piece)
            await asyncio.sleep(0.01)
        await self.ends.wait()
        yield TextDelta(text=self._pieces[-1])
        yield Finished(reason="stop")


class Stretches(QObject):
    """CPU between two beats of a timer, which is heard whenever the loop looks for events."""

    def __init__(self) -> None:
        super().__init__()
        self.longest_ms = 0.0
        self._since = time.thread_time()
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def begin(self) -> None:
        """Forget what was."""
        self.longest_ms, self._since = 0.0, time.thread_time()

    def _beat(self) -> None:
        now = time.thread_time()
        self.longest_ms, self._since = max(self.longest_ms, (now - self._since) * 1_000), now


class Reader:
    """Asks, and looks at what comes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.stretches = Stretches()

    @property
    def _grounding(self) -> GroundingController | None:
        door = self._desk.controller._places.__dict__.get("shapes")
        return door._grounding if door is not None else None

    def _found(self) -> int:
        made = self._grounding
        return len(made.current.shapes) if made is not None and made.current is not None else 0

    async def _until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not condition():
                await asyncio.sleep(0.005)

    async def _rest(self) -> None:
        """Until all shapes are drawn and nothing follows."""
        await asyncio.sleep(QUIET_S)
        made = self._grounding
        assert made is not None
        await self._until(lambda: all(pane.layer.settled for pane in made.drawn._panes.values()))
        await asyncio.sleep(QUIET_S)

    async def read(self) -> dict[str, float]:
        """The longest stretch of each part, in milliseconds."""
        desk, provider = self._desk, SlowProvider(answer())
        await desk.attach(PHOTOS / "coffee.png")
        await desk.until(lambda: desk.window.pane.sha256)
        desk.answer_with(provider)
        await desk.ask("Where are they?")
        await self._until(lambda: self._found() > COUNT * 0.9)
        await self._rest()
        told = {}
        self.stretches.begin()
        provider.ends.set()
        await self._until(lambda: self._found() == COUNT)
        await desk.answered()
        await self._rest()
        told["answer ends"] = self.stretches.longest_ms
        self.stretches.begin()
        desk.window.actions_table["shapes"].trigger()
        await self._rest()
        told["list opens"] = self.stretches.longest_ms
        self.stretches.begin()
        await self._scroll()
        told["list is scrolled"] = self.stretches.longest_ms
        return told

    async def _scroll(self) -> None:
        """From the top of the list to its end, under the pointer."""
        assert self._grounding is not None
        rows = self._grounding.listing.list.list
        bar, port, none = rows.verticalScrollBar(), rows.viewport(), Qt.MouseButton.NoButton
        assert rows.model().rowCount() > COUNT
        for step in range(31):
            bar.setValue(bar.maximum() * step // 30)
            at = QPoint(60, 20 + 3 * step)
            over, keys = QPointF(port.mapToGlobal(at)), Qt.KeyboardModifier.NoModifier
            event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), over, none, none, keys)
            QApplication.sendEvent(port, event)
            await asyncio.sleep(0.02)


async def main() -> None:
    """Print the figures as JSON."""
    gc.disable()  # as the window does while it is used
    with tempfile.TemporaryDirectory() as home:
        async with open_desk(Path(home)) as desk:
            print(json.dumps(await Reader(desk).read()))


if __name__ == "__main__":
    app = QApplication([])
    palette.apply(app, "dark")
    with QEventLoop(app) as loop:
        loop.run_until_complete(main())
