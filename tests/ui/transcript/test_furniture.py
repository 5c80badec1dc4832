"""What appears on hover and on focus, and what a press of it does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, controls_of, on_screen, painted, settled
from ui.theme import palette
from ui.transcript import controls
from ui.transcript.blocks.style import TranscriptStyle
from ui.transcript.controls import Control, area_of, words_of
from ui.transcript.entry import Badge, Entry, EntryAction
from ui.transcript.furniture import COPIED_MS
from ui.transcript.messages.actions import badge_colours
from ui.transcript.view import TranscriptView

COPY = EntryAction("copy", "Copy", "Copy the answer", icon="copy", quiet=True)
DELETE = EntryAction("delete", "Delete", "Delete the answer", "Ctrl+D", "trash-2", quiet=True)
AGAIN = EntryAction("again", "Try again")
CODE = "Look:\n\n```python\ndef f():\n\treturn 1\n```\n\nAnd:\n\n    plain\n"
QUESTION = Entry("q", "user", "What is it?", actions=(DELETE._replace(id="edit"),))
ANSWER = Entry("a", "assistant", CODE, heading="M", metrics="9 tokens", actions=(AGAIN, COPY, DELETE))
CONTROL = Qt.KeyboardModifier.ControlModifier


def middle(view: TranscriptView, number: int, control: Control) -> QPoint:
    """The middle of a control in the viewport."""
    arrangement = view._arrangement
    area = area_of(arrangement.messages[number], control)
    assert area is not None
    return area.translated(arrangement.left, arrangement.top(number) - arrangement.offset).center().toPoint()


def action(name: str) -> Control:
    return Control(controls.ACTION, action=name)


def away(view: TranscriptView) -> None:
    QTest.mouseMove(view.viewport(), QPoint(2, view.viewport().height() - 2))
    QApplication.processEvents()


def test_quiet_actions_are_seen_on_hover_and_nothing_moves(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([QUESTION, ANSWER])
    settled(view, qtbot)
    away(view)
    before, heights = painted(view), [message.height for message in view._arrangement.messages]
    for number, name in ((0, "edit"), (1, "delete")):
        at = middle(view, number, action(name))
        QTest.mouseMove(view.viewport(), at)
        QApplication.processEvents()
        shown = painted(view)
        assert shown != before
        assert on_screen(view) == shown
        assert [message.height for message in view._arrangement.messages] == heights
    away(view)
    assert painted(view) == before
    assert on_screen(view) == before


def test_hovering_lays_nothing_out(
    make_view: MakeView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = make_view([QUESTION, ANSWER] + [replace(ANSWER, id=f"a{n}") for n in range(9)])
    settled(view, qtbot)
    laid: list[object] = []
    monkeypatch.setattr(view._arrangement, "settle", lambda: laid.append(1))
    for y in range(0, view.viewport().height(), 7):
        QTest.mouseMove(view.viewport(), QPoint(300, y))
    QApplication.processEvents()
    assert laid == []


def test_a_click_on_a_quiet_action_asks_for_it(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([QUESTION, ANSWER])
    settled(view, qtbot)
    with qtbot.waitSignal(view.action_requested) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 1, action("delete")))
    assert told.args == ["a", "delete"]


def test_a_press_that_ends_elsewhere_does_nothing(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([QUESTION, ANSWER])
    settled(view, qtbot)
    told: list[object] = []
    view.action_requested.connect(lambda *args: told.append(args))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 1, action("delete")))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert told == []


def test_copying_a_message_gives_its_markdown_without_asking_anybody(
    make_view: MakeView, qtbot: QtBot
) -> None:
    view = make_view([QUESTION, ANSWER])
    settled(view, qtbot)
    with qtbot.assertNotEmitted(view.action_requested):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 1, action("copy")))
    assert QGuiApplication.clipboard().text() == CODE


def test_code_is_copied_with_its_tabs_and_says_so_for_a_moment(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([ANSWER])
    settled(view, qtbot)
    away(view)
    before = painted(view)
    view._furniture._copied_timer.setInterval(60)
    assert COPIED_MS >= 1_000
    view._furniture.press(0, Control(controls.CODE, 1))
    assert QGuiApplication.clipboard().text() == "def f():\n\treturn 1"
    assert painted(view) != before
    qtbot.waitUntil(lambda: on_screen(view) == before)


def test_a_tooltip_says_what_an_icon_does_and_its_shortcut(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([ANSWER])
    settled(view, qtbot)
    at = middle(view, 0, action("delete"))
    QApplication.sendEvent(
        view.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
    )
    assert "Delete the answer (Ctrl+D)" in QToolTip.text()
    QToolTip.hideText()


def test_the_keyboard_goes_from_message_to_message_and_shows_which(make_view: MakeView, qtbot: QtBot) -> None:
    entries = [replace(ANSWER, id=f"a{n}") for n in range(12)]
    view = make_view(entries)
    settled(view, qtbot)
    view.setFocus()
    away(view)
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    last = view._keyboard.current
    assert last == 11
    seen = []
    for _ in range(14):
        QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
        seen.append(view._keyboard.current)
        placed = {each.index: each for each in view._arrangement.visible}
        assert placed[view._keyboard.current].top >= 0
    assert seen == [*range(10, -1, -1), 0, 0, 0]
    ring = palette.current().focus
    image = painted(view)
    left = view._arrangement.left - 8 + view.viewport().x()
    assert any(image.pixelColor(left + x, 60) == ring for x in range(-1, 3))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view._keyboard.current == -1


def test_tab_goes_through_what_can_be_pressed_and_then_on(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([ANSWER])
    settled(view, qtbot)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    found = []
    while view._keyboard.step(forward=True):
        found.append(view._keyboard.focused)
    assert found == controls_of(view._arrangement.messages[0])
    assert [each.kind for each in found] == ["code", "code", "action", "action", "action"]
    back = []
    while view._keyboard.step(forward=False):
        back.append(view._keyboard.focused)
    assert back == found[::-1]


def test_return_presses_what_has_the_focus_and_else_opens_the_menu(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([QUESTION, ANSWER])
    settled(view, qtbot)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    QTest.keyClick(view, Qt.Key.Key_Return)
    (menu,) = view.findChildren(QMenu)
    offered = [each.text() for each in menu.actions()]
    assert "Delete the answer\tCtrl+D" in offered
    menu.close()
    menu.setParent(None)
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Tab)
    with qtbot.waitSignal(view.action_requested) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["a", "again"]


def test_without_a_current_message_keys_keep_their_meaning(make_view: MakeView) -> None:
    view = make_view([QUESTION, ANSWER])
    view.setFocus()
    assert not view._keyboard.step(forward=True)
    assert not view._keyboard.activate()
    assert not view._keyboard.leave()


@pytest.mark.parametrize("theme", ["light", "dark", "high_contrast"])
@pytest.mark.parametrize("tone", ["muted", "warning", "danger"])
def test_a_badge_can_be_read(theme: str, tone: str) -> None:
    colour, ground = badge_colours(tone, TranscriptStyle(palette.load(theme)))
    assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark", "high_contrast"])
def test_words_that_were_found_can_be_read(theme: str) -> None:
    style = TranscriptStyle(palette.load(theme))
    for look in (style.found, style.found_now):
        assert contrast(look.foreground().color(), look.background().color()) >= 4.5


def contrast(one: object, other: object) -> float:
    """The ratio of WCAG 2.1."""

    def luminance(colour: object) -> float:
        parts = [colour.redF(), colour.greenF(), colour.blueF()]  # type: ignore[attr-defined]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_badges_change_in_place(make_view: MakeView, qtbot: QtBot) -> None:
    ended = replace(ANSWER, badges=(Badge("cut off", "warning"), Badge("x" * 900, "danger")))
    view, other = make_view([replace(ANSWER, status="streaming", actions=())]), make_view([ended])
    view.update_entry(ended)
    for each in (view, other):
        settled(each, qtbot)
        away(each)
    assert painted(view) == painted(other)
    assert view._pointer.action_at(QPointF(middle(view, 0, action("again")))) == ("a", "again")


def test_a_long_notice_is_folded_and_shown_and_copied_whole_on_request(
    make_view: MakeView, qtbot: QtBot
) -> None:
    said = "\n".join(f"Line {n}" for n in range(40))
    view = make_view([Entry("a", "assistant", status="failed", notice=said)])
    settled(view, qtbot)
    message = view._arrangement.messages[0]
    folded = message.height
    assert folded < 300
    fold, copy = Control(controls.NOTICE), Control(controls.NOTICE_COPY)
    assert controls_of(message) == [fold, copy]
    assert words_of(message, fold) == "Show all"
    view._furniture.press(0, copy)
    assert QApplication.clipboard().text() == said
    view._furniture.press(0, fold)
    settled(view, qtbot)
    assert message.height > folded + 400
    assert words_of(message, fold) == "Show less"
    view._furniture.press(0, fold)
    assert message.height == folded


def test_a_place_in_the_folded_part_of_a_notice_unfolds_it(make_view: MakeView, qtbot: QtBot) -> None:
    said = "\n".join(f"Line {n}" for n in range(40))
    view = make_view([Entry("a", "assistant", "Text", status="failed", notice=said)])
    frame = view._arrangement.messages[0].frame
    assert frame.notice is not None
    assert frame.notice.hides(said.index("Line 30"))
    view.reveal("a", "Line 0")
    view._finding.finder.search("Line 30")

    def is_seen() -> bool:
        notice = view._arrangement.messages[0].frame.notice
        return notice is not None and not notice.hides(said.index("Line 30"))

    qtbot.waitUntil(is_seen)  # words are counted a moment at a time


def test_a_short_notice_has_nothing_to_fold(make_view: MakeView) -> None:
    view = make_view([Entry("a", "assistant", status="failed", notice="It broke.\nTwice.")])
    assert controls_of(view._arrangement.messages[0]) == []
