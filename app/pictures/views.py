"""Which pictures are sent for one original: all of it, its regions, its tiles. Arithmetic alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail, View
from app.domain.picture_sizes import JPEG_LONGEST, in_multiples
from app.domain.region import Redaction, Region, RegionKind, RegionSend, Treatment
from app.pictures.recipe import Cut

TILE = 512
"""Side of the tiles for a model of which nobody knows in what parts it looks."""

_MARGIN = 0.04  # around a region, of its longer side
_LEAST_MARGIN = 4
_LEAST_CROP = 64  # some models refuse what is smaller
_AROUND = 6  # what a point or an arrow shows around itself is this part of the longer side
_LEAST_AROUND = 256
_WHOLE = (Detail.ORIGINAL, Detail.UPLOAD)

_Box = tuple[int, int, int, int]


class Shot(NamedTuple):
    """One picture to send, and which part of the original it shows."""

    cut: Cut
    view: View
    region: str = ""


class Views(NamedTuple):
    """The pictures to send for an original, the whole one first where it goes.

    `drawn`: regions that were to be cut out are drawn on the whole picture, since the model looks at
    too few pictures. `left_out`: so many tiles would be too many. `untiled`: there are no tiles, since
    of the picture nothing but its regions goes, with a little around them.
    """

    shots: tuple[Shot, ...]
    drawn: bool = False
    left_out: int = 0
    untiled: bool = False


def views(size: tuple[int, int], treatment: Treatment, detail: Detail, limits: Limits) -> Views:
    """What is sent of an upright original of `size`."""
    regions = treatment.regions
    sends = treatment.sends if regions else RegionSend.MARKED
    needed = len(regions) + (sends is RegionSend.BOTH)
    drawn = sends is not RegionSend.MARKED and needed > max(1, limits.most_pictures)
    marks = regions if drawn or sends is RegionSend.MARKED else ()
    crops = () if marks else tuple(_crop(region, size, detail, limits) for region in regions)
    whole = _whole(size, detail, limits, marks)
    tiled = detail is Detail.TILES and whole.cut.size != size
    if crops and sends is RegionSend.CROP:
        return Views(crops, untiled=tiled)
    shots = (whole, *crops)
    tiles, left_out = _tiles(size, limits, limits.most_pictures - len(shots)) if tiled else ((), 0)
    return Views((*shots, *tiles), drawn, left_out)


def covered(redactions: Sequence[Redaction], box: _Box) -> tuple[Redaction, ...]:
    """Those of `redactions` that reach into `box`."""
    return tuple(redaction for redaction in redactions if _reaches(redaction, box))


def sent_size(width: int, height: int, limits: Limits, detail: Detail) -> tuple[int, int]:
    """The size at which `width` by `height` pixels of an original are sent: never larger."""
    if detail in _WHOLE:
        return _fitted(width, height, _longest(limits, detail), None)
    fitted = _fitted(width, height, _longest(limits, detail), limits.most_pixels)
    return in_multiples(fitted[0], limits.multiple), in_multiples(fitted[1], limits.multiple)


def _longest(limits: Limits, detail: Detail) -> int:
    format_takes = 2**31 - 1 if limits.encoding is PictureEncoding.RGB else JPEG_LONGEST
    return format_takes if detail in _WHOLE else min(limits.longest_side, format_takes)


def _fitted(width: int, height: int, longest_side: int, most_pixels: int | None) -> tuple[int, int]:
    scale = min(1.0, longest_side / max(width, height))
    if most_pixels is not None:
        scale = min(scale, math.sqrt(most_pixels / (width * height)))
    if scale == 1.0:
        return width, height
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    while most_pixels is not None and wide * high > most_pixels and max(wide, high) > 1:
        wide, high = (wide - 1, high) if wide >= high else (wide, high - 1)
    return wide, high


def _whole(size: tuple[int, int], detail: Detail, limits: Limits, marks: tuple[Region, ...] = ()) -> Shot:
    fitted = sent_size(*size, limits, detail)
    return Shot(Cut(box=(0, 0, *size), size=fitted, marks=marks), View.WHOLE)


def _crop(region: Region, size: tuple[int, int], detail: Detail, limits: Limits) -> Shot:
    box = _region_box(region, size)
    if limits.multiple > 1 and detail not in _WHOLE:
        box, fitted = _grown(box, size, limits)
    else:
        fitted = sent_size(box[2] - box[0], box[3] - box[1], limits, detail)
    outline = region.points if region.kind is RegionKind.LASSO else ()
    return Shot(Cut(box=box, size=fitted, outline=outline), View.REGION, region.id)


def _grown(box: _Box, size: tuple[int, int], limits: Limits) -> tuple[_Box, tuple[int, int]]:
    """`box` with so much more around it that its sides are sent as multiples without being bent.

    Where the picture ends before that, a side becomes the nearest multiple, so that it may be sent larger
    by up to half of one. All is made smaller where what is around it would be too much for the model.
    """
    wide, high = box[2] - box[0], box[3] - box[1]
    fitted = _fitted(wide, high, _longest(limits, Detail.FIT), limits.most_pixels)
    most = min(fitted[0] / wide, fitted[1] / high)
    for scale in _scales((wide, high), most, limits.multiple):
        (across, sent_wide), (down, sent_high) = (
            _in_full(length, whole, scale, limits.multiple)
            for length, whole in ((wide, size[0]), (high, size[1]))
        )
        if _takes(limits, sent_wide, sent_high):
            left, top = box[0] - (across - wide) // 2, box[1] - (down - high) // 2
            grown = _within(left, top, left + across, top + down, size)
            return grown, (sent_wide, sent_high)
    return box, sent_size(wide, high, limits, Detail.FIT)


def _scales(sides: tuple[int, int], most: float, multiple: int) -> list[float]:
    """`most`, and all below at which one of `sides` is a multiple, the largest first."""
    exact = (
        count * multiple / side for side in sides for count in range(1, math.ceil(side * most / multiple))
    )
    return [most, *sorted((scale for scale in exact if scale < most), reverse=True)]


def _in_full(length: int, whole: int, scale: float, multiple: int) -> tuple[int, int]:
    """How much of `whole` pixels to show so that `length` of them is sent as a multiple, and as which."""
    sent = math.ceil(round(length * scale / multiple, 6)) * multiple
    shown = round(sent / scale)
    if shown <= whole:
        return max(shown, length), sent
    return whole, round(whole * scale / multiple) * multiple or max(1, round(whole * scale))


def _takes(limits: Limits, width: int, height: int) -> bool:
    fits = limits.most_pixels is None or width * height <= limits.most_pixels
    return fits and max(width, height) <= _longest(limits, Detail.FIT)


def _region_box(region: Region, size: tuple[int, int]) -> _Box:
    """Whole pixels around a region: a little more than it, a square about what it points at."""
    if region.kind in (RegionKind.POINT, RegionKind.ARROW):
        head = region.points[-1]
        half = max(_LEAST_AROUND, max(size) / _AROUND) / 2
        return _within(head.x - half, head.y - half, head.x + half, head.y + half, size)
    left, right = _span([point.x for point in region.points])
    top, bottom = _span([point.y for point in region.points])
    margin = max(_LEAST_MARGIN, _MARGIN * max(right - left, bottom - top))
    wider = max(margin, (_LEAST_CROP - (right - left)) / 2)
    higher = max(margin, (_LEAST_CROP - (bottom - top)) / 2)
    return _within(left - wider, top - higher, right + wider, bottom + higher, size)


def _span(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)


def _within(left: float, top: float, right: float, bottom: float, size: tuple[int, int]) -> _Box:
    """Whole pixels, pushed into the picture before they are cut off at its edges."""
    (first, last), (upper, lower) = _side(left, right, size[0]), _side(top, bottom, size[1])
    return first, upper, last, lower


def _side(least: float, most: float, length: int) -> tuple[int, int]:
    first, last = math.floor(least), math.ceil(most)
    shift = max(0, -first) - max(0, last - length)
    if last - first > length:
        shift = 0
    return max(0, min(first + shift, length - 1)), min(length, max(1, last + shift))


def _tiles(size: tuple[int, int], limits: Limits, room: int) -> tuple[tuple[Shot, ...], int]:
    """The parts of an original in full size, row by row, at most `room`, and how many are too many.

    Their sides are `limits.tile`, or twice, three times as much and so on up to the longest side that
    the model takes, until all parts go along.
    """
    room = max(0, room)
    side = least = max(1, min(limits.tile or TILE, limits.longest_side))
    while _count(size, side) > room and side + least <= _largest_tile(limits):
        side += least
    boxes = _grid(size, side)
    return tuple(_tile(box, limits) for box in boxes[:room]), max(0, len(boxes) - room)


def _largest_tile(limits: Limits) -> int:
    longest = limits.longest_side
    return longest if limits.most_pixels is None else min(longest, math.isqrt(limits.most_pixels))


def _count(size: tuple[int, int], side: int) -> int:
    return math.ceil(size[0] / side) * math.ceil(size[1] / side)


def _grid(size: tuple[int, int], side: int) -> list[_Box]:
    """Parts of about one size, none larger than `side`."""
    columns, rows = (math.ceil(length / side) for length in size)
    lefts = [size[0] * column // columns for column in range(columns + 1)]
    tops = [size[1] * row // rows for row in range(rows + 1)]
    return [
        (lefts[column], tops[row], lefts[column + 1], tops[row + 1])
        for row in range(rows)
        for column in range(columns)
    ]


def _tile(box: _Box, limits: Limits) -> Shot:
    fitted = sent_size(box[2] - box[0], box[3] - box[1], limits, Detail.FIT)
    return Shot(Cut(box=box, size=fitted, searched=False), View.TILE)


def _reaches(redaction: Redaction, box: _Box) -> bool:
    reach = redaction.width / 2
    left, right = _span([point.x for point in redaction.points])
    top, bottom = _span([point.y for point in redaction.points])
    return (
        left - reach < box[2] and right + reach > box[0] and top - reach < box[3] and bottom + reach > box[1]
    )
