"""Where Tab goes next, for what is made later than its neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def walk_through(stops: Iterable[QWidget]) -> None:
    """Let Tab go from each of `stops` to the next; all take the keyboard."""
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def stop_before(anchor: QWidget, *, outside: QWidget) -> QWidget:
    """What Tab leaves when it comes to `anchor`, not counting what lies in `outside`; the anchor itself
    where there is nothing else."""
    before = anchor.previousInFocusChain()
    while before is not None and before is not anchor:
        if before.focusPolicy() != Qt.FocusPolicy.NoFocus and not outside.isAncestorOf(before):
            return before
        before = before.previousInFocusChain()
    return anchor
