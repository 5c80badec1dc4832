"""Links in answers are reached, heard and followed without a mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, controls_of, on_screen, painted, settled
from ui.theme import palette
from ui.transcript import controls
from ui.transcript.controls import Control, areas_of, link_at, next_control, words_of
from ui.transcript.entry import Entry, EntryAction
from ui.transcript.view import TranscriptView

CONTROL = Qt.KeyboardModifier.ControlModifier
AGAIN = EntryAction("again", "Try again")
TEXT = """See [the **tabby** cat](https://example.org/tabby) and www.example.com/a.

```py
f()
```

| what | where |
|---|---|
| fur | [here](http://fur.example:81/x) |
| eyes | write to a@b.example |

No link: [this](javascript:alert(1)), and [that one] neither. As [spec] says.

[spec]: https://spec.example/
"""
URLS = [
    "https://example.org/tabby",
    "http://www.example.com/a",
    "http://fur.example:81/x",
    "mailto:a@b.example",
    "https://spec.example/",
]
ANSWER = Entry("a", "assistant", TEXT, actions=(AGAIN,))


@pytest.fixture
def said(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a screen reader is told."""
    heard: list[str] = []

    def hear(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            heard.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield heard
    QAccessible.setActive(before)


def begun(make_view: MakeView, qtbot: QtBot, *entries: Entry) -> TranscriptView:
    """A conversation in which the keyboard is at the last message."""
    view = make_view(entries)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    settled(view, qtbot)
    return view


def focused_url(view: TranscriptView) -> str:
    """Where the link with the focus leads."""
    keyboard = view._keyboard
    link = link_at(view._arrangement.messages[keyboard.current], keyboard.focused)
    return link.url if link is not None else ""


def test_tab_reaches_each_link_in_its_place(make_view: MakeView, qtbot: QtBot) -> None:
    view = begun(make_view, qtbot, ANSWER)
    kinds, urls = [], []
    for _ in controls_of(view._arrangement.messages[0]):
        QTest.keyClick(view, Qt.Key.Key_Tab)
        kinds.append(view._keyboard.focused.kind)
        urls.append(focused_url(view))
    assert kinds == ["link", "link", "code", "link", "link", "link", "action"]
    assert [url for url in urls if url] == URLS
    for url in reversed(URLS):
        while view._keyboard.step(forward=False) and not focused_url(view):
            pass
        assert focused_url(view) == url


def test_its_areas_are_where_a_click_finds_it_on_each_of_its_lines(make_view: MakeView, qtbot: QtBot) -> None:
    words = "[a link with so many words that it is on two lines and more](https://example.org/long)"
    view = begun(make_view, qtbot, Entry("a", "assistant", f"Before it stand some words. {words} {TEXT}"))
    message, arrangement = view._arrangement.messages[0], view._arrangement
    found = [control for control in controls_of(message) if control.kind == controls.LINK]
    assert len(areas_of(message, found[0])) >= 2
    for control in found:
        link = link_at(message, control)
        for area in areas_of(message, control):
            for at in (area.topLeft() + QPointF(1, 3), area.center(), area.bottomRight() - QPointF(1, 3)):
                top = arrangement.top(0) - arrangement.offset
                assert link is not None
                assert view._pointer.link_at(at + QPointF(arrangement.left, top)) == link.url


def test_a_ring_is_drawn_round_it_and_goes_with_the_focus(make_view: MakeView, qtbot: QtBot) -> None:
    view = begun(make_view, qtbot, ANSWER)
    whole = on_screen(view)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QApplication.processEvents()
    image = painted(view)
    message, arrangement = view._arrangement.messages[0], view._arrangement
    (area,) = areas_of(message, view._keyboard.focused)
    edge = area.translated(arrangement.left - 3, arrangement.top(0) - arrangement.offset)
    edge.translate(QPointF(view.viewport().pos()))
    ring = palette.current().focus
    beside = range(int(edge.left()) - 1, int(edge.left()) + 2)
    assert any(image.pixelColor(x, round(edge.center().y())) == ring for x in beside)
    assert on_screen(view) == image
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert on_screen(view) == whole


def test_return_asks_as_a_click_does_and_escape_goes_back_step_by_step(
    make_view: MakeView, qtbot: QtBot
) -> None:
    view = begun(make_view, qtbot, ANSWER)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    with qtbot.waitSignal(view.link_activated) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["https://example.org/tabby"]
    assert view._keyboard.focused.kind == controls.LINK
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view._keyboard.focused == controls.NONE
    assert view.current_message == "a"
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.current_message == ""


def test_a_screen_reader_hears_its_words_and_where_it_leads(
    make_view: MakeView, qtbot: QtBot, said: list[str]
) -> None:
    view = begun(make_view, qtbot, ANSWER)
    said.clear()
    while view._keyboard.step(forward=True):
        pass
    assert [each for each in said if each.startswith("Link")] == [
        "Link, the tabby cat, example.org",
        "Link, www.example.com/a, www.example.com",
        "Link, here, fur.example:81",
        "Link, a@b.example, a@b.example",
        "Link, spec, spec.example",
    ]


def test_a_link_far_below_is_brought_into_sight(make_view: MakeView, qtbot: QtBot) -> None:
    far = "\n\n".join(["Words. " * 60] * 80) + "\n\n" + "word " * 3_000 + "https://far.example/"
    view = begun(make_view, qtbot, Entry("a", "assistant", far, actions=(AGAIN,)))
    view.verticalScrollBar().setValue(0)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    arrangement = view._arrangement
    (area,) = areas_of(arrangement.messages[0], view._keyboard.focused)
    top = arrangement.top(0) - arrangement.offset + area.top()
    assert 0 <= top <= view.viewport().height() - area.height()


def test_a_link_whose_text_has_become_another_is_nothing_to_press(make_view: MakeView, qtbot: QtBot) -> None:
    view = begun(make_view, qtbot, ANSWER)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    gone = view._keyboard.focused
    view.update_entry(Entry("a", "assistant", "Other words."))
    message = view._arrangement.messages[0]
    assert (link_at(message, gone), areas_of(message, gone), words_of(message, gone)) == (None, [], "")
    with qtbot.assertNotEmitted(view.link_activated):
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert next_control(message, Control(controls.LINK, 7, start=3), forward=True) == controls.NONE
