"""Shapes as JSON: in a plain form of our own, and as COCO.

COCO is what tools for pictures with marks exchange (cocodataset.org, "Data format"): pictures, names
and marks by number, boxes as left, top, width and height, outlines as lists of corners, masks as runs
of pixels counted column by column over the whole picture, beginning with those outside. A point is
told as COCO tells of bodies: as a keypoint, the only one of its name, visible, without an area.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from app.domain.geometry import Box
from app.domain.picture import Attachment
from app.domain.shape import Mask, Shape, ShapeKind
from app.grounding.laying import area

UNNAMED = "unnamed"
"""The category of what has no name."""
_KEYPOINT = "point"
_VISIBLE = 2
_DIGITS = 3
_INSIDE = re.compile(rb"\x01++")


def plain(shape: Shape) -> dict[str, Any]:
    """A shape without what it does not have.

    `box` is in fractions of the original, `pixels` and `points` in its pixels, and the `runs` of a
    mask count cells row by row from its top left, by turns outside and inside.
    """
    told: dict[str, Any] = {
        "label": shape.label,
        "kind": shape.kind.value,
        "box": shape.box.to_plain(),
        "pixels": shape.pixels.to_plain(),
    }
    if shape.points:
        told["points"] = [[point.x, point.y] for point in shape.points]
    if shape.mask is not None:
        told["mask"] = shape.mask.to_plain()
    if shape.score is not None:
        told["score"] = shape.score
    return told


def as_json(shapes: Sequence[Shape], pictures: Sequence[Attachment] = ()) -> str:
    """A list of shapes, each with the name and size of its picture where that is one of `pictures`."""
    known = {each.picture.sha256: each for each in pictures}
    told = []
    for shape in shapes:
        one = plain(shape)
        if (attachment := known.get(shape.original)) is not None:
            one["picture"] = {"name": _name(attachment), **_size(attachment)}
        told.append(one)
    return json.dumps(told, ensure_ascii=False, indent=1)


def as_coco(shapes: Sequence[Shape], pictures: Sequence[Attachment]) -> str:
    """A COCO document of `pictures` and of the shapes in them; shapes in other pictures are left out."""
    numbers = {each.picture.sha256: number for number, each in enumerate(pictures, start=1)}
    known = {each.picture.sha256: each for each in pictures}
    shown = [shape for shape in shapes if shape.original in known]
    categories = {name: number for number, name in enumerate(dict.fromkeys(map(_category, shown)), start=1)}
    pointed = {_category(shape) for shape in shown if shape.kind is ShapeKind.POINT}
    pictured = [
        {"id": numbers[sha256], "file_name": _name(each), **_size(each)} for sha256, each in known.items()
    ]
    marks = (
        {
            "id": number,
            "image_id": numbers[shape.original],
            "category_id": categories[_category(shape)],
            **_annotation(shape, known[shape.original]),
        }
        for number, shape in enumerate(shown, start=1)
    )
    named = [
        {
            "id": number,
            "name": name,
            "supercategory": "",
            **({"keypoints": [_KEYPOINT], "skeleton": []} if name in pointed else {}),
        }
        for name, number in categories.items()
    ]
    # Each mark is written by itself: nothing else in the process runs while a text of JSON is made.
    return (
        f'{{"images": {_written(pictured)}, "annotations": [{", ".join(map(_written, marks))}], '
        f'"categories": {_written(named)}}}'
    )


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _category(shape: Shape) -> str:
    return shape.label or UNNAMED


def _name(attachment: Attachment) -> str:
    """The name of the file alone."""
    return attachment.name.replace("\\", "/").rpartition("/")[2]


def _size(attachment: Attachment) -> dict[str, int]:
    return {"width": attachment.picture.width, "height": attachment.picture.height}


def _annotation(shape: Shape, attachment: Attachment) -> dict[str, Any]:
    box = shape.pixels
    told: dict[str, Any] = {
        "bbox": [box.left, box.top, box.width, box.height],
        "area": box.width * box.height,
        "segmentation": [],
        "iscrowd": 0,
    }
    if shape.kind is ShapeKind.POLYGON:
        corners = [(point.x, point.y) for point in shape.points]
        told["segmentation"] = [[number for corner in corners for number in corner]]
        told["area"] = area(corners)
    elif shape.kind is ShapeKind.POINT:
        told |= {"keypoints": [box.left, box.top, _VISIBLE], "num_keypoints": 1}
    elif shape.mask is not None:
        size = (attachment.picture.width, attachment.picture.height)
        counts = _column_runs(shape.mask, box, *size)
        told["segmentation"] = {"counts": counts, "size": [size[1], size[0]]}
        told["area"] = sum(counts[1::2])
    if shape.score is not None:
        told["score"] = round(shape.score, _DIGITS)
    return told


def _column_runs(mask: Mask, box: Box, width: int, height: int) -> list[int]:
    """The picture's pixels column by column, by turns outside and inside the mask.

    A pixel is inside where its middle lies in a cell that is.
    """
    lefts = [_first_pixel(box.left + at * box.width / mask.width, width) for at in range(mask.width + 1)]
    tops = [_first_pixel(box.top + at * box.height / mask.height, height) for at in range(mask.height + 1)]
    runs = [lefts[0] * height]
    cells = b"".join(bytes([at % 2]) * run for at, run in enumerate(mask.runs))
    for column, (left, right) in enumerate(pairwise(lefts)):
        if left < right:
            stretches = (stretch.span() for stretch in _INSIDE.finditer(cells[column :: mask.width]))
            one = _column([(tops[start], tops[end]) for start, end in stretches], height)
            _append(runs, _repeated(one, right - left))
    _append(runs, [(width - lefts[-1]) * height])
    return runs


def _column(stretches: Sequence[tuple[int, int]], height: int) -> list[int]:
    """A column of pixels, by turns outside (the first may be 0) and inside; `stretches` are inside."""
    runs = [0]
    at = 0
    for start, end in stretches:
        if start < end:
            _append(runs, [start - at, end - start])
            at = end
    if at < height:
        _append(runs, [height - at])
    return runs


def _repeated(column: list[int], count: int) -> list[int]:
    """The runs of so many columns that are the same."""
    if len(column) == 1 or (len(column) == 2 and not column[0]):
        return [run * count for run in column]
    first, last = column[0], column[-1] if len(column) % 2 else 0
    inner = column[1:-1] if last else column[1:]
    if first + last:
        runs = [first, *inner, *([first + last, *inner] * (count - 1))]
        return [*runs, last] if last else runs
    return [0, inner[0], *([*inner[1:-1], inner[-1] + inner[0]] * (count - 1)), *inner[1:]]


def _append(runs: list[int], more: list[int]) -> None:
    """Go on with other runs, of which the first are outside, perhaps none."""
    start = 0 if more[0] else 1
    if len(runs) % 2 != start and len(more) > start:
        runs[-1] += more[start]
        start += 1
    runs += more[start:]


def _first_pixel(edge: float, height: int) -> int:
    """The first pixel whose middle lies at the edge or beyond it."""
    return min(max(-int(-(edge - 0.5) // 1), 0), height)
