"""The way back to the newest words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.theme.palette import current

SIZE = 36


class ToBottomButton(QAbstractButton):
    """A small round button with an arrow down."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(SIZE, SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(self.tr("To the end of the conversation (End)"))
        self.setAccessibleName(self.tr("To the end of the conversation"))
        self.hide()

    def sizeHint(self) -> QSize:
        """The one size that it has."""
        return QSize(SIZE, SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A raised disc with an arrow."""
        palette = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = palette.focus if self.hasFocus() else palette.outline
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(palette.surface_raised)
        painter.drawEllipse(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        arrow = palette.accent if self.underMouse() else palette.text
        pen = QPen(arrow, 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        middle = SIZE / 2
        painter.drawLine(QPointF(middle, middle - 6), QPointF(middle, middle + 6))
        painter.drawPolyline(
            [QPointF(middle - 5, middle + 1), QPointF(middle, middle + 6), QPointF(middle + 5, middle + 1)]
        )
        painter.end()
