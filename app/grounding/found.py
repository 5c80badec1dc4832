"""What the readers of dialects find in an answer, before it is laid over a picture."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from app.domain.shape import ShapeKind

MOST_SHAPES = 10_000
"""Places that are read from one answer."""
MOST_LABEL = 100
MOST_CORNERS = 2_000
"""Corners of one polygon."""

_BOX = 4
_POINT = 2
_LEAST_POLYGON = 6
_NUMBER = re.compile(r"[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d{1,3})?")


class Found(NamedTuple):
    """A place as an answer writes it, from character `start` to before `end`.

    `numbers` are finite: x, y, x, y and so on in the dialect's units: two opposite corners of a box in any
    order, a point, or the corners of a polygon. `said` are the characters of its label where that
    is written apart; `picture` the number of the picture that it names itself; `mask` the base64 of
    a PNG that lies over the box.
    """

    start: int
    end: int
    label: str
    kind: ShapeKind
    numbers: tuple[float, ...]
    said: tuple[int, int] | None = None
    picture: int | None = None
    score: float | None = None
    mask: str = ""


def kind_of(count: int) -> ShapeKind | None:
    """What so many numbers are: 2 a point, 4 a box, 6 or more in pairs a polygon; else None."""
    if count == _BOX:
        return ShapeKind.BOX
    if count == _POINT:
        return ShapeKind.POINT
    if _LEAST_POLYGON <= count <= 2 * MOST_CORNERS and count % 2 == 0:
        return ShapeKind.POLYGON
    return None


def numbers_in(text: str) -> tuple[float, ...]:
    """The numbers in a short text, whatever stands between them; none where one is infinite."""
    numbers = tuple(map(float, _NUMBER.findall(text)))
    return numbers if all_finite(numbers) else ()


def all_finite(numbers: Sequence[float]) -> bool:
    """Whether every one of them is a place somewhere."""
    return math.isfinite(sum(map(abs, numbers)))


def one_line(text: str) -> str:
    """A label on one line, without characters that do not print."""
    text = text[: 4 * MOST_LABEL]
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())[:MOST_LABEL]
