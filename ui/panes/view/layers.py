"""The sheets over a picture, and which of them an event is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

    from ui.panes.view.layer import PictureLayer
    from ui.panes.view.placement import Placement


class LayerStack(QObject):
    """Layers from the lowest to the uppermost. Events go to the uppermost first."""

    changed = Signal()
    touched = Signal(QRect)
    """A part of the view is to be painted anew."""

    def __init__(self, placement: Placement, parent: QObject) -> None:
        super().__init__(parent)
        self._placement = placement
        self._layers: list[PictureLayer] = []
        self._pressed: PictureLayer | None = None
        self._clicked: QPointF | None = None
        """Where the button went down, as long as it may become a click on what nobody drags or draws."""

    def add(self, layer: PictureLayer, *, lowest: bool = False) -> None:
        """Lay a sheet over all others, or under them."""
        if layer not in self._layers:
            self._layers.insert(0 if lowest else len(self._layers), layer)
            layer.changed.connect(self.changed)
            layer.touched.connect(self.touched)
            self.changed.emit()

    def remove(self, layer: PictureLayer) -> None:
        """Take a sheet away; nothing happens when it is not here."""
        if layer in self._layers:
            self._layers.remove(layer)
            layer.changed.disconnect(self.changed)
            layer.touched.disconnect(self.touched)
            if self._pressed is layer:
                self._pressed = self._clicked = None
            self.changed.emit()

    def paint(self, painter: QPainter) -> None:
        """Draw all of them, the uppermost last."""
        for layer in self._layers:
            painter.save()
            layer.paint(painter, self._placement)
            painter.restore()

    def press(self, event: QMouseEvent) -> bool:
        """The main button went down; whether a layer took it."""
        at, reach = self._place(event.position()), self._placement.reach
        self._pressed = next((x for x in self._downwards() if x.press(at, reach, event.modifiers())), None)
        self._clicked = event.position()
        return self._pressed is not None

    def double_click(self, event: QMouseEvent) -> bool:
        """The main button went down twice; a layer that knows no double click takes it as a press."""
        at, reach = self._place(event.position()), self._placement.reach
        taken = any(layer.double_click(at, reach) for layer in self._downwards()) or self.press(event)
        self._clicked = None
        return taken

    def move(self, event: QMouseEvent) -> bool:
        """The pointer moved; whether a layer is being dragged or lies under it."""
        at = self._place(event.position())
        if self._pressed is not None:
            self._pressed.drag(at, self._placement.reach, event.modifiers())
            return True
        return self._hover(at)

    def release(self, event: QMouseEvent) -> bool:
        """The main button went up; whether a layer had it."""
        layer, self._pressed = self._pressed, None
        if layer is not None and layer.release(self._place(event.position()), self._placement.reach):
            self._clicked = None
            return True
        return self._click(event)

    def cancel(self) -> None:
        """There is another picture below: nothing comes of what is being done."""
        self._pressed = self._clicked = None
        for layer in self._layers:
            layer.cancel()

    def _click(self, event: QMouseEvent) -> bool:
        pressed, self._clicked = self._clicked, None
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        if (event.position() - pressed).manhattanLength() >= QGuiApplication.styleHints().startDragDistance():
            return False
        at, reach = self._place(event.position()), self._placement.reach
        return any(layer.click(at, reach) for layer in self._downwards())

    def leave(self) -> None:
        """The pointer left the picture."""
        self._hover(None)

    def key(self, event: QKeyEvent) -> bool:
        """A key went down; whether a layer took it."""
        return any(layer.key(event) for layer in self._downwards())

    def cursor(self) -> Qt.CursorShape | None:
        """How the uppermost layer that cares wants the pointer to look."""
        shapes = (layer.cursor() for layer in self._downwards())
        return next((shape for shape in shapes if shape is not None), None)

    def describe(self) -> str:
        """What a screen reader is told of all of them, empty for nothing."""
        return " ".join(said for layer in self._downwards() if (said := layer.describe()))

    def _hover(self, at: QPointF | None) -> bool:
        taken = False
        for layer in self._downwards():
            taken = layer.hover(None if taken else at, self._placement.reach) or taken
        return taken

    def _place(self, position: QPointF) -> QPointF:
        return self._placement.to_picture(position)

    def _downwards(self) -> list[PictureLayer]:
        return self._layers[::-1]
