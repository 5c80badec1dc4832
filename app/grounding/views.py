"""Which of the pictures that went along an answer speaks of, and where that lies in its original.

A request may hold several pictures, and several views of each: the whole, regions, tiles. An answer
that names no picture speaks of the one that the user chose for it, else of the last one; and of its
whole where that went, else of its last part.
One that says "image 2" (in its object, or in words: `app.grounding.mentions`) speaks of the second
that was sent, as `app.domain.picture.numbered` counts them: through the whole request, parts too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from app.domain.picture import Prepared, View, numbered

Sizes = Mapping[str, tuple[int, int]]
"""Width and height in pixels of originals, by their hashes."""


class Sent(NamedTuple):
    """A view that was sent, and the size of its original in pixels."""

    prepared: Prepared
    width: float
    height: float


class Views:
    """The views of one request."""

    def __init__(self, prepared: Sequence[Prepared], sizes: Sizes, subject: str = "") -> None:
        """`subject` is the hash of the original that an answer is about which names none."""
        self._sizes = dict(_known(prepared))
        self._sizes.update({name: (float(width), float(height)) for name, (width, height) in sizes.items()})
        self._views = dict(numbered(prepared))
        own = [*prepared]
        while subject and own and own[-1].original != subject:
            own.pop()
        self._main = _main(own or prepared)
        self._originals = {view.original for view in prepared}

    @property
    def several(self) -> bool:
        """Whether there is more than one to choose from."""
        return len(self._views) > 1

    def leaves_open(self, number: int | None) -> bool:
        """Whether what says "image `number`", or nothing, leaves open which of several originals it means."""
        return len(self._originals) > 1 and number not in self._views

    @property
    def default(self) -> Sent:
        """What an answer speaks of that names no picture."""
        return self._sent(self._main)

    def number(self, number: int | None) -> Sent:
        """What an answer speaks of that says "image `number`"."""
        return self._sent(self._main if number is None else self._views.get(number, self._main))

    def _sent(self, prepared: Prepared) -> Sent:
        return Sent(prepared, *self._sizes[prepared.original])


def _main(prepared: Sequence[Prepared]) -> Prepared:
    """The whole of the picture that was sent last, else its last part."""
    last = prepared[-1]
    for view in reversed(prepared):
        if view.original != last.original:
            continue  # the whole of a picture may have gone before others
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
