"""The round button that sends, and stops while an answer runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import icons, palette
from ui.theme.style import blend
from ui.widgets.buttons import IconButton
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

SIDE = 36


class SendButton(IconButton):
    """Stays pressable while it cannot send: then it is quiet, and says why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("arrow-up", "", parent, role="accent_text")
        self.running = False
        self.quiet = False
        self.setFixedSize(SIDE, SIDE)
        self.show_state(running=False, reason="")

    def show_state(self, *, running: bool, reason: str) -> None:
        """`reason` says why sending is not possible now; empty when it is."""
        self.running, self.quiet = running, bool(reason) and not running
        if running:
            self.show_as("square", self.tr("Stop the answer"), shortcut="Esc")
        else:
            self.show_as("arrow-up", self.tr("Send"), shortcut="Return")
        if self.quiet:
            self.setToolTip(plain_tooltip(reason))
        self.setAccessibleDescription(reason if self.quiet else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = blend(colors.pressed, colors.surface_raised) if self.quiet else colors.accent
        if self.running:
            ground = colors.text
        if (self.isDown() or self.underMouse()) and not self.quiet:
            share = 0.22 if self.isDown() else 0.12
            ground = blend(colors.veil("surface_raised", share), ground)
        painter.setPen(QPen(colors.focus, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        inset = 4 if self.hasFocus() else 1
        painter.drawEllipse(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))
        if self.running:
            painter.setBrush(colors.surface_raised)
            painter.drawRoundedRect(QRectF(SIDE / 2 - 5, SIDE / 2 - 5, 10, 10), 2, 2)
            return
        role = "text_muted" if self.quiet else "accent_text"
        arrow = icons.pixmap("arrow-up", role, 20, self.devicePixelRatioF())
        painter.drawPixmap((SIDE - 20) // 2, (SIDE - 20) // 2, arrow)
