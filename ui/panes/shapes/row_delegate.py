"""How a row of the list of shapes is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QToolTip

from ui.panes.shapes.painting import colors
from ui.panes.shapes.rows import CHECKED, COLOUR_ROLE, HIDDEN_ROLE, NOTE_ROLE, Index
from ui.theme import fonts, icons, palette
from ui.theme.style import RADIUS
from ui.widgets.item_state import is_hovered, is_selected
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QHelpEvent
    from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

ROW = 28
"""Logical pixels that a row is high."""
STEP_IN = 30
"""Where the words of a shape begin, and the box of a label ends."""
BOX = 16
DOT = 18
"""What the dot of a label takes."""
INSET, GAP = 13, 8
"""At the end of the row, and before what stands there."""


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
        if state is not None:
            _draw_box(
                painter, QRect(room.left() + 6, room.center().y() - BOX // 2 + 1, BOX, BOX), state == CHECKED
            )
            painter.setPen(QPen(shown.overlay_halo, 1))
            painter.setBrush(colors()[index.data(COLOUR_ROLE)])
            painter.drawEllipse(QPointF(room.left() + STEP_IN + 5, room.center().y() + 0.5), 5, 5)
        self._draw_words(painter, room, index)
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Words that are cut are told in full."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        words, room, font = _words(option.rect, index)
        cut = QFontMetrics(font).horizontalAdvance(words) > room.width()
        QToolTip.showText(event.globalPos(), plain_tooltip(words) if cut else "", view)
        return True

    def _draw_words(self, painter: QPainter, row: QRect, index: Index) -> None:
        shown, middle = palette.current(), Qt.AlignmentFlag.AlignVCenter
        painter.setFont(fonts.font("caption"))
        painter.setPen(shown.text_muted)
        note = row.adjusted(0, 0, -INSET, 0)
        painter.drawText(note, Qt.AlignmentFlag.AlignRight | middle, str(index.data(NOTE_ROLE)))
        words, room, font = _words(row, index)
        painter.setFont(font)
        painter.setPen(shown.text_muted if index.data(HIDDEN_ROLE) else shown.text)
        cut = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, cut)


def _words(row: QRect, index: Index) -> tuple[str, QRect, QFont]:
    """The words of a row, the room for them, and how they are written."""
    is_label = index.data(Qt.ItemDataRole.CheckStateRole) is not None
    note = QFontMetrics(fonts.font("caption")).horizontalAdvance(str(index.data(NOTE_ROLE)))
    room = row.adjusted(STEP_IN + (DOT if is_label else 0), 0, -INSET - note - GAP, 0)
    return str(index.data()), room, fonts.font("label", bold=is_label)


def _draw_box(painter: QPainter, box: QRect, checked: bool) -> None:
    shown = palette.current()
    painter.setPen(QPen(shown.accent if checked else shown.text_muted, 1.5))
    painter.setBrush(shown.accent if checked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
    if checked:
        tick = icons.pixmap("check", "accent_text", 12, painter.device().devicePixelRatioF())
        painter.drawPixmap(box.adjusted(2, 2, -2, -2), tick)
