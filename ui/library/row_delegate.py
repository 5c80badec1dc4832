"""How a row of the library looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem

from ui.library.list_model import LibraryModel
from ui.library.rows import Heading, LibraryRow
from ui.signs import one_line
from ui.theme import fonts, icons, palette
from ui.theme.style import RADIUS
from ui.widgets.item_state import is_hovered
from ui.widgets.thumbnails import Thumbnails, draw_blank

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QColor
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
LONGEST_SHOWN = 150
TAG_PADDING = 6
_AT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


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
        self._tiles = Tiles(thumbnails)
        self._view = view
        self._title, self._when = TextLine("label"), TextLine("small")
        self._heading = TextLine("small", bold=True)
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
        height = self._heading.height
        inside = QRect(
            rect.left() + SIDE + 8, rect.bottom() - height - 5, rect.width() - 2 * SIDE - 8, height
        )
        self._heading.draw(painter, inside, words, palette.current().text_muted)

    def _paint_row(
        self, painter: QPainter, rect: QRect, row: LibraryRow, model: LibraryModel, *, selected: bool
    ) -> None:
        inside = rect.adjusted(SIDE + 8, 0, -SIDE - 8, 0)
        tile = QRect(inside.left(), inside.center().y() - TILE // 2 + 1, TILE, TILE)
        self._tiles.draw(painter, tile, row.picture or "", "message-square")
        words = inside.adjusted(TILE + GAP, 0, 0, 0)
        title, when = self._title, self._when
        top = words.center().y() - (title.height + when.height) // 2
        colors = palette.current()
        upper = QRect(words.left(), top, words.width() - (PIN + 4) * row.pinned, title.height)
        title.draw(painter, upper, row.title, colors.text)
        if row.pinned:
            ratio = painter.device().devicePixelRatioF()
            pin = icons.pixmap("pin", "text_muted", PIN, ratio)
            painter.drawPixmap(words.right() - PIN + 1, upper.center().y() - PIN // 2 + 1, pin)
        lower = QRect(words.left(), top + title.height, words.width(), when.height)
        answering = model.answering(row)
        if answering:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.accent)
            painter.drawEllipse(QRectF(lower.left(), lower.center().y() - DOT / 2 + 1, DOT, DOT))
            lower.adjust(DOT + 6, 0, 0, 0)
        said = self.tr("Answering…") if answering else model.when(row)
        muted = colors.text if selected else colors.text_muted
        when.draw(painter, lower, said, muted)
        if row.tags:
            lower.setLeft(lower.left() + when.width(said) + 8)
            self._paint_tags(painter, lower, row.tags, muted)

    def _paint_tags(self, painter: QPainter, room: QRect, tags: tuple[str, ...], color: QColor) -> None:
        """As many as there is room for, and how many there are more."""
        veil, line = palette.current().hover, self._when
        left = room.left()
        for at, tag in enumerate(tags):
            rest = len(tags) - at - 1
            more = line.width(f"+{rest}") + 8 if rest else 0
            free = room.right() - left - more - 2 * TAG_PADDING
            width = min(line.width(tag), free)
            if width < line.narrowest:
                left_over = QRect(left + 2, room.top(), room.right() - left - 2, room.height())
                line.draw(painter, left_over, f"+{rest + 1}", color)
                return
            pill = QRectF(left, room.top(), width + 2 * TAG_PADDING, room.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(veil)
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
            line.draw(painter, QRect(left + TAG_PADDING, room.top(), width + 1, room.height()), tag, color)
            left += width + 2 * TAG_PADDING + 4

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


class Tiles:
    """Small pictures, and blank tiles that are drawn once."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        self._thumbnails = thumbnails
        self._blanks: dict[tuple[str, str, float], QPixmap] = {}

    def draw(self, painter: QPainter, tile: QRect, picture: str, icon: str) -> None:
        """A small picture, or where there is none, an icon; the tile is TILE pixels wide and high."""
        if picture:
            self._thumbnails.draw(painter, tile, picture)
            return
        ratio = painter.device().devicePixelRatioF()
        key = (icon, palette.current().name, ratio)
        drawn = self._blanks.get(key)
        if drawn is None:
            drawn = self._blanks[key] = QPixmap(round(TILE * ratio), round(TILE * ratio))
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(Qt.GlobalColor.transparent)
            inside = QPainter(drawn)
            draw_blank(inside, QRect(0, 0, TILE, TILE), icon)
            inside.end()
        painter.drawPixmap(tile.topLeft(), drawn)


class TextLine:
    """Texts in one font of the type scale, each on one line."""

    def __init__(self, role: str, *, bold: bool = False) -> None:
        self._font = fonts.font(role, bold=bold)
        self._metrics = QFontMetrics(self._font)
        self.height = self._metrics.height()
        self.narrowest = self._metrics.averageCharWidth() * 3
        """What is narrower says nothing."""

    def width(self, text: str) -> int:
        """Of a text that is not cut, in logical pixels."""
        return self._metrics.horizontalAdvance(text)

    def draw(self, painter: QPainter, rect: QRect, text: str, color: QColor) -> None:
        """Draw a text, cut at the end where it does not fit."""
        if len(text) * self.height > rect.width():  # else it fits, whatever its letters
            text = one_line(text[:LONGEST_SHOWN])
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(self._font)
        painter.setPen(color)
        painter.drawText(rect, _AT, one_line(text))
