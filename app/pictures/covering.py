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


class _Stroke(NamedTuple):
    """Places in the file, and how far around them everything is covered."""

    kind: RedactionKind
    places: list[tuple[float, float]]
    reach: float


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
        draw = ImageDraw.Draw(image)
        paint = _PAINTS[image.mode]
        for stroke in self._strokes:
            places = [(x - left, y - top) for x, y in stroke.places]
            if stroke.kind is RedactionKind.BOX:
                _box(draw, places, stroke.reach, paint)
            else:
                _brush(draw, places, stroke.reach, paint)


def _stroke(redaction: Redaction, margin: float, orientation: int, stored: tuple[int, int]) -> _Stroke:
    places = stored_places([(point.x, point.y) for point in redaction.points], orientation, stored)
    brush = redaction.kind is RedactionKind.BRUSH
    return _Stroke(redaction.kind, places, margin + (redaction.width / 2 if brush else 0))


def _box(
    draw: ImageDraw.ImageDraw,
    places: list[tuple[float, float]],
    reach: float,
    paint: int | tuple[int, ...],
) -> None:
    (left, right), (top, bottom) = (sorted(sides) for sides in zip(*places, strict=True))
    # Pillow paints the last column and row, too.
    corner = math.ceil(right + reach) - 1, math.ceil(bottom + reach) - 1
    draw.rectangle((math.floor(left - reach), math.floor(top - reach), *corner), fill=paint)


def _brush(
    draw: ImageDraw.ImageDraw,
    places: list[tuple[float, float]],
    reach: float,
    paint: int | tuple[int, ...],
) -> None:
    """A line with round ends and joints. A pixel (x, y) is from x - 0.5 on to Pillow, from x on to us."""
    centres = [(x - 0.5, y - 0.5) for x, y in places]
    for x, y in centres:
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=paint)
    for (x, y), (to_x, to_y) in pairwise(centres):
        length = math.hypot(to_x - x, to_y - y)
        if length:
            across, down = -reach * (to_y - y) / length, reach * (to_x - x) / length
            draw.polygon(
                [
                    (x + across, y + down),
                    (to_x + across, to_y + down),
                    (to_x - across, to_y - down),
                    (x - across, y - down),
                ],
                fill=paint,
            )
