"""What leaves the transcript when it is dragged to another place."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QUrl

SUGGESTED_NAME = "application/x-kde-suggestedfilename"
"""What file managers of KDE offer to call a file that they make of dropped text."""


def text_dragged(text: str, file_name: str = "") -> QMimeData:
    """Plain text, and what a file with it would be called."""
    mime = QMimeData()
    mime.setText(text)
    if file_name:
        mime.setData(SUGGESTED_NAME, file_name.encode())
    return mime


def file_dragged(path: str) -> QMimeData:
    """A file of this machine."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path)])
    return mime
