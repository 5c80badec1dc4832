"""The points that Molmo writes, in hundredths of the picture.

`<point x="61.5" y="40.4" alt="cat">cat</point>` is one, `<points x1=... y1=... x2=... y2=...>` are
several; `coords="1 1 098 629 2 162 629"` counts pictures and points and then thousandths (Molmo 2).
Written without tags they are `Click(61.5, 40.4)` or `p=615,404`, which other models' prose can hold
by accident, so these are read only where Molmo is known to speak (olmo/util.py of allenai/molmo).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from app.domain.shape import ShapeKind
from app.grounding.found import MOST_SHAPES, Found, numbers_in, one_line

UNITS = 100

_TAG = re.compile(r"<points?(?=\s)([^<>]{0,65536}+)>(?:([^<\n]{0,400}+)(?=</|<?\Z))?")
_CLOSING = re.compile(r"</points?>")
_PLACE = re.compile(
    r"\bx(\d{0,3})\s*+=\s*+[\"']([^\"'<>]{1,20})[\"']\s*+y\1\s*+=\s*+[\"']([^\"'<>]{1,20})[\"']"
)
_ALT = re.compile(r"\balt\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_COORDS = re.compile(r"\bcoords\s*+=\s*+[\"']([\d\s:;,.]*+)[\"']")
_OF_PICTURE = re.compile(r"(?<![^;:,\t])\s*+(\d{1,3})\s([^;:,\t]++)")
_COUNTED = re.compile(r"(?<!\d)\d{1,4} (\d{3,4}) (\d{3,4})(?!\d)")
_CLICK = re.compile(r"Click\((?<!\wClick\()\s*+(\d{1,3}(?:\.\d{1,3})?)\s*+,\s*+(\d{1,3}(?:\.\d{1,3})?)\s*+\)")
_EQUALS = re.compile(r"=\s?(\d{3})\s?,\s?(\d{3})(?!\d)")
_BEFORE = re.compile(r"(?<![\w.])(?:p|\d{1,3})\s?\Z")


def found(text: str, *, whole: bool) -> Iterator[Found]:
    """The points in tags, in hundredths."""
    for tag in islice(_TAG.finditer(text), MOST_SHAPES):
        alt = _ALT.search(tag[1])
        label = one_line((alt[1] or alt[2] or "" if alt else "") or tag[2] or "")
        said = (tag.start(2), tag.end(2)) if tag[2] and tag[2].strip() else None
        begin = tag.start(1)
        places = [*islice(_PLACE.finditer(tag[1]), MOST_SHAPES)]
        for place in places:
            numbers = numbers_in(f"{place[2]} {place[3]}")
            if len(numbers) == 2:
                start, end = (begin + place.start(), begin + place.end())
                if len(places) == 1:
                    start, end = tag.start(), _end_of(tag, text)
                yield Found(start, end, label, ShapeKind.POINT, numbers, said)
        if coords := _COORDS.search(tag[1]):
            yield from _counted(coords[1], begin + coords.start(1), label, said)


def _end_of(tag: re.Match[str], text: str) -> int:
    """Where a tag ends, with the tag that closes it."""
    closing = _CLOSING.match(text, tag.end())
    return closing.end() if closing else tag.end()


def found_bare(text: str, *, whole: bool) -> Iterator[Found]:
    """The points in tags and those without, in hundredths."""
    yield from found(text, whole=whole)
    yield from found_untagged(text)


def found_untagged(text: str) -> Iterator[Found]:
    """The points without tags, in hundredths; first those that are clicked."""
    for click in _CLICK.finditer(text):
        yield Found(*click.span(), "", ShapeKind.POINT, (float(click[1]), float(click[2])))
    for equals in _EQUALS.finditer(text):
        if before := _BEFORE.search(text, max(equals.start() - 4, 0), equals.start()):
            numbers = (int(equals[1]) / 10, int(equals[2]) / 10)
            yield Found(before.start(), equals.end(), "", ShapeKind.POINT, numbers)


def _counted(coords: str, start: int, label: str, said: tuple[int, int] | None) -> Iterator[Found]:
    """Points of Molmo 2: for each picture its number, then number, x and y of each point."""
    for group in islice(_OF_PICTURE.finditer(coords), MOST_SHAPES):
        picture = int(group[1])
        for place in _COUNTED.finditer(coords, group.start(2), group.end()):
            numbers = (int(place[1]) / 10, int(place[2]) / 10)
            span = (start + place.start(), start + place.end())
            yield Found(*span, label, ShapeKind.POINT, numbers, said, picture=picture)
