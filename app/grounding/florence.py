"""What Florence-2 writes: a name, then codes of its corners.

A code `<loc_0>` to `<loc_999>` is one of a thousand equal steps across or down, x first, and means
the middle of its step (the processor of Florence-2, in its floor mode). Four codes are a box; more
are several boxes where each four of them are an upper left and a lower right corner, else the corners
of a quadrilateral or a polygon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from app.domain.shape import ShapeKind
from app.grounding.found import MOST_SHAPES, Found, kind_of, one_line

STEPS = 1000

_RUN = re.compile(r"(?:<loc_[0-9]{1,3}>\s*+)++")
_CODE = re.compile(r"<loc_([0-9]{1,3})>")
_BEGUN = re.compile(r"(?:<(?:l(?:o(?:c(?:_[0-9]{0,3})?)?)?)?)?\Z")
_MARK = re.compile(r"<[^<>\n]{1,20}>")
_NAME = re.compile(r"[^\n]++")
_MIDDLE = 0.5
_MOST_NAME = 400
_BESIDE_NAME = " ,;.\t\r"


def found(text: str, *, whole: bool) -> Iterator[Found]:
    """The boxes and polygons in an answer, in thousandths.

    Those that follow each other without a name between them are of the name before. Where the
    answer is not `whole`, codes at its very end are left alone: they may go on.
    """
    end, name, said = 0, "", (0, 0)
    for run in islice(_RUN.finditer(text), 2 * MOST_SHAPES):
        if not whole and _BEGUN.match(text, run.end()):
            return
        if (named := _named(text, max(end, run.start() - _MOST_NAME), run.start())) is not None:
            name, said = one_line(text[slice(*named)]), named
        end = run.end()
        codes = [*islice(_CODE.finditer(text, run.start(), end), 4 * MOST_SHAPES)]
        for part in _parts(codes):
            numbers = tuple(int(code[1]) + _MIDDLE for code in part)
            kind = kind_of(len(numbers))
            if kind in (ShapeKind.BOX, ShapeKind.POLYGON):
                yield Found(part[0].start(), part[-1].end(), name, kind, numbers, said if name else None)


def _named(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a name stands between two runs of codes: the last line there, without tags."""
    for mark in _MARK.finditer(text, start, end):
        start = mark.end()
    lines = [line.span() for line in _NAME.finditer(text, start, end)]
    for first, last in reversed(lines):
        line = text[first:last]
        if name := line.strip(_BESIDE_NAME):
            at = first + line.index(name)
            return at, at + len(name)
    return None


def _parts(codes: Sequence[re.Match[str]]) -> Iterator[Sequence[re.Match[str]]]:
    """The codes of each place in a run."""
    fours = [codes[at : at + 4] for at in range(0, len(codes), 4)]
    if len(codes) % 4 == 0 and all(map(_is_box, fours)):
        yield from fours
    else:
        yield codes


def _is_box(codes: Sequence[re.Match[str]]) -> bool:
    left, top, right, bottom = (int(code[1]) for code in codes)
    return left < right and top < bottom
