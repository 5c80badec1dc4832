"""Where a picture lies in a view: its zoom and the point it is looked at."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF

MARGIN = 24
"""Logical pixels of mat that stay round a fitted picture."""

LARGEST = 32.0


class Placement:
    """Maps between a view (logical pixels) and a picture (its own pixels).

    `zoom` is screen pixels per picture pixel: 1.0 is 100 %. `ratio` is screen pixels per
    logical pixel. While `fitted`, the picture follows the size of the view.
    """

    def __init__(self) -> None:
        self.picture = QSizeF()
        self.view = QRectF()
        self.ratio = 1.0
        self.zoom = 1.0
        self.fitted = True
        self._centre = QPointF()

    def set_picture(self, size: QSizeF) -> None:
        """Take another picture and fit it."""
        self.picture = size
        self.fit()

    def set_view(self, view: QRectF, ratio: float) -> None:
        """The view has another size or screen."""
        self.view, self.ratio = view, ratio
        if self.fitted:
            self.fit()

    def fit(self) -> None:
        """Show the whole picture; a small one keeps its own size."""
        self.fitted = True
        self.zoom = self._fitting_zoom()
        self._centre = QPointF(self.picture.width() / 2, self.picture.height() / 2)

    def rect(self) -> QRectF:
        """Where the picture lies in the view."""
        scale = self.zoom / self.ratio
        return QRectF(self.view.center() - self._centre * scale, self.picture * scale)

    def to_picture(self, position: QPointF) -> QPointF:
        """A point of the view as a point of the picture."""
        return (position - self.rect().topLeft()) * (self.ratio / self.zoom)

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that the point `around` of the view (default: its middle) stays in place."""
        fixed = around if around is not None else self.view.center()
        under = self.to_picture(fixed)
        self.fitted = False
        self.zoom = min(max(zoom, min(self._fitting_zoom(), 1.0) / 4), LARGEST)
        self._centre = under + (self.view.center() - fixed) * (self.ratio / self.zoom)
        self._keep_in_view()

    def move(self, by: QPointF) -> bool:
        """Push the picture by logical pixels. Only one that is larger than the view moves."""
        rect = self.rect()
        if rect.width() <= self.view.width() and rect.height() <= self.view.height():
            return False
        self.fitted = False
        self._centre -= by * (self.ratio / self.zoom)
        self._keep_in_view()
        return True

    def _fitting_zoom(self) -> float:
        if self.picture.isEmpty():
            return 1.0
        room_x = max(self.view.width() - 2 * MARGIN, 16) * self.ratio
        room_y = max(self.view.height() - 2 * MARGIN, 16) * self.ratio
        return min(room_x / self.picture.width(), room_y / self.picture.height(), self.ratio)

    def _keep_in_view(self) -> None:
        """The middle of the view stays on the picture."""
        x = min(max(self._centre.x(), 0.0), self.picture.width())
        y = min(max(self._centre.y(), 0.0), self.picture.height())
        self._centre = QPointF(x, y)
