from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from ui.panes.view.placement import MARGIN, Follows, Placement

TURNS = st.sampled_from((0, 90, 180, 270))
SIDES = st.integers(1, 20_000)


def placed(width: float = 2000, height: float = 1000, turn: int = 0) -> Placement:
    placement = Placement()
    placement.set_view(QRectF(0, 0, 600, 400), 1.0)
    placement.set_picture(QSizeF(width, height))
    placement.turn_to(turn)
    return placement


def near(a: QPointF, b: QPointF, within: float = 1e-3) -> bool:
    return abs(a.x() - b.x()) < within and abs(a.y() - b.y()) < within


@settings(max_examples=60, deadline=None)
@given(
    width=SIDES,
    height=SIDES,
    turn=TURNS,
    ratio=st.sampled_from((1.0, 1.5, 2.0)),
    zoom=st.floats(0.001, 32),
    at=st.tuples(st.floats(-50, 650), st.floats(-50, 450)),
)
def test_a_place_comes_back_from_the_view_to_the_pixel(
    width: int, height: int, turn: int, ratio: float, zoom: float, at: tuple[float, float]
) -> None:
    placement = placed(width, height, turn)
    placement.set_view(QRectF(0, 0, 600, 400), ratio)
    placement.zoom_to(zoom, QPointF(*at))
    place = QPointF(width / 3, height / 7)
    assert near(placement.to_picture(placement.to_view(place)), place)
    assert near(placement.transform().map(place), placement.to_view(place))


@pytest.mark.parametrize(
    ("turn", "corner"), [(0, "topLeft"), (90, "topRight"), (180, "bottomRight"), (270, "bottomLeft")]
)
def test_turning_takes_the_first_pixel_clockwise_round_the_corners(turn: int, corner: str) -> None:
    placement = placed(turn=turn)
    assert near(placement.to_view(QPointF(0, 0)), getattr(placement.rect(), corner)())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_picture_is_fitted_by_its_sides_as_they_lie(turn: int) -> None:
    rect = placed(turn=turn).rect()
    if turn % 180:
        assert rect.height() == pytest.approx(400 - 2 * MARGIN) and rect.width() < rect.height()
    else:
        assert rect.width() == pytest.approx(600 - 2 * MARGIN)
    assert near(rect.center(), QPointF(300, 200))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_pushing_goes_where_the_pointer_goes_however_it_is_turned(turn: int) -> None:
    placement = placed(turn=turn)
    placement.zoom_to(1.0)
    before = placement.rect().topLeft()
    assert placement.move(QPointF(-40, 30))
    assert near(placement.rect().topLeft(), before + QPointF(-40, 30))


@settings(max_examples=40, deadline=None)
@given(turn=TURNS, zoom=st.floats(0.3, 20), x=st.floats(100, 500), y=st.floats(150, 250))
def test_what_is_under_the_pointer_stays_there_while_zooming(
    turn: int, zoom: float, x: float, y: float
) -> None:
    placement = placed(2000, 2000, turn)
    placement.zoom_to(1.0)
    under = placement.to_picture(QPointF(x, y))
    placement.zoom_to(zoom, QPointF(x, y))
    if placement.centre.x() not in (0, 2000) and placement.centre.y() not in (0, 2000):  # not at an edge
        assert near(placement.to_picture(QPointF(x, y)), under)


def test_filling_leaves_no_mat_and_follows_the_view() -> None:
    placement = placed()
    placement.fill()
    assert placement.rect().contains(placement.view) and placement.follows is Follows.FILL
    placement.set_view(QRectF(0, 0, 900, 300), 1.0)
    assert placement.rect().width() == pytest.approx(900)
    placement.turn_to(90)
    assert placement.rect().contains(placement.view)


def test_what_is_well_in_view_is_not_moved_to() -> None:
    placement = placed()
    assert not placement.reveal(QRectF(500, 200, 400, 300))
    assert placement.fitted


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize("box", [QRectF(10, 10, 20, 12), QRectF(1900, 900, 60, 60)])
def test_a_tiny_place_is_brought_to_the_middle_and_made_larger(box: QRectF, turn: int) -> None:
    placement = placed(turn=turn)
    assert placement.reveal(box)
    shown = placement.to_view_rect(box)
    assert near(shown.center(), QPointF(300, 200)) and max(shown.width(), shown.height()) > 24


def test_a_place_larger_than_the_view_is_shown_whole() -> None:
    placement = placed()
    placement.zoom_to(4.0)
    assert placement.reveal(QRectF(100, 100, 1500, 800))
    assert placement.view.contains(placement.to_view_rect(QRectF(100, 100, 1500, 800)))


def test_a_picture_that_stays_is_fitted_anew_where_some_of_it_would_be_cut_off_and_not_while_held() -> None:
    placement = placed()
    placement.stay(True)
    before, view = placement.rect(), QRectF(placement.view)
    placement.set_view(view.adjusted(0, 0, 0, -20), 1.0)
    assert placement.rect() == before
    low = view.adjusted(0, 0, 0, -view.height() / 2)
    placement.hold(True)
    placement.set_view(low, 1.0)
    assert placement.rect() == before and not low.contains(before)
    assert placement.hold(False)
    assert placement.fitted and low.contains(placement.rect())
    fitted = placement.rect()
    placement.set_view(low.adjusted(0, 0, 0, 20), 1.0)
    assert placement.rect() == fitted
    assert placement.stay(False) and placement.rect() != fitted
    placement.set_view(view, 1.0)
    assert placement.rect() == before
