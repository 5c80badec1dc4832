from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.events import Finished, TextDelta
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import open_desk
from ui.main_window import MainWindow

OpenWindow = Callable[[int, int], MainWindow]
RunAsync = Callable[[Any], Any]


def stops(window: MainWindow) -> list[QWidget]:
    """What Tab walks through, shown or not."""
    found, widget = [], window.nextInFocusChain()
    while widget is not window:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_the_transcript_is_made_hidden_and_where_tab_expects_it(open_window: OpenWindow) -> None:
    window = open_window(1200, 800)
    without, sizes = stops(window), window.panes.size()
    assert not window.talk.is_made
    for _ in window.talk.steps():
        pass
    assert window.transcript.isHidden()
    assert window.panes.size() == sizes
    added = [stop for stop in stops(window) if stop not in without]
    assert added == window.transcript.stops()
    place = stops(window).index(window.transcript)
    assert window.panes.isAncestorOf(stops(window)[place - 1])
    assert window.notice.isAncestorOf(stops(window)[place + len(added)])


def test_who_waits_for_the_transcript_gets_it_once(open_window: OpenWindow) -> None:
    window, got = open_window(1200, 800), []
    window.talk.when_made(got.append)
    assert got == []
    made = window.transcript
    window.talk.when_made(got.append)
    assert got == [made, made]


def test_steps_that_come_too_late_leave_a_shown_conversation_alone(open_window: OpenWindow) -> None:
    window = open_window(1200, 800)
    steps = window.talk.steps()
    next(steps)
    window.talk.show(True)
    for _ in steps:
        pass
    assert window.transcript.isVisible()


@pytest.mark.parametrize("command", ["find", "find-next", "find-previous"])
def test_words_can_be_sought_before_anything_was_said(open_window: OpenWindow, command: str) -> None:
    window = open_window(1200, 800)
    window.actions_table[command].trigger()
    assert window.transcript.isHidden()


def test_a_question_is_shown_that_is_asked_before_there_is_a_transcript(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home, complete=False) as desk:
            desk.answer_with(ScriptedProvider(TextDelta(text="A cup."), Finished(reason="stop")))
            assert not desk.window.talk.is_made
            await desk.ask("What is it?")
            await desk.answered()
            transcript = desk.window.transcript
            assert transcript.isVisible()
            transcript.select_all()
            await desk.until(lambda: "A cup." in transcript.selected_text())

    run_async(scenario())
