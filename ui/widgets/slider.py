"""A slider that the wheel does not move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider

from ui.theme import palette

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent

KNOB = 14
TRACK = 4
ROOM = 3
"""Round the knob, for the focus ring."""


class Slider(QSlider):
    """Horizontal. While it is `quiet` it stands where nobody put it, and takes no accent."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.quiet = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_quiet(self, quiet: bool) -> None:
        """Whether it shows what holds without the user."""
        self.quiet = quiet
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, KNOB + 2 * ROOM)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, KNOB + 2 * ROOM)

    def knob(self) -> QRectF:
        """Where its knob is."""
        span = self.maximum() - self.minimum()
        share = (self.sliderPosition() - self.minimum()) / span if span else 0.0
        left = ROOM + share * (self.width() - KNOB - 2 * ROOM)
        return QRectF(left, (self.height() - KNOB) / 2, KNOB, KNOB)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event.position())
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _follow(self, place: QPointF) -> None:
        share = (place.x() - ROOM - KNOB / 2) / max(1, self.width() - KNOB - 2 * ROOM)
        span = self.maximum() - self.minimum()
        self.setSliderPosition(self.minimum() + round(min(max(share, 0.0), 1.0) * span))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        knob = self.knob()
        track = QRectF(ROOM, (self.height() - TRACK) / 2, self.width() - 2 * ROOM, TRACK)
        painter.setBrush(colors.pressed)
        painter.drawRoundedRect(track, TRACK / 2, TRACK / 2)
        if not self.quiet:
            track.setRight(knob.center().x())
            painter.setBrush(colors.accent)
            painter.drawRoundedRect(track, TRACK / 2, TRACK / 2)
        painter.setBrush(colors.text_muted if self.quiet else colors.accent)
        painter.drawEllipse(knob)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors.focus, 2))
            painter.drawEllipse(knob.adjusted(-2, -2, 2, 2))
