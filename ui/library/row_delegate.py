"""How a row of the library looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem

from ui.library.list_model import LibraryModel
from ui.library.rows import Heading, LibraryRow
from ui.theme import fonts, icons, palette
from ui.theme.style import RADIUS
from ui.widgets.item_state import is_hovered
from ui.widgets.thumbnails import Thumbnails, draw_blank

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QColor, QFont
    from PySide6.QtWidgets import QWidget

Index = QModelIndex | QPersistentModelIndex
TILE = 36
ROW_HEIGHT = 52
HEADING_HEIGHT = 34
SIDE = 8
GAP = 10
PIN = 14
DOT = 6
LONGEST_TITLE = 500
TAG_PADDING = 6


def row_height() -> int:
    """Of a conversation, in logical pixels."""
    lines = fonts.pixels("label") + fonts.pixels("small")
    return max(ROW_HEIGHT, round(lines * 1.4) + 16)


def heading_height() -> int:
    """Of the words above a group, in logical pixels."""
    return max(HEADING_HEIGHT, round(fonts.pixels("small") * 1.4) + 18)


class RowDelegate(QStyledItemDelegate):
    """A tile, the title, and when it changed with its tags; a heading is small and muted."""

    def __init__(self, thumbnails: Thumbnails, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails
        self._view = view
        self.open_id = ""
        """The conversation that is on the screen."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        model = index.model()
        assert isinstance(model, LibraryModel)
        row = model.at(index.row())
        if isinstance(row, Heading):
            self._paint_heading(painter, option.rect, row.text)
        else:
            paint_ground(painter, self._view, option.rect, index, marked=row.id == self.open_id)
            selected = self._view.selectionModel().isSelected(index)
            self._paint_row(painter, option.rect, row, model, selected=selected)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, words: str) -> None:
        painter.setPen(palette.current().text_muted)
        painter.setFont(fonts.font("small", bold=True))
        inside = rect.adjusted(SIDE + 8, 0, -SIDE, -6)
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, words)

    def _paint_row(
        self, painter: QPainter, rect: QRect, row: LibraryRow, model: LibraryModel, *, selected: bool
    ) -> None:
        inside = rect.adjusted(SIDE + 8, 0, -SIDE - 8, 0)
        tile = QRect(inside.left(), inside.center().y() - TILE // 2 + 1, TILE, TILE)
        paint_tile(painter, tile, self._thumbnails, row.picture or "", "message-square")
        words = inside.adjusted(TILE + GAP, 0, 0, 0)
        title, when = fonts.font("label"), fonts.font("small")
        title_height, when_height = QFontMetrics(title).height(), QFontMetrics(when).height()
        top = words.center().y() - (title_height + when_height) // 2
        colors = palette.current()
        answering = model.answering(row)
        upper = QRect(words.left(), top, words.width() - (PIN + 4) * row.pinned, title_height)
        draw_line(painter, upper, title, row.title, colors.text)
        if row.pinned:
            ratio = painter.device().devicePixelRatioF()
            pin = icons.pixmap("pin", "text_muted", PIN, ratio)
            painter.drawPixmap(words.right() - PIN + 1, upper.center().y() - PIN // 2 + 1, pin)
        lower = QRect(words.left(), top + title_height, words.width(), when_height)
        said = self.tr("Answering…") if answering else model.when(row)
        if answering:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.accent)
            painter.drawEllipse(QRectF(lower.left(), lower.center().y() - DOT / 2 + 1, DOT, DOT))
            lower.adjust(DOT + 6, 0, 0, 0)
        muted = colors.text if selected else colors.text_muted
        draw_line(painter, lower, when, said, muted)
        left = lower.left() + QFontMetrics(when).horizontalAdvance(said) + 8
        self._paint_tags(
            painter, QRect(left, lower.top(), lower.right() - left, when_height), row.tags, muted
        )

    def _paint_tags(self, painter: QPainter, room: QRect, tags: tuple[str, ...], color: QColor) -> None:
        """As many as there is room for, and how many there are more."""
        if not tags:
            return
        colors, metrics = palette.current(), QFontMetrics(fonts.font("small"))
        left = room.left()
        for at, tag in enumerate(tags):
            rest = len(tags) - at - 1
            more = metrics.horizontalAdvance(f"+{rest}") + 8 if rest else 0
            free = room.right() - left - more - 2 * TAG_PADDING
            width = min(metrics.horizontalAdvance(tag), free)
            if width < metrics.averageCharWidth() * 3:
                rest, left = rest + 1, left + 2
                break
            pill = QRectF(left, room.top(), width + 2 * TAG_PADDING, room.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.hover)
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
            inside = pill.toRect().adjusted(TAG_PADDING, 0, -TAG_PADDING + 1, 0)
            draw_line(painter, inside, fonts.font("small"), tag, color)
            left += int(pill.width()) + 4
        else:
            return
        rest_room = QRect(left, room.top(), room.right() - left, room.height())
        draw_line(painter, rest_room, fonts.font("small"), f"+{rest}", color)

    # ---- giving a title in its place

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        edit = QLineEdit(parent)
        edit.setMaxLength(LONGEST_TITLE)
        edit.setAccessibleName(self.tr("Title of the conversation"))
        return edit

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        height = editor.sizeHint().height()
        inside = option.rect.adjusted(SIDE + TILE + GAP, 0, -SIDE - 4, 0)
        editor.setGeometry(inside.left(), inside.center().y() - height // 2, inside.width(), height)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)


def paint_ground(
    painter: QPainter, view: QAbstractItemView, rect: QRect, index: Index, *, marked: bool = False
) -> None:
    """What is selected, `marked`, under the pointer or has the keyboard."""
    colors = palette.current()
    inside = QRectF(rect).adjusted(SIDE, 1, -SIDE, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if view.selectionModel().isSelected(index):
        painter.setBrush(colors.selection)
        painter.drawRoundedRect(inside, RADIUS, RADIUS)
    elif marked or is_hovered(view, rect):
        painter.setBrush(colors.hover)
        painter.drawRoundedRect(inside, RADIUS, RADIUS)
    if view.hasFocus() and index.row() == view.currentIndex().row():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.focus, 2))
        painter.drawRoundedRect(inside.adjusted(1, 1, -1, -1), RADIUS, RADIUS)


def paint_tile(painter: QPainter, tile: QRect, thumbnails: Thumbnails, picture: str, icon: str) -> None:
    """A small picture, or where there is none, an icon."""
    if picture:
        thumbnails.draw(painter, tile, picture)
    else:
        draw_blank(painter, tile, icon)


def draw_line(painter: QPainter, rect: QRect, font: QFont, text: str, color: QColor) -> None:
    """A text on one line, cut at the end where it does not fit."""
    painter.setFont(font)
    painter.setPen(color)
    shown = QFontMetrics(font).elidedText(text[:LONGEST_TITLE], Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
