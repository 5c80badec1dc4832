"""What a model thought is one line until it is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, on_screen, painted, settled
from ui.transcript.entry import Entry
from ui.transcript.markdown.block import Kind
from ui.transcript.messages.reasoning import label
from ui.transcript.view import TranscriptView

THOUGHT = "First I *look*.\n\n- grey fur\n- green eyes\n\n```python\nx = 1\n```\n\nThen I answer."
ANSWER = Entry("1", "assistant", "A **cat**.", heading="Model", reasoning=THOUGHT, reasoning_s=12.4)
TEXT = "A paragraph of some words that goes on for a while, so that it wraps. "


def line_of(view: TranscriptView, number: int = 0) -> QPoint:
    """A point on the line about a message's reasoning."""
    arrangement = view._arrangement
    area = arrangement.messages[number].frame.reasoning_area
    assert area is not None
    top = arrangement.top(number) - arrangement.offset
    return area.translated(arrangement.left, top).center().toPoint()


def click(view: TranscriptView, at: QPoint) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def texts(view: TranscriptView) -> list[str]:
    message = view._arrangement.messages[0]
    return [message.text_of(index) for index in range(len(message.blocks or ()))]


def test_it_is_folded_until_a_click_and_folds_again(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([ANSWER])
    settled(view, qtbot)
    assert texts(view) == ["A cat."]
    folded = painted(view)
    click(view, line_of(view))
    assert texts(view) == ["First I look.", "grey fur", "green eyes", "x = 1", "Then I answer.", "A cat."]
    assert painted(view) != folded
    click(view, line_of(view))
    settled(view, qtbot)
    QTest.mouseMove(view.viewport(), QPoint(2, view.viewport().height() - 2))
    assert texts(view) == ["A cat."]
    assert painted(view) == folded


def test_it_unfolds_by_keyboard(make_view: MakeView) -> None:
    view = make_view([ANSWER])
    for key, modifier in (
        (Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier),
    ):
        QTest.keyClick(view, key, modifier)
    assert "First I look." in texts(view)


def test_unfolding_keeps_the_line_where_it_is(make_view: MakeView, qtbot: QtBot) -> None:
    before = [Entry(f"m{n}", "assistant", TEXT * 9) for n in range(9)]
    long = replace(ANSWER, text=TEXT * 30, reasoning=(THOUGHT + "\n\n") * 20)
    view = make_view([*before, long])
    settled(view, qtbot)
    view.verticalScrollBar().setValue(view._arrangement.top(9) - 100)
    settled(view, qtbot)
    at = line_of(view, 9)
    for _ in range(2):
        click(view, at)
        settled(view, qtbot)
        assert line_of(view, 9) == at


def test_an_answer_that_fits_is_still_followed_after_unfolding(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([ANSWER])
    click(view, line_of(view))
    assert view.following
    assert not view._button.isVisible()


@pytest.mark.parametrize("step", [5, 400])
def test_streamed_reasoning_looks_like_that_of_history(make_view: MakeView, qtbot: QtBot, step: int) -> None:
    view, other = (
        make_view([replace(ANSWER, text="", reasoning="First", status="streaming")]),
        make_view([ANSWER]),
    )
    click(view, line_of(view))
    click(other, line_of(other))
    for end in range(5, len(THOUGHT) + step, step):
        view.update_entry(replace(ANSWER, text="", reasoning=THOUGHT[:end], status="streaming"))
        QApplication.processEvents()
        QTest.mouseMove(view.viewport(), QPoint(2, 2))
        assert on_screen(view) == painted(view), end
    for end in range(1, len(ANSWER.text) + 1):
        view.update_entry(replace(ANSWER, text=ANSWER.text[:end], status="streaming"))
    view.update_entry(ANSWER)
    for each in (view, other):
        settled(each, qtbot)
        QTest.mouseMove(each.viewport(), QPoint(2, each.viewport().height() - 2))
    assert painted(view) == painted(other)


def test_folded_reasoning_is_not_cut_while_it_streams(make_view: MakeView) -> None:
    view = make_view([replace(ANSWER, text="", reasoning="First", status="streaming")])
    for count in range(1, 40):
        view.update_entry(replace(ANSWER, text="", reasoning=THOUGHT * count, status="streaming"))
    assert texts(view) == []
    body = view._arrangement.messages[0]._body
    assert body is not None
    assert body.thought == 0


def test_unfolded_reasoning_stays_so_when_the_answer_grows(make_view: MakeView) -> None:
    view = make_view([replace(ANSWER, status="streaming")])
    click(view, line_of(view))
    view.update_entry(replace(ANSWER, text="A **cat**.\n\nGrey.", status="streaming"))
    assert texts(view)[-3:] == ["Then I answer.", "A cat.", "Grey."]


def test_the_line_says_how_long(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    thinking = replace(ANSWER, text="", reasoning_s=None, status="streaming")
    monkeypatch.setattr("ui.transcript.messages.reasoning.time.monotonic", lambda: 103.9)
    assert label(ANSWER, None) == "Thought for 12 s"
    assert label(replace(ANSWER, reasoning_s=125.0), None) == "Thought for 2 min 5 s"
    assert label(replace(ANSWER, reasoning_s=None), 5.0) == "Thought"
    assert label(thinking, 100.0) == "Thinking… 3 s"
    assert label(replace(thinking, reasoning_s=7.0), 100.0) == "Thinking… 7 s"


def test_the_seconds_of_thinking_are_painted_anew_by_themselves(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([replace(ANSWER, text="", reasoning_s=None, status="streaming")])
    settled(view, qtbot)
    assert view._furniture._tick.isActive()
    view.update_entry(ANSWER)
    qtbot.waitUntil(lambda: not view._furniture._tick.isActive())


def test_reasoning_is_set_apart_and_its_code_kept(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([ANSWER])
    click(view, line_of(view))
    settled(view, qtbot)
    message = view._arrangement.messages[0]
    aside, main = message.box(0)._style, message.box(5)._style
    assert (aside.inset > 0, main.inset) == (True, 0)
    assert aside.text == main.muted
    assert (message.blocks or [])[3].kind is Kind.CODE


def test_folded_reasoning_that_grows_changes_nothing_on_the_screen_and_is_there_when_unfolded(
    make_view: MakeView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    thinking = replace(ANSWER, text="", reasoning="First", reasoning_s=None, status="streaming")
    view = make_view([thinking])
    settled(view, qtbot)
    laid: list[object] = []
    settle = view._arrangement.settle
    monkeypatch.setattr(
        view._arrangement, "settle", lambda *args, **more: (laid.append(1), settle(*args, **more))[1]
    )
    view.update_entry(replace(thinking, reasoning=THOUGHT))
    assert laid == []
    click(view, line_of(view))
    assert texts(view)[0] == "First I look."
    view.update_entry(replace(thinking, reasoning=THOUGHT + "\n\nMore."))
    assert texts(view)[-1] == "More."
