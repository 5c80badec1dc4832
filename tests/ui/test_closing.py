"""A window that is closed in the middle of things."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.domain.events import Finished, TextDelta
from tests.app.transfer.foreign_exports import chatgpt_sample, write_chatgpt
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk

RunAsync = Callable[[Coroutine[Any, Any, None]], None]
CAT, COFFEE, ROCKET = (PHOTOS / name for name in ("chelsea.png", "coffee.png", "rocket.jpg"))
EYE = '```json\n[{"bbox_2d": [370, 250, 460, 390], "label": "eye"}]\n```\n'
TURNS = (0, 3, 20, 90)
"""So many turns of the event loop a window has for what was asked of it before it is closed."""


def shown() -> set[QWidget]:
    return {widget for widget in QApplication.topLevelWidgets() if widget.isVisible()}


async def hurry(desk: Desk, opened: set[str]) -> None:
    """Let every timer of a window that closes be due at once, and note which windows come up when all that
    was under way has ended."""
    frame, tasks, before, ended = desk.window.window(), desk.controller._tasks, shown(), False
    while isValid(frame):
        if not ended:
            before |= shown()
            ended = tasks._closed
        for timer in frame.findChildren(QTimer):
            if timer.isActive():
                timer.timeout.emit()
        opened |= {type(widget).__name__ for widget in shown() - before}
        await asyncio.sleep(0)


async def ask_two(desk: Desk) -> str:
    """Have a question about a picture answered twice; returns the conversation's id."""
    await desk.attach(CAT)
    for words in (EYE, "One eye."):
        desk.answer_with(ScriptedProvider(TextDelta(text=words), Finished(reason="stop")))
        await (desk.ask("Where?") if words == EYE else again(desk))
        await desk.answered()
    (row,) = await desk.services.store.conversations.list()
    return row.id


async def again(desk: Desk) -> None:
    desk.window.actions_table["again"].trigger()
    await desk.until(lambda: desk.window.composer.send.running)


async def begin_all(desk: Desk, conversation_id: str, export: Path) -> None:
    """Ask for much at once, and wait for the conversation alone."""
    desk.answer_with(ScriptedProvider(TextDelta(text=EYE), asyncio.Event()))
    desk.window.library.conversation_chosen.emit(conversation_id)
    await desk.until(lambda: desk.controller._conversations.conversation_id == conversation_id)
    for name in ("previous", "compare", "sent", "settings", "find", "newest", "edit", "shapes", "again"):
        desk.window.actions_table[name].trigger()
    desk.controller.open_paths([str(COFFEE), str(ROCKET)])
    desk.controller._transfer.take_in(export)


def test_a_window_that_is_closed_in_the_middle_of_things_begins_no_more(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    export = write_chatgpt(tmp_path / "export.zip", chatgpt_sample())
    opened: set[str] = set()

    async def scenario() -> None:
        async with open_desk(home) as desk:
            conversation_id = await ask_two(desk)
        for turns in TURNS:
            async with open_desk(home) as desk:
                await begin_all(desk, conversation_id, export)
                for _ in range(turns):
                    await asyncio.sleep(0)
                hurrying = asyncio.get_running_loop().create_task(hurry(desk, opened))
            await hurrying
            assert opened == set(), turns

    run_async(scenario())
