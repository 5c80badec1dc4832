"""Painting over what nobody is to see. Runs in the decoder child."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PIL import Image, ImageDraw

from app.domain.region import COVER_GREY, Redaction, RedactionKind
from app.pictures.turning import stored_places

_PAINTS: dict[str, int | tuple[int, ...]] = {
    "L": COVER_GREY,
    "RGB": (COVER_GREY, COVER_GREY, COVER_GREY),
    "CMYK": (0, 0, 0, 255 - COVER_GREY),
}


_BAND_PIXELS = 4_000_000
_FLATTER = 0.25  # pixels: so much less than a line do discs close to each other cover beside it
_STRAY = 0.25  # pixels: so far beside a straight line may the places lie that it stands for
_MOST_STRAIGHT = 24  # places, so that a long stroke is gone through once and not for each of them

_Places = list[tuple[float, float]]
_Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class _Stroke(NamedTuple):
    """Places in the file, how far around them everything is covered, and all that is reached."""

    kind: RedactionKind
    places: _Places
    reach: float
    area: _Area


class Covering:
    """Paints redactions into images in the orientation of their file, before anything is scaled.

    Each is `margin` pixels larger on all sides, so that nothing of it is left in a pixel of its edge
    either. `redactions` are in pixels of the upright original, whose file has EXIF `orientation` and
    size `stored`.
    """

    def __init__(
        self, redactions: Sequence[Redaction], margin: float, orientation: int, stored: tuple[int, int]
    ) -> None:
        self._strokes = [_stroke(redaction, margin, orientation, stored) for redaction in redactions]

    def __call__(self, image: Image.Image, left: int, top: int) -> None:
        """Paint into `image` (L, RGB or CMYK), whose corner lies at (left, top) of the picture."""
        rows = max(1, _BAND_PIXELS // image.width)
        for row in range(0, image.height, rows):
            height = min(rows, image.height - row)
            band = (left, top + row, left + image.width, top + row + height)
            near = [stroke for stroke in self._strokes if _meet(stroke.area, band)]
            if near:
                mask = Image.new("1", (image.width, height))
                for stroke in near:
                    _DRAWN[stroke.kind](ImageDraw.Draw(mask), stroke, band)
                _paint(image, mask, row)


def _stroke(redaction: Redaction, margin: float, orientation: int, stored: tuple[int, int]) -> _Stroke:
    places = stored_places([(point.x, point.y) for point in redaction.points], orientation, stored)
    reach = margin
    if redaction.kind is RedactionKind.BRUSH:
        reach += redaction.width / 2 + _FLATTER + _STRAY
        places = _straightened(places)
    across, down = zip(*places, strict=True)
    area = (min(across) - reach, min(down) - reach, max(across) + reach, max(down) + reach)
    return _Stroke(redaction.kind, places, reach, area)


def _straightened(places: _Places) -> _Places:
    """The line through `places` with fewer of them: a hand draws one every few pixels."""
    kept, between = places[:1], places[:0]
    for place in places[1:]:
        if len(between) == _MOST_STRAIGHT or not _lie_beside(between, kept[-1], place):
            kept.append(between[-1])
            between = []
        between.append(place)
    return kept + between[-1:]


def _lie_beside(places: _Places, start: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether all places are as good as on the line from `start` to `end`."""
    across, down = end[0] - start[0], end[1] - start[1]
    squared = across**2 + down**2
    for x, y in places:
        right, low = x - start[0], y - start[1]
        share = min(1.0, max(0.0, (right * across + low * down) / (squared or 1.0)))
        if (right - share * across) ** 2 + (low - share * down) ** 2 > _STRAY**2:
            return False
    return True


def _meet(area: _Area, band: _Area) -> bool:
    """Whether they have a place in common, those a pixel beside each other included."""
    return (
        area[0] <= band[2] + 1
        and area[2] >= band[0] - 1
        and area[1] <= band[3] + 1
        and area[3] >= band[1] - 1
    )


def _paint(image: Image.Image, mask: Image.Image, row: int) -> None:
    """Paint what `mask` has, from `row` of `image` on. Many strokes cost little so: a mask is one byte
    a pixel, and each pixel of the picture is painted once."""
    box = mask.getbbox()
    if box is not None:
        left, top, right, bottom = box
        image.paste(_PAINTS[image.mode], (left, row + top, right, row + bottom), mask.crop(box))


def _box(draw: ImageDraw.ImageDraw, stroke: _Stroke, band: _Area) -> None:
    left, top, right, bottom = stroke.area
    # Pillow paints the last column and row, too.
    corner = math.ceil(right) - band[0] - 1, math.ceil(bottom) - band[1] - 1
    draw.rectangle((math.floor(left) - band[0], math.floor(top) - band[1], *corner), fill=1)


def _brush(draw: ImageDraw.ImageDraw, stroke: _Stroke, band: _Area) -> None:
    """A line with round ends and joints. A pixel (x, y) is from x - 0.5 on to Pillow, from x on to us."""
    left, top, reach = band[0], band[1], stroke.reach
    centres = [(x - 0.5, y - 0.5) for x, y in stroke.places]
    low, high = top - reach - 1, band[3] + reach + 1
    for x, y in centres:
        if low <= y <= high:
            first = math.floor(x - reach) - left, math.floor(y - reach) - top
            draw.ellipse((*first, math.ceil(x + reach) - left, math.ceil(y + reach) - top), fill=1)
    for (x, y), (to_x, to_y) in pairwise(centres):
        length = math.hypot(to_x - x, to_y - y)
        if length**2 > 8 * _FLATTER * (reach - _FLATTER) and max(y, to_y) >= low and min(y, to_y) <= high:
            across, down = -reach * (to_y - y) / length, reach * (to_x - x) / length
            corners = (
                (x + across, y + down),
                (to_x + across, to_y + down),
                (to_x - across, to_y - down),
                (x - across, y - down),
            )
            draw.polygon([(_nearest(x) - left, _nearest(y) - top) for x, y in corners], fill=1)


def _nearest(value: float) -> int:
    """Pillow cuts off what lies behind the point, to the other side below 0."""
    return math.floor(value + 0.5)


_DRAWN = {RedactionKind.BOX: _box, RedactionKind.BRUSH: _brush}
