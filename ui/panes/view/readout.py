"""The colour under the pointer, said in a corner of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import fonts, palette
from ui.theme.style import RADIUS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

SWATCH = 14
INSET = 8
NARROW, LOW = 440, 240
"""In a view that is narrower or lower, it says less, in two lines."""


class Readout(QWidget):
    """A swatch, `#RRGGBB`, red, green and blue, and the place in pixels of the original; in a small view
    without red, green and blue."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(fonts.font("caption"))
        self._color: QColor | None = None
        self._words = ""
        self._lines: tuple[str, ...] = ()
        self._small = False
        self.suit(QSize(NARROW, LOW))
        self.hide()

    def suit(self, view: QSize) -> None:
        """Be as large as what is said at most in a view of this size."""
        self._small = view.width() < NARROW or view.height() < LOW
        lines = self._lines_of(self._parts("≈ #" + 6 * "D", QColor(188, 188, 188), QPoint(88888, 88888)))
        width = max(map(self.fontMetrics().horizontalAdvance, lines))
        height = max(SWATCH, len(lines) * self.fontMetrics().height())
        self.setFixedSize(width + SWATCH + 3 * INSET, height + 2 * INSET - 2)

    def _parts(self, name: str, color: QColor, at: QPoint) -> tuple[str, str, str]:
        """Name, amounts and place."""
        rgb = self.tr("rgb {red} {green} {blue}")
        rgb = rgb.format(red=color.red(), green=color.green(), blue=color.blue())
        return name, rgb, self.tr("x {x}  y {y}").format(x=at.x(), y=at.y())

    def _lines_of(self, parts: tuple[str, str, str]) -> tuple[str, ...]:
        return (parts[0], parts[2]) if self._small else ("  ".join(parts),)

    @property
    def words(self) -> str:
        """What it says, empty while it says nothing."""
        return self._words if not self.isHidden() else ""

    def show_color(self, color: QColor, at: QPoint, *, exact: bool) -> None:
        """Tell of a pixel of the original. Not `exact`: the colour is that of a smaller copy."""
        self._color = color
        parts = self._parts(("" if exact else "≈ ") + _name(color), color, at)
        self._words, self._lines = "  ".join(parts), self._lines_of(parts)
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
            "\n".join(self._lines),
        )


def _name(color: QColor) -> str:
    return color.name().upper()
