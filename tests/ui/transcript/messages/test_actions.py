"""What can be done with a message is a word below it, and an entry of its menu."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, painted, settled
from ui.theme import palette
from ui.transcript.blocks.style import TranscriptStyle
from ui.transcript.entry import Badge, Entry, EntryAction
from ui.transcript.messages.actions import LEAST, ROW, MessageActions
from ui.transcript.view import TranscriptView

AGAIN = EntryAction("again", "Try again")
ONE_OF = EntryAction("", "1 of 3")
NEXT = EntryAction("next", "›", "Next answer")
FAILED = Entry("a", "assistant", "Half", "failed", "Model", "2 s", "It broke.", actions=(AGAIN, ONE_OF, NEXT))


def spots(view: TranscriptView, action: str) -> list[QPoint]:
    """The points of the viewport that stand for an action."""
    size = view.viewport().size()
    return [
        QPoint(x, y)
        for y in range(0, size.height(), 4)
        for x in range(0, size.width(), 4)
        if view._pointer.action_at(QPointF(x, y)) == ("a", action)
    ]


def test_a_click_on_a_word_tells_which_action_of_which_message(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([FAILED])
    settled(view, qtbot)
    for action in ("again", "next"):
        with qtbot.waitSignal(view.action_requested) as told:
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spots(view, action)[0])
        assert told.args == ["a", action]


def test_a_word_that_only_says_something_is_no_link(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([FAILED])
    settled(view, qtbot)
    between = (spots(view, "again")[-1] + spots(view, "next")[0]) / 2
    assert view._pointer.action_at(QPointF(between)) == ("a", "")


def test_actions_and_notes_that_come_later_change_the_message_in_place(
    make_view: MakeView, qtbot: QtBot
) -> None:
    long = "The picture was made smaller to fit into the request, and this sentence is long enough to wrap. "
    last = Entry("a", "assistant", "Text", heading="M", notes=(long * 2, "Short."), actions=(AGAIN,))
    view = make_view([Entry("a", "assistant", "Text", "streaming", heading="M")])
    other = make_view([last])
    view.update_entry(last)
    for each in (view, other):
        settled(each, qtbot)
    assert painted(view) == painted(other)
    assert spots(view, "again")


def test_the_menu_of_a_message_offers_its_actions_in_words(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([FAILED])
    settled(view, qtbot)
    view._open_menu(QPoint(0, 0), 0)
    menu = view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    offered = {action.text(): action for action in menu.actions() if action.text()}
    assert {"Try again", "Next answer"} < set(offered)
    assert "1 of 3" not in offered
    with qtbot.waitSignal(view.action_requested) as told:
        offered["Next answer"].trigger()
    assert told.args == ["a", "next"]
    menu.close()
    QApplication.sendPostedEvents()


def menu_by_keyboard(view: TranscriptView) -> list[str]:
    """What the menu offers that the keyboard opens: Qt hands that request to the focused view."""
    at = view.rect().center()
    by_keyboard = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, view.mapToGlobal(at))
    QApplication.sendEvent(view, by_keyboard)
    (menu,) = view.findChildren(QMenu)
    offered = [action.text() for action in menu.actions()]
    menu.close()
    menu.setParent(None)
    return offered


def test_the_menu_of_the_keyboard_is_that_of_the_newest_answer_in_sight_with_actions(
    make_view: MakeView, qtbot: QtBot
) -> None:
    tall = "\n\n".join(["A paragraph."] * 60)
    view = make_view([FAILED, Entry("q", "user", "And?"), Entry("b", "assistant", tall)])
    settled(view, qtbot)
    assert "Try again" not in menu_by_keyboard(view)  # the failed one is out of sight
    view.verticalScrollBar().setValue(0)
    settled(view, qtbot)
    assert "Try again" in menu_by_keyboard(view)


def test_the_menu_of_the_keyboard_is_there_without_an_answer(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([Entry("q", "user", "And?")])
    settled(view, qtbot)
    offered = [words.partition("\t")[0] for words in menu_by_keyboard(view)]
    assert [words for words in offered if words] == ["Find…", "Select all"]


def test_the_way_to_the_siblings_is_not_torn_apart(make_view: MakeView, qtbot: QtBot) -> None:
    previous = EntryAction("previous", "‹", "Previous answer")
    for metrics in ("word " * n for n in range(8, 24, 2)):
        entry = Entry("a", "assistant", "Text", metrics=metrics, actions=(previous, ONE_OF, NEXT))
        view = make_view([entry])
        settled(view, qtbot)
        assert spots(view, "previous")[0].y() == spots(view, "next")[0].y()


QUIET = tuple(EntryAction(f"q{n}", "", f"Quiet {n}", icon="copy", quiet=True) for n in range(6))
METRICS = (
    "maker/model-with-a-name · 12.3 s · first word after 0.4 s · 31.2 tokens/s · 411 tokens · 1,204 read"
)


def rows_of(actions: MessageActions, *ids: str) -> list[QRectF]:
    areas = [actions.area_of(each) for each in ids]
    return [area for area in areas if area is not None]


@pytest.mark.parametrize("width", [120, 200, 320, 480, 760])
def test_nothing_below_an_answer_reaches_out_of_the_column(qapp: QApplication, width: int) -> None:
    long = f"an-endpoint-with-a-name-that-never-ends-{'x' * 90} · {METRICS}"
    entry = Entry("a", "assistant", "Text", metrics=long, badges=(Badge("b" * 300),), actions=(AGAIN, *QUIET))
    actions = MessageActions(entry, TranscriptStyle(palette.current()), width)
    assert max(place.right() for place in actions._places) <= width + LEAST
    assert all(item.paragraph.natural_width <= width for item in actions._items)
    name = actions._places[1]
    assert actions.whole_at(name.center().x(), name.center().y()).startswith("an-endpoint")
    assert actions.whole_at(-1, -1) == ""


@pytest.mark.parametrize("width", [240, 320, 480, 760])
def test_what_can_be_done_with_half_an_answer_stands_below_what_is_said_of_it(
    qapp: QApplication, width: int
) -> None:
    on = EntryAction("go-on", "Go on")
    badge = Badge("Interrupted", "warning")
    entry = Entry("a", "assistant", "Text", metrics=METRICS, badges=(badge,), actions=(AGAIN, on, *QUIET))
    actions = MessageActions(entry, TranscriptStyle(palette.current()), width)
    facts = actions._places[: len(actions._places) - 2 - len(QUIET)]
    loud, quiet = rows_of(actions, "again", "go-on"), rows_of(actions, *(each.id for each in QUIET))
    assert max(place.bottom() for place in facts) <= loud[0].top()
    assert loud[0].top() == loud[1].top() <= quiet[0].top()
    assert len({area.top() for area in quiet}) == 1


def test_what_is_quiet_stands_beside_the_metrics_where_there_is_room(qapp: QApplication) -> None:
    entry = Entry("a", "assistant", "Text", metrics="m · 2.0 s", actions=QUIET)
    actions = MessageActions(entry, TranscriptStyle(palette.current()), 480)
    assert len({place.top() for place in actions._places}) == 1
    assert actions.height == ROW
