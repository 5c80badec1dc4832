"""Shapes as JSON: in a plain form of our own, and as COCO.

COCO is what tools for pictures with marks exchange (cocodataset.org, "Data format"): pictures, names
and marks by number, boxes as left, top, width and height, outlines as lists of corners, masks as runs
of pixels counted column by column over the whole picture, beginning with those outside. A point is
told as COCO tells of bodies: as a keypoint, the only one of its name, visible, without an area.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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
    document = {
        "images": [
            {"id": numbers[sha256], "file_name": _name(each), **_size(each)} for sha256, each in known.items()
        ],
        "annotations": [
            {
                "id": number,
                "image_id": numbers[shape.original],
                "category_id": categories[_category(shape)],
                **_annotation(shape, known[shape.original]),
            }
            for number, shape in enumerate(shown, start=1)
        ],
        "categories": [
            {
                "id": number,
                "name": name,
                "supercategory": "",
                **({"keypoints": [_KEYPOINT], "skeleton": []} if name in pointed else {}),
            }
            for name, number in categories.items()
        ],
    }
    return json.dumps(document, ensure_ascii=False)


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
    runs = [0]
    inside = False
    columns = _columns(mask)
    steps = [_first_pixel(box.top + row * box.height / mask.height, height) for row in range(mask.height + 1)]
    for x in range(width):
        cell = int((x + 0.5 - box.left) / box.width * mask.width) if x + 0.5 >= box.left else mask.width
        changes = columns[cell] if cell < mask.width else ()
        at = 0
        for start, end in changes:
            for stop, fill in ((steps[start], False), (steps[end], True)):
                if stop > at:
                    inside = _grow(runs, inside, fill, stop - at)
                    at = stop
        if height > at:
            inside = _grow(runs, inside, False, height - at)
    return runs


def _grow(runs: list[int], inside: bool, fill: bool, count: int) -> bool:
    """Add pixels to the runs; returns which kind came last."""
    if inside == fill:
        runs[-1] += count
    else:
        runs.append(count)
    return fill


def _first_pixel(edge: float, height: int) -> int:
    """The first pixel whose middle lies at the edge or beyond it."""
    return min(max(-int(-(edge - 0.5) // 1), 0), height)


def _columns(mask: Mask) -> list[list[tuple[int, int]]]:
    """For each column of cells the stretches of rows that are inside."""
    cells = bytearray()
    for at, run in enumerate(mask.runs):
        cells += bytes([at % 2]) * run
    columns: list[list[tuple[int, int]]] = []
    for column in range(mask.width):
        edges = _edges(bytes(cells[column :: mask.width]))
        columns.append(list(edges))
    return columns


def _edges(cells: bytes) -> Iterator[tuple[int, int]]:
    """The stretches of ones, from the first to before the last."""
    changes = [at for at, (before, now) in enumerate(pairwise(b"\0" + cells + b"\0")) if before != now]
    yield from zip(changes[::2], changes[1::2], strict=True)
