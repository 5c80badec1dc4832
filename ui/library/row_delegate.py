"""How a row of the library looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from ui.library.list_model import HEADING_ROLE, PICTURE_ROLE, WHEN_ROLE
from ui.theme import fonts, palette
from ui.theme.style import RADIUS
from ui.widgets.item_state import is_hovered, is_selected
from ui.widgets.thumbnails import Thumbnails, draw_blank

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFont

Index = QModelIndex | QPersistentModelIndex
TILE = 36
ROW_HEIGHT = 52
HEADING_HEIGHT = 34
SIDE = 8


class RowDelegate(QStyledItemDelegate):
    """A tile, the title, and when it changed; a heading is small and muted."""

    def __init__(self, thumbnails: Thumbnails, view: QListView) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if index.data(HEADING_ROLE):
            return QSize(80, HEADING_HEIGHT)
        lines = fonts.pixels("label") + fonts.pixels("small")
        return QSize(80, max(ROW_HEIGHT, round(lines * 1.4) + 16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(HEADING_ROLE):
            self._paint_heading(painter, option.rect, index)
        else:
            self._paint_ground(painter, option, index)
            self._paint_row(painter, option, index)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, index: Index) -> None:
        painter.setPen(palette.current().text_muted)
        painter.setFont(fonts.font("small", bold=True))
        inside = rect.adjusted(SIDE + 8, 0, -SIDE, -6)
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, index.data())

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colors = palette.current()
        rect = QRectF(option.rect).adjusted(SIDE, 1, -SIDE, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_selected(self._view, index):
            painter.setBrush(colors.selection)
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        elif is_hovered(self._view, option.rect):
            painter.setBrush(colors.hover)
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if self._view.hasFocus() and index.row() == self._view.currentIndex().row():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors.focus, 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        inside = option.rect.adjusted(SIDE + 8, 0, -SIDE - 8, 0)
        tile = QRect(inside.left(), inside.center().y() - TILE // 2 + 1, TILE, TILE)
        picture = index.data(PICTURE_ROLE)
        if picture:
            self._thumbnails.draw(painter, tile, picture)
        else:
            draw_blank(painter, tile, "message-square")
        words = inside.adjusted(TILE + 10, 0, 0, 0)
        title, when = fonts.font("label"), fonts.font("small")
        title_height, when_height = QFontMetrics(title).height(), QFontMetrics(when).height()
        top = words.center().y() - (title_height + when_height) // 2
        colors = palette.current()
        selected = is_selected(self._view, index)
        line = QRect(words.left(), top, words.width(), title_height)
        _line(painter, line, title, index.data(), colors.text)
        line = QRect(words.left(), top + title_height, words.width(), when_height)
        _line(painter, line, when, index.data(WHEN_ROLE), colors.text if selected else colors.text_muted)


def _line(painter: QPainter, rect: QRect, font: QFont, text: str, color: QColor) -> None:
    painter.setFont(font)
    painter.setPen(color)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
