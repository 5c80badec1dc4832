"""Shapes in words, for who does not see the picture.

Each sentence is a template with its facts, so that the window can say it in its own language. Names
are the model's, in whatever language it answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.message import Note
from app.domain.shape import Shape, ShapeKind

MOST_NAMES = 4
"""Names that a summary counts one by one."""

_AT = {
    "top left": "at the top left",
    "top": "at the top",
    "top right": "at the top right",
    "left": "on the left",
    "in the middle": "in the middle",
    "right": "on the right",
    "bottom left": "at the bottom left",
    "bottom": "at the bottom",
    "bottom right": "at the bottom right",
}
_PLACES = tuple(_AT)
_LINES = {place: "{name}, " + place + ", {width} by {height} percent" for place in _PLACES}
_POINT_LINES = {place: "{name}, a point, " + place for place in _PLACES}
_FIRST = {place: "The first {name} is " + at + "." for place, at in _AT.items()}
_ONLY = {place: "The {name} is " + at + "." for place, at in _AT.items()}
_FIRST_OF = {place: "The first place of {name} is " + at + "." for place, at in _AT.items()}
_ONLY_OF = {place: "The place of {name} is " + at + "." for place, at in _AT.items()}
_WIDE = (
    (0.015, "It is about a hundredth of the picture wide."),
    (0.035, "It is about a fiftieth of the picture wide."),
    (0.075, "It is about a twentieth of the picture wide."),
    (0.15, "It is about a tenth of the picture wide."),
    (0.225, "It is about a fifth of the picture wide."),
    (0.29, "It is about a quarter of the picture wide."),
    (0.415, "It is about a third of the picture wide."),
    (0.58, "It is about half of the picture wide."),
    (0.71, "It is about two thirds of the picture wide."),
    (0.85, "It is about three quarters of the picture wide."),
    (1.01, "It is about as wide as the picture."),
)
_UNNAMED = "place"
_COUNTED = {
    0: "Nothing is pointed at.",
    1: "{a}.",
    2: "{a} and {b}.",
    3: "{a}, {b} and {c}.",
    4: "{a}, {b}, {c} and {d}.",
}
_MANY = "{a}, {b}, {c}, {d} and {count} more."
_ROW = 0.02
_PLURALS = {
    "person": "people",
    "man": "men",
    "woman": "women",
    "child": "children",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "goose": "geese",
    "sheep": "sheep",
    "fish": "fish",
    "deer": "deer",
}
_PHRASE = re.compile(
    r"(?:\d|(?:an?|the|one|two|three|four|five|six|seven|eight|nine|ten|some|many|several|few|both|all"
    r"|this|that|these|those|my|your|his|her|its|our|their)\s)",
    re.IGNORECASE,
)
"""How a name begins that says itself how many it names, or which."""
_SEVERAL = re.compile(r"(?<=[^su])s$|(?<=[sx]es)$")
"""How a name ends that is the plural of something already."""
_ENDINGS = (
    (re.compile(r"(?<=[^aeiou])y$"), "ies"),
    (re.compile(r"(?<=ss|us|sh|ch)$|(?<=[xz])$"), "es"),
    (re.compile(r"(?<=s)$"), ""),
    (re.compile(r"$"), "s"),
)


def reading_order(shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    """The shapes row by row from the top, each row from the left.

    A row is what has its middle within the height of its first one, or within a fiftieth of the
    picture.
    """
    rows: list[list[Shape]] = []
    bottom = -1.0
    for shape in sorted(shapes, key=lambda each: (each.box.top + each.box.bottom, each.box.left)):
        middle = (shape.box.top + shape.box.bottom) / 2
        if not rows or middle > bottom:
            rows.append([])
            bottom = middle + max(shape.box.height / 2, _ROW)
        rows[-1].append(shape)
    return tuple(shape for row in rows for shape in sorted(row, key=lambda each: each.box.left))


def line(shape: Shape) -> Note:
    """One shape: its name, where it is, and its width and height in hundredths of the picture's."""
    name = shape.label or _UNNAMED
    if shape.kind is ShapeKind.POINT:
        return Note(what=_POINT_LINES[place(shape)], facts={"name": name})
    facts = {"name": name, "width": _percent(shape.box.width), "height": _percent(shape.box.height)}
    return Note(what=_LINES[place(shape)], facts=facts)


def summary(shapes: Sequence[Shape]) -> tuple[Note, ...]:
    """How many of what there are, then where the first in reading order is, and how wide."""
    counts: dict[str, int] = {}
    ordered = reading_order(shapes)
    for shape in ordered:
        counts[shape.label] = counts.get(shape.label, 0) + 1
    told = _counted(counts)
    if not ordered:
        return (told,)
    first = ordered[0]
    is_only, of = counts[first.label] == 1, not _is_one(first.label)
    templates = (_ONLY_OF if is_only else _FIRST_OF) if of else (_ONLY if is_only else _FIRST)
    where = Note(what=templates[place(first)], facts={"name": first.label or _UNNAMED})
    if first.kind is ShapeKind.POINT:
        return (told, where)
    wide = next(words for most, words in _WIDE if first.box.width <= most)
    return (told, where, Note(what=wide))


def place(shape: Shape) -> str:
    """In which ninth of the picture the middle of a shape lies: "top left", "in the middle"."""
    across = (shape.box.left + shape.box.right) / 2
    down = (shape.box.top + shape.box.bottom) / 2
    return _PLACES[3 * min(int(3 * down), 2) + min(int(3 * across), 2)]


def listed(shapes: Sequence[Shape]) -> Note:
    """How many places there are, and how many of what: "3 places: 1 sign, 2 windows"."""
    counts: dict[str, int] = {}
    for shape in shapes:
        counts[shape.label] = counts.get(shape.label, 0) + 1
    facts = {"count": str(len(shapes)), "names": ", ".join(_counts(counts))}
    rest = sum(counts.values()) - sum([*counts.values()][:MOST_NAMES])
    if list(counts) == [""]:
        return Note(what="{count} places" if len(shapes) > 1 else "1 place", facts=facts)
    if len(shapes) == 1:
        return Note(what="1 place: {names}", facts={"names": shapes[0].label})
    if not rest:
        return Note(what="{count} places: {names}", facts=facts)
    return Note(what="{count} places: {names}, {rest} more", facts={**facts, "rest": str(rest)})


def _counts(counts: dict[str, int]) -> list[str]:
    """The first of the names with how many there are of each."""
    named = [(count, name or _UNNAMED) for name, count in [*counts.items()][:MOST_NAMES]]
    return [_several(count, name) for count, name in named]


def _several(count: int, name: str) -> str:
    if _PHRASE.match(name):
        return name if count == 1 else f"{count} × {name}"
    if count == 1:
        return f"1 {name}" if _is_one(name) else name
    return f"{count} {_plural(name)}"


def _is_one(name: str) -> bool:
    """Whether a name stands for one of a kind, so that it can be counted."""
    return not (_PHRASE.match(name) or _SEVERAL.search(name))


def _counted(counts: dict[str, int]) -> Note:
    """So many of each name; past MOST_NAMES names the rest is counted together."""
    facts = dict(zip("abcd", _counts(counts), strict=False))
    if len(counts) <= MOST_NAMES:
        return Note(what=_COUNTED[len(counts)], facts=facts)
    rest = sum(counts.values()) - sum([*counts.values()][:MOST_NAMES])
    return Note(what=_MANY, facts={**facts, "count": str(rest)})


def _plural(name: str) -> str:
    """Several of a thing, where the name is plain English; else the name as it is."""
    before, space, last = name.rpartition(" ")
    if not (last.isascii() and last.isalpha() and last.islower()):
        return name
    if last in _PLURALS:
        return before + space + _PLURALS[last]
    ending, more = next((ending, more) for ending, more in _ENDINGS if ending.search(last))
    return before + space + ending.sub(more, last, count=1)


def _percent(part: float) -> str:
    return str(max(round(100 * part), 1))
