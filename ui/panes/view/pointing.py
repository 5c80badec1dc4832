"""Which pixel of the original is pointed at, and what is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMargins, QObject, QPoint, QPointF, QRect

from ui.panes.view.readout import Readout

if TYPE_CHECKING:
    from ui.panes.view.picture_view import PictureView

INSET = 12
AWAY = 16
"""Logical pixels that it stays away from the pointer."""


class Pointing(QObject):
    """Tells of the pixel under the pointer while it is switched on.

    Until the picture's own pixels are read, that is the colour of the copy on the screen.
    """

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._shown = False
        self._at: QPointF | None = None
        self.readout = Readout(view)
        view.tiles.arrived.connect(self._tell)
        self.place()

    def switch(self, shown: bool) -> None:
        """Begin or end to tell."""
        self._shown = shown
        if not shown:
            self.leave()

    def move(self, position: QPointF) -> None:
        """The pointer is at a place of the view."""
        if self._shown:
            self._at = position
            self._stand()
            self._tell()

    def leave(self) -> None:
        """The pointer is not over the picture."""
        self._at = None
        self.readout.hide()
        self._view.tiles.point_at(None)

    def copy(self) -> None:
        """Put the colour that is told of on the clipboard."""
        self.readout.copy()

    def place(self) -> None:
        """Fit into a view that has another size."""
        self.readout.suit(self._view.size())
        self._stand()

    def _stand(self) -> None:
        """Stand in the upper left corner, away from the bar, or in another when the pointer comes there."""
        left, size = self._view.placement.left.toRect(), self.readout.size()
        far, low = left.width() - INSET - size.width(), left.height() - INSET - size.height()
        for corner in (QPoint(INSET, INSET), QPoint(far, INSET), QPoint(INSET, low)):
            around = QRect(corner, size).marginsAdded(QMargins(AWAY, AWAY, AWAY, AWAY))
            if self._at is None or not around.contains(self._at.toPoint()):
                self.readout.move(corner)
                return

    def _tell(self) -> None:
        if self._at is None:
            return
        picture, image = self._view.placement.picture, self._view.image
        place = self._view.to_picture(self._at)
        if not (0 <= place.x() < picture.width() and 0 <= place.y() < picture.height()):
            self.readout.hide()
            self._view.tiles.point_at(None)
            return
        at = QPoint(int(place.x()), int(place.y()))
        if image.width() == round(picture.width()):
            self.readout.show_color(image.pixelColor(at), at, exact=True)
        elif (color := self._view.tiles.color_at(place)) is not None:
            self.readout.show_color(color, at, exact=True)
        else:
            scale = image.width() / picture.width()
            copied = QPoint(
                min(int(place.x() * scale), image.width() - 1),
                min(int(place.y() * scale), image.height() - 1),
            )
            self.readout.show_color(image.pixelColor(copied), at, exact=False)
            self._view.tiles.point_at(place)
