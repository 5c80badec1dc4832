"""How the pieces of a formula are put into one line of text."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from ui.transcript.maths import symbols as signs


class Part(Enum):
    """What a piece is among its neighbours: it decides about spaces and brackets."""

    LETTER = auto()
    WORD = auto()
    NAME = auto()
    LARGE = auto()
    RELATION = auto()
    OPERATOR = auto()
    FRACTION = auto()
    OPENING = auto()
    CLOSING = auto()
    CLOSED = auto()
    """Something in brackets of its own."""
    STOP = auto()
    SPACE = auto()


class Item(NamedTuple):
    """A piece of a formula."""

    text: str
    part: Part


THIN_SPACE = "\u2009"
_THINGS = frozenset({Part.LETTER, Part.WORD, Part.FRACTION, Part.CLOSED})
_ENDED = _THINGS | {Part.CLOSING}
_BEGUN = _THINGS | {Part.OPENING, Part.LARGE, Part.NAME}
_MARKS = "\u0300-\u036f\u20d0-\u20ff′⁰¹²³⁴-⁾ᴬ-ᵪ₀-₎ₐ-ₜⱽʰ-ˣ°"
_ONE = re.compile(rf"√?(?:\d+(?:\.\d+)?|[∂d]?[^\W\d_]|[∞∂∇ℏ∅])[{_MARKS}]*")
_CALLED = re.compile(rf"[^\W\d_][{_MARKS}]*(?=[(])")
_TIGHT = re.compile(r"[^\s+−±∓/=<>]+")
_SPECIAL_ABOVE = {"∘": "°", "°": "°", "′": "′", "′′": "″", "*": "*", "∗": "*", "†": "†", "‡": "‡"}


def joined(items: list[Item], *, tight: bool = False) -> str:
    """The items in one text, with spaces where a reader needs them; `tight` leaves these out."""
    text, before = "", None
    following = _following(items)
    for index, (item, after) in enumerate(zip(items, following, strict=True)):
        piece = item.text
        if item.part is Part.FRACTION and _touches(items, index):
            piece = f"({piece})"
        if item.part is Part.SPACE:
            if not (piece == " " and text.endswith((" ", "\n"))):
                text += piece
            continue
        left, right = ("", "") if tight else _spaces(before, item, after)
        if left and text and not text[-1].isspace():
            text += left
        text += piece + right
        before = item
    return text if tight else text.strip(" ")


def _following(items: list[Item]) -> list[Item | None]:
    """What comes after each item, spaces apart."""
    following: list[Item | None] = []
    after: Item | None = None
    for item in reversed(items):
        following.append(after)
        after = after if item.part is Part.SPACE else item
    return following[::-1]


def _spaces(before: Item | None, item: Item, after: Item | None) -> tuple[str, str]:
    """What stands left and right of an item."""
    if item.part is Part.RELATION:
        return " ", " " if after is not None else ""
    if item.part is Part.OPERATOR:
        between = before is not None and before.part in _ENDED and after is not None
        return (" ", " ") if between else ("", "")
    if item.part is Part.STOP:
        return "", " " if after is not None else ""
    if item.part in (Part.NAME, Part.LARGE):
        left = " " if before is not None and before.part in _ENDED else ""
        return left, " " if after is not None and after.part in _BEGUN - {Part.OPENING} else ""
    return "", ""


def _touches(items: list[Item], index: int) -> bool:
    """Whether a fraction stands right beside something that it would seem to include."""
    before = items[index - 1].part if index else None
    after = items[index + 1].part if index + 1 < len(items) else None
    return before in _ENDED or after in _BEGUN


def _is_enclosed(text: str) -> bool:
    """Whether one pair of brackets holds all of it."""
    if text[:1] not in signs.OPENING or text[-1:] not in signs.CLOSING:
        return False
    depth = 0
    for index, char in enumerate(text):
        depth += (char in signs.OPENING) - (char in signs.CLOSING)
        if not depth:
            return index == len(text) - 1
    return False


def _one(text: str) -> str:
    """`text` in brackets, unless it reads as one thing without."""
    called = _CALLED.match(text)
    rest = text[called.end() :] if called is not None else text
    return text if not text or _ONE.fullmatch(text) or _is_enclosed(rest) else f"({text})"


def _product(text: str) -> str:
    """`text` in brackets, unless it reads as one product without."""
    outside, depth = "", 0
    for char in text:
        depth += char in signs.OPENING
        if not depth:
            outside += char
        depth -= char in signs.CLOSING
    return text if not outside or _TIGHT.fullmatch(outside) else _one(text)


def fraction(above: str, below: str) -> Item:
    """One thing over another."""
    known = signs.FRACTIONS.get((above, below))
    if known is not None:
        return Item(known, Part.LETTER)
    return Item(f"{_product(above)}/{_one(below)}", Part.FRACTION)


def root(degree: str, of: str) -> Item:
    """A root; `degree` is "" for the square root."""
    sign = signs.ROOTS.get(degree)
    if sign is None:
        sign = THIN_SPACE + _script(degree, signs.SUPERSCRIPTS, "^") + "√"
    return Item(sign + _one(of), Part.LETTER)


def scripted(base: Item, primes: str, above: str, below: str) -> Item:
    """An item with what stands behind it, below and above."""
    text = base.text.rstrip(" ")
    if base.part is Part.FRACTION:
        text = f"({text})"
    raised = _SPECIAL_ABOVE.get(above) or _script(above, signs.SUPERSCRIPTS, "^")
    part = Part.LETTER if base.part in (Part.FRACTION, Part.SPACE) else base.part
    return Item(text + primes + _script(below, signs.SUBSCRIPTS, "_") + raised, part)


def _script(text: str, table: dict[int, int], mark: str) -> str:
    if not text:
        return ""
    if all(ord(char) in table for char in text):
        return text.translate(table)
    return mark + (text if len(text) == 1 or _is_enclosed(text) else f"({text})")


def matrix(rows: list[list[str]], opening: str, closing: str, *, lines: bool) -> Item:
    """Rows of cells: each on a line of its own, or one after another."""
    if not lines:
        inner = "; ".join("  ".join(row) for row in rows)
        return Item(f"{opening}{inner}{closing}", Part.CLOSED if opening else Part.WORD)
    gap = " " if opening else ""
    shown = (f"{opening}{gap}{'   '.join(row)} {closing}".rstrip() for row in rows)
    return Item("\n" + "\n".join(shown) + " ", Part.CLOSED)
