"""Dragging a picture to a pane, or out of the window as a file."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.controllers.pictures.dragged_pictures import DraggedPictures
from ui.panes.drop import PICTURE_HERE
from ui.widgets.drag_out import drag_out


def begin(source: QWidget, sha256: str, name: str, tile: QPixmap | None, files: DraggedPictures) -> None:
    """Drag a picture from `source` as soon as its file is written, if the button is still down then."""

    def found(path: str) -> None:
        if isValid(source) and QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            drag_out(source, mime_of(sha256, path), tile)

    files.find(sha256, name, found)


def mime_of(sha256: str, path: str) -> QMimeData:
    """What is dragged: the file for other programs, the hash for the panes."""
    mime = QMimeData()
    mime.setData(PICTURE_HERE, sha256.encode())
    if path:
        mime.setUrls([QUrl.fromLocalFile(path)])
    return mime
