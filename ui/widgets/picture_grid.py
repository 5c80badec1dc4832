"""Small pictures in rows, of which some are chosen by pointer or keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.theme import fonts, icons, palette
from ui.widgets.item_state import is_hovered
from ui.widgets.thumbnails import TILE_RADIUS, Thumbnails, draw_blank
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent

GAP = 8
CAPTION = 22
BADGE = 22
TILE = QSize(120, 120)
MOST_IMAGES = 600

_Index = QModelIndex | QPersistentModelIndex
_KEY_ROLE = Qt.ItemDataRole.UserRole + 1


class GridPicture(NamedTuple):
    """A picture to choose: its key, a short line below it, and what a screen reader says."""

    key: str
    caption: str
    spoken: str


class PictureGrid(QListView):
    """A click or Space chooses a picture and lets go of it; Return and a double click take it.

    Emits `wanted` with the key of each picture that comes into sight without an image.
    """

    choice_changed = Signal()
    taken = Signal()
    """The user wants what is chosen, which with nothing chosen is the picture at the keyboard."""

    def __init__(self, name: str, parent: QWidget | None = None, *, tile: QSize = TILE) -> None:
        super().__init__(parent)
        self.thumbnails = Thumbnails(self, MOST_IMAGES)
        self.wanted = self.thumbnails.wanted
        self._model = _GridModel(self)
        self._broken: set[str] = set()
        self.setAccessibleName(name)
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.MultiSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setModel(self._model)
        self.setItemDelegate(_TileDelegate(self, tile))
        self.selectionModel().selectionChanged.connect(self.choice_changed)

    def set_pictures(self, pictures: Sequence[GridPicture]) -> None:
        """Offer exactly these, none of them chosen; the keyboard is at the first."""
        self._model.set_pictures(pictures)
        if pictures:
            self.selectionModel().setCurrentIndex(
                self._model.index(0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self.choice_changed.emit()

    def say(self, row: int, picture: GridPicture) -> None:
        """Say something else of the picture in a row."""
        self._model.replace(row, picture)

    def cut(self, count: int) -> None:
        """Offer the first `count` alone."""
        self._model.cut(count)
        self.choice_changed.emit()

    def count(self) -> int:
        """How many pictures are offered."""
        return self._model.rowCount()

    def chosen_count(self) -> int:
        """How many pictures are chosen."""
        ranges = self.selectionModel().selection()
        return sum(ranges.at(number).height() for number in range(ranges.count()))

    def keys(self) -> list[str]:
        """The keys of the chosen pictures, in their order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [str(self._model.index(row).data(_KEY_ROLE)) for row in rows]

    def choose(self, *rows: int) -> None:
        """Choose the pictures of these rows too."""
        for row in rows:
            self.selectionModel().select(self._model.index(row), QItemSelectionModel.SelectionFlag.Select)

    def missing_in_sight(self) -> list[str]:
        """The keys of the pictures without an image that can be seen now, or lie just below."""
        ground = self.viewport().rect().adjusted(0, 0, 0, self.viewport().height() // 2)
        rows = range(self._first_in_sight(), self.count())
        found = []
        for row in rows:
            index = self._model.index(row)
            if self.visualRect(index).top() > ground.bottom():
                break
            key = str(index.data(_KEY_ROLE))
            if key not in self._broken and self.thumbnails.image(key) is None:
                found.append(key)
        return found

    def set_image(self, key: str, image: QImage) -> None:
        """The small image of a picture."""
        self.thumbnails.set_image(key, image)
        self.viewport().update()

    def set_broken(self, key: str) -> None:
        """There is no small picture to show."""
        self._broken.add(key)
        self.viewport().update()

    def draw_tile(self, painter: QPainter, tile: QRect, key: str) -> None:
        """The small picture, or what stands for it."""
        if key in self._broken:
            draw_blank(painter, tile, "image-off")
        else:
            self.thumbnails.draw(painter, tile, key)

    def take(self) -> None:
        """As if Return was pressed."""
        if not self.selectedIndexes() and self.currentIndex().isValid():
            self.choose(self.currentIndex().row())
        if self.selectedIndexes():
            self.taken.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.choose(index.row())
            self.taken.emit()

    def _first_in_sight(self) -> int:
        for left in range(GAP, self.viewport().width(), GAP):
            index = self.indexAt(QPoint(left, GAP))
            if index.isValid():
                return index.row()
        return 0


class _GridModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures: list[GridPicture] = []

    def set_pictures(self, pictures: Sequence[GridPicture]) -> None:
        self.beginResetModel()
        self._pictures = list(pictures)
        self.endResetModel()

    def replace(self, row: int, picture: GridPicture) -> None:
        if row < len(self._pictures):
            self._pictures[row] = picture
            self.dataChanged.emit(self.index(row), self.index(row))

    def cut(self, count: int) -> None:
        if count < len(self._pictures):
            self.beginRemoveRows(QModelIndex(), count, len(self._pictures) - 1)
            del self._pictures[count:]
            self.endRemoveRows()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._pictures)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._pictures):
            return None
        picture = self._pictures[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return picture.caption
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(picture.spoken)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return picture.spoken
        return picture.key if role == _KEY_ROLE else None


class _TileDelegate(QStyledItemDelegate):
    """Draws a picture with its line; a chosen one has a ring and a tick."""

    def __init__(self, view: PictureGrid, tile: QSize) -> None:
        super().__init__(view)
        self._view = view
        self._tile = tile

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return self._tile + QSize(2 * GAP, 2 * GAP + CAPTION)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tile = QRect(option.rect.topLeft() + QPoint(GAP, GAP), self._tile)
        self._view.draw_tile(painter, tile, index.data(_KEY_ROLE))
        chosen = self._view.selectionModel().isSelected(self._view.model().index(index.row(), 0))
        here = index.row() == self._view.currentIndex().row() and self._view.hasFocus()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ring(painter, tile, chosen=chosen, here=here, hovered=is_hovered(self._view, option.rect))
        if chosen:
            self._draw_tick(painter, tile)
        self._draw_caption(painter, tile, index.data())
        painter.restore()

    def _draw_ring(self, painter: QPainter, tile: QRect, *, chosen: bool, here: bool, hovered: bool) -> None:
        colors = palette.current()
        if not (chosen or here or hovered):
            return
        color = colors.accent if chosen else colors.focus if here else colors.outline
        out = 3.5 if here else 2.5
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 3 if here or chosen else 2, _line_of(here and chosen)))
        ring = QRectF(tile).adjusted(-out, -out, out, out)
        painter.drawRoundedRect(ring, TILE_RADIUS + 2, TILE_RADIUS + 2)

    def _draw_tick(self, painter: QPainter, tile: QRect) -> None:
        colors = palette.current()
        badge = QRect(tile.right() - BADGE - 4, tile.top() + 5, BADGE, BADGE)
        painter.setPen(QPen(colors.accent_text, 1.5))
        painter.setBrush(colors.accent)
        painter.drawEllipse(badge)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(
            badge.topLeft() + QPoint(4, 4), icons.pixmap("check", "accent_text", BADGE - 8, ratio)
        )

    def _draw_caption(self, painter: QPainter, tile: QRect, caption: str) -> None:
        painter.setFont(fonts.font("caption"))
        painter.setPen(palette.current().text_muted)
        line = QRect(tile.left(), tile.bottom() + 5, tile.width(), CAPTION - 4)
        shown = painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), shown)


def _line_of(dashed: bool) -> Qt.PenStyle:
    """A ring round a chosen picture that the keyboard is at differs by more than its colour."""
    return Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
