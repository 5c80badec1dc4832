"""The boxes that GLM-V writes without objects, in thousandths, x first.

`<|begin_of_box|>[[100,200,300,400]]<|end_of_box|>` is how it marks them; the brackets vary, also to
`(100,200,300,400)` and `<100,200,300,400>` (README of zai-org/GLM-V). Servers that drop special
tokens leave `[[100,200,300,400]]`, which can be any table of numbers, so it is read only where GLM-V
is known to speak and as far as each line of it is a box.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from app.domain.shape import ShapeKind
from app.grounding.found import MOST_SHAPES, Found, numbers_in

UNITS = 1000
MARK = "<|begin_of_box|>"

_MARKED = re.compile(
    r"<\|begin_of_box\|>\s*+((?:[-+\d\s.,()\[\]>]|<(?!\|))++)(<\|end_of_box\|>)?+|(?P<bare>\[\s*+\[[-\d\s.,\[\]]++)"
)
_LIST = re.compile(r"[\[(<]([-+\d\s.,]++)[\])>]")


def found_marked(text: str, *, whole: bool) -> Iterator[Found]:
    """The boxes between the marks of GLM-V."""
    return _found(text, bare=False)


def found(text: str, *, whole: bool) -> Iterator[Found]:
    """The boxes between the marks, and those in double brackets alone."""
    return _found(text, bare=True)


def _found(text: str, *, bare: bool) -> Iterator[Found]:
    for group in islice(_MARKED.finditer(text), 2 * MOST_SHAPES):
        if group["bare"] is not None and not bare:
            continue
        written = 1 if group["bare"] is None else "bare"
        boxes = [*islice(_boxes(text, *group.span(written)), MOST_SHAPES)]
        if group["bare"] is not None and not all(_is_box(numbers) for _, _, numbers in boxes):
            continue
        for start, end, numbers in boxes:
            if len(numbers) == 4:
                one = len(boxes) == 1 and group[2] is not None
                yield Found(*(group.span() if one else (start, end)), "", ShapeKind.BOX, numbers)


def lists(text: str, most: int) -> Iterator[tuple[int, int, tuple[tuple[int, int], ...] | None]]:
    """From where to where there are numbers in double brackets alone, and where each box of them is.

    None where something in them is no box, and where they are more than `most` characters; the end is
    then up to where they were looked at.
    """
    for group in islice(_MARKED.finditer(text), 2 * MOST_SHAPES):
        if group["bare"] is None:
            continue
        start, end = group.span("bare")
        boxes: list[tuple[int, int]] = []
        for first, last, numbers in _boxes(text, start, end):
            if last - start > most or not _is_box(numbers):
                yield start, last, None
                break
            boxes.append((first, last))
        else:
            yield start, end, tuple(boxes) if end - start <= most else None


def are_boxes(text: str, start: int, end: int) -> bool:
    """Whether every list of numbers that is closed in a stretch of text is a box."""
    return all(_is_box(numbers) for _, _, numbers in islice(_boxes(text, start, end), MOST_SHAPES))


def _boxes(text: str, start: int, end: int) -> Iterator[tuple[int, int, tuple[float, ...]]]:
    """The lists of numbers in a stretch of text, each as soon as it is closed."""
    for each in _LIST.finditer(text, start, end):
        yield each.start(), each.end(), numbers_in(each[1])


def _is_box(numbers: tuple[float, ...]) -> bool:
    """Whether they are two corners in their order, in the picture."""
    if len(numbers) != 4:
        return False
    left, top, right, bottom = numbers
    return 0 <= left < right <= UNITS and 0 <= top < bottom <= UNITS
