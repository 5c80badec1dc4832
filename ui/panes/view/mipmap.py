"""A picture at half, a quarter, an eighth of its size, made piece by piece between events."""

from __future__ import annotations

from _thread import start_new_thread

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QTransform

PIXELS_A_STEP = 800_000
"""Source pixels read per step: a few milliseconds."""

PIXELS_TURNED_A_STEP = 150_000
"""Turning is slower."""

SMALLEST_SIDE = 256

LARGE = 6_000_000
"""Bytes: what is smaller is given back sooner than a thread begins."""


def let_go(images: list[QImage]) -> None:
    """Empty the list, in a thread where they are large: the system takes milliseconds to take them back.

    Whoever held the images has to drop them before, as the last one pays.
    """
    if sum(image.sizeInBytes() for image in images) < LARGE:
        images.clear()
    else:
        start_new_thread(images.clear, ())  # without waiting until it runs, as a Thread does


class Mipmap(QObject):
    """Levels of one image, each half as large as the one before; level 0 is the image itself.

    Emits `grown` when another level is complete. Until then a larger one stands in, so there
    is always something to draw; but with a `turn` (degrees clockwise), level 0 has to be made, too.
    """

    grown = Signal()

    def __init__(self, parent: QObject | None = None, turn: int = 0) -> None:
        super().__init__(parent)
        self.turn = turn
        self._levels: list[QImage] = []
        self._stand_in = QImage()
        self._upright = QImage()
        self._next: QImage | None = None
        self._rows_done = 0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)

    def start(self, image: QImage) -> None:
        """Take another image; a null one empties the pyramid."""
        self._let_go()
        self._begin(image)

    def refine(self, image: QImage) -> None:
        """Take a larger copy of the same; what there was stands in until the levels are complete."""
        stand_in = self._levels[0] if self._levels else self._stand_in
        self._let_go()
        self._stand_in = stand_in
        self._begin(image)

    @property
    def complete(self) -> bool:
        """Whether every level is there."""
        return self._next is None

    @property
    def drawable(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self._levels) or not self._stand_in.isNull()

    def at_least(self, width: float) -> QImage:
        """The smallest finished level that is at least `width` pixels wide, else the largest.

        Raises ValueError while nothing is drawable.
        """
        levels = self._levels if self._stand_in.isNull() else [*self._levels, self._stand_in]
        fitting = [level for level in levels if level.width() >= width]
        return min(fitting, key=QImage.width) if fitting else max(levels, key=QImage.width)

    def _let_go(self) -> None:
        begun = [] if self._next is None else [self._next]
        held = [*self._levels, *begun, self._stand_in, self._upright]
        self._levels, self._next = [], None
        self._stand_in = self._upright = QImage()
        let_go(held)

    def _begin(self, image: QImage) -> None:
        self._timer.stop()
        if image.isNull() or not self.turn:
            self._levels = [] if image.isNull() else [image]
            self._begin_level()
            return
        self._upright = image
        size = image.size().transposed() if self.turn % 180 else image.size()
        self._next = QImage(size, _form(image))
        self._rows_done = 0
        self._timer.start()

    def _begin_level(self) -> None:
        source = self._levels[-1] if self._levels else QImage()
        if min(source.width(), source.height()) < 2 or max(source.width(), source.height()) <= SMALLEST_SIDE:
            self._next = None
            self._timer.stop()
            before, self._stand_in = [self._stand_in], QImage()
            let_go(before)
            return
        self._next = QImage(source.width() // 2, source.height() // 2, _form(source))
        self._rows_done = 0
        self._timer.start()

    def _step(self) -> None:
        made = self._next
        if made is None:
            self._timer.stop()
        elif not self._upright.isNull():
            self._turn_rows(made)
        else:
            self._halve_rows(made)

    def _halve_rows(self, made: QImage) -> None:
        source = self._levels[-1]
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
            self._finish_level(made)

    def _turn_rows(self, made: QImage) -> None:
        """Turn what becomes whole rows: to write a bit of every row takes longer than to read it."""
        source, wide = self._upright, self.turn % 180 != 0
        length, across = (source.width(), source.height()) if wide else (source.height(), source.width())
        rows = max(1, PIXELS_TURNED_A_STEP // across)
        start, end = self._rows_done, min(length, self._rows_done + rows)
        part = QRect(start, 0, end - start, across) if wide else QRect(0, start, across, end - start)
        top = start if self.turn == 90 else length - end
        painter = QPainter(made)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(QPoint(0, top), source.copy(part).transformed(QTransform().rotate(self.turn)))
        painter.end()
        self._rows_done = end
        if end == length:
            self._upright = QImage()
            self._finish_level(made)

    def _finish_level(self, made: QImage) -> None:
        self._levels.append(made)
        self._begin_level()
        self.grown.emit()


def _form(image: QImage) -> QImage.Format:
    clear = QImage.Format.Format_ARGB32_Premultiplied
    return clear if image.hasAlphaChannel() else QImage.Format.Format_RGB32
