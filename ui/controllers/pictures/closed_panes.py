"""How the panes stood before a picture was taken out of the question, for when it comes back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ui.panes.area.arrangement import Arrangement, brought_back, leaves, shape, without

MOST_KEPT = 20


class _Closed(NamedTuple):
    before: Arrangement
    gone: frozenset[str]
    after: object
    """The shape of what was left."""


class ClosedPanes:
    """Remembers what closed with pictures that went away, while the panes stand as they were left."""

    def __init__(self) -> None:
        self._closed: list[_Closed] = []

    def note(self, before: Arrangement, gone: frozenset[str], after: Arrangement) -> None:
        """The pictures `gone` went away, and the panes stand as in `after` since."""
        if any(tab.sha256 in gone for leaf in leaves(before) for tab in leaf.tabs):
            self._closed = [*self._closed, _Closed(before, gone, shape(after))][-MOST_KEPT:]

    def back(self, added: Iterable[str], known: Iterable[str], now: Arrangement) -> Arrangement | None:
        """How the panes stand with the pictures that came back, of all that are `known`; None where those
        closed nothing, or panes were opened or closed since."""
        came = frozenset(added)
        for place, closed in reversed(list(enumerate(self._closed))):
            if came and came <= closed.gone:
                del self._closed[place]
                if closed.after != shape(now):
                    return None
                back = brought_back(closed.before, closed.gone, now)
                kept = without(back, frozenset(known))
                self.note(back, closed.gone - came, kept)
                return kept
        return None
