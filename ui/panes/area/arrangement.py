"""How the panes of a conversation stand, as plain values that can be kept and put back."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from ui.panes.view.placement import Look


class Side(Enum):
    """Where something comes beside a pane."""

    LEFT = "left"
    RIGHT = "right"
    ABOVE = "above"
    BELOW = "below"

    @property
    def orientation(self) -> Qt.Orientation:
        """How a splitter lies that puts something there."""
        beside = self in (Side.LEFT, Side.RIGHT)
        return Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical

    @property
    def before(self) -> bool:
        """Whether what comes there is the first of the two."""
        return self in (Side.LEFT, Side.ABOVE)


class Tab(NamedTuple):
    """A picture that is open in a pane, and how it was looked at when it was last shown."""

    sha256: str
    look: Look | None = None


class Leaf(NamedTuple):
    """One pane with its pictures; the one at `current` is shown. Without pictures it is empty."""

    tabs: tuple[Tab, ...] = ()
    current: int = 0
    active: bool = False


class Split(NamedTuple):
    """Parts beside or above each other with their sizes in logical pixels."""

    orientation: Qt.Orientation
    parts: tuple[Leaf | Split, ...]
    sizes: tuple[int, ...]


Arrangement = Leaf | Split


def without(kept: Arrangement, known: frozenset[str]) -> Arrangement:
    """The same without the pictures that are not `known`, and without the panes that then are empty."""
    if isinstance(kept, Leaf):
        tabs = tuple(tab for tab in kept.tabs if tab.sha256 in known)
        shown = kept.tabs[kept.current] if kept.tabs else None
        current = tabs.index(shown) if shown in tabs else max(0, len(tabs) - 1)
        return Leaf(tabs, current, kept.active)
    rest = [(without(part, known), size) for part, size in zip(kept.parts, kept.sizes, strict=True)]
    rest = [(part, size) for part, size in rest if part != Leaf() and (isinstance(part, Split) or part.tabs)]
    if not rest:
        return Leaf()
    if len(rest) == 1:
        return rest[0][0]
    return Split(kept.orientation, tuple(part for part, _ in rest), tuple(size for _, size in rest))


def leaves(kept: Arrangement) -> list[Leaf]:
    """Every pane, as one reads."""
    return [kept] if isinstance(kept, Leaf) else [leaf for part in kept.parts for leaf in leaves(part)]


def shape(kept: Arrangement) -> object:
    """How panes are divided, whatever is open in them; equal for arrangements that are divided alike."""
    return None if isinstance(kept, Leaf) else (kept.orientation, *(shape(part) for part in kept.parts))


def brought_back(before: Arrangement, gone: frozenset[str], now: Arrangement) -> Arrangement:
    """The panes as they stood `before` the pictures `gone` were closed in them; those that stayed show
    what they show `now`. `now` has the shape that was left by the closing."""
    left = iter(leaves(now))

    def back(part: Arrangement) -> Arrangement:
        if isinstance(part, Split):
            return part._replace(parts=tuple(back(inner) for inner in part.parts))
        lost = [tab.sha256 for tab in part.tabs if tab.sha256 in gone]
        if lost and len(lost) == len(part.tabs):
            return part
        stayed = next(left)
        if not lost:
            return stayed._replace(active=part.active)
        known = {tab.sha256 for tab in part.tabs}
        return part._replace(tabs=(*part.tabs, *(tab for tab in stayed.tabs if tab.sha256 not in known)))

    return back(before)
