"""The window of the table, whatever is in it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.compare.compare_window import SIZE, CompareWindow


def test_it_is_no_larger_than_the_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    table = CompareWindow("What is it?", window)
    room = table.screen().availableGeometry().size()
    assert SIZE[0] > room.width(), "else this tests nothing"
    assert table.size().boundedTo(room) == table.size()
