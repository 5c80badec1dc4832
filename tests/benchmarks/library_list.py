"""Scrolls through a library of 50,000 conversations and prints, as JSON, the CPU a frame takes.

Run with QT_QPA_PLATFORM=offscreen and QT_NO_GLIB=1.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import apsw
import qasync
from PySide6.QtWidgets import QApplication

from app.domain.conversation import ConversationSummary
from app.store.database import Store
from tests.app.store import samples
from tests.benchmarks.frame_meter import FrameMeter, percentile
from tests.ui.desk import Desk, open_desk
from ui.controllers.library.library import row_of
from ui.theme import palette, style

CONVERSATIONS = 50_000
FRAME_S = 1 / 60
FLING = 3_000  # pixels a frame

FILL = """
WITH RECURSIVE count (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM count WHERE n < ?1 - 1)
INSERT INTO conversation (id, title, created, changed, touched, number, pinned)
SELECT printf('%032x', n), 'The picture ' || n || ' and what it shows of the town',
    strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-' || ((?1 - n) * 20) || ' minutes'),
    strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-' || ((?1 - n) * 20) || ' minutes'),
    n + 1, n + 1, n % 5000 = 0 FROM count
"""
TAGS = "INSERT INTO tag (conversation_id, name) SELECT id, 'work' FROM conversation WHERE number % 3 = 0"


async def fill(home: Path) -> None:
    await (await Store.open(home)).close()
    connection = samples.raw(home)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    with connection:
        connection.execute(FILL, (CONVERSATIONS,))
        connection.execute(TAGS)
    connection.close()


async def scroll(desk: Desk, way: str) -> FrameMeter:
    """Scroll at 60 frames a second, as far as there is something."""
    library = desk.window.library
    bar, meter = library.list.verticalScrollBar(), FrameMeter([library.list.viewport()])
    chance = random.Random(3)
    for _ in range(4_000):
        if way == "fling" and len(library.model.rows()) == CONVERSATIONS and bar.value() == bar.maximum():
            break
        if way in ("wheel", "jump") and len(meter.frames_ms) > 300:
            break
        step = {"wheel": 120, "fling": FLING}.get(way)
        bar.setValue(bar.value() + step if step else chance.randrange(bar.maximum()))
        await asyncio.sleep(FRAME_S)
    return meter


async def change(desk: Desk) -> list[float]:
    """Milliseconds in which the window is busy with a conversation that goes to the top."""
    model, took = desk.window.library.model, []
    rows = model.rows()
    for number in range(50):
        row = rows[number * 900 + 100]
        newest = ConversationSummary(row.id, row.title, row.changed, row.changed, touched=10**6 + number)
        start = time.thread_time()
        desk.window.library.put_rows([row_of(newest)])
        took.append((time.thread_time() - start) * 1_000)
        await asyncio.sleep(FRAME_S)
    return took


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        await fill(home)
        async with open_desk(home) as desk:
            await desk.until(lambda: desk.window.library.model.rowCount() > 1)
            await asyncio.sleep(1)
            told: dict[str, float] = {}
            for way in ("wheel", "fling", "jump"):
                meter = await scroll(desk, way)
                told[f"{way} frames"] = len(meter.frames_ms)
                told[f"{way} p50"] = percentile(meter.frames_ms, 0.5)
                told[f"{way} p99"] = percentile(meter.frames_ms, 0.99)
            told["listed"] = len(desk.window.library.model.rows())
            told["change p99"] = percentile(await change(desk), 0.99)
            print(json.dumps(told))


application = QApplication(["bench", *style.ARGUMENTS])
palette.apply(application, "light")
loop = qasync.QEventLoop(application)
asyncio.set_event_loop(loop)
with loop:
    loop.run_until_complete(main())
