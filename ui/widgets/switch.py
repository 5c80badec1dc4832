"""A switch: a check box that looks like what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from ui.theme import palette
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

TRACK = QSize(36, 20)
ROOM = 4
"""Round the track, for the focus ring."""


class Switch(QCheckBox):
    """On or off, at once. It has no words of its own: `name` is what a screen reader says."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def forbid(self, reason: str) -> None:
        """Disable it and say why, on hover and to a screen reader; an empty reason allows it again."""
        self.setEnabled(not reason)
        self.setToolTip(plain_tooltip(reason))
        self.setAccessibleDescription(reason)

    def sizeHint(self) -> QSize:
        return TRACK + QSize(2 * ROOM, 2 * ROOM)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        track = QRectF(ROOM, (self.height() - TRACK.height()) / 2, TRACK.width(), TRACK.height())
        if self.hasFocus():
            painter.setPen(QPen(colors.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(track.adjusted(-3, -3, 3, 3), 13, 13)
        painter.setPen(QPen(colors.accent if self.isChecked() else colors.text_muted, 1.5))
        painter.setBrush(colors.accent if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(track.adjusted(0.75, 0.75, -0.75, -0.75), 9.25, 9.25)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.accent_text if self.isChecked() else colors.text_muted)
        knob = QRectF(0, 0, 12, 12)
        knob.moveCenter(track.center())
        knob.moveLeft(track.right() - 16 if self.isChecked() else track.left() + 4)
        painter.drawEllipse(knob)
