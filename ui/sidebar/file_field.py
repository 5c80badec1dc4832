"""A file the user chose, with the button that chooses another."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.labels import ElidedLabel, PlainLabel


class FileField(QWidget):
    """Label above; the file's name, elided in the middle, with its whole path as the tooltip."""

    choose_requested = Signal()

    def __init__(self, label: str, none_yet: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none_yet = none_yet
        self._label = label
        self.label = PlainLabel(label, bold=True)
        self.name = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle)
        self.button = TextButton(self.tr("Choose…"))
        self.button.clicked.connect(self.choose_requested)
        self.label.setBuddy(self.button)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addLayout(row)
        self.set_path("")

    def set_path(self, path: str) -> None:
        """The chosen file; empty for none."""
        name = PurePath(path).name if path else self._none_yet
        self.name.setText(name)
        self.name.set_hint(path)
        self.name.set_tone("" if path else "muted")
        self.button.setToolTip(path)
        self.button.setAccessibleName(self.tr("Choose {what}").format(what=self._label))
        self.button.setAccessibleDescription(path or self._none_yet)
