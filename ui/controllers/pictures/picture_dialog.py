"""Choosing picture files."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.pictures.camera_roll import SUFFIXES


def picture_dialog(parent: QWidget, title: str, *, several: bool = True) -> QFileDialog:
    """A dialog to be opened, which goes when it is finished."""
    dialog = QFileDialog(parent, title)
    pictures = f" ({' '.join(f'*{suffix}' for suffix in SUFFIXES)})"
    words = QCoreApplication.translate("PictureDialog", "Pictures")
    every = QCoreApplication.translate("PictureDialog", "All files")
    dialog.setNameFilters([words + pictures, every + " (*)"])
    mode = QFileDialog.FileMode
    dialog.setFileMode(mode.ExistingFiles if several else mode.ExistingFile)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
