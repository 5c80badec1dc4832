"""One quiet line on the pictures that go along: how many, how much, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout

from ui.theme import fonts, icons, palette
from ui.widgets.tab_order import walk_through
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QKeyEvent, QPaintEvent

    from ui.composer.composer import Composer

PADDING = 8
SIGN = 14
GAP = 6


class Meter(QAbstractButton):
    """Stands below the question, at the right. Elided where there is no room."""

    def __init__(self, composer: Composer) -> None:
        super().__init__(composer)
        self._warns = False
        self.setFont(fonts.font("caption"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()
        rows = composer.layout()
        assert isinstance(rows, QVBoxLayout)
        rows.addWidget(self, 0, Qt.AlignmentFlag.AlignRight)
        walk_through([composer.send, self])

    def say(self, words: str, spoken: str = "", *, warns: bool = False) -> None:
        """Show `words`; `spoken` is the whole of it for a screen reader and on hover. Hidden without."""
        if (words, spoken, warns) == (self.text(), self.accessibleName(), self._warns):
            return
        self._warns = warns
        self.setText(words)
        self.setAccessibleName(spoken)
        self.setAccessibleDescription(self.tr("Shows what is sent"))
        self.setToolTip(plain_tooltip(spoken))
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        sign = SIGN + GAP if self._warns else 0
        return QSize(words + sign + 2 * PADDING + 2, max(24, self.fontMetrics().height() + 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.pressed if self.isDown() else colors.hover)
            painter.drawRoundedRect(ring, 7, 7)
        if self.hasFocus():
            painter.setPen(QPen(colors.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ring, 7, 7)
        room = self.rect().adjusted(PADDING, 0, -PADDING, 0)
        role = "warning" if self._warns else "text_muted"
        if self._warns:
            sign = icons.pixmap("triangle-alert", role, SIGN, self.devicePixelRatioF())
            at = QRect(room.left(), 0, SIGN, self.height())
            if self.isRightToLeft():
                at.moveRight(room.right())
                room.adjust(0, 0, -SIGN - GAP, 0)
            else:
                room.adjust(SIGN + GAP, 0, 0, 0)
            painter.drawPixmap(at.left(), (self.height() - SIGN) // 2, sign)
        painter.setPen(colors.color("text" if self.underMouse() else role))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing
        painter.drawText(room, int(end), words)
