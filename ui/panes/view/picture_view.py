"""One picture on its mat: fit to the view, zoomed, turned, moved, with sheets over it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.panes.view.hand import BUTTONS, Hand
from ui.panes.view.layers import LayerStack
from ui.panes.view.picture_painter import PicturePainter
from ui.panes.view.placement import STEP, Look, Placement
from ui.theme import palette

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QContextMenuEvent,
        QEnterEvent,
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QWheelEvent,
    )

    from ui.panes.view.gestures import Gestures
    from ui.panes.view.layer import PictureLayer
    from ui.panes.view.pointing import Pointing
    from ui.panes.view.tiles import TileKey, Tiles
    from ui.panes.view.zoom_bar import ZoomBar

SMALLEST = QSize(48, 36)


class PictureView(QWidget):
    """Shows one image and lets it be zoomed, turned and dragged; fits it until told otherwise.

    Zoom is screen pixels per picture pixel: at 1.0 (100 %) each pixel of the picture is one
    of the screen. The image may be a smaller copy of the picture it stands for; then parts of the
    picture are asked for with `tiles_wanted` where the copy is too small.
    """

    zoom_changed = Signal(float)
    looked = Signal()
    """The user zoomed, moved or turned the picture."""
    tiles_wanted = Signal(object)
    """As `Tiles.wanted`; what is read is given to `put_tile`."""
    menu_requested = Signal(QPoint)
    """A menu was asked for, at a place of the screen."""
    drag_requested = Signal()
    """The picture is being dragged out, with Shift."""

    command_requested: ClassVar[Signal] = Signal(str)
    """A key of the view stands for a command of the window, by its id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(SMALLEST)
        self.setAccessibleName(self.tr("Picture"))
        self.placement = Placement()
        """Where the picture lies; to read, as only the view moves it."""
        self._image = QImage()
        self._words = ""
        self._layers = LayerStack(self.placement, self)
        self._layers.changed.connect(self._show_layers)
        self._layers.touched.connect(lambda part: self.update(part))
        self._painter = PicturePainter(self)
        self._painter.grown.connect(self.update)
        self._hand = Hand(self)

    def add_layer(self, layer: PictureLayer, *, lowest: bool = False) -> None:
        """Lay a sheet over the picture, and over the other sheets or (`lowest`) under them."""
        self._layers.add(layer, lowest=lowest)

    def remove_layer(self, layer: PictureLayer) -> None:
        """Take a sheet away; nothing happens when it is not there."""
        self._layers.remove(layer)

    def set_image(self, image: QImage, name: str = "", picture_size: QSize | None = None) -> None:
        """Show `image`, fitted. `picture_size` is the original's where `image` is a smaller copy.

        A null image leaves the mat empty.
        """
        self._layers.cancel()
        self._image = image
        size = picture_size or image.size()
        self._painter.set_image(image)
        described = self.tr("{name}, {width} by {height} pixels").format(
            name=name or self.tr("Picture"), width=size.width(), height=size.height()
        )
        self._words = "" if image.isNull() else described
        if not image.isNull():
            self._gestures  # noqa: B018  made with the first picture
        if not image.isNull() or "bar" in self.__dict__:
            self.bar.set_available(not image.isNull())
        self.placement.set_picture(QSizeF(size))
        if "tiles" in self.__dict__:
            self.tiles.start(QSizeF(size))
        if self.points:
            self.pointing.leave()
        self._show_layers()
        self._placed()

    def refine(self, image: QImage) -> None:
        """Show the same picture from a larger copy, where it is looked at now."""
        if self.has_image():
            self._image = image
            self._painter.refine(image)
            self._placed()

    @cached_property
    def bar(self) -> ZoomBar:
        """The bar over the picture, made with the first picture."""
        from ui.panes.view.zoom_bar import bar_over

        return bar_over(self)

    @cached_property
    def tiles(self) -> Tiles:
        """Parts of the picture in its own pixels, made when it is first looked at closely."""
        from ui.panes.view.tiles import Tiles

        tiles = Tiles(self)
        tiles.start(self.placement.picture)
        tiles.wanted.connect(self.tiles_wanted)
        tiles.arrived.connect(self.update)
        self._painter.tiles = tiles
        return tiles

    @cached_property
    def pointing(self) -> Pointing:
        """What tells of the colour under the pointer, made when that is first asked for."""
        from ui.panes.view.pointing import Pointing

        return Pointing(self)

    @property
    def points(self) -> bool:
        """Whether `pointing` was ever asked for."""
        return "pointing" in self.__dict__

    @cached_property
    def _gestures(self) -> Gestures:
        from ui.panes.view.gestures import Gestures

        return Gestures(self)

    def has_image(self) -> bool:
        """Whether there is something on the mat."""
        return not self._image.isNull()

    @property
    def image(self) -> QImage:
        """The copy of the picture that is here, null for none."""
        return self._image

    @property
    def zoom(self) -> float:
        """Screen pixels per pixel of the picture."""
        return self.placement.zoom

    @property
    def fitted(self) -> bool:
        """Whether the picture follows the size of the view."""
        return self.placement.fitted

    def picture_rect(self) -> QRectF:
        """Where the picture lies, in the view's logical pixels."""
        return self.placement.rect()

    def to_picture(self, position: QPointF) -> QPointF:
        """A point of the view as a point of the picture, in the picture's pixels."""
        return self.placement.to_picture(position)

    def look(self) -> Look | None:
        """How the picture is looked at, None while there is none."""
        return self.placement.look() if self.has_image() else None

    def take_look(self, look: Look) -> None:
        """Look at the picture as was done before, or at another."""
        if self.has_image():
            self.placement.take(look)
            self._placed()

    def fit(self) -> None:
        """Show the whole picture; a small one keeps its own size."""
        self.placement.fit()
        self._moved()

    def fill(self) -> None:
        """Cover the view with the picture."""
        if self.has_image():
            self.placement.fill()
            self._moved()

    def show_full(self) -> None:
        """Show 100 %: a pixel of the picture for each pixel of the screen."""
        self.zoom_to(1.0)

    def fit_or_full(self, at: QPointF) -> None:
        """Show 100 % round a point of the view, or all of the picture again."""
        if self.fitted:
            self.zoom_to(1.0, at)
        else:
            self.fit()

    def zoom_in(self) -> None:
        """One step closer to the middle of the view."""
        self.zoom_to(self.zoom * STEP)

    def zoom_out(self) -> None:
        """One step back."""
        self.zoom_to(self.zoom / STEP)

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that the point `around` of the view (default: its middle) stays in place."""
        if self.has_image():
            self.placement.zoom_to(zoom, around)
            self._moved()

    def push(self, by: QPointF) -> None:
        """Move a picture that is larger than the view, by logical pixels."""
        if self.has_image() and self.placement.move(by):
            self._moved()

    def turn_by(self, degrees: int) -> None:
        """Turn the view of the picture clockwise, by a multiple of 90 degrees."""
        if self.has_image():
            self.placement.turn_to(self.placement.turn + degrees)
            self._moved()

    def reveal_box(self, box: QRectF) -> None:
        """Bring a rectangle of the picture, in its pixels, to where it can be seen."""
        if self.has_image() and self.placement.reveal(box):
            self._moved()

    def show_grid(self, shown: bool) -> None:
        """Whether lines divide the pixels where those are large."""
        self._painter.grid = shown
        self.update()

    def put_tile(self, key: TileKey, image: QImage) -> None:
        """A part of the picture that was wanted was read."""
        self.tiles.put(key, image)

    def stay(self, stays: bool) -> None:
        """Let the picture stay where it is when the view gets another size, if it can; see Placement."""
        if self.placement.stay(stays):
            self._placed()

    def leave_room(self, below: int, right: int) -> None:
        """Keep the bottom and the right free of a fitted picture."""
        self.placement.leave_room(below, right)
        self._placed()

    def _moved(self) -> None:
        self._placed()
        self.looked.emit()

    def _placed(self) -> None:
        self.zoom_changed.emit(self.zoom)
        closely = self._image.width() < self.placement.picture.width() * min(1.0, self.zoom)
        if self.has_image() and (closely or "tiles" in self.__dict__):
            self.tiles.look(self.placement if closely else None)
        self.update()

    def _show_layers(self) -> None:
        """What is told of the picture and of what lies over it may be another."""
        said = self._layers.describe() if self._words else ""
        self.setAccessibleDescription(f"{self._words}. {said}" if said else self._words)
        self._show_cursor()
        self.update()

    def _show_cursor(self) -> None:
        shape = self._hand.cursor()
        if shape is None and self.has_image():
            shape = self._layers.cursor()
        if shape is None:
            self.unsetCursor()
        else:
            self.setCursor(shape)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        if self.placement.ratio != self.devicePixelRatioF():
            self.placement.set_view(QRectF(self.rect()), self.devicePixelRatioF())
        self._painter.paint_mat(painter, self.placement, event.rect())
        if self.has_image():
            self._painter.paint(painter, self.placement)
            self._layers.paint(painter)
        if self.hasFocus():
            painter.setPen(QPen(colors.focus, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.placement.set_view(QRectF(self.rect()), self.devicePixelRatioF())
        if self.has_image():
            self.bar.place()
        if self.points:
            self.pointing.place()
        self._placed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        from ui.panes.view.gestures import turn_wheel  # not before there is something to zoom

        turn_wheel(self, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in BUTTONS or not self.has_image():
            return
        self.placement.hold(True)
        main = event.button() == Qt.MouseButton.LeftButton
        if not (main and not self._hand.space and self._layers.press(event)):
            self._hand.press(event)
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.has_image():
            return
        self.bar.reveal(by_pointer=True)
        if self.points:
            self.pointing.move(event.position())
        if self._hand.holds:
            self._hand.move(event)
        else:
            self._layers.move(event)
        self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hand.release()
        self._layers.release(event)
        if self.placement.hold(False):
            self._placed()
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        main = event.button() == Qt.MouseButton.LeftButton and self.has_image()
        if main and not self._layers.double_click(event):
            self.fit_or_full(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.has_image():
            self.menu_requested.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        from ui.panes.view import keys  # not before there is somebody who presses them

        if self.has_image() and self._layers.key(event):
            event.accept()
        elif event.key() == Qt.Key.Key_Space and self.has_image():
            self._hold_space(True)
        elif not keys.press(self, event.key()):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(False)
        super().keyReleaseEvent(event)

    def _hold_space(self, held: bool) -> None:
        self._hand.space = held
        self._show_cursor()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The bar is next, and the keyboard reaches only what is shown."""
        if forward and self.has_image():
            self.bar.reveal()
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_tab = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if self.has_image() and event.reason() in by_tab:
            self.bar.hold(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._hold_space(False)
        if self.has_image():
            self.bar.hold(False)

    def enterEvent(self, event: QEnterEvent) -> None:
        if self.has_image():
            self.bar.reveal()

    def leaveEvent(self, event: QEvent) -> None:
        self._layers.leave()
        self._show_cursor()
        if self.points:
            self.pointing.leave()
        if self.has_image():
            self.bar.conceal()
