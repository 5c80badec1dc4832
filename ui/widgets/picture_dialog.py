"""Choosing picture files."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

ENDINGS = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.heic *.heif *.avif"


def picture_dialog(parent: QWidget, title: str, *, several: bool = True) -> QFileDialog:
    """A dialog to be opened, which goes when it is closed."""
    translate = QCoreApplication.translate
    dialog = QFileDialog(parent, title)
    pictures = translate("PictureDialog", "Pictures")
    dialog.setNameFilters([f"{pictures} ({ENDINGS})", translate("PictureDialog", "All files") + " (*)"])
    mode = QFileDialog.FileMode
    dialog.setFileMode(mode.ExistingFiles if several else mode.ExistingFile)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
