"""The same asked of other pictures and other models, in a real window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.chat.comparing import Column
from app.domain.events import Finished, TextDelta
from app.domain.geometry import Point
from app.domain.message import Message, Role
from app.domain.region import Redaction, RedactionKind, Treatment
from app.pictures.intake import Offer
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.compare.compare_window import CompareWindow
from ui.compare.heads import ColumnHead, ModelColumn, RowHead
from ui.controllers.comparing.comparison import Comparison, named
from ui.transcript.to_bottom_button import ToBottomButton
from ui.transcript.view import TranscriptView
from ui.widgets.labels import PlainLabel

RunAsync = Callable[[Any], Any]
CAT = PHOTOS / "chelsea.png"
COFFEE = PHOTOS / "coffee.png"
ROCKET = PHOTOS / "rocket.jpg"
FACE = Redaction(RedactionKind.BOX, (Point(10, 10), Point(60, 50)))
LOCAL = ModelColumn(("local", "other"), "other", "Local engine")
QUICK_LOOK = named(Column("quick-look", "quick-look", "Quick look"))


def said(words: str) -> ScriptedProvider:
    return ScriptedProvider(TextDelta(text=words), Finished(reason="stop"))


def put(desk: Desk, endpoint_id: str, provider: ScriptedProvider) -> None:
    provider.endpoint = provider.endpoint.replace(id=endpoint_id)
    desk.services.registry._providers[endpoint_id] = provider


async def asked(desk: Desk) -> None:
    put(desk, "quick-look", said("A **cat**."))
    await desk.attach(CAT)
    await desk.ask("What is it?")
    await desk.answered()


async def table(desk: Desk) -> CompareWindow:
    desk.window.actions_table["compare"].trigger()
    await desk.until(lambda: desk.window.findChildren(CompareWindow))
    (opened,) = desk.window.findChildren(CompareWindow)
    await desk.until(lambda: opened.isVisible() and "waiting" not in [c.state for c in opened.cells()])
    return opened


def texts(window: CompareWindow) -> list[str]:
    shown = []
    for cell in window.cells():
        if isinstance(cell.view, TranscriptView):
            cell.view.select_all()
            shown.append(cell.view.selected_text().strip())
        else:
            shown.append(cell.state)
    return shown


def first_words_at(window: CompareWindow) -> int:
    """Where the words of the first answer begin in the window."""
    view = window.cells()[0].view
    assert isinstance(view, TranscriptView)
    return view.viewport().mapTo(window, QPoint(view._arrangement.left, 0)).x()


async def stored(desk: Desk) -> tuple[Message, ...]:
    (row,) = await desk.services.store.conversations.list()
    return (await desk.services.store.conversations.get(row.id)).messages


def heads_of(window: CompareWindow) -> list[RowHead]:
    return [head for head in window.findChildren(RowHead) if not head.isHidden()]


def columns_of(window: CompareWindow) -> list[ColumnHead]:
    return [head for head in window.findChildren(ColumnHead) if not head.isHidden()]


def take(window: CompareWindow, *paths: Path) -> None:
    window.findChildren(Comparison)[0].take(Offer(paths=paths))


def test_pictures_and_models_are_asked_together(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk)
            window = await table(desk)
            assert texts(window) == ["A cat."]
            assert first_words_at(window) == window.cells()[0].line.mapTo(window, QPoint(0, 0)).x()
            put(desk, "local", said("It is _brown_."))
            window.model_added.emit(LOCAL)
            take(window, COFFEE)
            await desk.until(lambda: len(window.cells()) == 4)
            assert window.ask_all.text() == "Ask the 3 missing"
            put(desk, "quick-look", said("A cup."))
            window.ask_all.click()
            await desk.until(lambda: texts(window) == ["A cat.", "It is brown.", "A cup.", "It is brown."])
            await desk.until(lambda: not window.ask_all.isEnabled())
            messages = await stored(desk)
            questions = [m for m in messages if m.role is Role.USER]
            assert [q.text for q in questions] == ["What is it?"] * 2
            assert [q.pictures[0].name for q in questions] == ["chelsea.png", "coffee.png"]
            assert len(messages) == 6
            shown = desk.controller._conversations.shown
            assert shown is not None and shown.branch[0].id == questions[0].id
            window.close()

    run_async(scenario())


def test_a_row_says_how_many_pictures_go_with_its_own(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            put(desk, "quick-look", said("Two pictures."))
            for path in (CAT, ROCKET):
                await desk.attach(path)
            await desk.ask("What is it?")
            await desk.answered()
            window = await table(desk)
            take(window, COFFEE)
            await desk.until(lambda: len(window.cells()) == 2)
            heads = [[label.text() for label in head.findChildren(PlainLabel)] for head in heads_of(window)]
            assert heads == [[name, "and one more"] for name in ("chelsea.png", "coffee.png")]
            window.close()

    run_async(scenario())


def test_answers_stream_side_by_side_and_stop_together(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk)
            window = await table(desk)
            go_on = asyncio.Event()
            slow = ScriptedProvider(TextDelta(text="Half"), go_on, Finished(reason="stop"))
            put(desk, "local", slow)
            put(desk, "quick-look", ScriptedProvider(TextDelta(text="Part"), go_on, Finished(reason="stop")))
            window.model_added.emit(LOCAL)
            take(window, COFFEE)
            await desk.until(lambda: len(window.cells()) == 4)
            window.ask_all.click()
            await desk.until(lambda: {"Half", "Part"} <= set(texts(window)))
            assert "waiting" in texts(window)  # an engine on this computer answers one at a time
            window.ask_all.click()
            await desk.until(lambda: window.ask_all.text() != "Stop")
            assert sorted(cell.state for cell in window.cells()) == ["blank", "done", "done", "done"]
            window.close()

    run_async(scenario())


def test_an_endpoint_has_one_room_for_all_tables(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk)
            go_on = asyncio.Event()
            local = ScriptedProvider(TextDelta(text="Half"), go_on, Finished(reason="stop"))
            put(desk, "local", local)
            first = await table(desk)
            desk.window.actions_table["compare"].trigger()
            await desk.until(lambda: len(desk.window.findChildren(CompareWindow)) == 2)
            (second,) = (w for w in desk.window.findChildren(CompareWindow) if w is not first)
            for window in (first, second):
                window.model_added.emit(LOCAL)
                window.ask_all.click()

            def local_answers() -> list[str]:
                return sorted(texts(window)[1] for window in (first, second))

            await desk.until(lambda: local_answers() == ["Half", "waiting"])  # whoever is in first
            assert len(local.requests) == 1  # an engine on this computer answers one at a time
            go_on.set()
            await desk.until(lambda: local_answers() == ["Half", "Half"])
            await desk.until(lambda: not len(desk.controller._running))
            assert len(local.requests) == 2
            first.close()
            second.close()

    run_async(scenario())


def test_a_closed_table_lets_answers_finish(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk)
            window = await table(desk)
            go_on = asyncio.Event()
            put(desk, "local", ScriptedProvider(TextDelta(text="All"), go_on, Finished(reason="stop")))
            window.model_added.emit(LOCAL)
            window.ask_all.click()
            await desk.until(lambda: "All" in texts(window))
            QTest.keyClick(window, Qt.Key.Key_Escape)
            await desk.until(lambda: not desk.window.findChildren(CompareWindow))
            go_on.set()
            await desk.until(lambda: not len(desk.controller._running))
            assert [m.text for m in await stored(desk) if m.role is Role.ASSISTANT] == ["A **cat**.", "All"]

    run_async(scenario())


def test_a_model_that_cannot_be_asked_says_why_in_the_table(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk)
            window = await table(desk)
            window.model_added.emit(ModelColumn(("gone", "m"), "m", "Gone"))
            window.ask_all.click()
            await desk.until(lambda: not window.notice.isHidden())
            assert window.notice.text() == "An endpoint of this table is not set up any more."
            assert texts(window) == ["A cat.", "blank"]
            window.close()

    run_async(scenario())


def test_nothing_lies_over_the_words_of_a_long_answer(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            put(desk, "quick-look", said("\n\n".join(["A cat looks at me."] * 40)))
            await desk.attach(CAT)
            await desk.ask("What is it?")
            await desk.answered()
            window = await table(desk)
            (view,) = window.findChildren(TranscriptView)
            assert view.accessibleName() == "Scripted on chelsea.png"
            await desk.until(lambda: view.at_rest)
            assert view.verticalScrollBar().maximum() > 0 and not view.following
            assert all(button.isHidden() for button in view.findChildren(ToBottomButton))
            window.close()

    run_async(scenario())


def test_a_row_and_a_column_can_be_taken_out(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk)
            window = await table(desk)
            window.model_added.emit(LOCAL)
            take(window, COFFEE)
            await desk.until(lambda: len(window.cells()) == 4)
            window.resize(640, 480)
            await asyncio.sleep(0)
            heads = sorted(window.findChildren(ColumnHead), key=lambda head: head.x())[-2:]
            assert [(h.x(), h.width()) for h in heads] == [(c.x(), c.width()) for c in window.cells()[:2]]
            before = columns_of(window), heads_of(window)[0]
            window.column_removed.emit(LOCAL.key)
            assert columns_of(window) == before[0][:1] and heads_of(window)[0] is before[1]  # not made anew
            assert not before[0][0].remove.isVisibleTo(window)
            assert texts(window) == ["A cat.", "blank"]
            window.row_removed.emit((await stored(desk))[0].id)
            assert texts(window) == ["blank"]
            window.close()

    run_async(scenario())


def test_an_added_endpoint_with_one_model_goes_by_its_name(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk)
            window = await table(desk)
            window.model_added.emit(LOCAL)
            window.column_removed.emit(QUICK_LOOK.key)
            window.model_added.emit(QUICK_LOOK)
            await desk.until(lambda: len(columns_of(window)) == 2)
            heads = columns_of(window)
            assert [head.name.text() for head in heads] == ["other", "Quick look"]
            assert heads[1].remove.accessibleName() == "Take Quick look out"
            assert window.cells()[1].ask.accessibleName() == "Ask: Quick look on chelsea.png"
            window.close()

    run_async(scenario())


def test_another_picture_does_not_go_where_something_was_covered_before_it_is_looked_at(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            provider = said("A cat.")
            put(desk, "quick-look", provider)
            await desk.attach(CAT)
            attachments = desk.controller._composing.attachments
            attachments.set_treatment(attachments.ready[0][0], Treatment(redactions=(FACE,)))
            await desk.ask("What is it?")
            await desk.answered()
            window = await table(desk)
            take(window, COFFEE)
            lost = "coffee.png is in the place of chelsea.png, without what you drew there: 1 place covered."
            await desk.until(lambda: window.notice.text() == lost)
            window.close()
            desk.window.actions_table["swap"].trigger()
            await desk.until(lambda: desk.window.findChildren(QFileDialog))
            (dialog,) = desk.window.findChildren(QFileDialog)
            dialog.filesSelected.emit([str(COFFEE)])
            dialog.done(0)
            await desk.until(lambda: desk.window.composer.editing and not attachments.reading)
            assert desk.window.notice.text() == f"{lost} It was not sent yet: look at it first."
            assert desk.chips() == {"coffee.png": "ready"} and len(provider.requests) == 1
            desk.window.composer.send.click()
            await desk.until(lambda: len(provider.requests) == 2)
            await desk.answered()
            assert len(await stored(desk)) == 4

    run_async(scenario())


def test_the_picture_of_a_question_is_swapped(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk)
            put(desk, "quick-look", said("A cup."))
            desk.window.actions_table["swap"].trigger()
            await desk.until(lambda: desk.window.findChildren(QFileDialog))
            (dialog,) = desk.window.findChildren(QFileDialog)
            dialog.filesSelected.emit([str(COFFEE)])
            dialog.done(0)
            shown = desk.controller._conversations.shown
            assert shown is not None
            await desk.until(lambda: len(shown.tree) == 4)
            await desk.answered()
            messages = await stored(desk)
            questions = [m for m in messages if m.role is Role.USER]
            assert questions[0].parent_id == questions[1].parent_id
            assert [q.pictures[0].name for q in questions] == ["chelsea.png", "coffee.png"]
            await desk.until(lambda: shown.branch[0].id == questions[1].id)

    run_async(scenario())
