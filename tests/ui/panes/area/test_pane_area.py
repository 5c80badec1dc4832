from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.panes.area import pane_moves
from ui.panes.area.arrangement import Leaf, Side, Split, Tab, without
from ui.panes.area.divider import Divider
from ui.panes.area.pane_area import PaneArea
from ui.panes.area.pane_group import PaneGroup
from ui.panes.view.picture_pane import PicturePane

NAMES = {letter * 64: f"{letter}.png" for letter in "abcde"}
A, B, C, D, E = NAMES


def bring(pane: PicturePane, sha256: str) -> None:
    """What a controller does, at once."""
    if not sha256:
        pane.show_empty()
        return
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0)
    pane.show_picture(image, NAMES[sha256], None, sha256)


@pytest.fixture
def area(qtbot: QtBot) -> Iterator[PaneArea]:
    made = PaneArea()
    qtbot.addWidget(made)
    made.picture_wanted.connect(bring)
    made.set_pictures(NAMES)
    made.resize(1000, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.leave_full_screen()


def shown(area: PaneArea) -> list[str]:
    """The letter of the picture in each pane, as one reads."""
    return [pane.sha256[:1] for pane in area.panes()]


def tabs(area: PaneArea) -> list[str]:
    """The letters of the pictures that are open in each pane."""
    return ["".join(tab.sha256[0] for tab in group.tabs) for group in area.groups()]


def test_one_pane_looks_as_if_there_were_no_others(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    (group,) = area.groups()
    assert shown(area) == ["a"] and not group.has_strip
    assert group.pane.size() == area.size()


def test_another_pane_comes_on_the_side_that_was_asked_for(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.open_beside(Tab(B), Side.RIGHT)
    assert shown(area) == ["a", "b"]
    area.open_beside(Tab(C), Side.ABOVE)
    assert shown(area) == ["a", "c", "b"]
    area.open_beside(Tab(D), Side.LEFT, area.groups()[0])
    assert shown(area) == ["d", "a", "c", "b"]
    area.open_beside(Tab(E), Side.BELOW, area.groups()[1])
    assert shown(area) == ["d", "a", "e", "c", "b"]
    assert all(pane.isVisible() and pane.width() > 100 and pane.height() > 100 for pane in area.panes())


def test_the_pane_that_was_opened_or_clicked_is_the_active_one(qtbot: QtBot, area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.activateWindow()
    qtbot.waitUntil(area.isActiveWindow)
    changed: list[PicturePane] = []
    area.active_changed.connect(changed.append)
    area.open_beside(Tab(B), Side.RIGHT)
    first, second = area.panes()
    assert area.active is second and changed == [second]
    qtbot.mouseClick(first.view, Qt.MouseButton.LeftButton)
    assert area.active is first and changed == [second, first]
    assert [group.contentsMargins().top() for group in area.groups()] == [0, 0]
    assert [group._marked for group in area.groups()] == [True, False]


def test_panes_are_told_of_when_they_come_and_go(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    told: list[tuple[str, PicturePane]] = []
    area.pane_added.connect(lambda pane: told.append(("added", pane)))
    area.pane_removed.connect(lambda pane: told.append(("removed", pane)))
    area.open_beside(Tab(B), Side.RIGHT)
    second = area.active
    area.close_tab()
    assert told == [("added", second), ("removed", second)]
    assert area.active is area.panes()[0]


def test_closing_the_last_picture_leaves_the_empty_pane(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.close_tab()
    assert area.active.state == "empty" and len(area.panes()) == 1
    area.close_tab()
    assert area.active.state == "empty"


def test_several_pictures_of_a_pane_have_tabs(qtbot: QtBot, area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.open_tab(Tab(B))
    area.open_tab(Tab(C))
    (group,) = area.groups()
    assert group.has_strip and [group.strip.tabText(i) for i in range(3)] == ["a.png", "b.png", "c.png"]
    assert shown(area) == ["c"]
    qtbot.mouseClick(group.strip, Qt.MouseButton.LeftButton, pos=group.strip.tabRect(0).center())
    assert shown(area) == ["a"]
    qtbot.keyClick(group.strip, Qt.Key.Key_Right)
    assert shown(area) == ["b"]
    qtbot.keyClick(group.strip, Qt.Key.Key_Delete)
    assert tabs(area) == ["ac"] and shown(area) == ["c"]
    qtbot.mouseClick(group.strip, Qt.MouseButton.MiddleButton, pos=group.strip.tabRect(0).center())
    assert tabs(area) == ["c"] and not group.has_strip


def test_choosing_a_picture_that_has_a_tab_goes_there_and_another_takes_the_place(area: PaneArea) -> None:
    group = area.active_group
    group.show_picture(A)
    area.open_tab(Tab(B))
    group.show_picture(A)
    assert tabs(area) == ["ab"] and shown(area) == ["a"]
    group.show_picture(C)
    assert tabs(area) == ["cb"] and shown(area) == ["c"]


def test_a_tab_keeps_how_its_picture_was_looked_at(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    view = area.active.view
    view.zoom_to(3.0)
    view.turn_by(90)
    before = view.look()
    area.open_tab(Tab(B))
    assert view.fitted and view.placement.turn == 0
    pane_moves.go_tab(area, -1)
    assert view.look() == before


def test_a_tab_moves_to_the_next_pane_and_an_empty_pane_goes(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.open_tab(Tab(B))
    area.open_beside(Tab(C), Side.RIGHT)
    pane_moves.go(area, 1)
    pane_moves.carry(area, 1)
    assert tabs(area) == ["a", "cb"] and area.active is area.panes()[1]
    pane_moves.go(area, -1)
    pane_moves.carry(area, -1)
    assert tabs(area) == ["cba"]


@pytest.mark.parametrize("command", sorted(pane_moves.DEEDS.keys() - {"full-screen"}))
def test_every_command_can_be_given_at_any_time(area: PaneArea, command: str) -> None:
    pane_moves.do(area, command, False)
    area.active_group.show_picture(A)
    pane_moves.do(area, command, False)
    area.open_beside(Tab(B), Side.RIGHT)
    pane_moves.do(area, command, False)


def test_splitting_shows_the_same_place_of_the_picture(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.active.view.zoom_to(4.0)
    pane_moves.do(area, "pane-right", False)
    first, second = area.panes()
    assert shown(area) == ["a", "a"] and second.view.zoom == first.view.zoom


def test_there_are_no_panes_too_small_to_see(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    said: list[str] = []
    area.refused.connect(said.append)
    for _ in range(20):
        area.open_beside(Tab(B), Side.RIGHT)
    assert len(said) > 10 and "no room" in said[0]
    assert all(pane.width() >= 120 for pane in area.panes())


def test_panes_in_a_small_window_take_no_more_than_there_is(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    for side in (Side.RIGHT, Side.RIGHT, Side.BELOW):
        area.open_beside(Tab(B), side)
    area.resize(300, 200)
    area.grab()
    assert area.width() == 300
    right = max(pane.mapTo(area, pane.rect().topRight()).x() for pane in area.panes())
    assert right <= 300


def test_pictures_that_are_gone_are_closed(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.open_beside(Tab(B), Side.RIGHT)
    area.open_tab(Tab(C))
    assert area.set_pictures({A: "a.png", C: "c.png"}) is False
    assert tabs(area) == ["a", "c"]
    assert area.set_pictures({A: "a.png"}) is True
    assert tabs(area) == ["a"]


def test_panes_looked_at_together_show_the_same_place_of_their_pictures(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.open_beside(Tab(B), Side.RIGHT)
    first, second = area.panes()
    second.view.turn_by(90)
    pane_moves.do(area, "together", True)
    area.activate(first)
    first.view.zoom_to(5.0)
    first.view.push(first.view.to_picture(first.view.rect().center().toPointF()) * 0.5)
    look, followed = first.view.look(), second.view.look()
    assert look is not None and followed is not None
    assert (followed.x, followed.y, followed.span) == pytest.approx((look.x, look.y, look.span))
    assert (look.turn, followed.turn) == (0, 90)
    pane_moves.do(area, "together", False)
    first.view.fit()
    assert not second.view.fitted


def test_a_pane_fills_the_screen_and_comes_back(qtbot: QtBot, area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.open_beside(Tab(B), Side.RIGHT)
    second = area.active
    second.view.zoom_to(4.0)
    pane_moves.do(area, "full-screen", False)
    assert area.full_screen is not None and second.window() is area.full_screen
    assert second.view.zoom == 4.0
    second.view.bar.reveal()
    assert second.view.bar.isVisible()
    qtbot.keyClick(second.view, Qt.Key.Key_Escape)
    assert area.full_screen is None and second.window() is area.window()
    assert second.isVisible() and shown(area) == ["a", "b"]


def test_what_is_closed_in_full_screen_leaves_it_first(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.open_beside(Tab(B), Side.RIGHT)
    pane_moves.do(area, "full-screen", False)
    area.close_tab()
    assert area.full_screen is None and shown(area) == ["a"]


def test_an_arrangement_comes_back_as_it_was(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    area.open_tab(Tab(B))
    area.open_beside(Tab(C), Side.RIGHT)
    area.open_beside(Tab(D), Side.BELOW)
    area.active.view.zoom_to(2.0)
    kept = area.arrangement()
    first = area.panes()[0]
    area.restore(Leaf(), NAMES)
    assert tabs(area) == [""] and area.active.state == "empty"
    area.restore(kept, NAMES)
    assert tabs(area) == ["ab", "c", "d"] and shown(area) == ["b", "c", "d"]
    assert area.arrangement() == kept
    assert area.active is area.panes()[2] and area.active.view.zoom == 2.0
    assert first in area.panes() or len(area.panes()) == 3


def test_an_arrangement_is_kept_without_pictures_that_are_gone() -> None:
    one, two = Leaf((Tab(A), Tab(B)), 1, active=True), Leaf((Tab(C),))
    both = Split(Qt.Orientation.Horizontal, (one, two), (500, 500))
    assert without(both, frozenset((A, B, C))) == both
    assert without(both, frozenset((A, C))) == both._replace(parts=(Leaf((Tab(A),), 0, active=True), two))
    assert without(both, frozenset((C,))) == two
    assert without(both, frozenset()) == Leaf()


COMMANDS = st.lists(
    st.tuples(
        st.sampled_from(("show", "tab", "left", "right", "above", "below", "close", "go", "carry", "keep")),
        st.integers(0, 4),
    ),
    max_size=14,
)


def act(area: PaneArea, command: str, number: int) -> None:
    sha256 = list(NAMES)[number]
    match command:
        case "show":
            area.active_group.show_picture(sha256)
        case "tab":
            area.open_tab(Tab(sha256))
        case "close":
            area.close_tab()
        case "go":
            pane_moves.go(area, 1)
        case "carry":
            pane_moves.carry(area, 1)
        case "keep":
            area.restore(area.arrangement(), NAMES)
        case side:
            area.open_beside(Tab(sha256), Side(side))


@pytest.mark.parametrize("examples", [8, pytest.param(400, marks=pytest.mark.soak)])
def test_whatever_is_done_every_pane_stands_in_its_place(qtbot: QtBot, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(commands=COMMANDS)
    def stand(commands: list[tuple[str, int]]) -> None:
        area = PaneArea()
        area.picture_wanted.connect(bring)
        area.set_pictures(NAMES)
        area.resize(2000, 1600)
        area.show()
        try:
            for command, number in commands:
                act(area, command, number)
                check(area)
        finally:
            area.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    stand()


def check(area: PaneArea) -> None:
    groups = area.groups()
    assert area.active_group in groups and len(groups) >= 1
    assert all(group.tabs for group in groups) or len(groups) == 1
    for group in groups:
        assert group.pane.sha256 == group.sha256
        assert len({tab.sha256 for tab in group.tabs}) == len(group.tabs)
        assert group.has_strip == (len(group.tabs) > 1)
        assert group.isVisibleTo(area) and group.width() > 0 and group.height() > 0
    living = [g for g in area.findChildren(PaneGroup) if g.isVisibleTo(area)]
    assert sorted(map(id, living)) == sorted(map(id, groups))
    boxes = [group.geometry() for group in groups]
    assert all(area.rect().contains(box) for box in boxes)
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
    lines = [line for line in area.findChildren(Divider) if line.isVisibleTo(area)]
    assert len(lines) == len(groups) - 1
    covered = sum(box.width() * box.height() for box in boxes)
    assert covered > 0.95 * area.width() * area.height()


def test_a_pane_that_was_made_ahead_is_the_next_one_and_no_pane_before(area: PaneArea, qtbot: QtBot) -> None:
    area.active_group.show_picture(A)
    made = area.findChildren(PicturePane)
    area.get_ready()
    qtbot.waitUntil(lambda: area._spares is not None and not area._spares.steps.busy)
    spare = set(area.findChildren(PicturePane)) - set(made)
    assert spare and not any(pane.isVisible() for pane in spare) and area.panes() == made
    area.open_beside(Tab(B), Side.RIGHT)
    area.open_beside(Tab(C), Side.BELOW)
    assert set(area.panes()[1:]) < spare and shown(area) == ["a", "b", "c"]
    assert all(pane.isVisible() for pane in area.panes())


def spoken(widget: QWidget) -> str:
    """What a screen reader calls a widget."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_whatever_takes_the_keyboard_in_a_pane_has_a_name(area: PaneArea) -> None:
    area.open_tab(Tab(A))
    area.open_beside(Tab(B), Side.RIGHT)
    area.open_beside(Tab(C), Side.BELOW)
    area.close_tab(area.groups()[2])
    stops = [part for part in area.findChildren(QWidget) if part.isVisible() and part.focusPolicy()]
    named = {part: spoken(part) for part in stops}
    assert all(named.values())
    assert [named[pane] for pane in area.panes()] == [
        "Picture 1 of 5: a.png, pane 1 of 2",
        "Picture 2 of 5: b.png, pane 2 of 2",
    ]


def test_a_screen_reader_tells_panes_and_tabs_by_their_pictures_and_places(area: PaneArea) -> None:
    view = area.active.view
    assert spoken(view) == "Picture"
    area.active_group.show_picture(B)
    assert spoken(view) == "Picture 2 of 5: b.png"
    area.open_tab(Tab(D))
    strip = QAccessible.queryAccessibleInterface(area.active_group.strip)
    said = [strip.child(number).text(QAccessible.Text.Name) for number in range(2)]
    assert said == ["Picture 2 of 5: b.png", "Picture 4 of 5: d.png"]

    area.open_beside(Tab(D), Side.RIGHT)
    first, second = (pane.view for pane in area.panes())
    assert spoken(first) == "Picture 4 of 5: d.png, pane 1 of 2"
    assert spoken(second) == "Picture 4 of 5: d.png, pane 2 of 2"
    assert strip.child(0).text(QAccessible.Text.Name) == "Picture 2 of 5: b.png, pane 1 of 2"

    area.set_pictures({sha256: NAMES[sha256] for sha256 in (B, D)})
    assert spoken(second) == "Picture 2 of 2: d.png, pane 2 of 2"
    area.panes()[1].show_loading("d.png")
    assert spoken(area.panes()[1]) == "Picture, pane 2 of 2"
    assert spoken(area.panes()[0]) == spoken(first)
    assert strip.child(0).text(QAccessible.Text.Name) == "Picture 1 of 2: b.png, pane 1 of 2"
    area.close_tab()
    assert spoken(first) == "Picture 2 of 2: d.png"
    area.set_pictures({D: "d.png"})
    assert spoken(first) == "Picture: d.png"


def test_tab_walks_pane_by_pane_also_when_one_was_waiting_for_its_picture(area: PaneArea) -> None:
    area.active_group.show_picture(A)
    waiting = area.active
    waiting.show_loading("a.png")
    area.open_beside(Tab(B), Side.RIGHT)
    bring(waiting, A)
    stops = area.stops()
    walked: list[QWidget] = [stops[0]]
    while len(walked) < len(stops):
        step = walked[-1].nextInFocusChain()
        while step not in stops:
            step = step.nextInFocusChain()
        walked.append(step)
    assert walked == stops and len(stops) > 12
