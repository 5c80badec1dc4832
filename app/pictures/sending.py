"""The pictures that are sent for an original, made from its file. Runs in the decoder child."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, BinaryIO

from PIL import Image

from app.child.frames import Frame
from app.domain.geometry import Point
from app.pictures.caps import Caps, Refused
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
    decoded = decode(file, longest, caps)
    with refusing():
        if decoded.size != recipe.size:
            raise Refused(_CHANGED)
        maker = _Maker(decoded, recipe)
        made = [maker.made(part) for part in recipe.cuts]
    told = [{**fields, "byte_count": len(data)} for data, fields in made]
    return Frame("files", {"files": told}, b"".join(data for data, _ in made))


class _Maker:
    def __init__(self, decoded: Decoded, recipe: Recipe) -> None:
        self._decoded = decoded
        self._recipe = recipe
        self._cover = _covering(decoded, recipe) if recipe.redactions else None

    def made(self, part: Cut) -> tuple[bytes | memoryview, dict[str, Any]]:
        """A file and its fields."""
        image = cut(self._decoded, part.box, part.size, self._cover)
        text_px = self._text_px(part, image) if part.searched else None
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
            "text_px": None if text_px is None else round(text_px * sent.width / part.size[0], 2),
        }
        return sent.data, fields

    def _file(self, image: Image.Image) -> File:
        recipe = self._recipe
        if recipe.raw:
            return File(image.tobytes(), RAW_TYPE, *image.size)
        return file_of(image, recipe.most_bytes, recipe.png, recipe.multiple)

    def _text_px(self, part: Cut, image: Image.Image) -> float | None:
        """The height of the smallest writing in `image`, measured as sharp as it was decoded."""
        times = max(1, round(math.sqrt(image.width * image.height / _SEARCHED_PIXELS)))
        small = (image.reduce(times) if times > 1 else image).convert("L")
        kept = self._decoded.box[2] / self._decoded.stored[0]
        across = _width(part) / image.width * times
        down = _height(part) / image.height * times
        sharper = max(1.0, across * kept)

        def look(box: tuple[float, float, float, float]) -> Image.Image:
            left, top = part.box[0] + box[0] * across, part.box[1] + box[1] * down
            right = min(part.box[0] + box[2] * across, part.box[2])
            bottom = min(part.box[1] + box[3] * down, part.box[3])
            size = (max(1, round((right - left) * kept)), max(1, round((bottom - top) * kept)))
            return cut(self._decoded, (left, top, right, bottom), size, self._cover).convert("L")

        found = smallest_writing(small, sharper, look)
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
