"""How a picture's neighbouring pixels differ, which tells drawings and writing from photographs."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image, ImageChops

_FLAT = 3
_SOFT = 6
_HARD = 40
_PATCH = 340
_PATCHES = 3  # each way
_FEW_EDGES = 0.9  # of the neighbours are alike
_SHARP = 0.35  # so many hard edges for a soft one: photographs have 0.2 and less
_HARD_ENOUGH = 0.02


class Edges(NamedTuple):
    """Shares of neighbours, 0..1: as good as equal, a little unlike, and hard edges."""

    flat: float
    soft: float
    hard: float

    @property
    def sharpness(self) -> float:
        """How many hard edges there are for a soft one."""
        return self.hard / max(self.soft, 1e-6)


def neighbour_difference(grey: Image.Image) -> Image.Image:
    """How much each pixel differs from the one to its left."""
    width, height = grey.size
    if width < 2:
        return Image.new("L", grey.size)
    return ImageChops.difference(grey, grey.crop((1, 0, width, height)))  # as wide as the narrower


def edges(grey: Image.Image) -> Edges:
    """The edges of an L image."""
    counts = neighbour_difference(grey).histogram()
    total = sum(counts)
    shares = sum(counts[:_FLAT]), sum(counts[_SOFT:_HARD]), sum(counts[_HARD:])
    return Edges(*(count / total for count in shares))


def is_drawn(image: Image.Image) -> bool:
    """Whether an RGB image is drawn rather than photographed: writing, a diagram, a screenshot.

    A large one is judged by patches from all over it.
    """
    found = edges(_patches(image))
    return found.sharpness >= _SHARP and (found.hard >= _HARD_ENOUGH or found.flat >= _FEW_EDGES)


def _patches(image: Image.Image) -> Image.Image:
    """What of an image is judged, as L."""
    side = _PATCH * _PATCHES
    if image.width * image.height <= side * side or min(image.size) < side:
        return image.convert("L")
    canvas = Image.new("L", (side, side))
    for row in range(_PATCHES):
        for column in range(_PATCHES):
            left = (image.width - _PATCH) * column // (_PATCHES - 1)
            top = (image.height - _PATCH) * row // (_PATCHES - 1)
            patch = image.crop((left, top, left + _PATCH, top + _PATCH))
            canvas.paste(patch.convert("L"), (column * _PATCH, row * _PATCH))
    return canvas
