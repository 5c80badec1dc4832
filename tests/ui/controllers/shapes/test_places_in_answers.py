"""Places in answers, from the endpoint's words to what is read of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication

from app.domain.events import Finished, TextDelta
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.controllers.conversation.entries import COPY, PLACES
from ui.transcript.entry import Entry
from ui.transcript.markdown.styled_text import PLACE_SIGN
from ui.transcript.messages.message import Message

RunAsync = Callable[[Any], Any]
CAT = PHOTOS / "chelsea.png"
MARKED = "Here: <loc0256><loc0128><loc0768><loc0512> cat ; <loc0000><loc0512><loc0512><loc1023> dog"
SENSELESS = "Nothing but <loc0900><loc0128><loc0256><loc0700> and <box>[[900, 900, 900, 900]]</box>."
JSON = '[{"bbox_2d": [100, 200, 500, 600], "label": "sign"}, {"bbox_2d": [1, 2, 50, 60], "label": "door"}]'


def last(desk: Desk) -> Message:
    desk.controller._conversations._buffer.flush()
    messages = desk.window.transcript._arrangement.messages
    message = messages[len(messages) - 1]
    message.split()
    return message


def text(desk: Desk) -> str:
    message = last(desk)
    return "\n".join(message.text_of(block) for block in range(len(message.blocks or ())))


def folds(desk: Desk) -> list[str]:
    found = (block.gathered for block in last(desk).blocks or () if block.leads)
    return [gathered.words for gathered in found if gathered is not None and not gathered.open]


def offered(entry: Entry) -> str:
    return next((action.text for action in entry.actions if action.id == PLACES), "")


async def asked(desk: Desk, words: str, *pictures: Path) -> None:
    if pictures:
        await desk.attach(*pictures)
        await desk.until(lambda: desk.window.pane.sha256)
    desk.answer_with(ScriptedProvider(TextDelta(text=words), Finished(reason="stop")))
    await desk.ask("Where are they?")
    await desk.answered()


def test_marks_are_signs_until_the_answer_is_to_be_shown_as_written(home: Path, run_async: RunAsync) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, MARKED, CAT)
            assert desk.controller._conversations.pointings._ready
            assert text(desk) == f"Here: {PLACE_SIGN} cat ; {PLACE_SIGN} dog"
            await desk.until(lambda: offered(last(desk).entry) == "Show as written")
            transcript, message_id = desk.window.transcript, last(desk).entry.id
            transcript.action_requested.emit(message_id, PLACES)
            await desk.until(lambda: text(desk) == MARKED)
            await desk.until(lambda: offered(last(desk).entry) == "Show as places")
            transcript.action_requested.emit(message_id, PLACES)
            await desk.until(lambda: PLACE_SIGN in text(desk))
            QGuiApplication.clipboard().clear()
            transcript.action_requested.emit(message_id, COPY)
            await desk.until(lambda: QGuiApplication.clipboard().text() == MARKED)

    run_async(scenario())


def test_json_of_places_is_folded_and_what_is_no_place_stays_as_it_is_written(
    home: Path, run_async: RunAsync
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, f"```json\n{JSON}\n```", CAT)
            await desk.until(lambda: folds(desk) == [])  # how these numbers are meant is not sure
            await desk.until(lambda: last(desk).entry.actions)
            await asked(desk, f"```json\n{JSON.replace('bbox_2d', 'box_2d')}\n```")
            await desk.until(lambda: folds(desk) == ["2 places: 1 sign, 1 door"])
            assert offered(last(desk).entry) == "Show as written"
            await asked(desk, SENSELESS)
            await desk.until(lambda: text(desk) == SENSELESS)
            assert offered(last(desk).entry) == ""

    run_async(scenario())
