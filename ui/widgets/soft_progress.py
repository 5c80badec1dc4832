"""Something is on its way, and nobody knows how long it takes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import palette
from ui.widgets.labels import PlainLabel
from ui.widgets.motion import fade_ms

if TYPE_CHECKING:
    from PySide6.QtCore import QVariantAnimation
    from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent

ROUND_MS = 1600


class SoftProgress(QWidget):
    """A thin line with a light wandering along it; at rest where motion is to be reduced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(3)
        self._place = 0.5

    @cached_property
    def wander(self) -> QVariantAnimation:
        """The movement of the light, made when it first moves."""
        from PySide6.QtCore import QEasingCurve, QVariantAnimation

        wander = QVariantAnimation(self)
        wander.setStartValue(0.0)
        wander.setKeyValueAt(0.5, 1.0)
        wander.setEndValue(0.0)
        wander.setDuration(ROUND_MS)
        wander.setLoopCount(-1)
        wander.setEasingCurve(QEasingCurve.Type.InOutSine)
        wander.valueChanged.connect(self._move)
        return wander

    def _move(self, place: float) -> None:
        self._place = place
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if fade_ms(self):
            self.wander.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if "wander" in self.__dict__:
            self.wander.stop()

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
