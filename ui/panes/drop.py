"""Pictures dropped anywhere on a window."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint, QRect
    from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

    from ui.panes.drop_overlay import DropOverlay
    from ui.widgets.offered import OfferDescription, OfferedPictures

PICTURE_HERE = "application/x-fovea-picture"
"""The hash of a picture that is dragged from one place of the window to another."""


class DropPlace(NamedTuple):
    """A part of a window where pictures that are dropped are for something else; `sentence` says what."""

    area: QRect
    sentence: str
    take: Callable[[OfferedPictures], object]


class DropTarget(QObject):
    """Lets pictures be dropped anywhere on `window`, over whatever child the pointer is.

    Emits `pictures_offered` with an OfferedPictures. What is not about pictures is left to the
    widget below, so text can still be dropped into a text field.
    """

    pictures_offered = Signal(object)
    covered = Signal(bool)
    """Whether the overlay lies over the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._hovering = False
        self._offer: OfferDescription | None = None
        self._place: DropPlace | None = None
        self.place_at: Callable[[QPoint], DropPlace | None] = lambda _point: None
        """What is at a point of the window, where a drop is for something else there."""
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
        if watched is not self._window and kind in (QEvent.Type.Show, QEvent.Type.Hide):
            self.covered.emit(kind == QEvent.Type.Show)
            return False
        if kind == QEvent.Type.DragEnter:
            return self._enter(cast("QDragEnterEvent", event))
        if "overlay" not in self.__dict__ or not self.overlay.isVisible():
            return False
        if kind == QEvent.Type.DragMove:
            self._point(cast("QDragMoveEvent", event))
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
        self._place, self._offer = None, describe_offer(event.mimeData())
        self.overlay.show_offer(self._offer)
        self._point(event)
        return self._answer(event)

    def _point(self, event: QDropEvent) -> None:
        """Say what letting go would do here."""
        offer = self._offer
        if offer is None or offer.refused:
            return
        place = self.place_at(event.position().toPoint())
        if (place and place[:2]) != (self._place and self._place[:2]):
            said = offer if place is None else offer._replace(sentence=place.sentence)
            self.overlay.show_offer(said, None if place is None else place.area)
        self._place = place

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
        take = self.pictures_offered.emit if self._place is None else self._place.take
        take(offer_from_mime(event.mimeData()))
        return True
