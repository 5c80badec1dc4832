from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.panes.area.tab_strip import LETTERS, TabStrip, elision


def test_in_a_narrow_pane_tabs_keep_a_width_and_our_buttons_scroll_them(qtbot: QtBot) -> None:
    pane = QWidget()
    qtbot.addWidget(pane)
    strip = TabStrip(pane)
    QVBoxLayout(pane).addWidget(strip)
    names = [f"a long name of {letter}.png" for letter in "abcde"]
    strip.show_tabs([(name, name, f"Picture: {name}") for name in names])
    pane.resize(220, 100)
    pane.show()
    cross = strip.tabButton(0, QTabBar.ButtonPosition.RightSide)
    assert cross is not None
    room = cross.geometry().left() - strip.tabRect(0).left()
    assert room > LETTERS * strip.fontMetrics().averageCharWidth()
    assert all(strip.tabRect(index).width() == strip.tabRect(0).width() for index in range(5))
    assert [strip.tabToolTip(index) for index in range(5)] == names
    scrollers = [b for b in strip.findChildren(QToolButton) if b.objectName().startswith("Scroll")]
    assert len(scrollers) == 2
    for button in scrollers:
        assert button.isVisible() and button.arrowType() == Qt.ArrowType.NoArrow
        assert not button.icon().isNull() and button.accessibleName()
    strip.show_current(4)
    cross = strip.tabButton(4, QTabBar.ButtonPosition.RightSide)
    assert cross is not None
    assert not any(cross.geometry().intersects(button.geometry()) for button in scrollers)


@pytest.mark.parametrize(
    ("names", "mode"),
    [
        (["astronaut.png", "coffee in a red cup.jpg"], Qt.TextElideMode.ElideRight),
        (["IMG_20240101_120001.jpg", "IMG_20240101_120002.jpg"], Qt.TextElideMode.ElideLeft),
        (["holiday 1 edited.jpg", "holiday 2 edited.jpg"], Qt.TextElideMode.ElideMiddle),
    ],
)
def test_names_are_cut_where_they_do_not_differ(names: list[str], mode: Qt.TextElideMode) -> None:
    assert elision(names) == mode
