"""Text as it is read, with the stretches of it that differ from plain."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from ui.signs import LINE_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Look:
    """How a span is set: bits of an int, since enum flags cost as much as the parsing."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    CODE = 4
    STRUCK = 8
    LINK = 16
    MUTED = 32
    RAISED = 64
    PLACE = 128
    """Stands for markup of places in a picture, one sign for each; or for none, where it has no width."""


PLACE_SIGN = "\u25c9"
_OPENING = "([{\"'\u201c\u2018\u00ab\u25c9"


def place_signs(count: int, before: str, after: str = "") -> str:
    """So many signs, set apart from what stands right `before` them, and from a letter right `after`."""
    left = "\xa0" if before and not before.isspace() and before not in _OPENING else ""
    return f"{left}{' '.join(PLACE_SIGN * count)}{' ' if after.isalnum() else ''}" if count else ""


_BEGINNINGS = {"molmo": ("<", "Click(", "="), "glm-v": ("<", "[")}


def may_have_marks(text: str, places: str) -> bool:
    """Whether it is worth to look for markup of `places` in a text, as `marks` of an entry's Places."""
    return bool(places) and any(sign in text for sign in _BEGINNINGS.get(places, ("<",)))


class Span(NamedTuple):
    """A stretch of text in one look; `url` where a click leads on, `source` what a copy gives instead."""

    start: int
    end: int
    look: int
    url: str = ""
    source: str = ""


class StyledText(NamedTuple):
    """Text as it is read, and the spans that differ from plain, in order."""

    text: str
    spans: tuple[Span, ...] = ()

    def copied(self, start: int, end: int) -> str:
        """What a copy of text[start:end] gives: all of the source of what is shown otherwise than written."""
        pieces: list[str] = []
        for span in self.spans:
            if span.source and _reaches(span, start, end, len(self.text)):
                pieces += self.text[start : max(start, span.start)].replace(LINE_BREAK, "\n"), span.source
                start = span.end
        pieces.append(self.text[start:end].replace(LINE_BREAK, "\n"))
        return "".join(pieces)

    @property
    def places(self) -> tuple[Span, ...]:
        """What stands for markup of places."""
        return tuple(span for span in self.spans if span.look & Look.PLACE)


def places_of(cells: Iterable[StyledText]) -> Iterator[Span]:
    """What stands for markup of places in texts that are read one behind the other, each divided from
    the next by one character."""
    start = 0
    for cell in cells:
        for span in cell.places:
            yield span._replace(start=start + span.start, end=start + span.end)
        start += len(cell.text) + 1


def _reaches(span: Span, start: int, end: int, length: int) -> bool:
    """Whether a span is copied with text[start:end]: one without width with what it stands before."""
    if span.start == span.end:
        return start <= span.start < end or (span.start == end == length)
    return span.start < end and span.end > start


def agreement(one: StyledText, other: StyledText) -> int:
    """How many characters from the start read and look the same in both."""
    same = min(len(one.text), len(other.text))
    if one.text[:same] != other.text[:same]:
        same = next(n for n in range(same) if one.text[n] != other.text[n])
    for ours, theirs in itertools.zip_longest(one.spans, other.spans):
        if ours != theirs:
            return min(same, *(span.start for span in (ours, theirs) if span is not None))
    return same
