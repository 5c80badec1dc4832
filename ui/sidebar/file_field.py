"""A file the user chose, with the button that chooses another."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.tooltips import plain_tooltip


class FileField(QWidget):
    """Label above; the file's name, elided in the middle, with its whole path as the tooltip."""

    choose_requested = Signal()

    def __init__(self, label: str, none_yet: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none_yet = none_yet
        self.label = PlainLabel(label, bold=True)
        self.name = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle)
        self.note = PlainLabel(size="caption", tone="muted")
        self.button = TextButton(self.tr("Choose…"))
        self.button.setAccessibleName(self.tr("Choose {what}").format(what=label))
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
        column.addWidget(self.note)
        self.set_path("")

    def set_path(self, path: str, note: str = "") -> None:
        """The file, empty for none; `note` is one plain line on how it came here."""
        name = PurePath(path).name if path else self._none_yet
        self.name.setText(name)
        self.name.set_hint(path)
        self.name.set_tone("" if path else "muted")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.button.setToolTip(plain_tooltip(path))
        spoken = path or self._none_yet
        self.button.setAccessibleDescription(f"{spoken}, {note}" if note else spoken)
