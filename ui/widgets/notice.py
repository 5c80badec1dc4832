"""One sentence about something that just happened, until it is dismissed."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.buttons import IconButton
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram
from ui.widgets.surfaces import Card

ICONS = {"positive": "check", "warning": "circle-alert", "danger": "triangle-alert"}


class Notice(Card):
    """A card with a sentence; hidden while there is nothing to say. The text may come from outside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = PlainLabel("", self)
        self.dismiss_button = IconButton("x", self.tr("Dismiss"), self)
        self.dismiss_button.clicked.connect(self.hide)
        self._icon = Pictogram(ICONS["warning"], role="warning", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._label, 1)
        row.addWidget(self.dismiss_button)
        self.hide()

    def text(self) -> str:
        """What is said now; empty while hidden."""
        return "" if self.isHidden() else self._label.text()

    def show_text(self, text: str, tone: str = "warning") -> None:
        """Say `text`, and tell a screen reader; `tone` is one of ICONS."""
        self._icon.show_icon(ICONS[tone], tone)
        self.set_line(tone)
        self._label.setText(text)
        self.setAccessibleName(text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
