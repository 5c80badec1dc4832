"""Shapes on a picture: where they are drawn, what is under the pointer, which names are seen."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QLineF, QObject, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.geometry import Box, Point
from app.domain.shape import Mask, Shape, ShapeKind
from app.grounding.dialects import shapes_in
from tests.grounded_answers import GROUNDED, HEIGHT, WIDTH, Expected, Grounded
from ui.controllers.shapes.shape_door import may_point
from ui.panes.shapes.layer import DIMMED, ShapeLayer
from ui.panes.shapes.painting import DOT
from ui.panes.shapes.scene import ShapeScene, colours_of
from ui.panes.shapes.sheet import FEW
from ui.panes.shapes.tags import FEW as FEW_NAMES
from ui.panes.shapes.tags import Tags
from ui.panes.view.picture_view import PictureView
from ui.panes.view.placement import Placement
from ui.theme import palette

VIEW = QSize(640, 480)
GREY = QColor("#808080")
TURNS = (0, 90, 180, 270)
ROWS = pytest.mark.parametrize("row", GROUNDED.values(), ids=GROUNDED.keys())


def shape(label: str, left: float, top: float, right: float, bottom: float, **more: object) -> Shape:
    """A shape of a picture of 2000 by 1500."""
    fractions = Box(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)
    made = Shape(label=label, box=fractions, pixels=Box(left, top, right, bottom))
    return made.replace(**more)


def point(label: str, x: float, y: float) -> Shape:
    return shape(label, x, y, x, y, kind=ShapeKind.POINT, points=(Point(x, y),))


def scene(*shapes: Shape) -> ShapeScene:
    return ShapeScene(list(enumerate(shapes)), colours_of(shapes))


def placed(turn: int = 0, zoom: float | None = None, centre: QPointF | None = None) -> Placement:
    placement = Placement()
    placement.set_picture(QSizeF(WIDTH, HEIGHT))
    placement.set_view(QRectF(0, 0, VIEW.width(), VIEW.height()), 1.0)
    placement.turn_to(turn)
    if zoom is not None:
        placement.look_at(centre or placement.centre, zoom)
    return placement


def painted(layer: ShapeLayer, placement: Placement) -> QImage:
    """What the layer draws over grey, once it is through."""
    while True:
        image = QImage(VIEW, QImage.Format.Format_RGB32)
        image.fill(GREY)
        painter = QPainter(image)
        layer.paint(painter, placement)
        painter.end()
        if layer.settled:
            return image


def overlay(number: int) -> str:
    return palette.current().color(f"overlay_{number + 1}").name()


def colors_near(image: QImage, at: QPointF, reach: int = 1) -> set[str]:
    around = itertools.product(range(-reach, reach + 1), repeat=2)
    places = (at.toPoint() + QPoint(dx, dy) for dx, dy in around)
    return {image.pixelColor(place).name() for place in places if image.rect().contains(place)}


def corners(expected: Expected) -> list[QPointF]:
    """The corners of a box or of a polygon, or a point."""
    numbers = expected.numbers
    if expected.kind in (ShapeKind.BOX, ShapeKind.MASK):
        left, top, right, bottom = numbers
        numbers = (left, top, right, top, right, bottom, left, bottom)
    return [QPointF(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def outline(expected: Expected) -> list[QLineF]:
    """The sides of what is expected, in pixels of the original; of a mask, of its inner half."""
    found = corners(expected)
    if expected.kind is ShapeKind.MASK:
        middle = (found[0].x() + found[1].x()) / 2
        found = [found[0], QPointF(middle, found[1].y()), QPointF(middle, found[2].y()), found[3]]
    return [QLineF(one, other) for one, other in zip(found, [*found[1:], found[0]], strict=True)]


@pytest.fixture
def layer(qapp: QApplication) -> Iterator[ShapeLayer]:
    made = ShapeLayer()
    yield made
    made.deleteLater()


@ROWS
def test_each_dialect_is_drawn_where_it_points(layer: ShapeLayer, row: Grounded) -> None:
    found = shapes_in(row.message)
    drawn = scene(*found)
    layer.set_scene(drawn)
    for number, (each, expected) in enumerate(zip(found, row.expected, strict=True)):
        color = overlay(drawn.colours[number])
        middle = QRectF(each.pixels.left, each.pixels.top, each.pixels.width, each.pixels.height).center()
        for turn, zoom in itertools.product(TURNS, (None, 0.9)):
            placement = placed(turn, zoom, middle)
            image = painted(layer, placement)
            if expected.kind is ShapeKind.POINT:
                at = placement.to_view(corners(expected)[0])
                assert image.pixelColor(at.toPoint()).name() == color
                assert GREY.name() in colors_near(image, at + QPointF(0, 3 * DOT), 0)
            else:
                others = [side for other in row.expected if other is not expected for side in outline(other)]
                check_outline(image, placement, expected, color, others)


def is_on(place: QPointF, side: QLineF) -> bool:
    """Whether a place lies on a line, to a pixel of the original."""
    return QLineF(side.p1(), place).length() + QLineF(place, side.p2()).length() < side.length() + 1


def check_outline(
    image: QImage, placement: Placement, expected: Expected, color: str, others: list[QLineF]
) -> None:
    """Every side in sight has its colour, and neither side of it has."""
    seen = 0
    for side in outline(expected):
        if any(is_on(side.pointAt(0.7), other) for other in others):
            continue  # the smaller one's line is on top
        on = placement.to_view(side.pointAt(0.7))
        away = QLineF(on, placement.to_view(side.p1())).normalVector().unitVector()
        away.setLength(7)
        if not QRectF(image.rect()).adjusted(8, 8, -8, -8).contains(on):
            continue
        assert color in colors_near(image, on), side
        length = QLineF(placement.to_view(side.p1()), on).length()
        if length > 40:
            beyond = QPointF(away.dx(), away.dy())
            assert color not in colors_near(image, on + beyond) & colors_near(image, on - beyond)
        seen += 1
    assert seen or placement.zoom > 0.3


@ROWS
def test_no_dialect_is_passed_over_by_the_first_look(row: Grounded) -> None:
    assert may_point(row.message)


def test_a_line_is_as_wide_at_every_zoom(layer: ShapeLayer) -> None:
    layer.set_scene(scene(shape("", 400, 300, 1600, 1200)))
    widths = set()
    for zoom in (0.25, 0.5, 1.0, 4.0):
        placement = placed(0, zoom, QPointF(400, 700))
        image = painted(layer, placement)
        row = [image.pixelColor(x, 240).name() for x in range(300, 340)]
        widths.add((row.count(overlay(0)), sum(color not in (overlay(0), GREY.name()) for color in row)))
    assert widths == {(2, 2)}


def test_a_mask_covers_what_is_inside_and_nothing_else(layer: ShapeLayer) -> None:
    ring = (0, 9, 1, 1, 1, 1, 1, 9)  # of 5 by 5 cells: all but a cross of holes
    cells = Mask(5, 5, ring)
    layer.set_scene(scene(shape("cat", 500, 375, 1500, 1125, kind=ShapeKind.MASK, mask=cells)))
    inside = [True] * 9 + [False, True, False, True, False] + [True] * 9 + [False] * 2
    for turn in TURNS:
        placement = placed(turn)
        image = painted(layer, placement)
        for cell, covered in enumerate(inside):
            at = QPointF(600 + 200 * (cell % 5), 450 + 150 * (cell // 5))
            color = image.pixelColor(placement.to_view(at).toPoint())
            assert (color != GREY) == covered, (turn, cell)


def test_a_polygon_is_not_its_box(layer: ShapeLayer) -> None:
    roof = shape("roof", 400, 300, 1600, 1200, kind=ShapeKind.POLYGON)
    drawn = scene(roof.replace(points=(Point(400, 1200), Point(1000, 300), Point(1600, 1200))))
    assert drawn.at(QPointF(1000, 900), 1.0) == 0
    assert drawn.at(QPointF(450, 350), 1.0) == -1
    layer.set_scene(drawn)
    image, placement = painted(layer, placed()), placed()
    assert overlay(0) in colors_near(image, placement.to_view(QPointF(700, 750)))
    assert overlay(0) not in colors_near(image, placement.to_view(QPointF(400, 700)), 3)


def test_the_smallest_shape_under_the_pointer_is_meant() -> None:
    drawn = scene(
        shape("car", 200, 200, 1800, 1400),
        shape("wheel", 300, 900, 600, 1200),
        point("hub", 450, 1050),
        shape("speck", 1000, 1000, 1002, 1002),
    )
    places = QPointF(1500, 500), QPointF(320, 920), QPointF(455, 1045), QPointF(1008, 995)
    assert [drawn.at(place, 10.0) for place in places] == [0, 1, 2, 3]
    assert drawn.at(QPointF(195, 700), 10.0) == 0
    assert drawn.at(QPointF(150, 700), 10.0) == -1
    assert drawn.at(QPointF(320, 920), 10.0, frozenset(["wheel"])) == 0


def test_what_is_meant_stands_out_and_the_others_stand_back(layer: ShapeLayer) -> None:
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200), shape("b", 1200, 300, 1800, 1200)))
    placement = placed()
    left, right = (placement.to_view(QPointF(x, 750)) for x in (200, 1200))
    plain = painted(layer, placement)
    layer.highlight([1])
    image = painted(layer, placement)
    assert image.pixelColor(right.toPoint()).name() == overlay(1)
    assert overlay(0) in colors_near(plain, left) and overlay(0) not in colors_near(image, left)
    layer.highlight(())
    assert painted(layer, placement) == plain


def test_a_label_can_be_hidden(layer: ShapeLayer) -> None:
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200), shape("b", 1200, 300, 1800, 1200)))
    layer.hide_labels(frozenset(["a"]))
    placement = placed()
    image = painted(layer, placement)
    assert colors_near(image, placement.to_view(QPointF(200, 750)), 3) == {GREY.name()}
    assert overlay(1) in colors_near(image, placement.to_view(QPointF(1200, 750)))


def test_another_theme_is_worn_at_once(layer: ShapeLayer, qapp: QApplication, qtbot: QtBot) -> None:
    palette.apply(qapp, "light")
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200)))
    painted(layer, placed())
    with qtbot.waitSignal(layer.changed):
        palette.apply(qapp, "dark")
    painted(layer, placed())
    palette.apply(qapp, "light")


# ---- names

CELLS = tuple(itertools.product(range(10), range(10)))


def tags_of(drawn: ShapeScene, placement: Placement) -> Tags:
    tags = Tags(placement.left, placement.rect())
    places = drawn.in_sight(placement.seen(), range(len(drawn.shapes)))
    tags.place_some(drawn, places, placement.transform(), few=len(places) <= FEW_NAMES)
    return tags


@pytest.mark.parametrize("turn", TURNS)
def test_names_stay_in_the_view_and_do_not_pile_up(qapp: QApplication, turn: int) -> None:
    crowd = [
        shape(f"kind {n % 7} " * (1 + n % 3), x, y, x + 150 + n, y + 120)
        for n, (x, y) in enumerate(itertools.product(range(0, 1850, 360), range(0, 1400, 290)))
    ]
    for zoom in (None, 0.7):
        placement = placed(turn, zoom)
        tags = tags_of(scene(*crowd[:25]), placement)
        assert len(tags.placed) > 5
        for one, other in itertools.combinations(tags.placed, 2):
            assert not one.rect.intersects(other.rect)
        assert all(placement.view.contains(tag.rect) for tag in tags.placed)


def test_names_that_would_hide_the_picture_are_left_for_the_pointer(qapp: QApplication) -> None:
    grid = [shape(f"thing {x + y}", x * 190, y * 140, x * 190 + 170, y * 140 + 120) for x, y in CELLS]
    small, large = placed(), placed(0, 4.0)
    assert tags_of(scene(*grid), small).placed == []
    assert len(tags_of(scene(*grid), large).placed) > 0
    tags = Tags(small.left, small.rect())
    tags.place_meant(scene(*grid), [7], small.transform())
    assert [tag.words for tag in tags.placed] == [grid[7].label]


def test_a_name_over_the_edge_moves_inside_and_a_long_one_is_cut(qapp: QApplication) -> None:
    tags = tags_of(
        scene(shape("sky", 0, 0, 2000, 1500), shape("word " * 40, 1900, 700, 2000, 800)), placed(0, 1.0)
    )
    by_place = {tag.place: tag for tag in tags.placed}
    assert by_place[0].rect.top() >= 0
    assert by_place[0].words == "sky"
    tags = tags_of(scene(shape("word " * 40, 1900, 700, 2000, 800)), placed())
    assert tags.placed[0].words.endswith("…")


def test_the_name_of_what_is_meant_is_seen_whatever_is_below(qapp: QApplication) -> None:
    stack = [shape(f"sheet {n}", 500, 500, 900, 900) for n in range(20)]
    tags = Tags(placed().left, placed().rect())
    tags.place_meant(scene(*stack), [7], placed().transform())
    assert [tag.words for tag in tags.placed] == ["sheet 7"]


# ---- many


def many(count: int) -> list[Shape]:
    places = itertools.islice(itertools.product(range(0, 1990, 14), range(0, 1490, 14)), count)
    return [shape(f"kind {n % 12}", x, y, x + 10, y + 10) for n, (x, y) in enumerate(places)]


def test_many_shapes_are_drawn_in_steps_until_all_are_there(layer: ShapeLayer, qtbot: QtBot) -> None:
    drawn = many(10_000)
    layer.set_scene(scene(*drawn))
    placement = placed(0, 1.0)
    first = QImage(VIEW, QImage.Format.Format_RGB32)
    painter = QPainter(first)
    layer.paint(painter, placement)
    painter.end()
    assert not layer.settled
    with qtbot.waitSignal(layer.changed):
        pass
    assert layer.settled
    image = painted(layer, placement)
    seen = placement.seen()
    checked = [s for s in drawn if seen.adjusted(20, 20, -20, -20).contains(s.pixels.left, s.pixels.top)][
        ::97
    ]
    assert len(checked) > 10
    for each in checked:
        at = placement.to_view(QPointF(each.pixels.right, each.pixels.bottom - 3))
        assert colors_near(image, at) != {GREY.name()}


def test_many_shapes_move_with_the_picture_and_are_drawn_anew_when_it_rests(
    layer: ShapeLayer, qtbot: QtBot
) -> None:
    layer.set_scene(scene(*(shape("", x, 700, x + 8, 708) for x in range(0, 1990, 10))))
    assert len(layer._scene.shapes) > FEW if layer._scene else False
    placement = placed(0, 1.0)
    painted(layer, placement)
    before = placement.to_view(QPointF(1000, 704))
    placement.move(QPointF(40, 30))
    image = QImage(VIEW, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    layer.paint(painter, placement)
    painter.end()
    assert overlay(0) in colors_near(image, before + QPointF(40, 30))
    assert not layer.settled
    qtbot.waitUntil(lambda: layer.settled)
    assert overlay(0) in colors_near(painted(layer, placement), before + QPointF(40, 30))


def test_others_stand_back_while_the_picture_is_zoomed(layer: ShapeLayer) -> None:
    layer.set_scene(scene(*many(200), shape("far", 300, 700, 1700, 1400)))
    placement = placed()
    painted(layer, placement)
    placement.zoom_to(placement.zoom * 1.5)
    edge = placement.to_view(QPointF(1000, 700)).toPoint()

    def on_the_edge() -> set[str]:
        image = QImage(VIEW, QImage.Format.Format_RGB32)
        image.fill(GREY)
        painter = QPainter(image)
        layer.paint(painter, placement)
        painter.end()
        return {image.pixelColor(edge + QPoint(0, dy)).name() for dy in range(-4, 5)}

    bright = on_the_edge()
    color = QColor(overlay(scene(*many(200), shape("far", 0, 0, 1, 1)).colours[-1]))
    assert color.name() in bright
    layer.highlight([0])
    mixed = [
        round(one + (other - one) * DIMMED)
        for one, other in zip(GREY.getRgb()[:3], color.getRgb()[:3], strict=True)
    ]
    dim = [QColor(name).getRgb()[:3] for name in on_the_edge()]
    assert any(all(abs(a - b) <= 3 for a, b in zip(rgb, mixed, strict=True)) for rgb in dim)


def test_frames_without_a_pause_do_not_put_off_the_shapes(layer: ShapeLayer, qapp: QApplication) -> None:
    layer.set_scene(scene(*many(400)))
    placement = placed(0, 1.0)
    painted(layer, placement)
    layer.set_scene(scene(*many(600)))
    image = QImage(VIEW, QImage.Format.Format_RGB32)
    for _ in range(200):
        painter = QPainter(image)
        layer.paint(painter, placement)
        painter.end()
        if layer.settled:
            break
        qapp.processEvents()
    assert layer.settled


def test_shapes_that_are_not_shown_any_more_are_let_go(layer: ShapeLayer, qtbot: QtBot) -> None:
    before = scene(*many(200))
    gone = weakref.ref(before)
    layer.set_scene(before)
    del before
    painted(layer, placed())
    layer.set_scene(scene(*many(100)))
    painted(layer, placed())
    qtbot.waitUntil(lambda: gone() is None)


# ---- in a view


@pytest.fixture
def view(qtbot: QtBot, layer: ShapeLayer) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(VIEW)
    made.show()
    picture = QImage(WIDTH // 4, HEIGHT // 4, QImage.Format.Format_RGB32)
    picture.fill(GREY)
    made.set_image(picture, "cat.png", QSize(WIDTH, HEIGHT))
    made.add_layer(layer)
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200), shape("b", 1200, 300, 1800, 1200)), "2 things.")
    return made


def at(view: PictureView, x: float, y: float) -> QPoint:
    return view.placement.to_view(QPointF(x, y)).toPoint()


def test_the_pointer_tells_the_shape_it_is_on_and_a_click_means_it(
    qtbot: QtBot, view: PictureView, layer: ShapeLayer
) -> None:
    told: list[int] = []
    layer.pointed.connect(told.append)
    for x in (500, 1000, 1500):
        qtbot.mouseMove(view, at(view, x, 700))
    assert told == [0, -1, 1]
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(layer.chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 1500, 700))
    assert chosen.args == [1]
    assert view.accessibleDescription().endswith("2 things.")


def test_only_the_shape_that_was_pointed_at_and_the_one_that_is_now_are_drawn_again(
    qtbot: QtBot, view: PictureView, layer: ShapeLayer
) -> None:
    shapes = [shape("a", 200, 300, 500, 600), shape("b", 1200, 300, 1500, 600), point("c", 1700, 1300)]
    layer.set_scene(scene(*shapes))
    parts: list[QRect] = []

    class Watch(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                parts.extend(event.region())
            return False

    qtbot.mouseMove(view, at(view, 300, 400))
    qtbot.waitUntil(lambda: layer.settled)
    view.repaint()
    around = QRect(at(view, 100, 200), at(view, 600, 700))  # the bar comes and goes elsewhere
    painted = view.grab(around).toImage()
    watch = Watch()
    view.installEventFilter(watch)
    for x, y in ((1300, 400), (1700, 1300), (300, 400)):
        parts.clear()
        qtbot.mouseMove(view, at(view, x, y))
        qtbot.waitUntil(lambda: bool(parts))
        assert sum(part.width() * part.height() for part in parts) < VIEW.width() * VIEW.height() / 4
        assert any(part.contains(at(view, x, y)) for part in parts)
        shown = view.window().screen().grabWindow(view.winId()).toImage()
        drawn = view.grab().toImage()
        assert not shown.isNull() and shown.size() == drawn.size()
        assert shown.convertToFormat(drawn.format()) == drawn
    qtbot.waitUntil(lambda: view.grab(around).toImage() == painted)


def test_shapes_do_not_keep_the_picture_from_being_moved(qtbot: QtBot, view: PictureView) -> None:
    view.zoom_to(2.0)
    before = view.picture_rect().topLeft()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(view, QPoint(260, 180))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(260, 180))
    assert view.picture_rect().topLeft() != before


def test_a_shape_that_is_still_there_stays_meant_while_an_answer_grows(
    qtbot: QtBot, view: PictureView, layer: ShapeLayer
) -> None:
    qtbot.mouseMove(view, at(view, 500, 700))
    told: list[int] = []
    layer.pointed.connect(told.append)
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200), *many(5)))
    assert told == []
    layer.set_scene(None)
    assert told == [-1]
