"""What Kosmos-2 writes, and what NVIDIA's service tells beside its text.

Raw, a phrase is followed by two cells of a grid of 32 by 32, counted row by row: those of its upper
left and its lower right corner. Corners lie in the middle of their cells, or at the outer edges
where both are in one row or column (the processor of Kosmos-2). The service takes them out of the
text and lists `entities` with boxes in fractions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from app.domain.shape import ShapeKind
from app.grounding.found import Found, one_line

CELLS = 32
_LARGE = 1_000_000

_OBJECT = re.compile(
    r"(?:<phrase>([^<]{0,400}+)</phrase>\s*+)?"
    r"<object>((?:\s*+<patch_index_\d{4}>\s*+<patch_index_\d{4}>\s*+(?:</delimiter_of_multi_objects/>)?+)++)"
)
_PAIR = re.compile(r"<patch_index_(\d{4})>\s*+<patch_index_(\d{4})>")


def found(text: str, *, whole: bool) -> Iterator[Found]:
    """The boxes in an answer, in cells."""
    for each in _OBJECT.finditer(text):
        name = each[1] or ""
        said = (each.start(1), each.end(1)) if name else None
        for pair in _PAIR.finditer(text, each.start(2), each.end(2)):
            numbers = _corners(int(pair[1]), int(pair[2]))
            if numbers is not None:
                yield Found(pair.start(), pair.end(), one_line(name), ShapeKind.BOX, numbers, said)


def found_beside(entities: str) -> Iterator[Found]:
    """The boxes of `entities`, in fractions; they are not written in the text."""
    try:
        listed = json.loads(entities)
    except (ValueError, RecursionError):
        return
    for entity in listed if isinstance(listed, list) else ():
        if not isinstance(entity, dict):
            continue
        name = entity.get("phrase") or entity.get("label") or ""
        boxes = entity.get("bboxes")
        for box in boxes if isinstance(boxes, list) else ():
            if isinstance(name, str) and _is_box(box):
                yield Found(0, 0, one_line(name), ShapeKind.BOX, tuple(map(float, box)))


def _corners(first: int, last: int) -> tuple[float, ...] | None:
    if max(first, last) >= CELLS * CELLS:
        return None
    top, left = divmod(first, CELLS)
    bottom, right = divmod(last, CELLS)
    if top == bottom or left == right:
        return (left, top, right + 1, bottom + 1)
    return (left + 0.5, top + 0.5, right + 0.5, bottom + 0.5)


def _is_box(box: Any) -> bool:
    """Whether it is a list of four numbers in the reach of fractions."""
    if not isinstance(box, list) or len(box) != 4:
        return False
    return all(type(each) in (int, float) and abs(each) < _LARGE for each in box)
