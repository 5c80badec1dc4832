"""The seconds until the screen is captured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import palette
from ui.widgets.buttons import TextButton
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

SECOND_MS = 1_000
MARGIN = 24


class Countdown(QWidget):
    """A card in a corner of the screen. It leaves the keyboard where it is, so that an open menu
    stays open; Cancel and, once it has the keyboard, Escape end it."""

    over = Signal()
    cancelled = Signal()

    def __init__(self, seconds: int) -> None:
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool
        super().__init__(None, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._left = seconds
        self.words = PlainLabel("", size="body", wrap=False)
        self.cancel_button = TextButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 14, 14)
        row.setSpacing(20)
        row.addWidget(self.words, 1)
        row.addWidget(self.cancel_button)
        self._timer = QTimer(self, interval=SECOND_MS)
        self._timer.timeout.connect(self._tick)
        self.setWindowTitle(self.tr("Capture"))
        self._say()

    def begin(self) -> None:
        """Show it at the lower right of the first screen, and count."""
        self.adjustSize()
        corner = QRect(QGuiApplication.primaryScreen().availableGeometry()).bottomRight()
        self.move(corner.x() - self.width() - MARGIN, corner.y() - self.height() - MARGIN)
        self.show()
        self._timer.start()

    def end(self) -> None:
        """Count no more, and go."""
        self._timer.stop()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.outline, 1))
        painter.setBrush(colors.surface_raised)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 12, 12)

    def _say(self) -> None:
        one, many = self.tr("Capture in 1 second"), self.tr("Capture in %n seconds", "", self._left)
        self.words.setText(one if self._left == 1 else many)
        self.setAccessibleName(self.words.text())

    def _tick(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._say()
        else:
            self.end()
            self.over.emit()

    def _cancel(self) -> None:
        self.end()
        self.cancelled.emit()
