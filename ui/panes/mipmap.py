"""A picture at half, a quarter, an eighth of its size, made piece by piece between events."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

PIXELS_A_STEP = 1_500_000
"""Source pixels read per step: a few milliseconds."""

SMALLEST_SIDE = 256


class Mipmap(QObject):
    """Levels of one image, each half as large as the one before; level 0 is the image itself.

    Emits `grown` when another level is complete. Until then a larger one stands in, so there
    is always something to draw.
    """

    grown = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._levels: list[QImage] = []
        self._stand_in = QImage()
        self._next: QImage | None = None
        self._rows_done = 0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)

    def start(self, image: QImage) -> None:
        """Take another image; a null one empties the pyramid."""
        self._stand_in = QImage()
        self._begin(image)

    def refine(self, image: QImage) -> None:
        """Take a larger copy of the same; what there was stands in until the levels are complete."""
        if self._levels:
            self._stand_in = self._levels[0]
        self._begin(image)

    @property
    def complete(self) -> bool:
        """Whether every level is there."""
        return self._next is None

    def at_least(self, width: float) -> QImage:
        """The smallest finished level that is at least `width` pixels wide, else the image itself.

        Raises IndexError while there is no image.
        """
        levels = self._levels if self._stand_in.isNull() else [*self._levels, self._stand_in]
        fitting = [level for level in levels if level.width() >= width]
        return min(fitting, key=QImage.width) if fitting else self._levels[0]

    def _begin(self, image: QImage) -> None:
        self._timer.stop()
        self._next = None
        self._levels = [] if image.isNull() else [image]
        self._begin_level()

    def _begin_level(self) -> None:
        source = self._levels[-1] if self._levels else QImage()
        if min(source.width(), source.height()) < 2 or max(source.width(), source.height()) <= SMALLEST_SIDE:
            self._next = None
            self._stand_in = QImage()
            self._timer.stop()
            return
        opaque = QImage.Format.Format_RGB32
        clear = QImage.Format.Format_ARGB32_Premultiplied
        form = clear if source.hasAlphaChannel() else opaque
        self._next = QImage(source.width() // 2, source.height() // 2, form)
        self._next.fill(0)
        self._rows_done = 0
        self._timer.start()

    def _step(self) -> None:
        made, source = self._next, self._levels[-1]
        if made is None:
            self._timer.stop()
            return
        rows = max(1, PIXELS_A_STEP // (2 * source.width()))
        top, bottom = self._rows_done, min(made.height(), self._rows_done + rows)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(
            QRect(0, top, made.width(), bottom - top),
            source,
            QRect(0, 2 * top, 2 * made.width(), 2 * (bottom - top)),
        )
        painter.end()
        self._rows_done = bottom
        if bottom == made.height():
            self._levels.append(made)
            self._begin_level()
            self.grown.emit()
