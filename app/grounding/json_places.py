"""The places that objects of JSON tell of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from app.domain.shape import ShapeKind
from app.grounding.found import Found, kind_of, one_line
from app.grounding.json_objects import (
    BOXES,
    CHARTED,
    LABELS,
    OPEN_BOXES,
    PICTURES,
    POINTS,
    POLYGONS,
    SCORES,
    SIZED_BOXES,
    Value,
    Written,
    floats,
    sides_of,
)

GEMINI = (BOXES | POINTS) - {"bbox_2d", "point_2d", "bbox_xyxy", "xyxy"}
"""The names of lists in which Gemini writes y before x."""
UNKNOWN = frozenset({"box_2d"})
"""Those in which y comes first whoever writes, as far as is known."""
_CLICK = "action"
"""The name that x and y have beside them where a model says what is to be done there."""
_PICTURE = re.compile(r"\D{0,20}(\d{1,3})\D{0,20}")
OWNER_NAMES = (
    BOXES
    | SIZED_BOXES
    | POINTS
    | {"objects", "detections", "detected_objects", "predictions", "annotations", "instances"}
    | {"region", "regions", "keypoints", "centers", "rectangle", "rectangles", "rect", "rects"}
)
"""The names below which sides and places of their own are told."""


class Way(NamedTuple):
    """How objects are read.

    Lists under the names in `y_first` have y before x, and boxes under those in `sized` are left, top,
    width and height. Charts and windows have sides, and x and y, of
    their own: they are places below a name that tells of places, and elsewhere only with `sides` and,
    of an object with a name, with `points`. Within what is named as charts are, points are the chart's
    numbers where a list of them has a name of CHARTED, and so are sides, but below such a name, unless
    `charts` are read as well.
    """

    y_first: frozenset[str] = frozenset()
    sized: frozenset[str] = frozenset()
    sides: bool = True
    points: bool = True
    charts: bool = True


def places(written: Sequence[Written], way: Way) -> Iterator[Found]:
    """What the objects tell of, in units that nobody has decided on yet."""
    names = names_of(written)
    scored, numbered = not names.isdisjoint(SCORES), not names.isdisjoint(PICTURES)
    base = _first_picture(written) if numbered else 1
    lines: dict[str, str] = {}
    for start, end, values, under, charted in written:
        label = _label(values)
        if label not in lines:
            lines[label] = one_line(label)
        score = _score(values) if scored else None
        picture = _picture(values, base) if numbered else None
        mask = values.get("mask", "")
        for kind, numbers in _shapes(values, under, way, chart=charted and not way.charts):
            over = mask if kind is ShapeKind.BOX and isinstance(mask, str) else ""
            yield Found(start, end, lines[label], kind, numbers, None, picture, score, over)


def crossed(written: Iterable[Written]) -> bool:
    """Whether a box under one of OPEN_BOXES ends before it begins, read as two corners."""
    listed = (groups for each in written for key, groups in each.values.items() if key in OPEN_BOXES)
    boxes = (
        numbers for groups in listed if isinstance(groups, list) for group in groups for numbers in group
    )
    return any(len(box) == 4 and (box[2] < box[0] or box[3] < box[1]) for box in boxes)


def names_of(written: Sequence[Written]) -> set[str]:
    """Every name that one of the objects has."""
    names: set[str] = set()
    for each in written:
        names.update(each.values)
    return names


def _shapes(
    values: dict[str, Value], under: str, way: Way, *, chart: bool
) -> list[tuple[ShapeKind, tuple[float, ...]]]:
    telling = under in OWNER_NAMES and not (chart and under in CHARTED)
    listed: list[tuple[ShapeKind, tuple[float, ...]]] = []
    for key, value in values.items():
        if isinstance(value, list) and (telling or not (chart and key in CHARTED)):
            for numbers in _lists(key, _cornered(value) if key in way.sized else value):
                kind = kind_of(len(numbers))
                if kind is not None:
                    listed.append((kind, _x_first(numbers) if key in way.y_first else tuple(numbers)))
    if len(listed) > 1 and any(kind is ShapeKind.POLYGON for kind, _ in listed):  # it says more than its box
        return [shape for shape in listed if shape[0] is not ShapeKind.BOX]
    if listed:
        return listed
    if (sides := sides_of(values, bare=telling or (way.sides and not chart))) is not None:
        return [(ShapeKind.BOX, sides)]
    pointed = telling or (_is_named(values) if way.points else way.sides and _CLICK in values)
    if pointed and (telling or not chart) and (place := floats(values, ("x", "y"))) is not None:
        return [(ShapeKind.POINT, place)]
    return []


def _lists(key: str, groups: list[list[list[float]]]) -> Iterable[Sequence[float]]:
    """The numbers of each place that is listed under a name."""
    if len(groups) == 1 and len(groups[0]) == 1 and key in BOXES:
        return groups[0]
    if key in SIZED_BOXES:
        return [_corners(numbers) for group in groups for numbers in group if len(numbers) == 4]
    if key in POINTS:
        return chain.from_iterable(groups)
    lists: list[Sequence[float]] = []
    for group in groups:
        if len(group) > 1 and all(len(numbers) == 2 for numbers in group):
            lists.append([*chain.from_iterable(group)])
        else:
            lists += group if key not in POLYGONS else (numbers for numbers in group if len(numbers) > 4)
    return lists


def _cornered(groups: list[list[list[float]]]) -> list[list[list[float]]]:
    """The same with two corners for each left, top, width and height."""
    return [[_corners(numbers) if len(numbers) == 4 else numbers for numbers in group] for group in groups]


def _corners(sized: Sequence[float]) -> list[float]:
    left, top, width, height = sized
    return [left, top, left + width, top + height]


def _x_first(numbers: Sequence[float]) -> tuple[float, ...]:
    return tuple(number for y, x in zip(numbers[::2], numbers[1::2], strict=True) for number in (x, y))


def _is_named(values: dict[str, Value]) -> bool:
    """Whether an object has a name: without one, x and y may be a chart's numbers."""
    return any(label in values for label in LABELS)


def _label(values: dict[str, Value]) -> str:
    for name in LABELS:
        value = values.get(name)
        if value and isinstance(value, str):
            return value
    return ""


def _score(values: dict[str, Value]) -> float | None:
    for name in SCORES:
        value = values.get(name)
        if isinstance(value, float) and 0 <= value <= 1:
            return value
    return None


def _picture(values: dict[str, Value], base: int) -> int | None:
    """The number of the picture that an object names, counted from 1."""
    for name in PICTURES:
        value = values.get(name)
        if isinstance(value, str) and (said := _PICTURE.fullmatch(value)):
            return int(said[1])
        if isinstance(value, float) and value.is_integer() and 0 <= value < 1000:
            return int(value) + 1 - base
    return None


def _first_picture(written: Sequence[Written]) -> int:
    """From which number an answer counts pictures: 0 where one has that number, else 1."""
    named = (each.values[name] for each in written for name in PICTURES if name in each.values)
    return 0 if any(value == 0 for value in named) else 1
