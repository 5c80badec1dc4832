"""What a view shows while it has nothing: an icon, a sentence and perhaps one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

MARGIN = 12
WIDEST = 420
"""A sentence that is wider is hard to read."""
SPACE = 16
LOW_SPACE = 8


class EmptyState(QWidget):
    """Centred. Emits `action_requested` when its button is pressed.

    Where it is low, the icon stays away, and the button stands beside the sentence.
    """

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
        self.button = TextButton(action, self, primary=primary)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self.action_requested)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE)
        column.addStretch(1)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        self._column = column

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def show_sentence(self, sentence: str, *, icon: str, tone: str = "muted", action: str = "") -> None:
        """Say something else; `action` names the button, empty for none."""
        self.picture.show_icon(icon, {"muted": "text_muted", "": "text"}.get(tone, tone))
        self.label.set_tone(tone)
        self.label.setText(sentence)
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self._fit()

    def _fit(self) -> None:
        """Leave out what there is no room for."""
        side = max(MARGIN, (self.width() - WIDEST) // 2)
        words = self.label.heightForWidth(self.width() - 2 * side)
        acts = not self.button.isHidden()
        button = LOW_SPACE + self.button.sizeHint().height() if acts else 0
        flat = acts and words + button > self.height()
        below = button - LOW_SPACE + SPACE if acts else 0
        whole = 2 * MARGIN + self.picture.height() + SPACE + words + below
        self.picture.setVisible(whole <= self.height())
        direction = QBoxLayout.Direction
        self._column.setDirection(direction.LeftToRight if flat else direction.TopToBottom)
        self._column.setSpacing(SPACE if flat or not self.picture.isHidden() else LOW_SPACE)
        self._column.setStretch(1 + self._column.indexOf(self.picture), int(flat))
        for end in (0, self._column.count() - 1):
            self._column.setStretch(end, int(not flat))
        if flat:
            taken = self.label.fontMetrics().horizontalAdvance(self.label.text()) + SPACE
            taken += self.button.sizeHint().width() + LOW_SPACE
            side = max(MARGIN, (self.width() - taken) // 2)
        edge = 0 if self.picture.isHidden() else MARGIN
        self.setContentsMargins(side, edge, side, edge)
        self._column.activate()
