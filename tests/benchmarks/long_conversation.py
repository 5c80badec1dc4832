"""Opens and scrolls a conversation of 10,000 messages with 500 pictures from a library on disk.

`python long_conversation.py HOME` prints what it cost as one line of JSON; the library is made
first. Run with QT_QPA_PLATFORM=offscreen and QT_NO_GLIB=1.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from app.domain.message import Message, PicturePart, Role, Status, TextPart
from app.domain.picture import Picture
from app.store.database import Store
from tests.benchmarks.frame_meter import FrameMeter, percentile, resident_mb
from tests.benchmarks.long_answer import section
from ui.controllers.conversation.entries import entry_of
from ui.controllers.conversation.thread import Thread
from ui.garbage import MainThreadCollector
from ui.theme import palette
from ui.transcript.blocks.lexers import preload
from ui.transcript.view import TranscriptView

MESSAGES = 10_000
PICTURES = 500
CHARACTERS = 16_000_000
FRAME_MS = 16
Figures = dict[str, float]


async def make(store: Store) -> str:
    """A conversation as long as the module says; its id."""
    rng = random.Random(5)
    text = "".join(section(number, rng) for number in range(30))
    data = [f"picture {number}".encode() for number in range(PICTURES)]
    pictures = [
        Picture(
            sha256=hashlib.sha256(each).hexdigest(), format="png", width=8, height=6, byte_count=len(each)
        )
        for each in data
    ]
    for start in range(0, PICTURES, 50):
        several = zip(data[start : start + 50], pictures[start : start + 50], strict=True)
        await asyncio.gather(*(store.pictures.add(each, picture) for each, picture in several))
    mean, messages = CHARACTERS // MESSAGES, list[Message]()
    for number in range(MESSAGES):
        size = round(mean * (0.3 if number % 2 == 0 else 1.7) * rng.uniform(0.2, 1.8))
        start = text.index("\n\n", rng.randrange(len(text) - size - 2_000)) + 2
        parts: list[TextPart | PicturePart] = [TextPart(text[start : start + size])]
        if number % (MESSAGES // PICTURES) == 0:
            parts.append(PicturePart(pictures[number * PICTURES // MESSAGES].sha256, "photo.jpg"))
        messages.append(
            Message(
                id=f"{number:032x}",
                parent_id=f"{number - 1:032x}" if number else None,
                seq=number,
                role=Role.ASSISTANT if number % 2 else Role.USER,
                status=Status.DONE,
                created=datetime.now(UTC),
                parts=tuple(parts),
            )
        )
    return (await store.conversations.create("Long", *messages)).id


class Reader:
    """A transcript that is fed from a library, and what that costs."""

    def __init__(self, store: Store) -> None:
        self.view = TranscriptView()
        self.view.resize(1_000, 700)
        self.meter = FrameMeter([self.view.viewport()], bursts=True)
        self._store = store
        self._answering: set[asyncio.Task[None]] = set()
        self.view.entries_wanted.connect(self._answer)
        self.view.thumbnail_wanted.connect(self._draw)

    async def open(self, conversation_id: str) -> None:
        """Show a conversation and wait for its first words on the screen."""
        thread = Thread(await self._store.conversations.outline(conversation_id))
        last = await self._store.conversations.messages(thread.last_screen())
        self.view.set_entries(thread.rows(map(entry_of, last)))
        self.view.viewport().repaint()

    def _answer(self, ids: list[str]) -> None:
        task = asyncio.ensure_future(self._load(ids))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _load(self, ids: list[str]) -> None:
        messages = await self._store.conversations.messages(ids)
        self.view.update_entries([entry_of(message) for message in messages])

    def _draw(self, sha256: str) -> None:
        image = QImage(320, 240, QImage.Format.Format_RGB32)
        image.fill(QColor(f"#{sha256[:6]}"))
        QTimer.singleShot(0, self.view, lambda: self.view.set_thumbnail(sha256, image))

    async def frames(
        self, name: str, step: Callable[[int], None], count: int, every_ms: int = FRAME_MS
    ) -> Figures:
        """What frames cost in milliseconds of CPU while `step` is called `count` times."""
        self.meter.frames_ms.clear()
        self.meter.others_ms.clear()
        done, called = asyncio.get_running_loop().create_future(), 0
        timer = QTimer(self.view)
        timer.setTimerType(Qt.TimerType.PreciseTimer)

        def tick() -> None:
            nonlocal called
            step(called)
            called += 1
            if called == count:
                timer.stop()
                done.set_result(None)

        timer.timeout.connect(tick)
        timer.start(every_ms)
        await done
        await asyncio.sleep(0.2)
        frames, others = self.meter.frames_ms, self.meter.others_ms
        return {
            f"{name} frames": len(frames),
            f"{name} p50": percentile(frames, 0.5),
            f"{name} p99": percentile(frames, 0.99),
            f"{name} longest": max(frames),
            f"{name} longest between": max(others),
        }


async def measure(home: Path) -> Figures:
    """Everything."""
    store = await Store.open(home)
    try:
        conversation = await make(store)
        reader = Reader(store)
        view, bar = reader.view, reader.view.verticalScrollBar()
        view.show()
        await asyncio.sleep(0.3)
        gc.collect()
        collector = MainThreadCollector()
        collector.start()
        before = resident_mb()
        wall, cpu, own = time.perf_counter(), time.process_time(), time.thread_time()
        await reader.open(conversation)
        found = {
            "open ms": (time.perf_counter() - wall) * 1e3,
            "open cpu ms": (time.process_time() - cpu) * 1e3,
            "open gui ms": (time.thread_time() - own) * 1e3,
        }
        await asyncio.sleep(0.5)
        found["open MB"] = resident_mb() - before
        rng = random.Random(7)
        found |= await reader.frames("wheel", lambda _: bar.setValue(bar.value() - 120), 300)
        bar.setValue(bar.maximum() // 2)
        await asyncio.sleep(0.5)
        found |= await reader.frames("fling", lambda _: bar.setValue(bar.value() - 900), 150)
        found |= await reader.frames("jump", lambda _: bar.setValue(rng.randrange(bar.maximum())), 60, 80)
        found |= await reader.frames("resize", lambda n: view.resize(1_000 - n % 9 * 40, 700), 50, 60)
        found["scrolled MB"] = resident_mb() - before
        collector.close()
        view.close()
        return found
    finally:
        await store.close()


def main() -> None:
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    gc.disable()
    palette.apply(app, "light")
    preload()
    loop = QEventLoop(app)
    with loop:
        found = loop.run_until_complete(measure(Path(sys.argv[1])))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
