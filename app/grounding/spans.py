"""Where an answer says the names of what it points at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

MOST_SPANS = 20
"""Places where one name is said that are told."""
MOST_PROSE = 200_000
"""Characters of an answer in which names are looked for."""
MOST_NAMES = 200
"""Names that are looked for."""

_MOST_TRIES = 400
_CODE = re.compile(r"```(?:[^`]++|`(?!``))*+(?:```|\Z)|`[^`\n]*+`|<[^<>\n]*+>")
_LETTER = re.compile(r"\w")


def said(
    text: str, labels: Iterable[str], written: Iterable[tuple[int, int]]
) -> dict[str, tuple[tuple[int, int], ...]]:
    """Where each label stands in the prose, as whole words in any case, the first MOST_SPANS of each.

    What stands in code, in tags or within `written` is no prose.
    """
    prose = _prose(text, written)
    if not _LETTER.search(prose):
        return {}
    return {label: _places(prose, _lowered(label)) for label in islice(labels, MOST_NAMES)}


def _places(prose: str, label: str) -> tuple[tuple[int, int], ...]:
    places: list[tuple[int, int]] = []
    at = -1
    for _ in range(_MOST_TRIES):
        at = prose.find(label, at + 1)
        if at < 0 or len(places) == MOST_SPANS:
            break
        end = at + len(label)
        if not _LETTER.match(prose, end) and not (at and _LETTER.match(prose, at - 1)):
            places.append((at, end))
    return tuple(places)


def _prose(text: str, written: Iterable[tuple[int, int]]) -> str:
    """The text in small letters, spaces in place of all that is no prose."""
    lowered = _lowered(text[:MOST_PROSE]).replace("\n", " ")
    taken = sorted([*written, *(code.span() for code in _CODE.finditer(text, 0, MOST_PROSE))])
    pieces: list[str] = []
    at = 0
    for start, end in taken:
        if at < start:
            pieces.append(lowered[at:start])
            at = start
        if at < end:
            pieces.append(" " * (min(end, len(lowered)) - at))
            at = end
        if at >= len(lowered):
            break
    pieces.append(lowered[at:])
    return "".join(pieces)


def _lowered(text: str) -> str:
    """In small letters, character by character: some letters have more than one small one."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)
