"""What PaliGemma answers to `detect` and `segment`, as boxes.

A found thing is four location codes, for `segment` then sixteen codes of its outline, then its
name, which ends where a tag or JSON begins; things are set apart by semicolons. A code `<loc0000>`
to `<loc1023>` counts 1024ths of the height or width, in the order top, left, bottom, right (README
of PaliGemma in google-research/big_vision). The outline can be drawn only with weights that are not
in the answer, so it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.shape import ShapeKind
from app.grounding.found import Found, one_line

STEPS = 1024

_CODES = re.compile(
    r"<loc([0-9]{4})>\s*+<loc([0-9]{4})>\s*+<loc([0-9]{4})>\s*+<loc([0-9]{4})>"
    r"(?:\s*+<seg[0-9]{3}>)*+\s*+((?:[^;<{\[]|\[(?!\s*+[{\[]))*+)"
)


def found(text: str, *, whole: bool) -> Iterator[Found]:
    """The boxes in an answer of PaliGemma, in 1024ths. Corners in the wrong order are no box."""
    for codes in _CODES.finditer(text):
        top, left, bottom, right = map(int, codes.groups()[:4])
        if left < right and top < bottom:
            name = codes[5].rstrip()
            yield Found(
                codes.start(),
                codes.start(5) + len(name) if name else codes.start(5),
                one_line(name),
                ShapeKind.BOX,
                (left, top, right, bottom),
            )
