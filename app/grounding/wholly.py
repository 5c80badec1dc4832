"""What of an answer is nothing but places in JSON, so that a line can stand in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.domain.shape import Shape
from app.grounding.json_objects import LABELS, PLACE_NAMES
from app.grounding.json_places import OWNER_NAMES

LONGEST_NAME = 40
"""Longer names are words to be read."""

_FENCE = re.compile(r"(?m)^[ \t>]*+(`{3,}+|~{3,}+)[ \t]*+([\w.+#-]*+)[^\n]*+\n?")
_INFOS = frozenset({"", "json", "jsonc", "json5", "jsonl"})
_BETWEEN = re.compile(r'[\s\[\]{},:;]*+(?:"[^"\n]{1,60}"\s*+:[\s\[\]{},:;]*+)*+')
_KEY = re.compile(r"""["']([^"'\\\n]{1,60})["']\s*+:""")
_NAMES = PLACE_NAMES | OWNER_NAMES


def stretches(text: str, shapes: Sequence[Shape]) -> Iterator[tuple[int, int, list[Shape]]]:
    """From where to where a fence holds nothing but places, or the answer without any fence, and which.

    An object that says more of a place than its name is no such thing, and neither is a long name.
    """
    written = sorted({span for shape in shapes for span in shape.spans if text[span[0]] in "{["})
    for start, end in _parts(text) if written else ():
        inside = [span for span in written if start <= span[0] and span[1] <= end]
        if inside and _is_wholly(text, start, end, inside):
            known = frozenset(inside)
            of = [shape for shape in shapes if not known.isdisjoint(shape.spans)]
            if all(len(shape.label) <= LONGEST_NAME for shape in of):
                yield start, end, of


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """What stands in each fence of JSON; all of the text where there is no fence."""
    opened: re.Match[str] | None = None
    fences = 0
    for fence in _FENCE.finditer(text):
        fences += 1
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]) and not fence[2]:
            if opened[2].lower() in _INFOS:
                yield opened.end(), fence.start()
            opened = None
    if not fences:
        yield 0, len(text)
    elif opened is not None and opened[2].lower() in _INFOS:
        yield opened.end(), len(text)


def _is_wholly(text: str, start: int, end: int, places: list[tuple[int, int]]) -> bool:
    """Whether nothing but names of lists stands between the places, and in them nothing else."""
    at = start
    for first, last in (*places, (end, end)):
        if first < at:
            continue  # within the one before
        if _BETWEEN.fullmatch(text, at, first) is None:
            return False
        names = [name.lower() for name in _KEY.findall(text, first, last)]
        if not _NAMES.issuperset(names) or sum(name in LABELS for name in names) > 1:
            return False
        at = last
    return True
