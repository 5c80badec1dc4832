"""What PaliGemma answers to `detect` and `segment`, as boxes.

A found thing is four location codes, for `segment` then sixteen codes of its outline, then its
name; things are set apart by semicolons. A code `<loc0000>` to `<loc1023>` counts 1024ths of the
height or width, in the order top, left, bottom, right (README of PaliGemma in
google-research/big_vision). The outline can be drawn only with weights that are not in the
answer, so it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.picture import Prepared
from app.domain.shape import Shape
from app.grounding.geometry import box_from, in_original

STEPS = 1024
MOST_SHAPES = 1000
MOST_LABEL = 100

_FOUND = re.compile(
    r"<loc([0-9]{4})>\s*+<loc([0-9]{4})>\s*+<loc([0-9]{4})>\s*+<loc([0-9]{4})>\s*+"
    r"(?:<seg[0-9]{3}>\s*+)*+([^;<]*+)"
)


def shapes_of(text: str, prepared: Prepared) -> tuple[Shape, ...]:
    """The boxes in an answer of PaliGemma about the picture `prepared`, in its order.

    Any text will do: what is not a box is passed over, and so are boxes without an area. At most
    MOST_SHAPES are read.
    """
    return tuple(_shapes(text, prepared))


def _shapes(text: str, prepared: Prepared) -> Iterator[Shape]:
    count = 0
    for found in _FOUND.finditer(text):
        top, left, bottom, right = (int(code) / STEPS for code in found.groups()[:4])
        box = box_from(left, top, right, bottom)
        if box is None:
            continue
        yield Shape(label=_label(found[5]), box=box, pixels=in_original(box, prepared))
        count += 1
        if count == MOST_SHAPES:
            return


def _label(text: str) -> str:
    """The name on one line, without characters that do not print."""
    shown = "".join(character if character.isprintable() else " " for character in text[: 4 * MOST_LABEL])
    return " ".join(shown.split())[:MOST_LABEL]
