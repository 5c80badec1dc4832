"""Drawing regions on a picture that is sent. Runs in the decoder child."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFont

from app.domain.region import Region, RegionKind

_Places = list[tuple[float, float]]
_Colour = tuple[int, int, int]

_COLOURS: tuple[_Colour, ...] = (
    (240, 228, 66),
    (86, 180, 233),
    (230, 159, 0),
    (0, 158, 115),
    (204, 121, 167),
    (213, 94, 0),
    (0, 114, 178),
)
"""Told apart by people who see red and green alike (Okabe and Ito, Color Universal Design)."""

_HALO = (20, 20, 20)
_BLANK = (224, 224, 224)
_LINE = 350  # a line's width in this part of the longer side
_LEAST_LINE = 2
_WING = math.radians(28)


def blank_outside(image: Image.Image, corners: _Places) -> Image.Image:
    """`image` with everything beyond the polygon `corners` in one light grey."""
    kept = Image.new("L", image.size, 0)
    ImageDraw.Draw(kept).polygon(corners, fill=255, outline=255)
    return Image.composite(image, Image.new("RGB", image.size, _BLANK), kept)


def mark(image: Image.Image, regions: Sequence[tuple[Region, _Places]]) -> Image.Image:
    """`image` with each region outlined and numbered from 1, its places in pixels of `image`."""
    marked = image.copy()
    draw = ImageDraw.Draw(marked)
    line = max(_LEAST_LINE, round(max(image.size) / _LINE))
    for number, (region, places) in enumerate(regions):
        for colour, width in ((_HALO, 2 * line + line), (_COLOURS[number % len(_COLOURS)], line)):
            _DRAWN[region.kind](draw, places, colour, width, line)
    for number, (region, places) in enumerate(regions):
        colour = _COLOURS[number % len(_COLOURS)]
        _number(draw, str(number + 1), _corner(region, places, line), colour, 6 * line, image.size)
    return marked


def _rectangle(draw: ImageDraw.ImageDraw, places: _Places, colour: _Colour, width: int, line: int) -> None:
    (left, right), (top, bottom) = (sorted(sides) for sides in zip(*places, strict=True))
    half = width / 2
    draw.rectangle((left - half, top - half, right + half, bottom + half), outline=colour, width=width)


def _lasso(draw: ImageDraw.ImageDraw, places: _Places, colour: _Colour, width: int, line: int) -> None:
    draw.line([*places, *places[:2]], fill=colour, width=width, joint="curve")


def _point(draw: ImageDraw.ImageDraw, places: _Places, colour: _Colour, width: int, line: int) -> None:
    ((x, y),) = places
    outer = 5 * line + width / 2
    draw.ellipse((x - outer, y - outer, x + outer, y + outer), outline=colour, width=width)


def _arrow(draw: ImageDraw.ImageDraw, places: _Places, colour: _Colour, width: int, line: int) -> None:
    (x, y), (head_x, head_y) = places
    direction = math.atan2(y - head_y, x - head_x)
    length = max(6 * line, min(14 * line, math.hypot(x - head_x, y - head_y) / 3))
    wings = [
        (head_x + length * math.cos(direction + turn), head_y + length * math.sin(direction + turn))
        for turn in (_WING, -_WING)
    ]
    draw.line([(x, y), (head_x, head_y)], fill=colour, width=width)
    draw.line([wings[0], (head_x, head_y), wings[1]], fill=colour, width=width, joint="curve")
    for end_x, end_y in (*wings, (x, y), (head_x, head_y)):
        half = width / 2
        draw.ellipse((end_x - half, end_y - half, end_x + half, end_y + half), fill=colour)


_DRAWN: dict[RegionKind, Callable[[ImageDraw.ImageDraw, _Places, _Colour, int, int], None]] = {
    RegionKind.RECTANGLE: _rectangle,
    RegionKind.LASSO: _lasso,
    RegionKind.POINT: _point,
    RegionKind.ARROW: _arrow,
}


def _corner(region: Region, places: _Places, line: int) -> tuple[float, float]:
    """Where a region's number goes: at its upper left, or beside what it points with."""
    if region.kind is RegionKind.POINT:
        ((x, y),) = places
        return x + 10 * line, y - 10 * line
    if region.kind is RegionKind.ARROW:
        return places[0]
    if region.kind is RegionKind.LASSO:
        return min(places, key=lambda place: place[0] + place[1])
    return min(x for x, _ in places), min(y for _, y in places)


def _number(
    draw: ImageDraw.ImageDraw,
    text: str,
    at: tuple[float, float],
    colour: _Colour,
    height: int,
    size: tuple[int, int],
) -> None:
    """A number on a plate of its region's colour, inside the picture as a whole."""
    font = ImageFont.load_default(max(10, height))
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    tall = bottom - top + 0.5 * height
    wide = max(tall, right - left + 0.6 * height)
    x = min(max(at[0], wide / 2 + 1), max(wide / 2 + 1, size[0] - wide / 2 - 2))
    y = min(max(at[1], tall / 2 + 1), max(tall / 2 + 1, size[1] - tall / 2 - 2))
    plate = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
    edge = max(1, height // 8)
    draw.rounded_rectangle(plate, radius=tall / 3, fill=colour, outline=_HALO, width=edge)
    draw.text((x - (left + right) / 2, y - (top + bottom) / 2), text, font=font, fill=_HALO)
