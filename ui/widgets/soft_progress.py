"""Something is on its way, and nobody knows how long it takes."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import palette
from ui.widgets.labels import PlainLabel
from ui.widgets.motion import fade_ms

ROUND_MS = 1600


class SoftProgress(QWidget):
    """A thin line with a light wandering along it; at rest where motion is to be reduced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(3)
        self._place = 0.5
        self._wander = QVariantAnimation(self)
        self._wander.setStartValue(0.0)
        self._wander.setKeyValueAt(0.5, 1.0)
        self._wander.setEndValue(0.0)
        self._wander.setDuration(ROUND_MS)
        self._wander.setLoopCount(-1)
        self._wander.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._wander.valueChanged.connect(self._move)

    def _move(self, place: float) -> None:
        self._place = place
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if fade_ms(self):
            self._wander.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._wander.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.pressed)
        painter.drawRoundedRect(QRectF(self.rect()), 1.5, 1.5)
        painter.setBrush(colors.accent)
        light = self.width() * 0.3
        painter.drawRoundedRect(QRectF((self.width() - light) * self._place, 0, light, 3), 1.5, 1.5)


class Waiting(QWidget):
    """A sentence about what is awaited, with the line below it, in the middle of the room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = PlainLabel(size="body", tone="muted")
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line = SoftProgress()
        self.line.setFixedWidth(160)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self.label)
        column.addWidget(self.line, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def set_sentence(self, sentence: str) -> None:
        """What is awaited."""
        self.label.setText(sentence)
