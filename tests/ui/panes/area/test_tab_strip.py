from __future__ import annotations

from collections.abc import Iterator

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


@pytest.fixture
def narrow_strip(qtbot: QtBot, dressed: None) -> Iterator[TabStrip]:
    pane = QWidget()
    qtbot.addWidget(pane)
    pane.resize(186, 60)
    strip = TabStrip(pane)
    QVBoxLayout(pane).addWidget(strip)
    strip.show_tabs([(name, f"picture {name}.png", name) for name in "abcdefghi"])
    pane.show()
    yield strip


def fills_its_room(strip: TabStrip) -> bool:
    """Whether no tab is scrolled away in front while there is room behind the last one."""
    scroller = strip.findChild(QToolButton, "ScrollLeftButton")
    assert isinstance(scroller, QToolButton)
    end = strip.width() if scroller.isHidden() else scroller.x()
    return strip.tabRect(0).left() >= 0 or strip.tabRect(strip.count() - 1).right() >= end - 2


def test_tabs_scroll_back_into_the_room_that_a_pane_gets(narrow_strip: TabStrip) -> None:
    narrow_strip.show_current(7)
    for width in range(260, 700, 20):
        narrow_strip.resize(130, narrow_strip.height())
        narrow_strip.resize(width, narrow_strip.height())
        assert narrow_strip.tabRect(0).left() < 0 and fills_its_room(narrow_strip)
    narrow_strip.resize(2000, narrow_strip.height())
    assert narrow_strip.tabRect(0).left() == 0


def test_tabs_that_were_out_of_sight_come_without_a_gap(narrow_strip: TabStrip) -> None:
    narrow_strip.show_current(8)
    narrow_strip.hide()
    narrow_strip.show_tabs([(name, f"picture {name}.png", name) for name in "ab"])
    narrow_strip.show_current(1)
    narrow_strip.show()
    assert narrow_strip.tabRect(0).left() < 0 and fills_its_room(narrow_strip)


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
