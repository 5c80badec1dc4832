"""The pictures that are sent for an original, made from its file. Runs in the decoder child."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, BinaryIO

from PIL import Image

from app.child.frames import Frame
from app.domain.geometry import Point
from app.pictures.caps import Caps, Refused
from app.pictures.colours import Box, Cover, covered_first
from app.pictures.covering import Covering
from app.pictures.encoding import File, file_of
from app.pictures.metadata import orientation
from app.pictures.recipe import Cut, Recipe
from app.pictures.render import Decoded, cut, decode, refusing
from app.pictures.writing import smallest_writing

RAW_TYPE = "image/x-rgb"

_CHANGED = "its file is not the one that was taken in"
_EVERY_PIXEL = 2**31 - 1
_LEAST_MARGIN = 2.0  # pixels: a JPEG file's colours reach so far over an edge
_SEARCHED_PIXELS = 3_000_000


def files(recipe: Recipe, file: BinaryIO, caps: Caps) -> Frame:
    """The answer to a job: the files of the recipe's cuts one after the other, and what they are.

    Raises Refused.
    """
    scale = max(max(part.size[0] / _width(part), part.size[1] / _height(part)) for part in recipe.cuts)
    # What is drafted at a smaller scale mixes neighbours, and so would let what is covered shine through.
    longest = _EVERY_PIXEL if recipe.redactions or scale >= 1 else math.ceil(scale * max(recipe.size))
    with refusing():
        maker = _Maker(decode(file, longest, caps), recipe)
        made = [maker.made(part, part is recipe.cuts[-1]) for part in recipe.cuts]
    told = [{**fields, "byte_count": len(data)} for data, fields in made]
    return Frame("files", {"files": told}, b"".join(data for data, _ in made))


class _Maker:
    """Makes the files of a recipe; holds the decoded picture no longer than it must."""

    def __init__(self, decoded: Decoded, recipe: Recipe) -> None:
        if decoded.size != recipe.size:
            raise Refused(_CHANGED)
        self._decoded: Decoded | None = decoded
        self._recipe = recipe
        self._power: float | None = None
        self._cover: Cover | None = None
        if recipe.redactions:
            self._cover = covered_first(decoded.image, _covering(decoded, recipe))

    def made(self, part: Cut, last: bool) -> tuple[bytes | memoryview, dict[str, Any]]:
        """A file and its fields."""
        image, text_px = self._shown(part)
        if last:
            self._decoded = None
        if part.outline:
            from app.pictures.marking import blank_outside

            image = blank_outside(image, _places(part.outline, part))
        if part.marks:
            from app.pictures.marking import mark

            image = mark(image, [(region, _places(region.points, part)) for region in part.marks])
        image.info = {}
        sent = self._file(image)
        fields = {
            "mime": sent.mime,
            "width": sent.width,
            "height": sent.height,
            "smaller": (sent.width, sent.height) != part.size,
            "duller": sent.duller,
            "text_px": None if text_px is None else round(text_px * sent.width / part.size[0], 2),
        }
        return sent.data, fields

    def _shown(self, part: Cut) -> tuple[Image.Image, float | None]:
        """A part with nothing drawn on it, and the height of its smallest writing."""
        assert self._decoded is not None  # made for the last time already
        image = cut(self._decoded, part.box, part.size, self._cover)
        return image, _text_px(part, image, self._decoded, self._cover) if part.searched else None

    def _file(self, image: Image.Image) -> File:
        recipe = self._recipe
        if recipe.raw:
            return File(image.tobytes(), RAW_TYPE, *image.size)
        made = file_of(image, recipe.most_bytes, recipe.png, recipe.multiple, self._power)
        self._power = made.power or self._power
        return made


def _text_px(part: Cut, image: Image.Image, decoded: Decoded, cover: Cover | None) -> float | None:
    """The height of the smallest writing in `image`, measured as sharp as it was decoded."""
    times = max(1, round(math.sqrt(image.width * image.height / _SEARCHED_PIXELS)))
    small = (image.reduce(times) if times > 1 else image).convert("L")
    kept = decoded.box[2] / decoded.stored[0]
    across = _width(part) / image.width * times
    down = _height(part) / image.height * times

    def look(box: Box) -> Image.Image:
        left, top = part.box[0] + box[0] * across, part.box[1] + box[1] * down
        right = min(part.box[0] + box[2] * across, part.box[2])
        bottom = min(part.box[1] + box[3] * down, part.box[3])
        size = (max(1, round((right - left) * kept)), max(1, round((bottom - top) * kept)))
        return cut(decoded, (left, top, right, bottom), size, cover).convert("L")

    found = smallest_writing(small, max(1.0, across * kept), look)
    return None if found is None else found * times


def _covering(decoded: Decoded, recipe: Recipe) -> Covering:
    """Redactions larger by a pixel of those that are sent."""
    margin = max(max(_width(part) / part.size[0], _height(part) / part.size[1]) for part in recipe.cuts)
    return Covering(recipe.redactions, max(_LEAST_MARGIN, margin), orientation(decoded.image), decoded.stored)


def _places(points: Sequence[Point], part: Cut) -> list[tuple[float, float]]:
    """Points of the original in pixels of what is sent."""
    across, down = part.size[0] / _width(part), part.size[1] / _height(part)
    return [((point.x - part.box[0]) * across, (point.y - part.box[1]) * down) for point in points]


def _width(part: Cut) -> int:
    return part.box[2] - part.box[0]


def _height(part: Cut) -> int:
    return part.box[3] - part.box[1]
