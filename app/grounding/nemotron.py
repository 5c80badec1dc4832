"""What nemotron-parse writes about a page: where each piece of text begins and ends, and its class.

`<x_0.19><y_0.07>text<x_0.37><y_0.10><class_Title>`, in fractions, x first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.shape import ShapeKind
from app.grounding.found import Found, one_line

_CORNER = re.compile(r"<x_([01](?:\.\d{1,9})?)>\s*+<y_([01](?:\.\d{1,9})?)>(?:\s*+<class_([^<>]{1,100})>)?")


def found(text: str, *, whole: bool) -> Iterator[Found]:
    """The boxes of the pieces of text, named by their classes."""
    begun: re.Match[str] | None = None
    for corner in _CORNER.finditer(text):
        if corner[3] is None:
            begun = corner
        elif begun is not None:
            numbers = (float(begun[1]), float(begun[2]), float(corner[1]), float(corner[2]))
            label = one_line(corner[3].replace("_", " ").replace("-", " "))
            yield Found(begun.start(), corner.end(), label, ShapeKind.BOX, numbers)
            begun = None
