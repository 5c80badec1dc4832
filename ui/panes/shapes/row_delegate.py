"""How a row of the list of shapes is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate

from ui.panes.shapes.painting import colors
from ui.panes.shapes.rows import CHECKED, COLOUR_ROLE, HIDDEN_ROLE, NOTE_ROLE, Index
from ui.theme import fonts, icons, palette
from ui.theme.style import RADIUS
from ui.widgets.item_state import is_hovered, is_selected

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem

ROW = 28
"""Logical pixels that a row is high."""
STEP_IN = 30
"""Where the words of a shape begin, and the box of a label ends."""
BOX = 16


class RowDelegate(QStyledItemDelegate):
    """A label: check box, dot, name and number. A shape: its place."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, ROW)

    def editorEvent(self, *_: object) -> bool:
        """The list itself checks labels."""
        return False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown, room = palette.current(), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = is_selected(self._view, index)
        if selected or is_hovered(self._view, room):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shown.selection if selected else shown.hover)
            painter.drawRoundedRect(room.adjusted(0, 1, -4, -1), RADIUS - 2, RADIUS - 2)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        left = room.left() + STEP_IN
        if state is not None:
            _draw_box(
                painter, QRect(room.left() + 6, room.center().y() - BOX // 2 + 1, BOX, BOX), state == CHECKED
            )
            painter.setPen(QPen(shown.overlay_halo, 1))
            painter.setBrush(colors()[index.data(COLOUR_ROLE)])
            painter.drawEllipse(QPointF(left + 5, room.center().y() + 0.5), 5, 5)
            left += 18
        self._draw_words(
            painter,
            QRect(left, room.top(), room.right() - 12 - left, room.height()),
            index,
            bold=state is not None,
        )
        painter.restore()

    def _draw_words(self, painter: QPainter, room: QRect, index: Index, *, bold: bool) -> None:
        shown, middle = palette.current(), Qt.AlignmentFlag.AlignVCenter
        note = str(index.data(NOTE_ROLE))
        painter.setFont(fonts.font("caption"))
        painter.setPen(shown.text_muted)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, note)
        room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(note) - 8)
        font = fonts.font("label", bold=bold)
        words = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(font)
        painter.setPen(shown.text_muted if index.data(HIDDEN_ROLE) else shown.text)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, words)


def _draw_box(painter: QPainter, box: QRect, checked: bool) -> None:
    shown = palette.current()
    painter.setPen(QPen(shown.accent if checked else shown.text_muted, 1.5))
    painter.setBrush(shown.accent if checked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
    if checked:
        tick = icons.pixmap("check", "accent_text", 12, painter.device().devicePixelRatioF())
        painter.drawPixmap(box.adjusted(2, 2, -2, -2), tick)
