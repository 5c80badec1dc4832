"""From what an answer writes to a shape in pixels of the original."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.geometry import Box, Point
from app.domain.shape import Shape, ShapeKind
from app.grounding.found import Found
from app.grounding.masks import WHOLE, Masks
from app.grounding.views import Sent

_FAR_OUT = 0.01


class Layer:
    """Lays places, measured in `units` across and down a sent picture, over its original.

    What reaches over an edge of the sent picture ends there. What has no area there, and points
    more than a hundredth of a side outside, make no shape.
    """

    def __init__(self, sent: Sent, units: tuple[float, float]) -> None:
        prepared = sent.prepared
        self._original = prepared.original
        self._left, self._top = prepared.left, prepared.top
        self._right = min(prepared.left + prepared.width * prepared.scale_x, sent.width)
        self._bottom = min(prepared.top + prepared.height * prepared.scale_y, sent.height)
        self._across = prepared.width * prepared.scale_x / units[0]
        self._down = prepared.height * prepared.scale_y / units[1]
        self._width, self._height = sent.width, sent.height

    def shape(self, found: Found, spans: tuple[tuple[int, int], ...], masks: Masks) -> Shape | None:
        """The shape of a place; None for one that is none. `masks` reads those of the answer."""
        if found.kind is ShapeKind.BOX:
            return self._box(found, spans, masks)
        numbers = found.numbers
        places = [
            (self._left + x * self._across, self._top + y * self._down)
            for x, y in zip(numbers[::2], numbers[1::2], strict=True)
        ]
        if found.kind is ShapeKind.POINT:
            return self._point(found, places[0], spans)
        return self._polygon(found, places, spans)

    def _box(self, found: Found, spans: tuple[tuple[int, int], ...], masks: Masks) -> Shape | None:
        x1, y1, x2, y2 = found.numbers
        left, right = (x1, x2) if x1 <= x2 else (x2, x1)
        top, bottom = (y1, y2) if y1 <= y2 else (y2, y1)
        left, right = self._left + left * self._across, self._left + right * self._across
        top, bottom = self._top + top * self._down, self._top + bottom * self._down
        whole = (left, top, right, bottom)
        left, right = max(left, self._left), min(right, self._right)
        top, bottom = max(top, self._top), min(bottom, self._bottom)
        if left >= right or top >= bottom:
            return None
        pixels = Box(left=left, top=top, right=right, bottom=bottom)
        mask = masks.mask(found.mask, _part(pixels, whole)) if found.mask else None
        return Shape(
            label=found.label,
            box=self._fractions(left, top, right, bottom),
            pixels=pixels,
            kind=ShapeKind.BOX if mask is None else ShapeKind.MASK,
            mask=mask,
            original=self._original,
            spans=spans,
            score=found.score,
        )

    def _point(
        self, found: Found, place: tuple[float, float], spans: tuple[tuple[int, int], ...]
    ) -> Shape | None:
        x, y = self._within(*place)
        far_x, far_y = _FAR_OUT * (self._right - self._left), _FAR_OUT * (self._bottom - self._top)
        if abs(x - place[0]) > far_x or abs(y - place[1]) > far_y:
            return None
        return Shape(
            label=found.label,
            box=self._fractions(x, y, x, y),
            pixels=Box(left=x, top=y, right=x, bottom=y),
            kind=ShapeKind.POINT,
            points=(Point(x=x, y=y),),
            original=self._original,
            spans=spans,
            score=found.score,
        )

    def _polygon(
        self, found: Found, places: list[tuple[float, float]], spans: tuple[tuple[int, int], ...]
    ) -> Shape | None:
        corners = [self._within(x, y) for x, y in places]
        if not area(corners):
            return None
        across, down = zip(*corners, strict=True)
        left, top, right, bottom = min(across), min(down), max(across), max(down)
        return Shape(
            label=found.label,
            box=self._fractions(left, top, right, bottom),
            pixels=Box(left=left, top=top, right=right, bottom=bottom),
            kind=ShapeKind.POLYGON,
            points=tuple(Point(x=x, y=y) for x, y in corners),
            original=self._original,
            spans=spans,
            score=found.score,
        )

    def _within(self, x: float, y: float) -> tuple[float, float]:
        return min(max(x, self._left), self._right), min(max(y, self._top), self._bottom)

    def _fractions(self, left: float, top: float, right: float, bottom: float) -> Box:
        width, height = self._width, self._height
        return Box(left=left / width, top=top / height, right=right / width, bottom=bottom / height)


def _part(box: Box, whole: tuple[float, float, float, float]) -> Box:
    """What a box is of the one that it was cut from, in fractions."""
    left, top, right, bottom = whole
    if (box.left, box.top, box.right, box.bottom) == whole:
        return WHOLE
    return Box(
        left=(box.left - left) / (right - left),
        top=(box.top - top) / (bottom - top),
        right=(box.right - left) / (right - left),
        bottom=(box.bottom - top) / (bottom - top),
    )


def area(corners: Sequence[tuple[float, float]]) -> float:
    """The area within a polygon; parts that it goes around the other way count against it."""
    following = [*corners[1:], corners[0]]
    doubled = sum(x * below - right * y for (x, y), (right, below) in zip(corners, following, strict=True))
    return abs(doubled) / 2
