"""Where Tab goes next."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def follow_each_other(*parts: QWidget) -> None:
    """Let Tab walk through `parts` of one window in this order; inside each, the order stays.

    What is a part of its own and lies inside another is walked through in its own turn.
    """
    groups: dict[QWidget, list[QWidget]] = {part: [] for part in parts}
    for widget in (parts[0], *_after(parts[0])):
        holders = [part for part in parts if part is widget or part.isAncestorOf(widget)]
        if holders and _takes_keyboard(widget):
            groups[holders[-1]].append(widget)
    for before, after in pairwise([widget for group in groups.values() for widget in group]):
        QWidget.setTabOrder(before, after)


def come_before(anchor: QWidget, *parts: QWidget) -> None:
    """Let Tab walk through `parts` just before it comes to `anchor`, which takes the keyboard."""
    others = [widget for widget in _after(anchor) if _takes_keyboard(widget)]
    before = [w for w in others if not any(part is w or part.isAncestorOf(w) for part in parts)]
    if before:
        follow_each_other(before[-1], *parts)


def _takes_keyboard(widget: QWidget) -> bool:
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def _after(start: QWidget) -> Iterator[QWidget]:
    """Every other widget of the window, as Tab would come to them."""
    widget = start.nextInFocusChain()
    while widget is not None and widget is not start:
        yield widget
        widget = widget.nextInFocusChain()
