"""The pictures of a question one below the other, each with what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.inspector.shown import ShownPicture
from ui.signs import one_line
from ui.theme import fonts, icons, palette
from ui.theme.style import RADIUS
from ui.widgets.item_state import is_hovered
from ui.widgets.thumbnails import Thumbnails
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QColor, QFont, QImage

Index = QModelIndex | QPersistentModelIndex
TILE = 40
SIDE = 8
GAP = 10
SIGN = 13
LONGEST = 300
"""Characters of a name that are drawn."""
SIGNS = {"warning": "triangle-alert", "danger": "circle-alert"}


class PictureList(QListView):
    """Emits `chosen(id)` for the picture that the user picks; arrow keys and clicks pick."""

    chosen = Signal(str)
    thumbnail_wanted = Signal(str)
    menu_requested = Signal(str, QPoint)
    """The menu of the picture with this id was asked for, at a place of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Pictures of the question"))
        self._showing = False
        self.rows = PictureRows(self)
        self.thumbnails = Thumbnails(self)
        self.thumbnails.wanted.connect(self.thumbnail_wanted)
        self.setModel(self.rows)
        self.setItemDelegate(_RowDelegate(self.thumbnails, self))

    def show_pictures(self, pictures: Sequence[ShownPicture], current: str) -> None:
        """List exactly these, the one with the id `current` marked."""
        self._showing = True
        self.rows.show_pictures(pictures)
        self.setCurrentIndex(self.rows.row_of(current))
        self._showing = False

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """The small image of a picture, as wanted by `thumbnail_wanted`."""
        self.thumbnails.set_image(sha256, image)
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self._showing:
            self.chosen.emit(self.rows.at(current.row()).id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            at = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos()
            self.menu_requested.emit(self.rows.at(index.row()).id, at)


class PictureRows(QAbstractListModel):
    """A row for each picture."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[ShownPicture] = []

    def show_pictures(self, pictures: Sequence[ShownPicture]) -> None:
        """List exactly these; where they are the same ones as before, the view stays as it is."""
        same = [picture.id for picture in pictures] == [picture.id for picture in self._pictures]
        if same:
            self._pictures = list(pictures)
            if pictures:
                self.dataChanged.emit(self.index(0), self.index(len(pictures) - 1))
            return
        self.beginResetModel()
        self._pictures = list(pictures)
        self.endResetModel()

    def at(self, row: int) -> ShownPicture:
        """The picture of a row. Raises IndexError."""
        return self._pictures[row]

    def row_of(self, picture_id: str) -> QModelIndex:
        """The index of a picture; invalid when it is not here."""
        rows = (row for row, picture in enumerate(self._pictures) if picture.id == picture_id)
        row = next(rows, None)
        return QModelIndex() if row is None else self.index(row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._pictures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._pictures):
            return None
        picture = self._pictures[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return picture.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(f"{one_line(picture.name)}\n{picture.line}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{one_line(picture.name)}: {picture.line}"
        return None


class _RowDelegate(QStyledItemDelegate):
    """A tile, the name, and below it what becomes of the picture."""

    def __init__(self, thumbnails: Thumbnails, view: PictureList) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = fonts.pixels("label") + fonts.pixels("small")
        return QSize(120, max(TILE + 2 * SIDE, round(lines * 1.5) + 2 * SIDE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        picture = self._view.rows.at(index.row())
        colors = palette.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, current=index.row() == self._view.currentIndex().row())
        tile = QRect(rect.left() + SIDE, rect.center().y() - TILE // 2, TILE, TILE)
        self._thumbnails.draw(painter, tile, picture.sha256)
        words = rect.adjusted(SIDE + TILE + GAP, 0, -SIDE, 0)
        name, line = fonts.font("label"), fonts.font("small")
        height, small = QFontMetrics(name).height(), QFontMetrics(line).height()
        upper = QRect(words.left(), words.center().y() - (height + small) // 2, words.width(), height)
        lower = QRect(words.left(), upper.bottom() + 1, words.width(), small)
        middle, end = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
        _draw(painter, upper, name, one_line(picture.name[:LONGEST]), colors.text, middle)
        if (sign := SIGNS.get(picture.tone)) is not None:
            drawn = icons.pixmap(sign, picture.tone, SIGN, painter.device().devicePixelRatioF())
            painter.drawPixmap(lower.left(), lower.center().y() - SIGN // 2 + 1, drawn)
            lower.setLeft(lower.left() + SIGN + 5)
        role = picture.tone if picture.tone in SIGNS else "text_muted"
        _draw(painter, lower, line, picture.line, colors.color(role), end)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, *, current: bool) -> None:
        colors = palette.current()
        ground = colors.selection if current else colors.hover
        if not current and not is_hovered(self._view, rect):
            return
        focused = current and self._view.hasFocus()
        painter.setPen(QPen(colors.focus, 2) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)


def _draw(
    painter: QPainter, at: QRect, font: QFont, text: str, color: QColor, elide: Qt.TextElideMode
) -> None:
    painter.setFont(font)
    painter.setPen(color)
    shown = QFontMetrics(font).elidedText(text, elide, at.width())
    painter.drawText(at, int(Qt.AlignmentFlag.AlignVCenter), shown)
