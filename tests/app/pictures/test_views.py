"""Which parts of a picture are sent, and how large."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail, View
from app.domain.region import Region, RegionKind, RegionSend, Treatment
from app.pictures.views import TILE, Shot, sent_size, views
from tests.app.pictures.sending import at

EXAMPLES = 40
ROOMY = Limits(longest_side=1024, most_pictures=16)
NOTHING = Treatment()

sizes = st.tuples(st.integers(1, 12_000), st.integers(1, 12_000))
limits = st.builds(
    Limits,
    longest_side=st.integers(16, 4096),
    most_pictures=st.integers(1, 30),
    encoding=st.sampled_from(PictureEncoding),
    most_pixels=st.none() | st.integers(256, 4_000_000),
    multiple=st.sampled_from([1, 14, 28, 32]),
    tile=st.none() | st.integers(64, 1024),
)
places = st.builds(at, st.floats(-200, 13_000), st.floats(-200, 13_000))


@st.composite
def regions(draw: st.DrawFn) -> Region:
    kind = draw(st.sampled_from(RegionKind))
    least, most = {"rectangle": (2, 2), "lasso": (3, 9), "point": (1, 1), "arrow": (2, 2)}[kind]
    points = draw(st.lists(places, min_size=least, max_size=most))
    return Region(id="0" * 8, kind=kind, points=tuple(points))


treatments = st.builds(
    Treatment, regions=st.lists(regions(), max_size=4).map(tuple), sends=st.sampled_from(RegionSend)
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(sizes, treatments, st.sampled_from(Detail), limits)
def test_every_part_lies_in_the_picture_and_within_the_limits(
    size: tuple[int, int], treatment: Treatment, detail: Detail, takes: Limits
) -> None:
    asked = views(size, treatment, detail, takes)
    assert 1 <= len(asked.shots) <= takes.most_pictures
    for shot in asked.shots:
        left, top, right, bottom = shot.cut.box
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]
        width, height = shot.cut.size
        enlarged = takes.multiple // 2 if shot.view is View.REGION and takes.multiple > 1 else 0
        assert 1 <= width <= right - left + enlarged
        assert 1 <= height <= bottom - top + enlarged
        if detail in (Detail.FIT, Detail.TILES):
            assert max(width, height) <= takes.longest_side
            assert takes.most_pixels is None or width * height <= takes.most_pixels
            assert all(side % takes.multiple == 0 or side < takes.multiple for side in shot.cut.size)


@settings(max_examples=EXAMPLES, deadline=None)
@given(sizes, treatments, st.sampled_from(Detail), limits, st.floats(0, 1), st.floats(0, 1))
def test_a_place_goes_into_what_is_sent_and_back(
    size: tuple[int, int],
    treatment: Treatment,
    detail: Detail,
    takes: Limits,
    across: float,
    down: float,
) -> None:
    for shot in views(size, treatment, detail, takes).shots:
        left, top, right, bottom = shot.cut.box
        scale_x, scale_y = (right - left) / shot.cut.size[0], (bottom - top) / shot.cut.size[1]
        x, y = left + across * (right - left), top + down * (bottom - top)
        sent_x, sent_y = (x - left) / scale_x, (y - top) / scale_y
        assert -1e-6 <= sent_x <= shot.cut.size[0] + 1e-6
        assert -1e-6 <= sent_y <= shot.cut.size[1] + 1e-6
        assert math.dist((left + sent_x * scale_x, top + sent_y * scale_y), (x, y)) < 1e-6


@settings(max_examples=EXAMPLES, deadline=None)
@given(sizes, limits)
def test_tiles_show_every_pixel_once_or_tell_how_many_are_missing(
    size: tuple[int, int], takes: Limits
) -> None:
    asked = views(size, NOTHING, Detail.TILES, takes)
    whole, *tiles = asked.shots
    assert whole.view is View.WHOLE
    assert whole.cut.size == sent_size(*size, takes, Detail.FIT)
    if whole.cut.size == size:
        assert not tiles
        return
    shown = sum(area(tile) for tile in tiles)
    boxes = [tile.cut.box for tile in tiles]
    assert len(set(boxes)) == len(boxes)
    assert (shown == size[0] * size[1]) is (asked.left_out == 0)


def area(shot: Shot) -> int:
    left, top, right, bottom = shot.cut.box
    return (right - left) * (bottom - top)


def test_tiles_are_as_large_as_they_must_be_to_go_along() -> None:
    """As the model looks at them where there is room, else up to its longest side."""
    takes = Limits(longest_side=1024, most_pictures=13, tile=256)
    few = views((1500, 700), NOTHING, Detail.TILES, takes).shots[1:]
    assert [tile.cut.size for tile in few[:2]] == [(500, 350), (500, 350)]
    assert len(few) == 6
    many = views((4000, 3000), NOTHING, Detail.TILES, takes)
    assert len(many.shots) == 13
    assert many.shots[1].cut.size == (1000, 1000)
    assert views((8000, 6000), NOTHING, Detail.TILES, takes).left_out == 48 - 12


def test_tiles_of_a_model_that_nobody_knows_start_at_a_common_size() -> None:
    shots = views((1536, 1024), NOTHING, Detail.TILES, ROOMY).shots[1:]
    assert [shot.cut.size for shot in shots] == [(TILE, TILE)] * 6


def test_a_picture_that_goes_in_full_size_has_no_tiles() -> None:
    assert len(views((1024, 700), NOTHING, Detail.TILES, ROOMY).shots) == 1


def region(kind: RegionKind, *points: tuple[float, float], name: str = "1") -> Region:
    return Region(id=name * 8, kind=kind, points=tuple(at(x, y) for x, y in points))


def crop(asked: Region, size: tuple[int, int] = (3000, 2000)) -> tuple[int, int, int, int]:
    (shot,) = views(size, Treatment(regions=(asked,), sends=RegionSend.CROP), Detail.FIT, ROOMY).shots
    assert (shot.view, shot.region) == (View.REGION, asked.id)
    return shot.cut.box


def test_a_rectangle_is_cut_out_with_a_little_around_it() -> None:
    assert crop(region(RegionKind.RECTANGLE, (900, 700), (500, 400))) == (484, 384, 916, 716)


@pytest.mark.parametrize(
    ("wide", "high", "sent"),
    [
        (400, 48, (448, 84)),
        (600, 76, (672, 140)),
        (75, 55, (84, 84)),
        (28 * 20 - 46, 28 * 4 - 46, (560, 112)),
        (1800, 48, (1008, 112)),
    ],
)
def test_a_region_keeps_its_pixels_and_its_shape_in_multiples(
    wide: int, high: int, sent: tuple[int, int]
) -> None:
    takes = ROOMY.replace(multiple=28)
    asked = region(RegionKind.RECTANGLE, (500, 400), (500 + wide, 400 + high))
    (shot,) = views((3000, 2000), Treatment(regions=(asked,), sends=RegionSend.CROP), Detail.FIT, takes).shots
    left, top, right, bottom = shot.cut.box
    assert shot.cut.size == sent
    assert left <= 500 < 500 + wide <= right
    assert top <= 400 < 400 + high <= bottom
    across, down = (right - left) / sent[0], (bottom - top) / sent[1]
    assert across == pytest.approx(down, rel=0.005)
    assert across == 1 or max(right - left, bottom - top) > 1024


def test_a_region_as_high_as_the_picture_is_sent_in_the_nearest_multiples() -> None:
    takes = ROOMY.replace(multiple=28)
    asked = region(RegionKind.RECTANGLE, (0, 0), (420, 83))
    for whole, sent in (((900, 83), (476, 84)), ((430, 83), (420, 84)), ((900, 11), (476, 11))):
        treatment = Treatment(regions=(asked,), sends=RegionSend.CROP)
        assert views(whole, treatment, Detail.FIT, takes).shots[0].cut.size == sent


def test_a_tiny_rectangle_is_cut_out_large_enough_to_be_looked_at() -> None:
    left, top, right, bottom = crop(region(RegionKind.RECTANGLE, (10, 10), (14, 12)))
    assert (left, top) == (0, 0)
    assert right - left >= 64
    assert bottom - top >= 64


@pytest.mark.parametrize("kind", [RegionKind.POINT, RegionKind.ARROW])
def test_a_point_and_an_arrowhead_show_a_square_around_them(kind: RegionKind) -> None:
    tail = ((10.0, 10.0),) if kind is RegionKind.ARROW else ()
    assert crop(region(kind, *tail, (1500, 1000))) == (1250, 750, 1750, 1250)
    assert crop(region(kind, *tail, (5, 1990))) == (0, 1500, 500, 2000)
    assert crop(region(kind, *tail, (300, 200)), (600, 400)) == (172, 72, 428, 328)


def test_a_lasso_is_cut_out_along_its_line() -> None:
    corners = ((100, 100), (400, 120), (250, 300))
    treatment = Treatment(regions=(region(RegionKind.LASSO, *corners),), sends=RegionSend.CROP)
    (shot,) = views((600, 400), treatment, Detail.FIT, ROOMY).shots
    assert [(point.x, point.y) for point in shot.cut.outline] == list(corners)


def test_regions_are_drawn_where_cut_out_they_would_be_too_many() -> None:
    asked = tuple(region(RegionKind.POINT, (9, 9), name=name) for name in "123")
    one = Limits(longest_side=512, most_pictures=1)
    for sends in (RegionSend.CROP, RegionSend.BOTH):
        found = views((600, 400), Treatment(regions=asked, sends=sends), Detail.FIT, one)
        assert found.drawn
        assert [(shot.view, shot.cut.marks) for shot in found.shots] == [(View.WHOLE, asked)]
    alone = views((600, 400), Treatment(regions=asked[:1], sends=RegionSend.CROP), Detail.FIT, one)
    assert not alone.drawn
    assert alone.shots[0].view is View.REGION


def test_tiles_go_beside_regions_that_are_cut_out_while_there_is_room() -> None:
    asked = Treatment(regions=(region(RegionKind.POINT, (900, 600)),), sends=RegionSend.BOTH)
    found = views((2000, 1500), asked, Detail.TILES, ROOMY)
    assert [shot.view for shot in found.shots[:3]] == [View.WHOLE, View.REGION, View.TILE]
    assert found.shots[2:] == views((2000, 1500), NOTHING, Detail.TILES, ROOMY).shots[1:]
    assert not found.left_out
    few = views((2000, 1500), asked, Detail.TILES, ROOMY.replace(most_pictures=4))
    assert [shot.view for shot in few.shots] == [View.WHOLE, View.REGION, View.TILE, View.TILE]
    assert few.left_out == 2
    none = views((2000, 1500), asked, Detail.TILES, ROOMY.replace(most_pictures=2))
    assert (len(none.shots), none.left_out) == (2, 4)


def test_where_regions_alone_go_no_tiles_do_and_it_is_told() -> None:
    asked = Treatment(regions=(region(RegionKind.POINT, (900, 600)),), sends=RegionSend.CROP)
    found = views((2000, 1500), asked, Detail.TILES, ROOMY)
    assert ([shot.view for shot in found.shots], found.untiled) == ([View.REGION], True)
    assert not views((2000, 1500), asked, Detail.FIT, ROOMY).untiled
    assert not views((1000, 800), asked, Detail.TILES, ROOMY).untiled
