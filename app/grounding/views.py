"""Which of the pictures that went along an answer speaks of, and where that lies in its original.

A request may hold several pictures, and several views of each: the whole, regions, tiles. An answer
that names no picture speaks of the last one, and of its whole where that went, else of its last part.
One that says "image 2" (in its object, or in words) speaks of the second that was sent, as
`app.domain.picture.numbered` counts them: through the whole request, parts too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from app.domain.picture import Prepared, View, numbered

Sizes = Mapping[str, tuple[int, int]]
"""Width and height in pixels of originals, by their hashes."""

_SAID = re.compile(
    r"(?i)\b(?:image|picture|photo|img)(?:s|\s?#|\sno\.?|\snumber|_)?\s?(\d{1,3})\b"
    r"|\b(?:the\s)?(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
    r"\s(?:image|picture|photo)\b"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


class Sent(NamedTuple):
    """A view that was sent, and the size of its original in pixels."""

    prepared: Prepared
    width: float
    height: float


class Views:
    """The views of one request."""

    def __init__(self, prepared: Sequence[Prepared], sizes: Sizes) -> None:
        self._sizes = dict(_known(prepared))
        self._sizes.update({name: (float(width), float(height)) for name, (width, height) in sizes.items()})
        self._views = dict(numbered(prepared))
        self._main = _main(prepared)

    @property
    def several(self) -> bool:
        """Whether there is more than one to choose from."""
        return len(self._views) > 1

    @property
    def default(self) -> Sent:
        """What an answer speaks of that names no picture."""
        return self._sent(self._main)

    def number(self, number: int | None) -> Sent:
        """What an answer speaks of that says "image `number`"."""
        return self._sent(self._main if number is None else self._views.get(number, self._main))

    def _sent(self, prepared: Prepared) -> Sent:
        return Sent(prepared, *self._sizes[prepared.original])


class Mentions:
    """Where in a text pictures are named by number."""

    def __init__(self, text: str) -> None:
        self._ends: list[int] = []
        self._numbers: list[int] = []
        for said in _SAID.finditer(text):
            self._ends.append(said.end())
            self._numbers.append(int(said[1]) if said[1] else _ORDINALS.index(said[2].lower()) + 1)

    def before(self, end: int) -> int | None:
        """The number that was named last before the character `end`; None where none was."""
        at = bisect_right(self._ends, end)
        return self._numbers[at - 1] if at else None


def _main(prepared: Sequence[Prepared]) -> Prepared:
    """The whole of the picture that was sent last, else its last part."""
    last = prepared[-1]
    for view in reversed(prepared):
        if view.original != last.original:
            break
        if view.view is View.WHOLE:
            return view
        if view.number == 0:
            break
    return last


def _known(prepared: Iterable[Prepared]) -> Iterable[tuple[str, tuple[float, float]]]:
    """The sizes of the originals: as a whole view tells, else as far as their parts reach."""
    whole: dict[str, tuple[float, float]] = {}
    reach: dict[str, tuple[float, float]] = {}
    for view in prepared:
        right = round(view.left + view.width * view.scale_x, 6)
        bottom = round(view.top + view.height * view.scale_y, 6)
        if view.view is View.WHOLE:
            whole[view.original] = (right, bottom)
        far = reach.get(view.original, (0.0, 0.0))
        reach[view.original] = (max(far[0], right), max(far[1], bottom))
    return (reach | whole).items()
