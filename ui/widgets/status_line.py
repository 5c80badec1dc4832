"""An icon and a sentence in one tone: how something stands."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import fonts
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram

ICONS = {
    "positive": "check",
    "warning": "triangle-alert",
    "danger": "circle-alert",
    "muted": "info",
    "": "info",
    "accent": "info",
}


class StatusLine(QWidget):
    """Hidden while there is nothing to say. The text wraps, and may come from outside."""

    said = Signal(object)
    """Something was said that is to be noticed, in this line (StatusLine)."""

    def __init__(self, parent: QWidget | None = None, *, size: str = "label") -> None:
        super().__init__(parent)
        side = max(16, fonts.pixels(size) + 3)
        self._icon = Pictogram("info", side, "text_muted", self)
        self.label = PlainLabel("", self, size=size, tone="muted")
        self.label.setMinimumWidth(1)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        beside_first_line = QVBoxLayout()
        beside_first_line.addSpacing(max(0, (self.label.fontMetrics().height() - side) // 2))
        beside_first_line.addWidget(self._icon)
        beside_first_line.addStretch(1)
        row.addLayout(beside_first_line)
        row.addWidget(self.label, 1)
        self.hide()

    def text(self) -> str:
        """What is said now; empty while hidden."""
        return "" if self.isHidden() else self.label.text()

    def say(self, text: str, tone: str = "muted", *, icon: str = "", alert: bool = False) -> None:
        """Show `text`, or nothing; `tone` as of a PlainLabel. `alert` lets a screen reader speak up."""
        self._icon.show_icon(icon or ICONS[tone], {"muted": "text_muted", "": "text"}.get(tone, tone))
        self.label.set_tone(tone)
        self.label.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        if alert and text:
            from PySide6.QtGui import QAccessible, QAccessibleEvent  # its many names take 3 ms to make

            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
            self.said.emit(self)
