"""Dragging something out of the window. The only place where a drag runs its loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDrag

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget


def drag_out(source: QWidget, mime: QMimeData, picture: QPixmap | None = None) -> None:
    """Let the user drop `mime` somewhere, as a copy; returns when it was dropped or given up.

    `picture` goes with the pointer. Call it from a plain slot or event handler: until it returns,
    Qt runs a loop of its own.
    """
    drag = QDrag(source)
    drag.setMimeData(mime)
    if picture is not None:
        drag.setPixmap(picture)
    drag.exec(Qt.DropAction.CopyAction)
