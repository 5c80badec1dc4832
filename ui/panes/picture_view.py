"""One picture on its mat: fit to the view, zoomed, dragged."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.panes.layers import LayerStack
from ui.panes.picture_painter import PicturePainter
from ui.panes.placement import Placement
from ui.theme import palette
from ui.widgets.tab_order import walk_through

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QEnterEvent,
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QWheelEvent,
    )

    from ui.panes.layer import PictureLayer
    from ui.panes.zoom_bar import ZoomBar

STEP = 1.25
ARROWS = {
    Qt.Key.Key_Left: QPointF(48, 0),
    Qt.Key.Key_Right: QPointF(-48, 0),
    Qt.Key.Key_Up: QPointF(0, 48),
    Qt.Key.Key_Down: QPointF(0, -48),
}


class PictureView(QWidget):
    """Shows one image and lets it be zoomed and dragged; fits it until told otherwise.

    Zoom is screen pixels per picture pixel: at 1.0 (100 %) each pixel of the picture is one
    of the screen. The image may be a smaller copy of the picture it stands for.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Picture"))
        self.placement = Placement()
        """Where the picture lies; to read, as only the view moves it."""
        self._image = QImage()
        self._words = ""
        self._layers = LayerStack(self.placement, self)
        self._layers.changed.connect(self._show_layers)
        self._painter = PicturePainter(self)
        self._painter.levels.grown.connect(self.update)
        self._dragged_from: QPointF | None = None

    def add_layer(self, layer: PictureLayer) -> None:
        """Lay a sheet over the picture and over the other sheets."""
        self._layers.add(layer)

    def remove_layer(self, layer: PictureLayer) -> None:
        """Take a sheet away; nothing happens when it is not there."""
        self._layers.remove(layer)

    def set_image(self, image: QImage, name: str = "", picture_size: QSize | None = None) -> None:
        """Show `image`, fitted. `picture_size` is the original's where `image` is a smaller copy.

        A null image leaves the mat empty.
        """
        self._image = image
        self._painter.set_image(image)
        size = picture_size or image.size()
        described = self.tr("{name}, {width} by {height} pixels").format(
            name=name or self.tr("Picture"), width=size.width(), height=size.height()
        )
        self._words = "" if image.isNull() else described
        if not image.isNull() or "bar" in self.__dict__:
            self.bar.set_available(not image.isNull())
        self.placement.set_picture(QSizeF(size))
        self._show_layers()
        self._placed()

    @cached_property
    def bar(self) -> ZoomBar:
        """The bar over the picture, made with the first picture."""
        from ui.panes.zoom_bar import ZoomBar

        bar = ZoomBar(self)
        bar.fit_requested.connect(self.fit)
        bar.full_requested.connect(self.show_full)
        bar.zoom_in_requested.connect(self.zoom_in)
        bar.zoom_out_requested.connect(self.zoom_out)
        self.zoom_changed.connect(bar.show_zoom)
        walk_through([self, *bar.stops])
        return bar

    def has_image(self) -> bool:
        """Whether there is something on the mat."""
        return not self._image.isNull()

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

    def fit(self) -> None:
        """Show the whole picture; a small one keeps its own size."""
        self.placement.fit()
        self._placed()

    def show_full(self) -> None:
        """Show 100 %: a pixel of the picture for each pixel of the screen."""
        self.zoom_to(1.0)

    def zoom_in(self) -> None:
        """One step closer to the middle of the view."""
        self.zoom_to(self.zoom * STEP)

    def zoom_out(self) -> None:
        """One step back."""
        self.zoom_to(self.zoom / STEP)

    def turn_by(self, degrees: int) -> None:
        """Turn the view of the picture clockwise, by a multiple of 90 degrees."""
        if self.has_image():
            self.placement.turn_to(self.placement.turn + degrees)
            self._placed()

    def reveal_box(self, box: QRectF) -> None:
        """Bring a rectangle of the picture, in its pixels, to where it can be seen."""
        if self.has_image() and self.placement.reveal(box):
            self._placed()

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that the point `around` of the view (default: its middle) stays in place."""
        if self.has_image():
            self.placement.zoom_to(zoom, around)
            self._placed()

    def _show_layers(self) -> None:
        """What is told of the picture and of what lies over it may be another."""
        said = self._layers.describe() if self._words else ""
        self.setAccessibleDescription(f"{self._words}. {said}" if said else self._words)
        self._show_cursor()
        self.update()

    def _show_cursor(self) -> None:
        shape = self._layers.cursor() if self.has_image() else None
        if self._dragged_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif shape is not None:
            self.setCursor(shape)
        else:
            self.unsetCursor()

    def _placed(self) -> None:
        self.zoom_changed.emit(self.zoom)
        self.update()

    def _move(self, by: QPointF) -> None:
        if self.placement.move(by):
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.fillRect(event.rect(), colors.mat)
        if self.placement.ratio != self.devicePixelRatioF():
            self.placement.set_view(QRectF(self.rect()), self.devicePixelRatioF())
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
        self._placed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_to(self.zoom * STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.has_image() or self._layers.press(event):
            return
        self._dragged_from = event.position()
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.has_image():
            return
        self.bar.reveal()
        if self._dragged_from is None:
            self._layers.move(event)
            self._show_cursor()
            return
        self._move(event.position() - self._dragged_from)
        self._dragged_from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self._layers.release(event)
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self.has_image() or self._layers.double_click(event):
            return
        if self.fitted:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deeds = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_1: self.show_full,
        }
        key = Qt.Key(event.key())
        if self.has_image() and self._layers.key(event):
            event.accept()
        elif key in deeds:
            deeds[key]()
        elif key in ARROWS:
            self._move(ARROWS[key])
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The bar is next, and the keyboard reaches only what is shown."""
        if forward and self.has_image():
            self.bar.reveal()
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.has_image() and event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        ):
            self.bar.hold(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.has_image():
            self.bar.hold(False)

    def enterEvent(self, event: QEnterEvent) -> None:
        if self.has_image():
            self.bar.reveal()

    def leaveEvent(self, event: QEvent) -> None:
        self._layers.leave()
        self._show_cursor()
        if self.has_image():
            self.bar.conceal()
