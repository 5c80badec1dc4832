"""What the answers of a table point at, in a real window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from app.domain.events import Finished, TextDelta
from app.pictures.intake import Offer
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.compare.compare_window import CompareWindow
from ui.compare.heads import ModelColumn, RowHead
from ui.controllers.comparing.comparison import Comparison
from ui.controllers.comparing.table_shapes import TableShapes
from ui.panes.shapes.small_picture import SmallPicture
from ui.transcript.entry import Entry
from ui.transcript.view import TranscriptView

RunAsync = Callable[[Any], Any]
CAT, COFFEE = PHOTOS / "chelsea.png", PHOTOS / "coffee.png"
EYES = """Two eyes and a **nose**.

```json
[{"bbox_2d": [370, 250, 460, 390], "label": "eye"},
 {"bbox_2d": [610, 240, 720, 400], "label": "eye"},
 {"bbox_2d": [480, 440, 590, 590], "label": "nose"}]
```
"""
SPOON = "A <ref>spoon</ref><box>(500,600),(700,900)</box> beside a cup."


async def table(desk: Desk, answer: str) -> CompareWindow:
    """The table of a question about the cat, which was answered so."""
    await asked(desk, "Where are the eyes?", answer, CAT)
    return await opened_table(desk)


async def asked(desk: Desk, question: str, answer: str, *about: Path) -> None:
    desk.answer_with(said(answer))
    if about:
        await desk.attach(*about)
    await desk.ask(question)
    await desk.answered()


async def opened_table(desk: Desk) -> CompareWindow:
    desk.window.actions_table["compare"].trigger()
    await desk.until(lambda: desk.window.findChildren(CompareWindow))
    (opened,) = desk.window.findChildren(CompareWindow)
    await desk.until(opened.isVisible)
    return opened


def said(words: str) -> ScriptedProvider:
    made = ScriptedProvider(TextDelta(text=words), Finished(reason="stop"))
    made.endpoint = made.endpoint.replace(id="quick-look")
    return made


def pictures(window: CompareWindow, cell: int) -> list[SmallPicture]:
    return [each for each in window.cells()[cell].pictures if isinstance(each, SmallPicture)]


def view_of(window: CompareWindow, cell: int) -> TranscriptView:
    view = window.cells()[cell].view
    assert isinstance(view, TranscriptView)
    return view


def point(picture: SmallPicture, at: QPointF) -> None:
    """Move the pointer there."""
    kind, button, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(picture, QMouseEvent(kind, at, picture.mapToGlobal(at), button, button, none))


def words(window: CompareWindow, cell: int) -> str:
    view = view_of(window, cell)
    view.select_all()
    return view.selected_text()


def told(window: CompareWindow, cell: int) -> tuple[str, ...]:
    """What is remarked on an answer."""
    entry = view_of(window, cell)._arrangement.messages[0].entry
    assert isinstance(entry, Entry)
    return entry.notes


def names(window: CompareWindow, cell: int) -> list[str]:
    return [each.accessibleName() for each in pictures(window, cell)]


def folded(window: CompareWindow) -> list[str]:
    """What is told in place of what tells of nothing but places."""
    blocks = view_of(window, 0)._arrangement.messages[0].blocks or []
    return [each.gathered.words for each in blocks if each.gathered is not None and not each.gathered.open]


def meant(window: CompareWindow) -> frozenset[str]:
    """The words that stand out."""
    spans = view_of(window, 0)._spans
    return next(iter(spans._messages.values())).meant if spans is not None else frozenset()


def test_an_answer_that_points_is_shown_as_in_the_conversation(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            window = await table(desk, EYES)
            await desk.until(lambda: pictures(window, 0) and folded(window))
            assert folded(window) == ["3 places: 2 eyes, 1 nose"]
            (picture,) = pictures(window, 0)
            scene = picture.layer._scene
            assert scene is not None and [shape.label for shape in scene.shapes] == ["eye", "eye", "nose"]
            assert picture.accessibleName() == "chelsea.png" and "2 eyes" in picture.accessibleDescription()
            view = view_of(window, 0)
            view.action_requested.emit(view._arrangement.messages[0].entry.id, "places")
            await desk.until(lambda: not folded(window))
            window.close()

    run_async(scenario())


def test_a_shape_and_the_words_about_it_stand_out_together(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            window = await table(desk, EYES)
            await desk.until(lambda: pictures(window, 0) and folded(window))
            (picture,) = pictures(window, 0)
            scene = picture.layer._scene
            assert scene is not None
            await desk.until(lambda: picture.layer._placement is not None)
            nose = picture._placement.to_view(scene.rect(2).center())
            point(picture, nose)
            await desk.until(lambda: meant(window))
            named = [EYES[int(start) : int(end)] for start, end in (key.split("-") for key in meant(window))]
            assert any("nose" in each for each in named) and not any("eye" in each for each in named)
            QApplication.sendEvent(picture, QEvent(QEvent.Type.Leave))
            await desk.until(lambda: not meant(window))
            view = view_of(window, 0)
            start = EYES.index("nose")
            view.span_hovered.emit(view._arrangement.messages[0].entry.id, f"{start}-{start + 4}")
            assert picture.layer._meant == (2,)
            window.close()

    run_async(scenario())


def test_an_answer_that_comes_later_is_read_too(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            window = await table(desk, "No eyes at all.")
            assert not window.cells()[0].pictures
            desk.answer_with(said(SPOON))
            window.findChildren(Comparison)[0].take(Offer(paths=(COFFEE,)))
            await desk.until(lambda: len(window.cells()) == 2)
            window.ask_all.click()
            await desk.until(lambda: pictures(window, 1))
            assert [each.accessibleName() for each in pictures(window, 1)] == ["coffee.png"]
            assert view_of(window, 1)._arrangement.messages[0].entry.places.marks == "tags"
            await desk.until(lambda: window.cells()[1].state == "done")  # until then the button stops it
            desk.answer_with(said("Nothing."))
            window.cells()[1].deed.click()
            await desk.until(lambda: words(window, 1).strip() == "Nothing.")
            assert not window.cells()[1].pictures and not pictures(window, 0)
            window.close()

    run_async(scenario())


@pytest.mark.parametrize("gone", ["column", "row"])
def test_a_cell_taken_out_while_its_answer_is_read_is_left_alone(
    run_async: RunAsync, home: Path, gone: str
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            window = await table(desk, "No eyes at all.")
            slow = ScriptedProvider(TextDelta(text=SPOON), asyncio.Event(), Finished(reason="stop"))
            slow.endpoint = slow.endpoint.replace(id="local")
            desk.services.registry._providers["local"] = slow
            local = ModelColumn(("local", "other"), "other", "Local engine")
            window.model_added.emit(local)
            window.ask_all.click()
            await desk.until(lambda: len(window.cells()) == 2 and pictures(window, 1))
            (shapes,) = window.findChildren(TableShapes)
            ((answer_id, found),) = shapes._found.items()
            view, reading = view_of(window, 1), shapes._reading
            assert reading is not None and answer_id in reading._messages
            if gone == "column":
                window.column_removed.emit(local.key)
            else:
                window.row_removed.emit(window._rows[0].key)
            await desk.until(lambda: not isValid(view))
            tasks, task = desk.controller._tasks, f"size pictures {id(shapes)} {answer_id}"
            reading.read.emit(found)  # it was on its way
            await desk.until(lambda: not tasks.runs(task) and not len(desk.controller._running))
            assert desk.window.notice.isHidden()
            assert answer_id not in reading._messages and answer_id not in shapes._places
            if gone == "column":
                window.model_added.emit(local)
                await desk.until(lambda: len(window.cells()) == 2 and pictures(window, 1))
            window.close()

    run_async(scenario())


def test_a_question_without_pictures_is_shown_with_those_of_the_ones_before(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, "What is there?", "A cat and a cup.", CAT, COFFEE)
            await asked(desk, "Where is the spoon?", SPOON)
            window = await opened_table(desk)
            await desk.until(lambda: pictures(window, 0) and told(window, 0))
            assert told(window, 0) == ("No picture was named: shown on picture 2, coffee.png.",)
            assert names(window, 0) == ["coffee.png"]
            (head,) = window.findChildren(RowHead)
            assert head.name.text() == "No picture of its own"
            assert head.remove.accessibleName() == "Take this question out"
            assert window.cells()[0].accessibleName() == "Scripted, without a picture of its own"
            desk.answer_with(said(SPOON))
            window.findChildren(Comparison)[0].take(Offer(paths=(CAT,)))
            await desk.until(lambda: len(window.cells()) == 2)
            window.ask_all.click()
            await desk.until(lambda: pictures(window, 1) and told(window, 1))
            assert names(window, 1) == ["chelsea.png"]
            window.close()

    run_async(scenario())


def test_a_picture_that_places_are_moved_to_is_shown_in_the_table_too(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, "Where is the spoon?", SPOON, CAT, COFFEE)
            window = await opened_table(desk)
            await desk.until(lambda: names(window, 0) == ["coffee.png"])
            (shapes,) = window.findChildren(TableShapes)
            (answer_id,) = shapes._found
            choices, conversations = desk.controller._sent.choices, desk.controller._conversations
            cat, coffee = (sha256 for sha256, _ in conversations.pictures)
            choices.change(subjects={answer_id: cat})
            await desk.until(lambda: names(window, 0) == ["chelsea.png"])
            await desk.until(lambda: told(window, 0)[0].endswith("shown on picture 1, chelsea.png."))
            assert await conversations.reload()  # its choices are others by now
            choices.change(subjects={answer_id: coffee})
            await desk.until(lambda: names(window, 0) == ["coffee.png"])
            desk.controller._composing.open(None)
            await desk.until(lambda: conversations.shown is None)
            assert shapes._chosen.subjects == {answer_id: coffee}
            window.close()
            choices.changed.emit()

    run_async(scenario())
