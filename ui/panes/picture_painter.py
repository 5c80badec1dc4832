"""Draws a picture at its place without ever scaling the whole original in one go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

from ui.panes.mipmap import Mipmap
from ui.panes.placement import Placement
from ui.theme import palette

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from ui.panes.tiles import Tiles

PIXELS_SHOWN_FROM = 4.0
"""From this zoom on the picture's pixels are shown as squares."""

GRID_FROM = 8.0
"""From this zoom on lines divide them."""

SHADOW = ((4.0, 0.12), (2.5, 0.2), (1.0, 0.4))
"""Spread in logical pixels, share of the shadow's colour."""


class PicturePainter(QObject):
    """Keeps the picture's smaller copies, and the one that is on the screen now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.levels = Mipmap(self)
        self.grid = True
        """Whether lines divide the pixels where those are large."""
        self.tiles: Tiles | None = None
        """Finer parts of the picture, where it is looked at closely."""
        self._scaled: tuple[tuple[int, QSize, int], QPixmap] | None = None

    def set_image(self, image: QImage) -> None:
        """Take another image; a null one is nothing."""
        self._scaled = None
        self.levels.start(image)

    def refine(self, image: QImage) -> None:
        """Take a larger copy of the same picture."""
        self.levels.refine(image)

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """Draw the shadow and what is in view of the picture."""
        frame, ratio, view = placement.rect(), placement.ratio, placement.view
        _paint_shadow(painter, frame)
        device = QSize(max(1, round(frame.width() * ratio)), max(1, round(frame.height() * ratio)))
        if device.width() <= view.width() * ratio and device.height() <= view.height() * ratio:
            corner = QPointF(round(frame.x() * ratio) / ratio, round(frame.y() * ratio) / ratio)
            painter.drawPixmap(corner, self._scaled_to(device, ratio, placement.turn))
            return
        level = self.levels.at_least(placement.picture.width() * placement.zoom)
        seen, scale = placement.seen(), level.width() / placement.picture.width()
        painter.save()
        painter.setTransform(placement.transform(), True)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, placement.zoom < PIXELS_SHOWN_FROM)
        painter.drawImage(seen, level, QRectF(seen.topLeft() * scale, seen.size() * scale))
        if self.tiles is not None:
            self.tiles.paint(painter)
        painter.restore()
        if self.grid and placement.zoom >= GRID_FROM:
            _paint_grid(painter, placement, seen)

    def _scaled_to(self, device: QSize, ratio: float, turn: int) -> QPixmap:
        """The whole picture in `device` screen pixels, kept until that size changes."""
        upright = device.transposed() if turn % 180 else device
        level = self.levels.at_least(upright.width())
        key = (level.cacheKey(), device, turn)
        if self._scaled is None or self._scaled[0] != key:
            resized = self._resized(level, upright)
            turned = resized.transformed(QTransform().rotate(turn)) if turn else resized
            self._scaled = (key, QPixmap.fromImage(turned))
        pixmap = QPixmap(self._scaled[1])
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _resized(self, level: QImage, device: QSize) -> QImage:
        if level.size() == device:
            return level
        # Until the smaller copies are there, a quick look stands in for the careful one.
        careful = self.levels.complete or level.width() <= 2 * device.width()
        mode = Qt.TransformationMode
        return level.scaled(
            device,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            mode.SmoothTransformation if careful else mode.FastTransformation,
        )


def _paint_shadow(painter: QPainter, frame: QRectF) -> None:
    color = palette.current().shadow
    for spread, share in SHADOW:
        faint = QColor(color)
        faint.setAlphaF(color.alphaF() * share)
        painter.fillRect(frame.adjusted(-spread, -spread + 1, spread, spread + 1), faint)


def _paint_grid(painter: QPainter, placement: Placement, seen: QRectF) -> None:
    """Lines one screen pixel wide, grey enough for a light picture and for a dark one."""
    shown = placement.to_view_rect(seen)
    step, corner = placement.scale, placement.rect().topLeft()
    lines = [
        QLineF(x, shown.top(), x, shown.bottom())
        for x in _steps(corner.x(), shown.left(), shown.right(), step)
    ]
    lines += [
        QLineF(shown.left(), y, shown.right(), y)
        for y in _steps(corner.y(), shown.top(), shown.bottom(), step)
    ]
    painter.setPen(QPen(palette.current().veil("text_muted", 0.35), 0))
    painter.drawLines(lines)


def _steps(start: float, low: float, high: float, step: float) -> list[float]:
    """Every `step` from `start` on that lies between `low` and `high`."""
    first, last = math.ceil((low - start) / step), math.floor((high - start) / step)
    return [start + number * step for number in range(first, last + 1)]
