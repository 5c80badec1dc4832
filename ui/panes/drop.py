"""Pictures dropped anywhere on a window."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

    from ui.panes.drop_overlay import DropOverlay

PICTURE_HERE = "application/x-fovea-picture"
"""The hash of a picture that is dragged from one place of the window to another."""


class DropTarget(QObject):
    """Lets pictures be dropped anywhere on `window`, over whatever child the pointer is.

    Emits `pictures_offered` with an OfferedPictures. What is not about pictures is left to the
    widget below, so text can still be dropped into a text field.
    """

    pictures_offered = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._hovering = False
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @cached_property
    def overlay(self) -> DropOverlay:
        """What covers the window, made when pictures first hover over it."""
        from ui.panes.drop_overlay import DropOverlay

        overlay = DropOverlay(self._window)
        overlay.installEventFilter(self)
        return overlay

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer the drag events of the window and of the overlay that covers it."""
        kind = event.type()
        if kind == QEvent.Type.DragEnter:
            return self._enter(cast("QDragEnterEvent", event))
        if "overlay" not in self.__dict__ or not self.overlay.isVisible():
            return False
        if kind == QEvent.Type.DragMove:
            return self._answer(cast("QDragMoveEvent", event))
        if kind == QEvent.Type.DragLeave:
            return self._leave()
        if kind == QEvent.Type.Drop:
            return self._drop(cast("QDropEvent", event))
        if kind == QEvent.Type.Resize and watched is self._window:
            self.overlay.setGeometry(self._window.rect())
        return False

    def _enter(self, event: QDragEnterEvent) -> bool:
        from ui.widgets.offered import describe_offer, offers_pictures

        if event.mimeData().hasFormat(PICTURE_HERE) or not offers_pictures(event.mimeData()):
            return False
        self._hovering = True
        self.overlay.show_offer(describe_offer(event.mimeData()))
        return self._answer(event)

    def _answer(self, event: QDropEvent) -> bool:
        # What is refused is accepted as a drag that does nothing: only so does Qt tell of its end.
        refused = self.overlay.refused
        event.setDropAction(Qt.DropAction.IgnoreAction if refused else Qt.DropAction.CopyAction)
        event.accept()
        return True

    def _leave(self) -> bool:
        # The overlay takes the drag over from the window at once: that is no leaving.
        self._hovering = False
        QTimer.singleShot(0, self, self._hide_if_gone)
        return True

    def _hide_if_gone(self) -> None:
        if not self._hovering:
            self.overlay.hide()

    def _drop(self, event: QDropEvent) -> bool:
        from ui.widgets.offered import offer_from_mime

        refused = self.overlay.refused
        self._hovering = False
        self.overlay.hide()
        if refused:
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.pictures_offered.emit(offer_from_mime(event.mimeData()))
        return True
