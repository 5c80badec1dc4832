"""A drop-down whose arrow is drawn like every other icon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from ui.theme import icons

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QWheelEvent


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
