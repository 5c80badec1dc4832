"""The row of small pictures below the large one."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QContextMenuEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.panes.filmstrip_model import MARK_ROLE, SHA_ROLE, FilmstripModel
from ui.theme import icons, palette
from ui.widgets.item_state import is_hovered
from ui.widgets.surfaces import Surface
from ui.widgets.thumbnails import TILE_RADIUS, Thumbnails

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent

TILE = 56
LOW_TILE = 36
"""In a low window, where the panes need the room."""
GAP = 6
MARK = 20
MARKS = {"pinned": "pin", "described": "file-text", "dropped": "image-off"}
FEWEST = 2
"""With fewer pictures the strip stays away: the pane shows the one there is."""


class Filmstrip(Surface):
    """Emits `picture_chosen` with the hash of the picture the user picks."""

    picture_chosen = Signal(str)
    thumbnail_wanted = Signal(str)
    beside_requested = Signal(str)
    """A picture is to be opened beside those that are shown."""

    tab_requested = Signal(str)
    """A picture is to be opened in a tab of its own."""

    drag_requested = Signal(str)
    """A picture is being dragged away."""

    menu_requested = Signal(str, QPoint)
    """The menu of a picture was asked for, at a place of the screen."""

    keyboard_left = Signal()
    """It is about to go away while it has the keyboard, which Qt would give to whatever is next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("mat", parent)
        self.model = FilmstripModel(self)
        self.thumbnails = Thumbnails(self)
        self.thumbnails.wanted.connect(self.thumbnail_wanted)
        self.list = _StripList()
        self.list.setAccessibleName(self.tr("Pictures of this conversation"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(_TileDelegate(self.thumbnails, self.list))
        for asked, told in (
            (self.list.chosen, self.picture_chosen),
            (self.list.beside, self.beside_requested),
            (self.list.tab, self.tab_requested),
            (self.list.dragged, self.drag_requested),
        ):
            asked.connect(told)
        self.list.menu.connect(self.menu_requested)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.list)
        self._low = False
        self._open: Collection[str] = frozenset()
        self.set_low(False)
        self.hide()

    def set_low(self, low: bool) -> None:
        """Whether the window is so low that the tiles are to be small, and none where all are open."""
        self._low = low
        self.list.set_tile(LOW_TILE if low else TILE)
        self._column.setContentsMargins(12, 0 if low else 4, 12, 4 if low else 8)
        self.setFixedHeight(self.list.height() + (4 if low else 12))
        self._show_if_wanted()

    def set_pictures(self, pictures: list[tuple[str, str]]) -> None:
        """The (sha256, name) of each picture, in order; the chosen one stays chosen."""
        current = self.list.currentIndex().data(SHA_ROLE)
        self.model.set_pictures(pictures)
        if current:
            self.set_current(current)
        self._show_if_wanted()

    def set_open(self, hashes: Collection[str]) -> None:
        """The pictures that panes and their tabs lead to."""
        self._open = hashes
        self._show_if_wanted()

    def _show_if_wanted(self) -> None:
        count = self.model.rowCount()
        pictures = (self.model.index(row).data(SHA_ROLE) for row in range(count))
        led_to = self._low and self._open and all(sha256 in self._open for sha256 in pictures)
        wanted = count >= FEWEST and not led_to
        if not wanted and not self.isHidden() and self.window().focusWidget() is self.list:
            self.keyboard_left.emit()
        self.setVisible(wanted)

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

    def set_marks(self, marks: dict[str, str]) -> None:
        """What is said of pictures by an icon on their tile: `pinned`, `described` or `dropped`."""
        self.model.set_marks(marks)

    def tile(self, sha256: str) -> QPixmap:
        """What goes with the pointer while a picture is dragged."""
        tile = QPixmap(QSize(TILE, TILE) * self.devicePixelRatioF())
        tile.setDevicePixelRatio(self.devicePixelRatioF())
        tile.fill(Qt.GlobalColor.transparent)
        painter = QPainter(tile)
        self.thumbnails.draw(painter, QRect(0, 0, TILE, TILE), sha256)
        painter.end()
        return tile


class _StripList(QListView):
    """A single row that scrolls sideways. Arrow keys and clicks choose; with Ctrl they open beside."""

    chosen = Signal(str)
    beside = Signal(str)
    tab = Signal(str)
    dragged = Signal(str)
    menu = Signal(str, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._pressed: QPoint | None = None
        self.tile = 0
        """The side of a tile in logical pixels."""
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def set_tile(self, side: int) -> None:
        """Show tiles of another size, and be as high as they need."""
        if side != self.tile:
            self.tile = side
            self.setFixedHeight(side + 2 * GAP)
            self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if enter:
            self._emit((self.tab if shift else self.beside) if control else self.chosen)
            return
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self._emit(self.chosen)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and not self._controlled(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pressed, at = self._pressed, event.position().toPoint()
        if pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
        elif (at - pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self._emit(self.dragged, pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        if pressed is None or self.indexAt(at) != self.indexAt(pressed):
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._emit(self.tab, at)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._emit(self.beside if self._controlled(event) else self.chosen, at)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            at = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos()
            self.menu.emit(index.data(SHA_ROLE), at)

    def _controlled(self, event: QMouseEvent) -> bool:
        return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)

    def _emit(self, told: SignalInstance, at: QPoint | None = None) -> None:
        """Tell of the picture at a place of the list, or of the current one."""
        index = self.indexAt(at) if at is not None else self.currentIndex()
        if index.isValid():
            told.emit(index.data(SHA_ROLE))


class _TileDelegate(QStyledItemDelegate):
    """Draws a picture's tile, ringed in the accent when it is the current one."""

    def __init__(self, thumbnails: Thumbnails, view: _StripList) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self._view.tile + 2 * GAP, self._view.tile + 2 * GAP)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = option.rect.adjusted(GAP, GAP, -GAP, -GAP)
        self._thumbnails.draw(painter, rect, index.data(SHA_ROLE))
        colors = palette.current()
        if (icon := MARKS.get(index.data(MARK_ROLE) or "")) is not None:
            _paint_mark(painter, rect, icon)
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


def _paint_mark(painter: QPainter, rect: QRect, icon: str) -> None:
    """A small disc in the upper right corner of a tile."""
    colors = palette.current()
    disc = QRect(rect.right() - MARK, rect.top() + 1, MARK, MARK)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colors.outline, 1))
    painter.setBrush(colors.veil("surface_raised", 0.94))
    painter.drawEllipse(QRectF(disc).adjusted(0.5, 0.5, -0.5, -0.5))
    side = MARK - 8
    drawn = icons.pixmap(icon, "text", side, painter.device().devicePixelRatioF())
    painter.drawPixmap(disc.x() + 4, disc.y() + 4, drawn)
    painter.restore()
