"""The hand that moves a picture, or takes it out of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from ui.panes.view.picture_view import PictureView

BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)


class Hand:
    """Holds the picture while a button is down over it. With Shift, it takes the picture along."""

    def __init__(self, view: PictureView) -> None:
        self._view = view
        self._from: QPointF | None = None
        self._leaves = False
        self.space = False
        """Whether the space bar is down: then dragging moves the picture whatever lies over it."""

    @property
    def holds(self) -> bool:
        """Whether a button is down."""
        return self._from is not None

    def press(self, event: QMouseEvent) -> None:
        """A button that moves went down."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._from = event.position()
        self._leaves = shift and event.button() == Qt.MouseButton.LeftButton

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved while the button is down."""
        assert self._from is not None
        way = event.position() - self._from
        if not self._leaves:
            self._view.push(way)
            self._from = event.position()
        elif way.manhattanLength() >= QApplication.startDragDistance():
            self._from = None
            self._view.drag_requested.emit()

    def release(self) -> None:
        """The button went up."""
        self._from = None

    def cursor(self) -> Qt.CursorShape | None:
        """How the pointer looks; None: the hand does nothing."""
        if self.holds:
            return Qt.CursorShape.ClosedHandCursor
        return Qt.CursorShape.OpenHandCursor if self.space else None
