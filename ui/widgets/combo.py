"""A drop-down whose arrow is drawn like every other icon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from ui.theme import icons

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QWheelEvent

STEPS = frozenset(
    (
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    )
)
"""Keys that would choose what they come to."""


class ComboBox(QComboBox):
    """Takes the width it is given; the wheel scrolls the panel, not the choice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        arrow = icons.pixmap("chevron-down", "text_muted", 16, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self.width() - 16 - 9, (self.height() - 16) // 2, arrow)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class OpeningCombo(ComboBox):
    """Keys lead through its rows once it is open, and choose nothing before: for what holds, or does
    something, as soon as it is chosen."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letters = event.text().strip()
        if event.key() in STEPS:
            self.showPopup()
        elif letters.isprintable() and letters:
            self.showPopup()
            self.view().keyboardSearch(letters)
        else:
            super().keyPressEvent(event)
