"""A place goes from the original through its file, what is sent, the model's frame and the turned view, and
comes back to where it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPointF, QRectF, QSizeF

from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail, Prepared, View
from app.domain.region import Region, RegionKind, RegionSend, Treatment
from app.grounding.choosing import UNITS
from app.grounding.dialects import shapes_in
from tests.app.pictures.conftest import SharedDecoder
from tests.app.pictures.sending import at, save_turned, sent, shown
from tests.app.pictures.test_round_trip import MARKER, found
from tests.grounded_answers import answer
from ui.panes.view.placement import Placement

COLOUR = (255, 0, 0)
AROUND = 16
"""The middle of the marker stays so far from the edges of the original."""
EXACT = 1.0
"""Pixels of the original that a place may be off by, besides half a unit where a model rounds to units."""
FINEST = 0.001
"""To what models round that count in fractions."""
SIDES = st.integers(2 * AROUND + MARKER, 900)


@pytest.fixture(scope="module")
def decoder() -> Iterator[SharedDecoder]:
    shared = SharedDecoder()
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("turned")


def marked(size: tuple[int, int], middle: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, (96, 96, 96))
    image.paste(COLOUR, tuple(each + way * (MARKER // 2) + (way > 0) for way in (-1, 1) for each in middle))
    return image


def looked_at(size: tuple[int, int], turn: int, zoom: float) -> Placement:
    placement = Placement()
    placement.set_view(QRectF(0, 0, 600, 400), 1.5)
    placement.set_picture(QSizeF(*size))
    placement.turn_to(turn)
    placement.zoom_to(zoom, QPointF(123, 77))
    return placement


def drawn_round(middle: QPointF, placement: Placement) -> Region:
    """A rectangle that the user draws round a place, as the turned view shows it."""
    half = QPointF(AROUND, AROUND) * placement.scale
    seen = placement.to_view(middle)
    corners = (placement.to_picture(seen - half), placement.to_picture(seen + half))
    points = tuple(at(corner.x(), corner.y()) for corner in corners)
    return Region(id="0" * 8, kind=RegionKind.RECTANGLE, points=points)


def written(dialect: str, x: float, y: float, number: int) -> str:
    """A point, or a box that begins there where the dialect is one of boxes."""
    place = f'"point_2d": [{x!r}, {y!r}]'
    if dialect == "gemini":
        place = f'"point": [{y!r}, {x!r}]'
    elif dialect.startswith("coco"):
        place = f'"bbox": [{x!r}, {y!r}, {x!r}, {y!r}]'
    return f'{{{place}, "image": {number}}}'


def answered(
    dialect: str, place: tuple[float, float], number: int, views: list[Prepared], *, rounds: bool
) -> tuple[QPointF, QPointF]:
    """Where in the original a model points that sees something at a `place` of the sent picture of that
    number, and by how much its units make it miss."""
    prepared = views[number - 1]
    across, down = UNITS[dialect](prepared)
    step = 1.0 if across > 1 else FINEST
    x, y = place[0] / prepared.width * across, place[1] / prepared.height * down
    off = QPointF()
    if rounds:
        x, y = round(x / step) * step, round(y / step) * step
        wide, high = prepared.width * prepared.scale_x, prepared.height * prepared.scale_y
        off = QPointF(wide / across, high / down) * step / 2
    (shape,) = shapes_in(answer(written(dialect, x, y, number), "some-model", views), dialect)
    return QPointF(shape.pixels.left, shape.pixels.top), off


@pytest.mark.parametrize("orientation", range(1, 9))
@settings(max_examples=5, deadline=None)
@given(
    size=st.tuples(SIDES, SIDES),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    turn=st.sampled_from((0, 90, 180, 270)),
    zoom=st.floats(0.1, 30),
    smaller=st.floats(1, 3),
    multiple=st.sampled_from((1, 28)),
    detail=st.sampled_from(Detail),
)
def test_a_place_comes_back_to_its_pixel_from_every_orientation_view_and_model(
    decoder: SharedDecoder,
    folder: Path,
    size: tuple[int, int],
    shares: tuple[float, float],
    orientation: int,
    turn: int,
    zoom: float,
    smaller: float,
    multiple: int,
    detail: Detail,
) -> None:
    x, y = (AROUND + int(share * (side - 2 * AROUND - 1)) for side, share in zip(size, shares, strict=True))
    middle, placement = QPointF(x + 0.5, y + 0.5), looked_at(size, turn, zoom)
    path = folder / "marked.jpg"
    save_turned(marked(size, (x, y)), path, orientation, quality=95, subsampling=0)
    takes = Limits(
        longest_side=round(max(size) / smaller),
        most_pictures=20,
        multiple=multiple,
        tile=max(size) // 2,
        encoding=PictureEncoding.RGB,
    )
    treatment = Treatment(regions=(drawn_round(middle, placement),), sends=RegionSend.BOTH)
    pictures = sent(decoder.run, path, takes, treatment, detail)
    views = [picture.prepared for picture in pictures]
    places = {number: found(shown(picture), COLOUR) for number, picture in enumerate(pictures, start=1)}
    seen = {views[number - 1].view for number, place in places.items() if place is not None}
    assert seen >= {View.WHOLE, View.REGION}
    for number, place in places.items():
        for dialect in UNITS if place is not None else ():
            for rounds in (False, True):
                there, off = answered(dialect, place, number, views, rounds=rounds)
                missed = placement.to_picture(placement.to_view(there)) - middle
                assert abs(missed.x()) <= EXACT + off.x(), (dialect, views[number - 1])
                assert abs(missed.y()) <= EXACT + off.y(), (dialect, views[number - 1])
