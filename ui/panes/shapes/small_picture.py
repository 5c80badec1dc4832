"""A small picture with the shapes of an answer on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.panes.shapes.layer import ShapeLayer
from ui.panes.view.placement import Placement

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent

    from ui.panes.shapes.scene import ShapeScene
    from ui.widgets.thumbnails import Thumbnails

HEIGHT = 160
"""Logical pixels; a wide picture is as high as the room beside it lets it be."""


class SmallPicture(QWidget):
    """Stands at the left of its room; `size` is the picture's own, in pixels of the upright original."""

    pointed = Signal(int)
    """The number of the shape that the pointer is over now; -1 for none."""

    def __init__(
        self, sha256: str, name: str, size: QSizeF, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.sha256 = sha256
        self._thumbnails = thumbnails
        self._placement = Placement()
        self._placement.set_picture(size)
        self.layer = ShapeLayer(self)
        self.layer.changed.connect(self.update)
        self.layer.touched.connect(lambda area: self.update(area))
        self.layer.pointed.connect(self.pointed)
        self.setAccessibleName(name)
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)

    def show_scene(self, scene: ShapeScene | None, words: str) -> None:
        """Show other shapes, or none; `words` say them."""
        self.layer.set_scene(scene, words)
        self.setAccessibleDescription(words)

    def highlight(self, numbers: Collection[int]) -> None:
        """Let shapes stand out, by their numbers among all of the answer."""
        self.layer.highlight(numbers)

    def picture_rect(self) -> QRectF:
        """Where the picture is drawn."""
        picture = self._placement.picture
        scale = min(self.width() / picture.width(), self.height() / picture.height())
        wide, high = round(picture.width() * scale), round(picture.height() * scale)
        return QRectF(0, 0, max(wide, 1), max(high, 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, and the shapes as far as they are drawn yet."""
        painter = QPainter(self)
        rect, ratio = self.picture_rect(), self.devicePixelRatioF()
        if (self._placement.view, self._placement.ratio) != (rect, ratio):
            self._place(rect, ratio)
        self._thumbnails.draw(painter, rect.toRect(), self.sha256)
        self.layer.paint(painter, self._placement)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new size."""
        super().resizeEvent(event)
        self._place(self.picture_rect(), self.devicePixelRatioF())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the shape under the pointer stand out."""
        inside = self.picture_rect().contains(event.position())
        at = self._placement.to_picture(event.position()) if inside else None
        self.layer.hover(at, self._placement.reach)

    def leaveEvent(self, event: QEvent) -> None:
        """None of them stands out any more."""
        super().leaveEvent(event)
        self.layer.hover(None, self._placement.reach)

    def _place(self, rect: QRectF, ratio: float) -> None:
        picture = self._placement.picture
        self._placement.set_view(rect, ratio)
        middle = QPointF(picture.width() / 2, picture.height() / 2)
        self._placement.look_at(middle, rect.width() / picture.width() * ratio)
