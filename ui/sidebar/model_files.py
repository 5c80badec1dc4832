"""The files that the local engine runs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.sidebar.file_field import FileField


class ModelFiles(QWidget):
    """The model, and the vision part that lets it see pictures."""

    model_requested = Signal()
    projector_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = FileField(self.tr("Model file"), self.tr("None chosen yet"))
        self.projector = FileField(self.tr("Vision part (mmproj)"), self.tr("None chosen"))
        self.model.choose_requested.connect(self.model_requested)
        self.projector.choose_requested.connect(self.projector_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.model)
        column.addWidget(self.projector)
