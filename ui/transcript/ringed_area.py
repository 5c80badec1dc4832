"""A scroll area with a ring around what scrolls while the keyboard is there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from ui.theme import palette as theme
from ui.transcript.steady_bar import SteadyBar

RING = 2
"""Width of the frame that shows the keyboard's focus."""
KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class RingedArea(QAbstractScrollArea):
    """Scrolls up and down only; its viewport leaves room for the ring and paints all of itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewport(QWidget())  # PySide takes 13 ms to wrap the one that Qt made
        self._bar = SteadyBar(self)
        self.setVerticalScrollBar(self._bar)
        self._ringed = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportMargins(RING, RING, RING, RING)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # its room: nothing jumps
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def set_head(self, height: int) -> None:
        """Leave so many pixels above what scrolls to something that does not."""
        margins = QMargins(RING, RING + height, RING, RING)
        if margins != self.viewportMargins():
            self.setViewportMargins(margins)

    def event(self, event: QEvent) -> bool:
        """Paint the frame around the viewport: a ring while the keyboard is here."""
        if event.type() != QEvent.Type.Paint:
            return super().event(event)
        palette = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), palette.surface)
        if self._ringed:
            painter.setPen(QPen(palette.focus, RING))
            half = RING / 2
            painter.drawRect(QRectF(self.rect()).adjusted(half, half, -half, -half))
        painter.end()
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when the keyboard brought the focus."""
        self._ringed = event.reason() in KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ringed = False
        super().focusOutEvent(event)
        self.update()
