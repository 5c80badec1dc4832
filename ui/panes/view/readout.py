"""The colour under the pointer, said in a corner of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import fonts, palette
from ui.theme.style import RADIUS

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPaintEvent

SWATCH = 14
INSET = 8


class Readout(QWidget):
    """A swatch, `#RRGGBB`, red, green and blue, and the place in pixels of the original."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(fonts.font("caption"))
        self._color: QColor | None = None
        self._words = ""
        widest = self.tr("{name}  rgb {red} {green} {blue}  x {x}  y {y}").format(
            name="#" + 6 * "D", red=888, green=888, blue=888, x=88888, y=88888
        )
        self.setFixedSize(
            self.fontMetrics().horizontalAdvance(widest) + SWATCH + 3 * INSET, SWATCH + 2 * INSET - 2
        )
        self.hide()

    @property
    def words(self) -> str:
        """What it says, empty while it says nothing."""
        return self._words if not self.isHidden() else ""

    def show_color(self, color: QColor, at: QPoint, *, exact: bool) -> None:
        """Tell of a pixel of the original. Not `exact`: the colour is that of a smaller copy."""
        self._color = color
        self._words = self.tr("{name}  rgb {red} {green} {blue}  x {x}  y {y}").format(
            name=("" if exact else "≈ ") + _name(color),
            red=color.red(),
            green=color.green(),
            blue=color.blue(),
            x=at.x(),
            y=at.y(),
        )
        self.setAccessibleName(self._words)
        self.show()
        self.update()

    def copy(self) -> None:
        """Put the colour that is told of on the clipboard, as `#RRGGBB`."""
        if self._color is not None and not self.isHidden():
            QGuiApplication.clipboard().setText(_name(self._color))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._color is None:
            return
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.outline, 1))
        painter.setBrush(colors.veil("surface_raised", 0.94))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setBrush(self._color)
        top = (self.height() - SWATCH) / 2
        painter.drawRoundedRect(QRectF(INSET, top + 0.5, SWATCH - 1, SWATCH - 1), 3, 3)
        painter.setPen(colors.text)
        left = SWATCH + 2 * INSET
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self._words,
        )


def _name(color: QColor) -> str:
    return color.name().upper()
