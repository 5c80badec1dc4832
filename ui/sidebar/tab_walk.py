"""Tab walks through a column as its parts stand, whenever they were made."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

from ui.widgets.tab_order import walk_through


def lead_tab(column: QWidget) -> None:
    """Bring Tab in step with the layouts inside `column`."""
    walk_through(_stops(column))


def _stops(widget: QWidget) -> Iterator[QWidget]:
    """What takes the keyboard in `widget`, from top to bottom, whether or not it is shown now."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
        return
    if isinstance(widget, QScrollArea):
        inside = widget.widget()
        if inside is not None:
            yield from _stops(inside)
    elif (layout := widget.layout()) is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        if (inner := item.layout()) is not None:
            yield from _in_layout(inner)
        elif (widget := item.widget()) is not None:
            yield from _stops(widget)
