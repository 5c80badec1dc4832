"""Draws a picture at its place without ever scaling the whole original in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from ui.panes.mipmap import Mipmap
from ui.panes.placement import Placement
from ui.theme import palette

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

PIXELS_SHOWN_FROM = 4.0
"""From this zoom on the picture's pixels are shown as squares."""

SHADOW = ((4.0, 0.12), (2.5, 0.2), (1.0, 0.4))
"""Spread in logical pixels, share of the shadow's colour."""


class PicturePainter(QObject):
    """Keeps the picture's smaller copies, and the one that is on the screen now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.levels = Mipmap(self)
        self._scaled: tuple[tuple[int, QSize], QPixmap] | None = None

    def set_image(self, image: QImage) -> None:
        """Take another image; a null one is nothing."""
        self._scaled = None
        self.levels.start(image)

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """Draw the shadow and what is in view of the picture."""
        frame, ratio, view = placement.rect(), placement.ratio, placement.view
        _paint_shadow(painter, frame)
        device = QSize(max(1, round(frame.width() * ratio)), max(1, round(frame.height() * ratio)))
        if device.width() <= view.width() * ratio and device.height() <= view.height() * ratio:
            corner = QPointF(round(frame.x() * ratio) / ratio, round(frame.y() * ratio) / ratio)
            painter.drawPixmap(corner, self._scaled_to(device, ratio))
            return
        level = self.levels.at_least(device.width())
        shown = frame.intersected(view)
        scale = level.width() / frame.width()
        part = QRectF((shown.topLeft() - frame.topLeft()) * scale, shown.size() * scale)
        smooth = placement.zoom < PIXELS_SHOWN_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(shown, level, part)

    def _scaled_to(self, device: QSize, ratio: float) -> QPixmap:
        """The whole picture in `device` screen pixels, kept until that size changes."""
        level = self.levels.at_least(device.width())
        key = (level.cacheKey(), device)
        if self._scaled is None or self._scaled[0] != key:
            self._scaled = (key, QPixmap.fromImage(self._resized(level, device)))
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
