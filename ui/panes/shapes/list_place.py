"""Where the list of shapes stands beside the picture, so that both can be seen."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, QSizeF

from ui.panes.view.placement import MARGIN

WIDTH = 264
"""Logical pixels, as all lengths here."""
LEAST_WIDTH = 216
"""In a view that is narrower than twice this, the list takes half of it."""
NARROWEST = 141
"""What its uppermost row needs, without words."""
SHARE = 3
"""The list takes no more than one part in so many of the view's width, but LEAST_WIDTH anyway."""
INSET = 12
LOW_INSET = 4
LOW = 240
"""In a lower view there is neither to spare for insets nor for what a menu can do."""
NARROW = 480
"""In a narrower view that is not low, the list stands below where that leaves more of the picture."""
MOST_SHARE = 0.6
"""Of a view's width; where the list needs more, it lies over the picture, as wide as it can be."""
BELOW_SHARE = 0.4
"""Below, it takes no larger part of the view's height, but two rows anyway."""
WORTH = 1.25
"""The picture has to be so many times as large for the list to stand below it."""
BAR = 64
"""What the bar over the picture takes about."""


class ListPlace(NamedTuple):
    """A rectangle of the view, and how much of the view is the list's, at the right and at the bottom;
    neither where it has to lie over the picture."""

    rect: QRect
    right: int = 0
    below: int = 0


def list_place(view: QSize, picture: QSizeF, wanted: int, least: int) -> ListPlace:
    """Where the list stands in a view over a picture of a size, as it is turned (empty for none).

    `wanted` is how high the list is with all its rows, `least` with two.
    """
    beside = _beside(view, wanted)
    if picture.isEmpty() or view.height() < LOW or view.width() >= NARROW:
        return beside
    below = _below(view, wanted, least)
    if not beside.right and below.below <= view.height() * MOST_SHARE:
        return below
    return below if _zoom(view, picture, below) > WORTH * _zoom(view, picture, beside) else beside


def _beside(view: QSize, wanted: int) -> ListPlace:
    inset = LOW_INSET if view.height() < LOW else INSET
    half = max(view.width() // 2 - inset, NARROWEST)
    width = min(WIDTH, max(view.width() // SHARE, min(LEAST_WIDTH, half)), view.width() - 2 * inset)
    right = width + inset
    if right > view.width() * MOST_SHARE:
        right, width = 0, min(WIDTH, view.width() - 2 * inset)
    rect = QRect(view.width() - width - inset, inset, width, min(wanted, view.height() - 2 * inset))
    return ListPlace(rect, right)


def _below(view: QSize, wanted: int, least: int) -> ListPlace:
    height = min(wanted, max(least, round(view.height() * BELOW_SHARE)))
    rect = QRect(INSET, view.height() - INSET - height, view.width() - 2 * INSET, height)
    return ListPlace(rect, below=height + INSET)


def _zoom(view: QSize, picture: QSizeF, place: ListPlace) -> float:
    """About how large the picture is then; at most as in its own pixels."""
    width = view.width() - place.right - 2 * MARGIN
    height = view.height() - place.below - BAR - MARGIN
    return min(max(width, 1) / picture.width(), max(height, 1) / picture.height(), 1.0)
