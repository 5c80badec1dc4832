"""An icon that stands by itself, not on a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.theme import icons

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class Pictogram(QWidget):
    """Decoration: the words beside it say the same, so a screen reader skips it."""

    def __init__(
        self, icon: str, size: int = 20, role: str = "text_muted", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._role = role
        self.setFixedSize(size, size)

    def show_icon(self, icon: str, role: str) -> None:
        """Take another icon and colour role."""
        self._icon, self._role = icon, role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        drawn = icons.pixmap(self._icon, self._role, self.width(), self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, drawn)
