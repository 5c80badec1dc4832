from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.geometry import Box, Point
from app.domain.region import Redaction, RedactionKind, Region, RegionKind
from ui.panes.regions import geometry, marks
from ui.panes.regions.geometry import HANDLES

POINTS = st.builds(Point, st.floats(0, 2000), st.floats(0, 1500))
KINDS = st.one_of(
    st.builds(
        lambda a, b: Region("0" * 8, RegionKind.RECTANGLE, (a, b)),
        POINTS.map(lambda p: Point(round(p.x), round(p.y))),
        POINTS.map(lambda p: Point(round(p.x), round(p.y))),
    ),
    st.builds(
        lambda points: Region("0" * 8, RegionKind.LASSO, tuple(points)),
        st.lists(POINTS, min_size=3, max_size=8),
    ),
    st.builds(lambda a: Region("0" * 8, RegionKind.POINT, (a,)), POINTS),
    st.builds(lambda a, b: Region("0" * 8, RegionKind.ARROW, (a, b)), POINTS, POINTS),
    st.builds(
        lambda points: Redaction(RedactionKind.BRUSH, tuple(points), 12.0),
        st.lists(POINTS, min_size=1, max_size=8),
    ),
)


@settings(max_examples=60, deadline=None)
@given(KINDS, st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_what_is_pushed_keeps_its_size_and_stays_on_the_picture(
    mark: Region | Redaction, dx: float, dy: float
) -> None:
    after = marks.pushed(mark, dx, dy, 2000, 1500)
    before, now = geometry.bounds(mark.points), geometry.bounds(after.points)
    assert now.width == pytest.approx(before.width, abs=0.2)
    assert now.height == pytest.approx(before.height, abs=0.2)
    assert all(-0.1 <= p.x <= 2000.1 and -0.1 <= p.y <= 1500.1 for p in after.points)


@settings(max_examples=60, deadline=None)
@given(KINDS, st.integers(0, 7), POINTS, st.booleans())
def test_a_handle_goes_where_it_is_pulled_and_what_lies_across_stays(
    mark: Region | Redaction, number: int, at: Point, constrained: bool
) -> None:
    handles, drawn = marks.handles_of(mark), geometry.bounds(mark.points)
    if not handles or min(drawn.width, drawn.height) < 2:  # nothing so small is drawn
        return
    handle = number % len(handles)
    after = marks.pulled(mark, handle, at, constrained=constrained)
    assert after.kind is mark.kind and len(after.points) == len(mark.points)
    if len(handles) == len(HANDLES):
        across = (handle + 4) % len(HANDLES)
        kept, now = handles[across], marks.handles_of(after)[across]
        if 0.5 not in HANDLES[handle]:
            assert (now.x, now.y) == pytest.approx((kept.x, kept.y), abs=1.1)
    elif not constrained:
        assert geometry.distance(marks.handles_of(after)[handle], at) < 0.2


def test_a_line_with_fewer_points_is_nowhere_far_from_the_one_that_was_drawn() -> None:
    drawn = tuple(
        Point(200 + 150 * math.cos(n / 90), 200 + (80 + n % 3) * math.sin(n / 90)) for n in range(900)
    )
    line = geometry.simplified(drawn, 4)
    assert 5 < len(line) < 120
    assert all(geometry.distance_to_lines(point, line) <= 4.001 for point in drawn)
    jagged = tuple(Point(n, n % 2 * 100) for n in range(2000))
    assert geometry.simplified(jagged, 0.5) == jagged
    straight = tuple(Point(n, n) for n in range(2000))
    assert len(geometry.simplified(straight, 0.5)) < 100


def test_what_is_on_a_line_and_within_an_outline() -> None:
    square = Region("0" * 8, RegionKind.RECTANGLE, (Point(10, 10), Point(50, 50)))
    assert marks.is_on(square, Point(12, 30), 3, within=False)
    assert not marks.is_on(square, Point(30, 30), 3, within=False)
    assert marks.is_on(square, Point(30, 30), 3, within=True)
    assert not marks.is_on(square, Point(60, 30), 3, within=True)
    stroke = Redaction(RedactionKind.BRUSH, (Point(10, 10), Point(90, 10)), 20)
    assert marks.is_on(stroke, Point(50, 21), 2, within=False)
    assert not marks.is_on(stroke, Point(50, 23), 2, within=False)


def test_a_corner_pulled_over_the_one_across_leaves_a_pixel() -> None:
    box = geometry.with_handle(Box(10, 10, 50, 50), 0, Point(80, 80))
    assert (box.width, box.height) == (1, 1)
