"""What lies over a picture: shapes, regions, whatever is drawn there and can be pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRect, Qt, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter

    from ui.panes.view.placement import Placement


class PictureLayer(QObject):
    """A sheet over the picture of a view, which asks the uppermost one first.

    Positions are in pixels of the original. `reach` is how many of those a fingertip covers: a
    place nearer than that is meant. What a method takes (True) goes to no layer below, and neither
    drags nor zooms the picture.
    """

    changed = Signal()
    """Something is to be painted differently."""
    touched = Signal(QRect)
    """Only what lies in a part of the view is to be painted differently."""

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """Draw over the picture; `placement` says where in the view its pixels lie."""

    def press(self, at: QPointF, reach: float, modifiers: Qt.KeyboardModifier) -> bool:
        """The main button went down; with True, `drag` and `release` follow."""
        return False

    def drag(self, at: QPointF, reach: float, modifiers: Qt.KeyboardModifier) -> None:
        """The pointer moved while the button is down."""

    def release(self, at: QPointF, reach: float) -> bool:
        """The button went up; False leaves what may have been a click to the layers below."""
        return True

    def cancel(self) -> None:
        """There is another picture below: what is being dragged is let go, and nothing comes of it."""

    def hover(self, at: QPointF | None, reach: float) -> bool:
        """The pointer moved without a button; None: it left, or is over a layer above."""
        return False

    def click(self, at: QPointF, reach: float) -> bool:
        """The main button went down and up in one place, and no layer took the press."""
        return False

    def double_click(self, at: QPointF, reach: float) -> bool:
        """The main button was pressed twice."""
        return False

    def key(self, event: QKeyEvent) -> bool:
        """A key was pressed while the view has the keyboard."""
        return False

    def cursor(self) -> Qt.CursorShape | None:
        """How the pointer looks now; None leaves it to the layers below."""
        return None

    def describe(self) -> str:
        """What a screen reader is told of the layer, empty for nothing."""
        return ""
