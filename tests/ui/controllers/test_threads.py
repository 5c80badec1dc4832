"""Threads in the window: editing, answering again, siblings, deleting, undo, going on, switching."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.domain.errors import ServerFailed
from app.domain.events import Event, Finished, TextDelta
from app.domain.message import Message, Status
from app.pictures.intake import Offer
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import LIMIT_S, Desk, open_desk
from ui.run_card_dialog import RunCardDialog
from ui.transcript.entry import Entry

RunAsync = Callable[[Any], Any]
CAT, COFFEE = PHOTOS / "chelsea.png", PHOTOS / "coffee.png"


def words(text: str, reason: str = "stop") -> tuple[Event, Event]:
    return TextDelta(text=text), Finished(reason=reason)


def rows(desk: Desk) -> list[Entry]:
    """The shown branch."""
    desk.controller._conversations._buffer.flush()
    return [message.entry for message in desk.window.transcript._arrangement.messages]


def said(desk: Desk) -> list[str]:
    return [entry.text for entry in rows(desk)]


def do(desk: Desk, row: int, action: str) -> None:
    """What a click on a word below a message does."""
    desk.window.transcript.action_requested.emit(rows(desk)[row].id, action)


def press(desk: Desk, command: str) -> None:
    desk.window.actions_table[command].trigger()


def take_offer(desk: Desk) -> None:
    """Press the button of the notice."""
    assert desk.window.notice.button is not None
    desk.window.notice.button.click()


async def answered(desk: Desk, question: str, answer: str) -> None:
    """Ask, and wait for the whole answer."""
    desk.answer_with(ScriptedProvider(*words(answer)))
    await desk.ask(question)
    await desk.until(lambda: said(desk)[-2:] == [question, answer])
    await desk.answered()


async def everything(desk: Desk) -> list[Message]:
    """All messages of the newest conversation that are not in the trash."""
    newest, *_ = await desk.services.store.conversations.list()
    return list((await desk.services.store.conversations.get(newest.id)).messages)


async def open_newest(desk: Desk) -> None:
    newest, *_ = await desk.services.store.conversations.list()
    desk.window.library.conversation_chosen.emit(newest.id)
    await desk.until(lambda: desk.controller._conversations.conversation_id == newest.id)


def test_an_edited_question_stands_beside_the_first_with_another_picture(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, CAT) as desk:
            await desk.until(lambda: desk.chips() == {"chelsea.png": "ready"})
            await answered(desk, "What is it?", "A cat.")
            composer = desk.window.composer
            composer.edit.setPlainText("And then")
            press(desk, "edit")
            await desk.until(lambda: composer.editing)
            assert (composer.text(), desk.chips()) == ("What is it?", {"chelsea.png": "ready"})
            (chip,) = composer.strip.chips()
            desk.controller._composing.attachments.take(Offer(paths=(COFFEE,)), instead_of=chip.key)
            await desk.until(lambda: desk.chips() == {"coffee.png": "ready"})
            provider = ScriptedProvider(*words("A cup."))
            desk.answer_with(provider)
            composer.edit.setPlainText("And this?")
            composer.send.click()
            await desk.until(lambda: said(desk) == ["And this?", "A cup."])
            await desk.answered()
            assert len(provider.requests[0].messages) == 1
            assert rows(desk)[0].pictures[0][1] == "coffee.png"
            assert (composer.text(), desk.chips(), composer.editing) == ("And then", {}, False)
            assert [name for _, name in desk.controller._conversations.pictures] == ["coffee.png"]
            press(desk, "previous-question")
            await desk.until(lambda: said(desk) == ["What is it?", "A cat."])
            assert [action.text for action in rows(desk)[0].actions if not action.id] == ["1 of 2"]

    run_async(scenario())


def test_escape_leaves_a_question_as_it_was_and_what_was_changed_can_be_had_back(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            composer = desk.window.composer
            composer.edit.setPlainText("Half a question")
            do(desk, 0, "edit")
            await desk.until(lambda: composer.editing)
            composer.edit.setPlainText("What else?")
            press(desk, "stop")
            assert (composer.text(), composer.editing) == ("Half a question", False)
            take_offer(desk)
            await desk.until(lambda: composer.editing)
            assert composer.text() == "What else?"
            composer.editing_line.leave.click()
            assert composer.text() == "Half a question"
            do(desk, 0, "edit")
            await desk.until(lambda: composer.editing)
            assert composer.text() == "What?"
            assert said(desk) == ["What?", "That."]

    run_async(scenario())


def test_a3_a_question_that_is_being_changed_and_the_next_one_survive_a_kill(
    run_async: RunAsync, home: Path
) -> None:
    async def write() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            desk.window.composer.edit.setPlainText("Half a question")
            do(desk, 0, "edit")
            await desk.until(lambda: desk.window.composer.editing)
            desk.window.composer.edit.setPlainText("What else?")
            store, conversation = desk.services.store.conversations, desk.controller._conversations
            async with asyncio.timeout(LIMIT_S):
                while (edit := await store.edit(conversation.conversation_id or "")) is None or (
                    edit.text != "What else?"
                ):
                    await asyncio.sleep(0.02)
            assert (await store.draft(conversation.conversation_id)).text == "Half a question"

    async def read() -> None:
        async with open_desk(home) as desk:
            await open_newest(desk)
            await desk.until(lambda: desk.window.composer.editing)
            assert desk.window.composer.text() == "What else?"
            press(desk, "stop")
            assert desk.window.composer.text() == "Half a question"

    run_async(write())
    run_async(read())


def test_an_answer_is_given_again_by_whoever_is_chosen_now(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            await answered(desk, "And?", "More.")
            desk.answer_with(ScriptedProvider(*words("This.")))
            do(desk, 1, "again")
            await desk.until(lambda: said(desk) == ["What?", "This."])
            await desk.answered()
            do(desk, 1, "next")  # round to the first
            await desk.until(lambda: said(desk) == ["What?", "That.", "And?", "More."])
            assert [message.text for message in await everything(desk)] == [
                "What?",
                "That.",
                "And?",
                "More.",
                "This.",
            ]

    run_async(scenario())


def test_the_branch_that_was_shown_last_is_shown_again(run_async: RunAsync, home: Path) -> None:
    async def leave() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            desk.answer_with(ScriptedProvider(*words("This.")))
            press(desk, "again")
            await desk.until(lambda: said(desk) == ["What?", "This."])
            await desk.answered()
            press(desk, "previous")
            await desk.until(lambda: said(desk) == ["What?", "That."])

    async def come_back() -> None:
        async with open_desk(home) as desk:
            await open_newest(desk)
            await desk.until(lambda: said(desk) == ["What?", "That."])

    run_async(leave())
    run_async(come_back())


def test_a18_what_was_deleted_comes_back_and_no_bare_key_deletes(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            await answered(desk, "And?", "More.")
            transcript, actions = desk.window.transcript, desk.window.actions_table
            for widget in (
                transcript,
                transcript.viewport(),
                desk.window.library.list,
                desk.window.filmstrip,
            ):
                for key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
                    QTest.keyClick(widget, key)
            assert said(desk) == ["What?", "That.", "And?", "More."]
            assert len(await everything(desk)) == 4
            do(desk, 2, "delete")
            await desk.until(lambda: said(desk) == ["What?", "That."])
            assert actions["undo"].text() == "Undo: delete question"
            assert len(await everything(desk)) == 2
            take_offer(desk)
            await desk.until(lambda: said(desk) == ["What?", "That.", "And?", "More."])
            assert actions["redo"].text() == "Redo: delete question"
            press(desk, "redo")
            await desk.until(lambda: said(desk) == ["What?", "That."])
            trashed = await desk.services.store.trash.contents()
            assert [thing.text for thing in trashed] == ["And?"]
            press(desk, "undo")
            await desk.until(lambda: said(desk) == ["What?", "That.", "And?", "More."])

    run_async(scenario())


def test_undo_belongs_to_the_text_while_there_is_something_typed_to_undo(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            desk.window.window().activateWindow()
            await desk.until(desk.window.window().isActiveWindow)
            edit = desk.window.composer.edit
            edit.setFocus()
            QTest.keyClicks(edit, "typed")
            QTest.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            assert edit.toPlainText() == ""
            assert said(desk) == ["What?", "That."]
            QTest.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            await desk.until(lambda: desk.controller._conversations.shown is None)
            assert await desk.services.store.conversations.list() == ()
            press(desk, "redo")
            await desk.until(lambda: desk.window.library.model.rowCount() > 0)
            assert len(await everything(desk)) == 2

    run_async(scenario())


def test_what_is_still_being_answered_cannot_be_undone(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            gate, undo = asyncio.Event(), desk.window.actions_table["undo"]
            desk.answer_with(ScriptedProvider(TextDelta(text="On"), gate, *words("e.")))
            await desk.ask("What?")
            await desk.until(lambda: said(desk) == ["What?", "On"])
            assert not undo.isEnabled() and "Stop the answer" in undo.toolTip()
            desk.controller._history.undo()
            gate.set()
            await desk.until(lambda: said(desk) == ["What?", "One."] and undo.isEnabled())

    run_async(scenario())


def test_undoing_a_question_puts_it_back_into_the_composer_and_redo_takes_it_out(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, CAT) as desk:
            composer, notice = desk.window.composer, desk.window.notice
            await desk.until(lambda: desk.chips() == {"chelsea.png": "ready"})
            await answered(desk, "What?", "That.")
            await answered(desk, "And?", "More.")
            press(desk, "undo")
            await desk.until(lambda: said(desk) == ["What?", "That."])
            await desk.until(lambda: "in the trash" in notice.text())
            assert (composer.text(), desk.chips()) == ("And?", {})
            press(desk, "undo")
            await desk.until(lambda: desk.controller._conversations.shown is None and composer.text())
            assert (composer.text(), desk.chips()) == ("What?", {"chelsea.png": "ready"})
            take_offer(desk)
            await desk.until(lambda: said(desk) == ["What?", "That."])
            assert (composer.text(), desk.chips()) == ("", {})
            composer.edit.setPlainText("Something else")
            press(desk, "redo")
            await desk.until(lambda: said(desk) == ["What?", "That.", "And?", "More."])
            assert composer.text() == "Something else"
            press(desk, "undo")
            await desk.until(lambda: said(desk) == ["What?", "That."])
            assert composer.text() == "Something else"

    run_async(scenario())


def test_deleting_the_only_question_takes_the_conversation_away_in_one_step(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            do(desk, 0, "delete")
            await desk.until(lambda: desk.controller._conversations.shown is None)
            assert await desk.services.store.conversations.list() == ()
            assert desk.window.notice.text() == "The conversation is in the trash for 30 days."
            take_offer(desk)
            await desk.until(lambda: said(desk) == ["What?", "That."])
            assert desk.window.composer.text() == ""

    run_async(scenario())


def test_a_notice_that_offers_to_undo_goes_once_something_newer_would_be_undone(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            do(desk, 1, "delete")
            await desk.until(lambda: desk.window.notice.text() == "The answer is in the trash for 30 days.")
            desk.controller._history.rename("Another name")
            await desk.until(lambda: desk.window.top_bar.title.text() == "Another name")
            assert desk.window.notice.text() == ""

    run_async(scenario())


def test_a_command_is_about_the_message_with_the_ring_and_without_one_about_the_last(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            await answered(desk, "And?", "More.")
            transcript, messages = desk.window.transcript, desk.controller._messages
            desk.window.window().activateWindow()
            await desk.until(desk.window.window().isActiveWindow)

            def meant(action: str) -> str:
                node = messages.meant_by(action)
                return next(row.text for row in rows(desk) if node is not None and row.id == node.id)

            transcript._keyboard.make_current(0, ringed=False)  # what a click does
            transcript.setFocus()
            assert (meant("delete"), meant("again"), meant("edit")) == ("More.", "More.", "And?")
            transcript._keyboard.make_current(0, ringed=True)
            assert (meant("delete"), meant("again"), meant("card")) == ("What?", "That.", "That.")
            transcript._keyboard.make_current(1, ringed=True)
            assert (meant("delete"), meant("edit")) == ("That.", "What?")
            desk.window.composer.focus_text()
            assert (meant("delete"), meant("edit")) == ("More.", "And?")

    run_async(scenario())


def test_escape_in_the_find_field_closes_it_and_stops_nothing(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            gate = asyncio.Event()
            desk.answer_with(ScriptedProvider(TextDelta(text="On"), gate, *words("e.")))
            await desk.ask("What?")
            await desk.until(lambda: said(desk) == ["What?", "On"])
            desk.window.window().activateWindow()
            await desk.until(desk.window.window().isActiveWindow)
            press(desk, "find")
            bar = desk.window.transcript._finding._bar
            assert bar is not None and bar.field.hasFocus()
            QTest.keyClick(bar.field, Qt.Key.Key_Escape)
            assert bar.isHidden()
            gate.set()
            await desk.until(lambda: said(desk) == ["What?", "One."])
            await desk.answered()
            assert rows(desk)[-1].status == "done"

    run_async(scenario())


def test_commands_that_would_do_nothing_are_forbidden_with_a_reason(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            actions = desk.window.actions_table
            for name in ("again", "go-on", "delete", "replay", "export", "find", "copy"):
                assert not actions[name].isEnabled() and "asked" in actions[name].toolTip()
            gate = asyncio.Event()
            desk.answer_with(ScriptedProvider(TextDelta(text="On"), gate, *words("e.")))
            await desk.ask("What?")
            await desk.until(lambda: said(desk) == ["What?", "On"])
            allowed = {name: actions[name].isEnabled() for name in ("again", "go-on", "replay", "delete")}
            assert allowed == {"again": False, "go-on": False, "replay": False, "delete": True}
            gate.set()
            await desk.answered()
            assert actions["again"].isEnabled() and actions["replay"].isEnabled()
            press(desk, "go-on")
            await desk.until(lambda: "not cut off" in desk.window.notice.text())

    run_async(scenario())


def test_what_was_asked_is_shown_wherever_was_read(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "\n\n".join(["Much."] * 80))
            transcript = desk.window.transcript

            async def ask() -> None:
                await desk.ask("And?")

            async def again() -> None:
                press(desk, "again")

            for begin in (ask, again):
                transcript.verticalScrollBar().setValue(0)
                await desk.until(lambda: not transcript.following)
                desk.answer_with(ScriptedProvider(*words("\n\n".join(["More."] * 80))))
                await begin()
                await desk.until(lambda: transcript.following and said(desk)[-1].startswith("More."))
                await desk.answered()
                assert transcript.following

    run_async(scenario())


def test_a19_answers_run_on_where_they_belong_whatever_is_shown(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            first_gate, second_gate = asyncio.Event(), asyncio.Event()
            marked: list[set[str]] = []
            desk.controller._running.conversations_changed.connect(marked.append)
            desk.answer_with(ScriptedProvider(TextDelta(text="On"), first_gate, *words("e.")))
            await desk.ask("What?")
            await desk.until(lambda: said(desk) == ["What?", "On"])
            # Another branch of the same conversation, while the first one is being answered.
            press(desk, "edit")
            await desk.until(lambda: desk.window.composer.editing)
            assert not desk.window.composer.send.running
            desk.answer_with(ScriptedProvider(TextDelta(text="Tw"), second_gate, *words("o.")))
            desk.window.composer.edit.setPlainText("Which?")
            desk.window.composer.send.click()
            await desk.until(lambda: said(desk) == ["Which?", "Tw"])
            # Another conversation, while both are.
            press(desk, "new")
            await desk.until(lambda: said(desk) == [])
            await answered(desk, "Else?", "Three.")
            first_gate.set()
            second_gate.set()
            await desk.until(lambda: len(desk.controller._running) == 0)
            assert said(desk) == ["Else?", "Three."]
            assert (max(map(len, marked)), marked[-1]) == (2, set())
            stored = [[m.text for m in branch] for branch in await desk.stored()]
            assert sorted(stored) == [["Else?", "Three."], ["Which?", "Two."]]
            store = desk.services.store.conversations
            (other,) = [row for row in await store.list() if row.title == "What?"]
            conversation = await store.get(other.id)
            assert [(m.text, m.status) for m in conversation.messages] == [
                ("What?", Status.DONE),
                ("One.", Status.DONE),
                ("Which?", Status.DONE),
                ("Two.", Status.DONE),
            ]

    run_async(scenario())


def test_stop_ends_what_is_shown_and_nothing_else(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            gate = asyncio.Event()
            desk.answer_with(ScriptedProvider(TextDelta(text="On"), gate, *words("e.")))
            await desk.ask("What?")
            await desk.until(lambda: said(desk) == ["What?", "On"])
            press(desk, "edit")
            await desk.until(lambda: desk.window.composer.editing)
            desk.answer_with(ScriptedProvider(TextDelta(text="Tw"), asyncio.Event()))
            desk.window.composer.edit.setPlainText("Which?")
            desk.window.composer.send.click()
            await desk.until(lambda: said(desk) == ["Which?", "Tw"] and desk.window.composer.send.running)
            press(desk, "stop")
            await desk.until(lambda: rows(desk)[-1].status == "interrupted")
            assert len(desk.controller._running) == 1
            press(desk, "previous-question")
            await desk.until(lambda: said(desk) == ["What?", "On"])
            assert desk.window.composer.send.running
            gate.set()
            await desk.until(lambda: said(desk) == ["What?", "One."])

    run_async(scenario())


def test_what_the_end_cut_off_is_offered_at_the_next_start_and_goes_on(
    run_async: RunAsync, home: Path
) -> None:
    async def leave() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(TextDelta(text="Once upon"), asyncio.Event()))
            await desk.ask("A story?")
            await desk.until(lambda: said(desk)[-1:] == ["Once upon"])

    async def come_back() -> None:
        async with open_desk(home) as desk:
            notice = desk.window.notice
            assert "“A story?”" in notice.text()
            take_offer(desk)
            await desk.until(lambda: said(desk) == ["A story?", "Once upon"])
            assert [badge.text for badge in rows(desk)[-1].badges] == ["Interrupted"]
            desk.answer_with(ScriptedProvider(*words(" a time.")))
            do(desk, 1, "go-on")
            await desk.until(lambda: said(desk)[-1].endswith("a time.") and not rows(desk)[-1].running)
            assert [action.text for action in rows(desk)[-1].actions if not action.id] == ["2 of 2"]
        async with open_desk(home) as desk:
            assert desk.window.notice.text() == ""

    run_async(leave())
    run_async(come_back())


def test_a_branch_becomes_a_conversation_of_its_own(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            await answered(desk, "And?", "More.")
            first = desk.controller._conversations.conversation_id
            do(desk, 1, "branch-off")
            await desk.until(lambda: said(desk) == ["What?", "That."])
            assert desk.controller._conversations.conversation_id != first
            assert desk.window.top_bar.title.text() == "What? (branch)"
            press(desk, "undo")
            await desk.until(lambda: desk.controller._conversations.shown is None)
            assert [row.id for row in await desk.services.store.conversations.list()] == [first]

    run_async(scenario())


def test_the_run_card_is_shown_and_copied_and_the_text_too(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home, CAT) as desk:
            await desk.until(lambda: desk.chips() == {"chelsea.png": "ready"})
            await answered(desk, "What?", "**That**.")
            press(desk, "copy")
            clipboard = QGuiApplication.clipboard()
            await desk.until(lambda: clipboard.text() == "**That**.")
            press(desk, "card")
            await desk.until(lambda: desk.window.findChildren(RunCardDialog))
            (dialog,) = desk.window.findChildren(RunCardDialog)
            dialog.copy_button.click()
            card = clipboard.text()
            assert "Endpoint: Scripted" in card
            assert "chelsea.png: 256 × 170 pixels" in card
            dialog.close()

    run_async(scenario())


def test_a_title_is_written_by_hand_and_undone(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await answered(desk, "What?", "That.")
            bar = desk.window.top_bar
            press(desk, "rename")
            assert bar.title_edit is not None
            bar.title_edit.setText("  My  cat ")
            QTest.keyClick(bar.title_edit, Qt.Key.Key_Return)
            await desk.until(lambda: bar.title.text() == "My cat")
            (row,) = await desk.services.store.conversations.list()
            assert row.title == "My cat"
            press(desk, "rename")
            bar.title_edit.clear()
            QTest.keyClick(bar.title_edit, Qt.Key.Key_Return)
            await desk.until(lambda: bar.title.text() == "What?")
            press(desk, "rename")
            QTest.keyClicks(bar.title_edit, "Not this")
            QTest.keyClick(bar.title_edit, Qt.Key.Key_Escape)
            assert (bar.title.text(), bar.title_edit.isHidden()) == ("What?", True)
            press(desk, "undo")
            await desk.until(lambda: bar.title.text() == "My cat")

    run_async(scenario())


def test_a_failed_answer_is_replayed_exactly(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            busy = ServerFailed(endpoint="Scripted", status=503, reason="it is busy", wait="a while")
            provider = ScriptedProvider(busy)
            desk.answer_with(provider)
            desk.services.registry._providers["scripted"] = provider
            await desk.ask("What?")
            await desk.until(lambda: rows(desk) and rows(desk)[-1].status == "failed")
            provider.steps = words("That.")
            press(desk, "replay")
            await desk.until(lambda: said(desk) == ["What?", "That."] and not rows(desk)[-1].running)
            first, second = provider.requests
            assert first.replace(resumable=True) == second.replace(resumable=True)

    run_async(scenario())
