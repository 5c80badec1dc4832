from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ui.panes.area.arrangement import Leaf, Side, Split, Tab
from ui.panes.area.divider import REACH, Divider
from ui.panes.area.pane_area import PaneArea

NAMES = {letter * 64: f"{letter}.png" for letter in "abc"}
A, B, C = NAMES


@pytest.fixture
def area(qtbot: QtBot) -> PaneArea:
    made = PaneArea()
    qtbot.addWidget(made)
    made.set_pictures(NAMES)
    made.resize(1001, 600)
    made.show()
    made.active_group.show_picture(A)
    made.open_beside(Tab(B), Side.RIGHT)
    made.open_beside(Tab(C), Side.BELOW)
    return made


def sizes(area: PaneArea) -> list[tuple[int, int]]:
    return [(group.width(), group.height()) for group in area.groups()]


def lines(area: PaneArea) -> list[Divider]:
    """From the left to the right, those that can be seen."""
    found = [line for line in area.findChildren(Divider) if line.isVisibleTo(area)]
    return sorted(found, key=lambda line: line.x())


def drag(qtbot: QtBot, line: Divider, by: QPoint) -> None:
    start = line.rect().center()
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=start)
    place = line.mapToParent(start) + by
    qtbot.mouseMove(line, line.mapFromParent(place))
    qtbot.mouseRelease(line, Qt.MouseButton.LeftButton)


def test_a_line_between_panes_is_dragged_and_both_follow(qtbot: QtBot, area: PaneArea) -> None:
    upright, flat = lines(area)
    before = sizes(area)
    drag(qtbot, upright, QPoint(-200, 30))
    drag(qtbot, flat, QPoint(30, 100))
    (left, tall), (wide, upper), (_, lower) = before
    assert sizes(area) == [(left - 200, tall), (wide + 200, upper + 100), (wide + 200, lower - 100)]


def test_a_line_goes_no_farther_than_the_panes_beside_it_allow(qtbot: QtBot, area: PaneArea) -> None:
    upright, flat = lines(area)
    drag(qtbot, upright, QPoint(5_000, 0))
    drag(qtbot, flat, QPoint(0, -5_000))
    first, second, third = area.groups()
    assert second.width() == third.width() == second.minimumSizeHint().width()
    assert second.height() == second.minimumSizeHint().height()
    assert first.width() + second.width() == area.width() - 1


def test_a_line_can_be_taken_a_little_beside_itself(area: PaneArea) -> None:
    upright, flat = lines(area)
    assert area.childAt(area.groups()[0].geometry().topRight() - QPoint(1, 0)) is upright
    assert (upright.width(), flat.height()) == (1 + 2 * REACH, 1 + 2 * REACH)
    assert upright.cursor().shape() == Qt.CursorShape.SplitHCursor
    assert flat.cursor().shape() == Qt.CursorShape.SplitVCursor


def test_panes_share_another_size_as_they_shared_the_one_before(qtbot: QtBot, area: PaneArea) -> None:
    drag(qtbot, lines(area)[0], QPoint(-300, 0))
    before = sizes(area)
    for width in (701, 333, 1001):
        area.resize(width, 600)
    assert sizes(area) == before


def test_the_lines_are_gone_with_the_panes(area: PaneArea) -> None:
    area.close_tab()
    assert len(lines(area)) == 1
    area.close_tab()
    assert not lines(area) and area.groups()[0].geometry() == area.rect()


def test_a_pane_that_goes_leaves_what_stands_the_same_way_in_one_row(area: PaneArea) -> None:
    first, second, _ = area.groups()
    area.open_beside(Tab(A), Side.RIGHT, second)
    third = area.groups()[3]
    area.close_tab(third)
    kept = area.arrangement()
    assert isinstance(kept, Split) and all(isinstance(part, Leaf) for part in kept.parts)
    assert area.groups()[0] is first and sum(kept.sizes) == area.width() - 2
