from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ui.library.list_model import HEADING_ROLE, ID_ROLE, LibraryModel
from ui.library.list_view import LibraryRow, LibraryView

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
ROWS = [
    LibraryRow("1", "A cat", NOW - timedelta(minutes=5), "a" * 64),
    LibraryRow("2", "A rocket", NOW - timedelta(hours=11)),
    LibraryRow("3", "A coffee", NOW - timedelta(hours=13), "b" * 64),
    LibraryRow("4", "Long ago", NOW - timedelta(days=40)),
]


@pytest.fixture
def view(qtbot: QtBot) -> LibraryView:
    made = LibraryView(now=lambda: NOW)
    qtbot.addWidget(made)
    made.resize(260, 500)
    made.show()
    return made


def click(qtbot: QtBot, view: LibraryView, row: int) -> None:
    place = view.list.visualRect(view.model.index(row)).center()
    qtbot.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def shown(model: LibraryModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_the_model_keeps_to_qts_rules(qtmodeltester: Any) -> None:
    model = LibraryModel(now=lambda: NOW)
    qtmodeltester.check(model)
    model.set_rows(ROWS)
    qtmodeltester.check(model)


def test_rows_stand_under_the_day_they_changed() -> None:
    model = LibraryModel(now=lambda: NOW)
    model.set_rows(ROWS)
    assert shown(model) == [
        "Today", "A cat", "A rocket", "Yesterday", "A coffee", "April", "Long ago",
    ]  # fmt: skip


def test_days_are_those_of_the_users_time_zone() -> None:
    tokyo = timezone(timedelta(hours=9))
    model = LibraryModel(now=lambda: NOW.astimezone(tokyo))
    model.set_rows([LibraryRow("1", "x", datetime(2026, 5, 19, 16, 0, tzinfo=UTC))])
    assert shown(model) == ["Today", "x"]


def test_after_midnight_the_headings_move_on() -> None:
    now = [NOW]
    model = LibraryModel(now=lambda: now[0])
    model.set_rows(ROWS[:1])
    now[0] = NOW + timedelta(days=1)
    model.regroup()
    assert shown(model) == ["Yesterday", "A cat"]


def test_headings_cannot_be_chosen(qtbot: QtBot, view: LibraryView) -> None:
    view.set_rows(ROWS)
    assert view.model.index(0).data(HEADING_ROLE)
    with qtbot.assertNotEmitted(view.conversation_chosen):
        click(qtbot, view, 0)


def test_a_row_is_spoken_with_its_time(view: LibraryView) -> None:
    view.set_rows(ROWS)
    spoken = view.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("A cat, ") and len(spoken) > len("A cat, ")


def test_a_click_chooses(qtbot: QtBot, view: LibraryView) -> None:
    view.set_rows(ROWS)
    with qtbot.waitSignal(view.conversation_chosen) as chosen:
        click(qtbot, view, 2)
    assert chosen.args == ["2"]


def test_arrow_keys_move_and_return_chooses(qtbot: QtBot, view: LibraryView) -> None:
    view.set_rows(ROWS)
    view.set_current("2")
    with qtbot.assertNotEmitted(view.conversation_chosen):
        qtbot.keyClick(view.list, Qt.Key.Key_Down)
    assert view.list.currentIndex().data(ID_ROLE) == "3"
    with qtbot.waitSignal(view.conversation_chosen) as chosen:
        qtbot.keyClick(view.list, Qt.Key.Key_Return)
    assert chosen.args == ["3"]


def test_tab_into_the_list_shows_where_the_keyboard_is(qtbot: QtBot, view: LibraryView) -> None:
    view.set_rows(ROWS)
    view.set_current("")
    view.activateWindow()
    view.list.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(view.list.hasFocus)
    assert view.list.currentIndex().data(ID_ROLE) == "1"
    assert view.list.selectedIndexes() == []
    view.set_rows(ROWS[1:])
    assert view.list.currentIndex().data(ID_ROLE) == "2"


def test_marking_the_open_conversation_does_not_choose_it(qtbot: QtBot, view: LibraryView) -> None:
    view.set_rows(ROWS)
    with qtbot.assertNotEmitted(view.conversation_chosen):
        view.set_current("4")
        view.set_rows([*ROWS, LibraryRow("5", "Another", NOW - timedelta(days=50))])
    assert view.list.selectedIndexes()[0].data(ID_ROLE) == "4"
    view.set_current("")
    assert view.list.selectedIndexes() == []


def test_without_conversations_it_says_so(view: LibraryView) -> None:
    assert view.empty.isVisible()
    assert view.empty.label.text() == "Your conversations will be listed here."
    view.set_rows(ROWS)
    assert not view.empty.isVisible() and view.list.isVisible()


def test_a_new_conversation_is_asked_for(qtbot: QtBot, view: LibraryView) -> None:
    assert view.new.accessibleName() == "New conversation"
    with qtbot.waitSignal(view.new_requested):
        qtbot.mouseClick(view.new, Qt.MouseButton.LeftButton)


def test_only_the_thumbnails_in_view_are_wanted(qtbot: QtBot, view: LibraryView) -> None:
    wanted: list[str] = []
    view.thumbnail_wanted.connect(wanted.append)
    many = [LibraryRow(str(n), f"row {n}", NOW, f"{n:064x}") for n in range(300)]
    view.set_rows(many)
    view.grab()
    assert 3 < len(wanted) < 30
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill("#0000FF")
    view.set_thumbnail(wanted[0], image)
    rect = view.list.visualRect(view.model.index(1))
    at = view.list.viewport().mapTo(view, rect.topLeft())
    assert view.grab().toImage().pixelColor(at.x() + 34, at.y() + 26).name() == "#0000ff"


def test_the_list_names_itself(view: LibraryView) -> None:
    assert view.list.accessibleName() == "Conversations"
    assert view.search.accessibleName() == "Search all conversations"
    assert view.head.folder.accessibleName() == "All conversations"
