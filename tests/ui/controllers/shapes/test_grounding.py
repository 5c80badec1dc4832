"""What an answer points at, from the answer to the picture and the next question."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.domain.events import Event, Finished, TextDelta
from app.domain.region import RegionKind
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.controllers.shapes.grounding import GroundingController
from ui.panes.shapes.list_view import ShapeList
from ui.panes.shapes.menu import ListMenu, ShapeMenu
from ui.panes.shapes.pane_shapes import PaneShapes
from ui.transcript.entry import Entry

RunAsync = Callable[[Any], Any]
CAT, COFFEE = PHOTOS / "chelsea.png", PHOTOS / "coffee.png"
CAT_SIZE = (451, 300)
LEFT_EYE = '{"bbox_2d": [370, 250, 460, 390], "label": "eye"}'
RIGHT_EYE = '{"bbox_2d": [610, 240, 720, 400], "label": "eye"}'
NOSE = '{"bbox_2d": [480, 440, 590, 590], "label": "nose"}'
EYES = f"""Two eyes and a **nose**.

```json
[
  {LEFT_EYE},
  {RIGHT_EYE},
  {NOSE}
]
```
"""


def answer(text: str) -> tuple[Event, Event]:
    return TextDelta(text=text), Finished(reason="stop")


def grounding(desk: Desk) -> GroundingController:
    made = desk.controller._places.shapes._grounding
    assert made is not None
    return made


def shapes_on(desk: Desk) -> PaneShapes | None:
    """What lies on the active pane; None before anything does."""
    door = desk.controller._places.__dict__.get("shapes")
    made = door._grounding if door is not None else None
    return made.drawn._panes.get(desk.window.pane) if made is not None else None


def drawn(desk: Desk) -> int:
    """How many shapes are on the picture."""
    on = shapes_on(desk)
    scene = on.layer._scene if on is not None else None
    return len(scene.shapes) if scene is not None else 0


async def asked(desk: Desk, text: str, *pictures: Path, count: int = 3) -> None:
    """Ask about pictures and get an answer with so many shapes."""
    if pictures:
        await desk.attach(*pictures)
        await desk.until(lambda: desk.window.pane.sha256)
    desk.answer_with(ScriptedProvider(*answer(text)))
    await desk.ask("Where are the eyes?")
    await desk.answered()
    await desk.until(lambda: drawn(desk) == count)
    await desk.until(lambda: not count or "shapes" in actions(desk))


def entries(desk: Desk) -> list[Entry]:
    desk.controller._conversations._buffer.flush()
    return [message.entry for message in desk.window.transcript._arrangement.messages]


def actions(desk: Desk) -> dict[str, str]:
    """Id and words of what is offered aloud below the last answer."""
    return {action.id: action.text for action in entries(desk)[-1].actions if not action.quiet}


def in_view(desk: Desk, x: float, y: float) -> QPoint:
    """Where a place of the cat, in thousandths, is in the pane."""
    view = desk.window.pane.view
    place = QPointF(x / 1000 * CAT_SIZE[0], y / 1000 * CAT_SIZE[1])
    return view.placement.to_view(place).toPoint()


def point_at(desk: Desk, x: float, y: float) -> None:
    """Move the mouse there; QTest would run the event loop within the one that runs."""
    at, none = QPointF(in_view(desk, x, y)), Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(desk.window.pane.view, event)


def grab(desk: Desk) -> QImage:
    return desk.window.pane.view.grab().toImage()


def meant(desk: Desk) -> frozenset[str]:
    """The text that stands out in the last answer."""
    spans = desk.window.transcript._spans
    marked = spans._messages.get(entries(desk)[-1].id) if spans is not None else None
    text = entries(desk)[-1].text
    keys = marked.meant if marked is not None else frozenset()
    return frozenset(text[int(key.split("-")[0]) : int(key.split("-")[1])] for key in keys)


def menu() -> QMenu:
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, ShapeMenu | ListMenu)
    return shown


def choose(words: str) -> None:
    """Take a row of the menu that is open."""
    opened = menu()
    next(action for action in opened.actions() if action.text() == words).trigger()
    opened.close()


def type_in(desk: Desk, words: str) -> None:
    """Press letters where the keyboard is; some of them would take a tool in the hand over a picture."""
    for letter in words:
        held = desk.window.focusWidget()
        assert held is not None
        QTest.keyClicks(held, letter)


def listed(desk: Desk) -> ShapeList:
    made: ShapeList = grounding(desk).listing.list
    return made


def check_words(desk: Desk) -> None:
    """Words lead to their shapes: the picture moves only when they are clicked."""
    transcript, message_id = desk.window.transcript, entries(desk)[-1].id
    start = EYES.index("nose")
    key = f"{start}-{start + 4}"
    transcript.span_hovered.emit(message_id, key)
    on = shapes_on(desk)
    assert on is not None and on.layer._meant == (2,)
    assert meant(desk) == {"nose"}
    transcript.span_hovered.emit(message_id, "")
    assert on.layer._meant == () and meant(desk) == frozenset()
    desk.window.pane.view.zoom_to(16.0, QPointF(0, 0))
    before = desk.window.pane.view.placement.centre
    transcript.span_hovered.emit(message_id, key)
    assert desk.window.pane.view.placement.centre == before
    transcript.span_clicked.emit(message_id, key)
    view = desk.window.pane.view
    assert view.rect().contains(in_view(desk, 535, 515))


def test_an_answer_with_boxes_is_drawn_hovered_and_asked_about(home: Path, run_async: RunAsync) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, EYES, CAT)
            assert actions(desk)["shapes"] == "3 shapes"
            assert entries(desk)[-1].notes == ()
            view = desk.window.pane.view
            edge = in_view(desk, 370, 320)

            def is_drawn() -> bool:
                near = [edge + QPoint(dx, 0) for dx in range(-2, 3)]
                return "#e69f00" in {grab(desk).pixelColor(place).name() for place in near}

            await desk.until(is_drawn)
            assert "2 eyes and 1 nose." in view.accessibleDescription()
            point_at(desk, 640, 300)
            assert meant(desk) == {RIGHT_EYE}
            point_at(desk, 540, 500)
            assert meant(desk) == {NOSE, "nose"}
            check_words(desk)
            view.setFocus()
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=in_view(desk, 540, 500))
            choose("Ask about this")
            await desk.until(lambda: desk.controller._composing.attachments.treatments)
            type_in(desk, "clear?")
            assert desk.window.composer.text() == "clear?"
            (treatment,) = desk.controller._composing.attachments.treatments.values()
            (region,) = treatment.regions
            assert (region.kind, region.name) == (RegionKind.RECTANGLE, "nose")
            assert region.points[0].x == pytest.approx(0.480 * CAT_SIZE[0], abs=0.5)

    run_async(scenario())


def test_an_answer_about_no_place_loads_nothing_of_it(home: Path, run_async: RunAsync) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, "A cat, and nothing else.", CAT, count=0)
            await desk.until(lambda: len(entries(desk)) == 2 and not entries(desk)[-1].running)
            assert desk.controller._places.shapes._grounding is None
            assert not desk.controller._places.shapes._answers._loading.busy
            assert desk.window.transcript._spans is None
            assert "shapes" not in actions(desk)
            assert not desk.window.actions_table["shapes"].isEnabled()

    run_async(scenario())


def test_shapes_come_while_the_answer_does_and_are_said_when_it_ends(
    home: Path, run_async: RunAsync, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("ui.controllers.shapes.grounding.say", lambda _, text: said.append(text))

    async def scenario() -> None:
        goes_on = [asyncio.Event() for _ in range(3)]
        cuts = [EYES.index(word) for word in ('"eye"},\n  {"bbox_2d": [610', '  {"bbox_2d": [480')]
        first, second, third = EYES[: cuts[0] + 8], EYES[cuts[0] + 8 : cuts[1]], EYES[cuts[1] :]
        steps = TextDelta(text=first), goes_on[0], TextDelta(text=second), goes_on[1], TextDelta(text=third)
        async with open_desk(home) as desk:
            await desk.attach(CAT)
            desk.answer_with(ScriptedProvider(*steps, goes_on[2], Finished(reason="stop")))
            await desk.ask("Where are the eyes?")
            for count, go_on in enumerate(goes_on, start=1):
                await desk.until(lambda count=count: drawn(desk) == count)  # type: ignore[misc]
                assert entries(desk)[-1].running and not said
                await desk.until(lambda count=count: actions(desk)["shapes"].startswith(str(count)))  # type: ignore[misc]
                go_on.set()
            await desk.answered()
            await desk.until(lambda: said)
            assert drawn(desk) == 3
            assert [text.split(".")[0] for text in said] == ["2 eyes and 1 nose"]

    run_async(scenario())


def test_the_list_is_walked_through_by_keys_and_copied(home: Path, run_async: RunAsync) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, EYES, CAT)
            desk.window.actions_table["shapes"].trigger()
            panel = listed(desk)
            assert panel.isVisible() and panel.parentWidget() is desk.window.pane.view
            await desk.until(lambda: meant(desk) == {LEFT_EYE, RIGHT_EYE})
            QTest.keyClick(panel.list, Qt.Key.Key_Down)
            assert meant(desk) == {LEFT_EYE}
            QTest.keyClick(panel.list, Qt.Key.Key_Return)
            choose("Hide all “eye”")
            assert panel.rows.index(0).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
            on = shapes_on(desk)
            assert on is not None and on.layer._hidden == {"eye"}
            panel.head.switch.click()
            assert drawn(desk) == 0
            panel.head.switch.click()
            assert drawn(desk) == 3
            clipboard = QGuiApplication.clipboard()
            clipboard.clear()
            panel.head.more.click()
            choose("Copy as COCO")
            await desk.until(clipboard.text)
            document = json.loads(clipboard.text())
            assert [each["name"] for each in document["categories"]] == ["eye", "nose"]
            assert document["images"][0]["file_name"] == "chelsea.png"
            assert (document["images"][0]["width"], document["images"][0]["height"]) == CAT_SIZE
            clipboard.clear()
            desk.window.actions_table["shapes"].trigger()
            assert not panel.isVisible() and meant(desk) == frozenset()
            on.button.click()
            assert panel.isVisible()
            on.button.click()
            assert not panel.isVisible()
            QTest.mouseClick(desk.window.pane.view, Qt.MouseButton.LeftButton, pos=in_view(desk, 540, 500))
            choose("Copy as JSON")
            await desk.until(clipboard.text)
            (told,) = json.loads(clipboard.text())
            assert told["label"] == "nose"
            desk.window.actions_table["shapes"].trigger()
            QTest.keyClick(panel.list, Qt.Key.Key_Down)
            QTest.keyClick(panel.list, Qt.Key.Key_Return)
            choose("Ask about this")
            await desk.until(lambda: desk.controller._composing.attachments.treatments)
            type_in(desk, "larger")
            assert desk.window.composer.text() == "larger"

    run_async(scenario())


def test_another_answer_s_shapes_are_shown_when_it_is_asked_for(home: Path, run_async: RunAsync) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, EYES, CAT)
            await asked(desk, '{"bbox_2d": [100, 100, 900, 900], "label": "cup"}', COFFEE, count=1)
            coffee, first = desk.window.pane.sha256, entries(desk)[1].id
            desk.window.transcript.action_requested.emit(first, "shapes")
            await desk.until(lambda: drawn(desk) == 3)
            assert desk.window.pane.sha256 != coffee
            await desk.until(lambda: listed(desk).isVisible())
            assert listed(desk).head.title.text() == "3 shapes"
            desk.window.transcript.action_requested.emit(entries(desk)[-1].id, "shapes")
            await desk.until(lambda: desk.window.pane.sha256 == coffee and drawn(desk) == 1)
            conversation = desk.controller._conversations.conversation_id
            desk.controller._composing.open(None)
            await desk.until(lambda: desk.controller._conversations.conversation_id is None)
            assert drawn(desk) == 0
            desk.controller._composing.open(conversation)
            await desk.until(lambda: drawn(desk) == 1)
            await desk.until(lambda: actions(desk).get("shapes") == "1 shape")

    run_async(scenario())


def test_places_that_name_no_picture_say_where_they_are_shown_and_are_moved(
    home: Path, run_async: RunAsync
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.attach(CAT)
            await asked(desk, '{"box_2d": [100, 100, 900, 900], "label": "cup"}', COFFEE, count=1)
            coffee = desk.window.pane.sha256
            await desk.until(lambda: "subject" in actions(desk))
            assert entries(desk)[-1].notes == ("No picture was named: shown on picture 2, coffee.png.",)
            desk.window.transcript.action_requested.emit(entries(desk)[-1].id, "subject")
            panel = listed(desk)
            await desk.until(lambda: desk.window.focusWidget() is panel.subject)
            assert panel.subject.text().startswith("On picture 2")
            assert panel.subject.accessibleName().endswith("are shown on picture 2, coffee.png")
            menu = panel.subject.menu()
            assert menu is not None
            rows = {action.text(): action.isChecked() for action in menu.actions()}
            assert rows == {"picture 1, chelsea.png": False, "picture 2, coffee.png": True}
            menu.actions()[0].trigger()
            await desk.until(lambda: desk.window.pane.sha256 != coffee and drawn(desk) == 1)
            await desk.until(lambda: panel.parentWidget() is desk.window.pane.view and panel.isVisible())
            said = "No picture was named: shown on picture 1, chelsea.png."
            await desk.until(lambda: entries(desk)[-1].notes == (said,))
            conversation, cat = desk.controller._conversations.conversation_id, desk.window.pane.sha256
            assert conversation is not None
            store = desk.services.store.conversations
            while (await store.choices(conversation)).subjects != {entries(desk)[-1].id: cat}:
                await asyncio.sleep(0.005)
            desk.window.actions_table["undo"].trigger()
            await desk.until(lambda: "coffee.png" in entries(desk)[-1].notes[0])

    run_async(scenario())


def test_how_coordinates_are_read_is_chosen_once_for_the_conversation(
    home: Path, run_async: RunAsync
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            text = '{"bbox_2d": [20, 20, 120, 100], "label": "ear"}'
            await asked(desk, text, CAT, count=1)
            desk.window.actions_table["shapes"].trigger()
            panel = listed(desk)
            menu = panel.dialect.menu()
            assert not panel.dialect.isHidden() and menu is not None
            before = grounding(desk).current
            pixels = next(action for action in menu.actions() if "as sent" in action.text())
            words = pixels.text()
            pixels.trigger()
            await desk.until(lambda: grounding(desk).current is not before)
            after = grounding(desk).current
            assert before is not None and after is not None
            assert after.shapes[0].pixels != before.shapes[0].pixels
            assert panel.dialect.accessibleName().endswith(words)
            conversation = desk.controller._conversations.conversation_id
            assert conversation is not None
            store = desk.services.store.conversations
            while (await store.outline(conversation)).choices.dialect != "pixels":
                await asyncio.sleep(0.005)

    run_async(scenario())


def test_where_no_row_of_the_list_could_be_read_it_is_said_that_there_is_no_room(
    home: Path, run_async: RunAsync
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, EYES, CAT)
            view, opens = desk.window.pane.view, desk.window.actions_table["shapes"]
            view.setFixedHeight(44)
            opens.trigger()
            assert not listed(desk).isVisible()
            assert desk.window.notice.text().startswith("There is no room for the list of shapes here.")
            view.setFixedHeight(88)
            opens.trigger()
            assert listed(desk).isVisible()

    run_async(scenario())
