"""The row of small pictures below the large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.panes.filmstrip_model import SHA_ROLE, FilmstripModel
from ui.theme import palette
from ui.widgets.item_state import is_hovered
from ui.widgets.surfaces import Surface
from ui.widgets.thumbnails import TILE_RADIUS, Thumbnails

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QKeyEvent

TILE = 56
GAP = 6
FEWEST = 2
"""With fewer pictures the strip stays away: the pane shows the one there is."""


class Filmstrip(Surface):
    """Emits `picture_chosen` with the hash of the picture the user picks."""

    picture_chosen = Signal(str)
    thumbnail_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("mat", parent)
        self.model = FilmstripModel(self)
        self.thumbnails = Thumbnails(self)
        self.thumbnails.wanted.connect(self.thumbnail_wanted)
        self.list = _StripList()
        self.list.setAccessibleName(self.tr("Pictures of this conversation"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(_TileDelegate(self.thumbnails, self.list))
        self.list.chosen.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.addWidget(self.list)
        self.setFixedHeight(TILE + 2 * GAP + 12)
        self.hide()

    def set_pictures(self, pictures: list[tuple[str, str]]) -> None:
        """The (sha256, name) of each picture, in order; the chosen one stays chosen."""
        current = self.list.currentIndex().data(SHA_ROLE)
        self.model.set_pictures(pictures)
        if current:
            self.set_current(current)
        self.setVisible(len(pictures) >= FEWEST)

    def set_current(self, sha256: str) -> None:
        """Mark the picture that is shown large, without choosing it anew."""
        index = self.model.row_of(sha256)
        self.list.setCurrentIndex(index)
        if index.isValid():
            self.list.scrollTo(index)

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """The small image of a picture, as wanted by `thumbnail_wanted`."""
        if self.model.row_of(sha256).isValid():
            self.thumbnails.set_image(sha256, image)
            self.list.viewport().update()

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picture_chosen.emit(index.data(SHA_ROLE))


class _StripList(QListView):
    """A single row that scrolls sideways; arrow keys and clicks choose."""

    chosen = Signal(QModelIndex)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.currentIndex())


class _TileDelegate(QStyledItemDelegate):
    """Draws a picture's tile, ringed in the accent when it is the current one."""

    def __init__(self, thumbnails: Thumbnails, view: QListView) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(TILE + 2 * GAP, TILE + 2 * GAP)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = option.rect.adjusted(GAP, GAP, -GAP, -GAP)
        self._thumbnails.draw(painter, rect, index.data(SHA_ROLE))
        colors = palette.current()
        ring = None
        if index.row() == self._view.currentIndex().row():
            ring = colors.focus if self._view.hasFocus() else colors.accent
        elif is_hovered(self._view, option.rect):
            ring = colors.outline
        if ring is not None:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ring, 3 if self._view.hasFocus() else 2))
            painter.drawRoundedRect(
                QRectF(rect).adjusted(-2.5, -2.5, 2.5, 2.5), TILE_RADIUS + 2, TILE_RADIUS + 2
            )
            painter.restore()
