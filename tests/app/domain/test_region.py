"""What can be drawn on a picture."""

from __future__ import annotations

import math

import pytest

from app.domain.geometry import Point
from app.domain.region import HIDES_ALL, Redaction, RedactionKind, Region, RegionKind, Treatment

AT = Point(1, 2)


def region(kind: RegionKind, *points: Point) -> Treatment:
    return Treatment(regions=(Region(id="0", kind=kind, points=points),))


def cover(kind: RedactionKind, *points: Point, width: float = 0) -> Treatment:
    return Treatment(redactions=(Redaction(kind=kind, points=points, width=width),))


@pytest.mark.parametrize(
    "treatment",
    [
        Treatment(),
        HIDES_ALL,
        region(RegionKind.RECTANGLE, AT, AT),
        region(RegionKind.LASSO, AT, AT, AT, AT),
        region(RegionKind.POINT, AT),
        region(RegionKind.ARROW, AT, Point(-1e6, 1e6)),
        cover(RedactionKind.BOX, AT, AT),
        cover(RedactionKind.BRUSH, AT, width=3),
    ],
)
def test_what_has_the_points_that_its_kind_needs_is_sound(treatment: Treatment) -> None:
    assert treatment.is_sound


@pytest.mark.parametrize(
    "treatment",
    [
        region(RegionKind.RECTANGLE),
        region(RegionKind.RECTANGLE, AT),
        region(RegionKind.LASSO, AT, AT),
        region(RegionKind.POINT, AT, AT),
        region(RegionKind.POINT, Point(1, math.nan)),
        region(RegionKind.ARROW, AT, Point(math.inf, 0)),
        region(RegionKind.POINT, Point(1e6 + 1, 0)),
        cover(RedactionKind.BOX, AT),
        cover(RedactionKind.BRUSH),
        cover(RedactionKind.BRUSH, AT, width=math.nan),
        cover(RedactionKind.BRUSH, AT, width=-1),
    ],
)
def test_what_nobody_can_draw_is_not(treatment: Treatment) -> None:
    assert not treatment.is_sound
