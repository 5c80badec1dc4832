"""Grounds that other widgets stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import palette
from ui.theme.style import CARD_RADIUS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

GROUNDS = {
    "window": QPalette.ColorRole.Window,
    "surface": QPalette.ColorRole.Base,
    "surface_raised": QPalette.ColorRole.AlternateBase,
    "mat": QPalette.ColorRole.Mid,
}


class Surface(QWidget):
    """A plain area in a background role of the palette: one of GROUNDS."""

    def __init__(self, role: str = "surface", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setBackgroundRole(GROUNDS[role])
        self.setAutoFillBackground(True)


class Card(QWidget):
    """A rounded area with a hairline round it, raised by default; the line can take a tone."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "surface_raised") -> None:
        super().__init__(parent)
        self._ground = ground
        self._line = "outline"

    def set_line(self, role: str) -> None:
        """The colour role of the line: `outline`, `focus`, `danger` and the like."""
        if self._line != role:
            self._line = role
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 1.0 if self._line == "outline" else 1.5
        painter.setPen(QPen(colors.color(self._line), width))
        painter.setBrush(colors.color(self._ground))
        inside = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(inside, CARD_RADIUS, CARD_RADIUS)


class Separator(QWidget):
    """A one-pixel line."""

    def __init__(
        self, orientation: Qt.Orientation = Qt.Orientation.Horizontal, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        if orientation == Qt.Orientation.Horizontal:
            self.setFixedHeight(1)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        else:
            self.setFixedWidth(1)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), palette.current().separator)
