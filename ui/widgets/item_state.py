"""The state of a row that is being drawn.

`option.state` says the same, but reading it builds the enums of QStyle, which takes as long as
a tenth of an empty window's start.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QAbstractItemView, QListView


def is_selected(view: QListView, index: QModelIndex | QPersistentModelIndex) -> bool:
    """Whether the row is selected."""
    return any(selected.row() == index.row() for selected in view.selectedIndexes())


def is_hovered(view: QAbstractItemView, rect: QRect) -> bool:
    """Whether the pointer is on the row at `rect` (of the viewport)."""
    viewport = view.viewport()
    return viewport.underMouse() and rect.contains(viewport.mapFromGlobal(QCursor.pos()))
