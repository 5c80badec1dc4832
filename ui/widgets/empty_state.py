"""What a view shows while it has nothing: an icon, a sentence and perhaps one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

MARGIN = 12
WIDEST = 420
"""A sentence that is wider is hard to read."""


class EmptyState(QWidget):
    """Centred. Emits `action_requested` when its button is pressed."""

    action_requested = Signal()

    def __init__(
        self,
        icon: str,
        sentence: str,
        action: str = "",
        parent: QWidget | None = None,
        *,
        size: str = "body",
        primary: bool = True,
    ) -> None:
        super().__init__(parent)
        self.picture = Pictogram(icon, 48 if size == "body" else 28)
        self.label = PlainLabel(sentence, size=size, tone="muted")
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = TextButton(action, primary=primary)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self.action_requested)
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = max(MARGIN, (self.width() - WIDEST) // 2)
        self.setContentsMargins(side, MARGIN, side, MARGIN)
        super().resizeEvent(event)

    def show_sentence(self, sentence: str, *, icon: str, tone: str = "muted", action: str = "") -> None:
        """Say something else; `action` names the button, empty for none."""
        self.picture.show_icon(icon, {"muted": "text_muted", "": "text"}.get(tone, tone))
        self.label.set_tone(tone)
        self.label.setText(sentence)
        self.button.setText(action)
        self.button.setVisible(bool(action))
