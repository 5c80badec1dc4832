"""Drawing on a picture with a real pointer and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QImage, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from app.domain.geometry import Point
from app.domain.region import (
    COVER_GREY,
    Redaction,
    RedactionKind,
    Region,
    RegionKind,
    Treatment,
)
from ui.panes.regions.board import RegionBoard
from ui.panes.regions.notes import NameField, ReuseButton
from ui.panes.regions.redact_tools import BRUSH_SIZES
from ui.panes.regions.tools import Tool
from ui.panes.view.layer import PictureLayer
from ui.panes.view.picture_marker import PictureMarker
from ui.panes.view.picture_view import PictureView

SIZE = QSize(1200, 900)
LEFT, NONE, SHIFT, CTRL = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
BOX = Region("0a1b2c3d", RegionKind.RECTANGLE, (Point(400, 300), Point(600, 450)))
COVER = Redaction(RedactionKind.BOX, (Point(700, 300), Point(800, 450)))


class Hand:
    """A view with a picture, and a hand that draws on it."""

    def __init__(self, view: PictureView, marker: PictureMarker) -> None:
        self.view = view
        self.marker = marker
        self.told: list[Treatment] = []
        marker.edited.connect(self._keep)

    @property
    def board(self) -> RegionBoard:
        return self.marker.board

    @property
    def regions(self) -> tuple[Region, ...]:
        return self.board.treatment.regions

    @property
    def covers(self) -> tuple[Redaction, ...]:
        return self.board.treatment.redactions

    def at(self, x: float, y: float) -> QPoint:
        """The pixel of the view that shows a place of the picture."""
        return self.view.placement.to_view(QPointF(x, y)).toPoint()

    def drag(
        self, *way: tuple[float, float], modifiers: Qt.KeyboardModifier = NONE, drop: bool = True
    ) -> None:
        places = [self.at(*place) for place in way]
        QTest.mousePress(self.view, LEFT, modifiers, places[0])
        for place in places[1:]:
            _move(self.view, place, modifiers)
        if drop:
            QTest.mouseRelease(self.view, LEFT, modifiers, places[-1])

    def keys(self, *keys: Qt.Key | str, modifiers: Qt.KeyboardModifier = NONE) -> None:
        for key in keys:
            QTest.keyClick(self.view, key, modifiers)

    def _keep(self, treatment: Treatment) -> None:
        self.told.append(treatment)
        self.marker.show_treatment(treatment, self.board.earlier)


def _move(view: PictureView, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    where = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        QPointF(view.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        LEFT,
        modifiers,
    )
    QApplication.sendEvent(view, event)


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    image = QImage(SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("#C0C0C0"))
    view.set_image(image, "grey.png")
    view.setFocus()
    return Hand(view, PictureMarker(view))


def near(points: tuple[Point, ...], *expected: tuple[float, float], within: float) -> bool:
    return len(points) == len(expected) and all(
        abs(point.x - x) <= within and abs(point.y - y) <= within
        for point, (x, y) in zip(points, expected, strict=True)
    )


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("zoom", [1.0, 1.25, 4.0])
def test_a_rectangle_has_the_pixels_that_were_drawn_round(hand: Hand, zoom: float, turn: int) -> None:
    hand.view.turn_by(turn)
    hand.view.zoom_to(zoom)
    hand.keys("r")
    hand.drag((590, 430), (600, 440), (620, 470))
    (region,) = hand.regions
    assert region.kind is RegionKind.RECTANGLE
    assert near(region.points, (590, 430), (620, 470), within=1)
    assert all(point.x == int(point.x) and point.y == int(point.y) for point in region.points)


@pytest.mark.parametrize("turn", [0, 90])
def test_a_fitted_picture_is_drawn_on_to_a_pixel_of_the_screen(hand: Hand, turn: int) -> None:
    hand.view.turn_by(turn)
    hand.keys("r")
    hand.drag((100, 200), (900, 700))
    pixel = 1 / hand.view.placement.scale
    assert near(hand.regions[0].points, (100, 200), (900, 700), within=pixel + 0.5)


def test_each_tool_draws_its_kind(hand: Hand) -> None:
    hand.view.show_full()
    hand.keys("l")
    hand.drag((500, 400), (560, 400), (600, 460), (520, 480), (500, 420))
    hand.keys("p")
    hand.drag((650, 350))
    hand.keys("a")
    hand.drag((400, 300), (450, 380))
    lasso, point, arrow = hand.regions
    assert [r.kind for r in hand.regions] == [RegionKind.LASSO, RegionKind.POINT, RegionKind.ARROW]
    assert near(lasso.points[:2], (500, 400), (560, 400), within=1)
    assert near(point.points, (650, 350), within=1)
    assert near(arrow.points, (400, 300), (450, 380), within=1)
    assert len({region.id for region in hand.regions}) == 3
    assert all(len(region.id) == 8 and int(region.id, 16) >= 0 for region in hand.regions)


def test_nothing_goes_over_the_edge_of_the_picture(hand: Hand) -> None:
    hand.keys("r")
    hand.drag((1000, 800), (1400, 1000))
    (region,) = hand.regions
    assert region.points[1] == Point(1200, 900)
    hand.keys("l")
    hand.drag((10, 10), (-60, 10), (-60, 80), (10, 80))
    assert min(point.x for point in hand.regions[1].points) == 0


def test_shift_makes_squares_and_straight_lines(hand: Hand) -> None:
    hand.keys("r")
    hand.drag((300, 300), (500, 380), modifiers=SHIFT)
    (start, end) = hand.regions[0].points
    assert end.x - start.x == pytest.approx(end.y - start.y, abs=1)
    hand.keys("a")
    hand.drag((100, 100), (300, 120), modifiers=SHIFT)
    tail, head = hand.regions[1].points
    assert tail.y == pytest.approx(head.y, abs=0.2)


def test_a_click_with_a_tool_draws_nothing_and_chooses_what_is_there(hand: Hand) -> None:
    hand.marker.show_treatment(Treatment(regions=(BOX,)), ())
    hand.keys("r")
    hand.drag((100, 100), (101, 100))
    assert hand.told == [] and hand.board.selected is None
    hand.drag((500, 380))
    assert hand.board.selected == BOX


class Clicked(PictureLayer):
    """Lies under what is drawn, as the shapes of an answer do."""

    told = 0

    def click(self, at: QPointF, reach: float) -> bool:
        self.told += 1
        return True


@pytest.mark.parametrize(("key", "told"), [("r", 1), ("l", 1), ("a", 1), ("c", 1), ("p", 0), ("b", 0)])
def test_a_click_that_draws_nothing_is_for_what_lies_below(hand: Hand, key: str, told: int) -> None:
    below = Clicked(hand.view)
    hand.view.add_layer(below, lowest=True)
    hand.keys(key)
    hand.drag((300, 300), (500, 320), (500, 380))
    assert below.told == 0
    hand.drag((700, 500))
    assert below.told == told and len(hand.regions + hand.covers) == 2 - told
    hand.drag((700, 500), (760, 540))
    hand.drag((700, 600), (760, 640), drop=False)
    hand.keys(Qt.Key.Key_Escape)
    QTest.mouseRelease(hand.view, LEFT, NONE, hand.at(700, 600))
    assert below.told == told


def test_handles_change_it_and_a_line_moves_it(hand: Hand) -> None:
    hand.marker.show_treatment(Treatment(regions=(BOX,)), ())
    hand.view.show_full()
    hand.drag((400, 350), (420, 360))
    (moved,) = hand.regions
    assert near(moved.points, (420, 310), (620, 460), within=1)
    hand.drag((620, 460), (640, 500))
    assert near(hand.regions[0].points, (420, 310), (640, 500), within=1)
    hand.drag((530, 310), (530, 280))
    assert near(hand.regions[0].points, (420, 280), (640, 500), within=1)
    assert hand.board.selected == hand.regions[0]
    assert {region.id for done in hand.told for region in done.regions} == {BOX.id}


def test_the_hand_still_drags_and_zooms_the_picture_beside_regions(hand: Hand) -> None:
    hand.marker.show_treatment(Treatment(regions=(BOX,)), ())
    hand.view.show_full()
    before = hand.view.picture_rect().topLeft()
    hand.drag((500, 380), (460, 360))  # within, but on no line
    assert hand.view.picture_rect().topLeft() == before + QPointF(-40, -20)
    assert hand.told == []


def test_keys_put_move_stretch_finish_and_delete(hand: Hand) -> None:
    hand.keys("r", Qt.Key.Key_Return)
    (put,) = hand.regions
    assert near(put.points, (400, 300), (800, 600), within=1)
    hand.keys(Qt.Key.Key_Right, Qt.Key.Key_Down)
    hand.keys(Qt.Key.Key_Left, modifiers=SHIFT)
    assert near(hand.regions[0].points, (391, 301), (791, 601), within=1)
    hand.keys(Qt.Key.Key_Up, modifiers=CTRL | SHIFT)
    assert near(hand.regions[0].points, (391, 301), (791, 591), within=1)
    hand.keys(Qt.Key.Key_Return)
    assert hand.board.selected is None
    hand.keys(".", Qt.Key.Key_Delete)
    assert hand.regions == ()


def test_an_arrow_key_moves_along_the_screen_however_the_picture_is_turned(hand: Hand) -> None:
    hand.view.turn_by(90)
    hand.marker.show_treatment(Treatment(regions=(BOX,)), ())
    hand.keys(".", Qt.Key.Key_Right)
    assert hand.regions[0].points == (Point(400, 299), Point(600, 449))


@pytest.mark.parametrize("key", ["r", "l", "p", "a", "c", "b"])
def test_every_tool_can_be_used_without_a_pointer(hand: Hand, key: str) -> None:
    hand.keys(key, Qt.Key.Key_Return)
    made = (*hand.regions, *hand.covers)
    assert [mark.kind.value for mark in made] == [hand.board.tool.value]


def test_escape_goes_back_step_by_step_and_ends_with_the_hand(hand: Hand) -> None:
    hand.keys("r")
    hand.drag((300, 300), (500, 380), drop=False)
    hand.keys(Qt.Key.Key_Escape)
    QTest.mouseRelease(hand.view, LEFT, NONE, hand.at(500, 380))
    assert hand.told == [] and hand.board.tool is Tool.RECTANGLE
    hand.keys(Qt.Key.Key_Return, Qt.Key.Key_Escape)
    assert hand.board.selected is None and hand.board.tool is Tool.RECTANGLE
    hand.keys(Qt.Key.Key_Escape)
    assert hand.board.tool is Tool.HAND


def test_a_double_click_names_a_region_and_the_name_is_one_line(hand: Hand) -> None:
    hand.marker.show_treatment(Treatment(regions=(BOX,)), ())
    hand.view.show_full()
    QTest.mouseDClick(hand.view, LEFT, NONE, hand.at(500, 300))
    field = hand.view.findChild(NameField)
    assert field is not None and field.isVisible() and field.hasFocus()
    QTest.keyClicks(field, "  the   sign r ")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert hand.regions[0].name == "the sign r"
    assert not field.isVisible() and hand.view.hasFocus()
    hand.keys("n")
    QTest.keyClicks(field, "else")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert hand.regions[0].name == "the sign r"
    assert "1 the sign r (rectangle)" in hand.view.accessibleDescription()


def test_a_brush_covers_what_it_went_over_as_wide_as_it_looks(hand: Hand) -> None:
    hand.view.zoom_to(2.0)
    hand.keys("b")
    hand.drag((600, 400), (650, 400), (650, 470))
    (stroke,) = hand.covers
    assert stroke.kind is RedactionKind.BRUSH
    assert stroke.width == pytest.approx(BRUSH_SIZES[hand.board.brush] / 2)
    assert near(stroke.points, (600, 400), (650, 400), (650, 470), within=1)
    hand.keys("]", "]", "[")
    hand.drag((560, 380))
    assert hand.covers[1].width == pytest.approx(BRUSH_SIZES[hand.board.brush] / 2)
    assert hand.covers[1].width > stroke.width
    assert hand.marker.bar.drawer.slider.value() == hand.board.brush


def test_covers_are_seen_chosen_with_their_tool_and_taken_off(hand: Hand) -> None:
    hand.marker.show_treatment(Treatment(regions=(BOX,), redactions=(COVER,)), ())
    shown = hand.view.grab().toImage().pixelColor(hand.at(750, 375))
    assert shown.red() == shown.green() == shown.blue() == COVER_GREY
    hand.keys("c")
    hand.drag((750, 375))
    assert hand.board.selected == COVER
    hand.keys(Qt.Key.Key_Delete)
    assert hand.covers == () and hand.regions == (BOX,)


def test_the_bar_shows_the_tools_of_one_kind_and_takes_all_covers_off(hand: Hand) -> None:
    bar = hand.marker.bar
    hand.view.bar.reveal()
    QTest.mouseClick(bar.regions, LEFT)
    assert hand.board.tool is Tool.RECTANGLE and bar.regions.isChecked()
    assert [t for t, button in bar.drawer.buttons.items() if button.isVisible()] == [
        *(Tool.RECTANGLE, Tool.LASSO, Tool.POINT, Tool.ARROW)
    ]
    QTest.mouseClick(bar.drawer.buttons[Tool.ARROW], LEFT)
    assert hand.board.tool is Tool.ARROW
    QTest.mouseClick(bar.regions, LEFT)
    assert hand.board.tool is Tool.HAND and not bar.drawer.isVisible()
    QTest.mouseClick(bar.regions, LEFT)
    assert hand.board.tool is Tool.ARROW
    QTest.mouseClick(bar.covers, LEFT)
    assert not bar.drawer.drop.isVisible()
    hand.keys(Qt.Key.Key_Return)
    QTest.mouseClick(bar.drawer.drop, LEFT)
    assert hand.covers == () and len(hand.told) == 2


def test_the_bar_stands_aside_while_something_is_drawn(hand: Hand, qtbot: QtBot) -> None:
    bar = hand.view.bar
    hand.keys("r")
    assert bar.isVisible()
    hand.drag((300, 300), (500, 380), drop=False)
    qtbot.waitUntil(lambda: not bar.isVisible())
    QTest.mouseRelease(hand.view, LEFT, NONE, hand.at(500, 380))
    assert bar.isVisible()


def test_the_picture_stays_where_it_is_until_the_hand_is_back(hand: Hand) -> None:
    hand.view.fit()
    hand.keys("r")
    before, size = hand.view.picture_rect(), hand.view.size()
    hand.view.resize(size.width(), size.height() - 20)
    assert hand.view.picture_rect() == before
    hand.keys(Qt.Key.Key_Escape)
    assert hand.board.tool is Tool.HAND
    assert hand.view.fitted and hand.view.picture_rect() != before


def test_drawing_leaves_the_whole_picture_in_sight_when_the_view_gets_low(hand: Hand) -> None:
    hand.keys("r")
    hand.drag((300, 300), (500, 380))
    hand.view.resize(hand.view.width(), 220)
    shown = hand.view.picture_rect()
    assert hand.board.tool is Tool.RECTANGLE and QRectF(hand.view.rect()).contains(shown)


def test_an_earlier_region_is_faint_and_can_be_taken_along_but_not_changed(hand: Hand, qtbot: QtBot) -> None:
    hand.marker.show_treatment(Treatment(), (BOX,))
    hand.view.show_full()
    hand.drag((400, 350), (430, 350))
    assert hand.board.selected == BOX
    hand.keys(Qt.Key.Key_Delete, Qt.Key.Key_Right)
    assert hand.told == []
    button = hand.view.findChild(ReuseButton)
    assert button is not None and button.isVisible()
    with qtbot.waitSignal(hand.marker.reuse_requested) as reused:
        QTest.mouseClick(button, LEFT)
    assert reused.args == [BOX]
    hand.board.select(None)
    assert not button.isVisible()


def test_keys_that_the_window_has_too_are_the_pictures_while_something_is_drawn_there(
    hand: Hand, qtbot: QtBot
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(hand.view)
    done: list[str] = []
    for keys in ("Ctrl+Z", "Esc"):
        action = QAction(keys, window, shortcut=QKeySequence(keys))
        action.triggered.connect(lambda _=False, keys=keys: done.append(keys))
        window.addAction(action)
    window.resize(700, 500)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    hand.view.setFocus()
    hand.keys(Qt.Key.Key_Escape)
    assert done == ["Esc"]
    hand.keys("r", Qt.Key.Key_Return)
    with qtbot.waitSignal(hand.marker.undo_requested) as undone:
        hand.keys(Qt.Key.Key_Z, modifiers=CTRL)
    assert undone.args == [False]
    hand.keys(Qt.Key.Key_Escape, Qt.Key.Key_Escape)
    assert done == ["Esc"] and hand.board.tool is Tool.HAND
    hand.keys(Qt.Key.Key_Escape)
    assert done == ["Esc", "Esc"]
    window.takeCentralWidget()


def test_nothing_is_made_before_something_is_drawn(hand: Hand) -> None:
    hand.marker.show_treatment(Treatment(), ())
    hand.keys(Qt.Key.Key_Plus)
    assert "board" not in hand.marker.__dict__


def test_many_regions_are_numbered_anew_when_one_goes(hand: Hand) -> None:
    spots = tuple(Region(f"{n:08x}", RegionKind.POINT, (Point(100 + 100 * n, 450),)) for n in range(9))
    hand.marker.show_treatment(Treatment(regions=spots), ())
    hand.board.select(spots[0])
    hand.view.grab()
    hand.keys(Qt.Key.Key_Delete)
    kept = hand.view.grab().toImage()
    fresh = Treatment(regions=hand.regions[:8])
    hand.marker.show_treatment(Treatment(), ())
    hand.view.grab()
    hand.marker.show_treatment(fresh, ())
    assert hand.view.grab().toImage() == kept


def test_every_zoom_and_turn_draws_all_kinds(hand: Hand) -> None:
    kinds = [
        BOX,
        Region("1", RegionKind.LASSO, (Point(10, 10), Point(300, 20), Point(200, 400))),
        Region("2", RegionKind.POINT, (Point(600, 450),)),
        Region("3", RegionKind.ARROW, (Point(600, 450), Point(600, 450))),
    ]
    stroke = Redaction(RedactionKind.BRUSH, (Point(300, 300),), 40)
    hand.marker.show_treatment(Treatment(regions=tuple(kinds), redactions=(COVER, stroke)), (BOX, COVER))
    for turn, mark in enumerate((*kinds, COVER, stroke)):
        hand.view.turn_by(90 * turn)
        hand.view.zoom_to(1 + turn)
        hand.board.select(mark)
        assert not hand.view.grab().isNull()


def test_another_picture_ends_what_is_being_drawn_or_moved(hand: Hand) -> None:
    hand.keys("r")
    hand.drag((100, 100), (300, 250), drop=False)
    hand.view.set_image(QImage(SIZE, QImage.Format.Format_RGB32), "other.png")
    QTest.mouseRelease(hand.view, LEFT, NONE, hand.at(300, 250))
    assert hand.told == []
    hand.marker.show_treatment(Treatment((BOX,)), ())
    hand.board.select(BOX)
    hand.drag((500, 300), (540, 360), drop=False)
    hand.view.set_image(QImage(SIZE, QImage.Format.Format_RGB32), "other.png")
    QTest.mouseRelease(hand.view, LEFT, NONE, hand.at(540, 360))
    assert hand.told == [] and hand.regions == (BOX,)
    hand.drag((500, 300), (540, 360))
    assert len(hand.told) == 1
