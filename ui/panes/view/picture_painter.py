"""Draws a picture at its place without ever scaling the whole original in one go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap, QRegion

from ui.panes.view.mipmap import Mipmap, let_go
from ui.panes.view.placement import Placement
from ui.theme import palette

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.panes.view.tiles import Tiles

PIXELS_SHOWN_FROM = 4.0
"""From this zoom on the picture's pixels are shown as squares."""

GRID_FROM = 8.0
"""From this zoom on lines divide them."""

MOST_AVERAGED = 2_500_000
"""Pixels of a copy that can all be looked at for a frame; of a larger one only every second is."""

SHADOW = ((4.0, 0.12), (2.5, 0.2), (1.0, 0.4))
"""Spread in logical pixels, share of the shadow's colour."""


class PicturePainter(QObject):
    """Keeps the picture's smaller copies, and the one that is on the screen now."""

    grown = Signal()
    """There is something better to draw."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.levels = Mipmap(self)
        self.levels.grown.connect(self.grown)
        self.grid = True
        """Whether lines divide the pixels where those are large."""
        self.tiles: Tiles | None = None
        """Finer parts of the picture, where it is looked at closely."""
        self._image = QImage()
        self._turned: Mipmap | None = None
        self._scaled: tuple[tuple[int, QSize], QPixmap] | None = None

    def set_image(self, image: QImage) -> None:
        """Take another image; a null one is nothing."""
        self._scaled = None
        before, self._image = [self._image], image
        self._drop_turned()
        self.levels.start(image)
        let_go(before)

    def refine(self, image: QImage) -> None:
        """Take a larger copy of the same picture."""
        self._image = image
        self.levels.refine(image)
        if self._turned is not None:
            self._turned.refine(image)

    def paint_mat(self, painter: QPainter, placement: Placement, area: QRect) -> None:
        """Fill a part of the view as far as `paint` leaves something of it to be seen."""
        mat = QRegion(area)
        if not (self._image.isNull() or self._image.hasAlphaChannel()):
            inside = placement.rect().adjusted(1, 1, -1, -1).intersected(placement.view)
            mat = mat.subtracted(inside.toRect())
        for part in cast("Iterable[QRect]", mat):  # the stubs do not know
            painter.fillRect(part, palette.current().mat)

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """Draw the shadow and what is in view of the picture."""
        frame, ratio, view = placement.rect(), placement.ratio, placement.view
        if not frame.contains(view):
            _paint_shadow(painter, frame)
        device = QSize(max(1, round(frame.width() * ratio)), max(1, round(frame.height() * ratio)))
        levels = self._levels_for(placement.turn)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, placement.zoom < PIXELS_SHOWN_FROM)
        if self.tiles is not None and self.tiles.cover:
            self.tiles.paint(painter, placement)
        elif levels is None:
            self._paint_turning(painter, placement)
        elif device.width() <= view.width() * ratio and device.height() <= view.height() * ratio:
            corner = QPointF(round(frame.x() * ratio) / ratio, round(frame.y() * ratio) / ratio)
            painter.drawPixmap(corner, self._scaled_to(levels, device, ratio))
        else:
            self._paint_part(painter, placement, levels.at_least(device.width()))
        if self.grid and placement.zoom >= GRID_FROM:
            _paint_grid(painter, placement, placement.seen())

    def _paint_part(self, painter: QPainter, placement: Placement, level: QImage) -> None:
        """Draw the part in view of a picture that is larger than the view."""
        frame = placement.rect()
        shown = frame.intersected(placement.view)
        scale = level.width() / frame.width()
        part = QRectF((shown.topLeft() - frame.topLeft()) * scale, shown.size() * scale)
        painter.drawImage(shown, level, part)
        if self.tiles is not None:
            self.tiles.paint(painter, placement)

    def _paint_turning(self, painter: QPainter, placement: Placement) -> None:
        """Draw the picture out of its upright self, until it is turned: slower, so half as fine, and
        from the nearest pixels."""
        level = self.levels.at_least(placement.picture.width() * placement.zoom / 2)
        seen, scale = placement.seen(), level.width() / placement.picture.width()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.setTransform(placement.transform(), True)
        painter.drawImage(seen, level, QRectF(seen.topLeft() * scale, seen.size() * scale))
        painter.restore()

    def _levels_for(self, turn: int) -> Mipmap | None:
        """The copies as the view turns them; None while there are none."""
        if turn == 0:
            self._drop_turned()
            return self.levels
        if self._turned is None or self._turned.turn != turn:
            self._drop_turned()
            self._turned = Mipmap(self, turn)
            self._turned.grown.connect(self.grown)
            self._turned.start(self._image)
        return self._turned if self._turned.drawable else None

    def _drop_turned(self) -> None:
        if self._turned is not None:
            self._turned.start(QImage())
            self._turned.deleteLater()
            self._turned = None

    def _scaled_to(self, levels: Mipmap, device: QSize, ratio: float) -> QPixmap:
        """The whole picture in `device` screen pixels, kept until that size changes."""
        level = levels.at_least(device.width())
        key = (level.cacheKey(), device)
        if self._scaled is None or self._scaled[0] != key:
            self._scaled = (key, QPixmap.fromImage(_resized(level, device)))
        pixmap = QPixmap(self._scaled[1])
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


def _resized(level: QImage, device: QSize) -> QImage:
    """A level in another size: with care where that is quick, else from its nearest pixels alone."""
    if level.size() == device:
        return level
    if level.width() * level.height() <= MOST_AVERAGED:
        smooth = Qt.TransformationMode.SmoothTransformation
        return level.scaled(device, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    made = QImage(device, level.format())
    painter = QPainter(made)
    # Until the smaller copies are there, a quick look stands in for the careful one.
    near = level.width() <= 2 * device.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, near)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.drawImage(QRect(QPoint(), device), level)
    painter.end()
    return made


def _paint_shadow(painter: QPainter, frame: QRectF) -> None:
    """On the mat, in colours that are mixed before: to shine through takes ten times as long."""
    colors = palette.current()
    ground = colors.mat
    for spread, share in SHADOW:
        ground = _mixed(ground, colors.shadow, colors.shadow.alphaF() * share)
        for strip in _strips(frame.adjusted(-spread, -spread + 1, spread, spread + 1), frame):
            painter.fillRect(strip.toRect(), ground)  # parts of pixels would be filled as a path is


def _mixed(ground: QColor, over: QColor, share: float) -> QColor:
    """`over` on `ground`, covering a share of it."""
    return QColor.fromRgbF(
        ground.redF() + (over.redF() - ground.redF()) * share,
        ground.greenF() + (over.greenF() - ground.greenF()) * share,
        ground.blueF() + (over.blueF() - ground.blueF()) * share,
    )


def _strips(outer: QRectF, frame: QRectF) -> tuple[QRectF, ...]:
    """What of a rectangle is seen round the picture: what lies under it would take as long as all else."""
    hidden = frame.adjusted(1, 1, -1, -1)
    left, right = outer.left(), outer.right()
    return (
        QRectF(QPointF(left, outer.top()), QPointF(right, hidden.top())),
        QRectF(QPointF(left, hidden.bottom()), QPointF(right, outer.bottom())),
        QRectF(QPointF(left, hidden.top()), hidden.bottomLeft()),
        QRectF(hidden.topRight(), QPointF(right, hidden.bottom())),
    )


def _paint_grid(painter: QPainter, placement: Placement, seen: QRectF) -> None:
    """Lines one screen pixel wide, grey enough for a light picture and for a dark one."""
    ratio, step = placement.ratio, placement.zoom
    shown, corner = placement.to_view_rect(seen), placement.rect().topLeft() * ratio
    device = QRectF(shown.topLeft() * ratio, shown.size() * ratio).toAlignedRect()
    color = palette.current().veil("text_muted", 0.35)
    # The upright lines are one row, repeated: drawn one by one they take longer than all the rest.
    row = QImage(device.width(), 1, QImage.Format.Format_ARGB32_Premultiplied)
    row.fill(0)
    pen = QPainter(row)
    for x in _steps(corner.x(), device.left(), device.right(), step):
        pen.fillRect(round(x) - device.left(), 0, 1, 1, color)
    pen.end()
    painter.save()
    painter.scale(1 / ratio, 1 / ratio)
    painter.setBrushOrigin(device.topLeft())
    painter.fillRect(device, QBrush(row))
    for y in _steps(corner.y(), device.top(), device.bottom(), step):
        painter.fillRect(device.left(), round(y), device.width(), 1, color)
    painter.restore()


def _steps(start: float, low: float, high: float, step: float) -> list[float]:
    """Every `step` from `start` on that lies between `low` and `high`."""
    first, last = math.ceil((low - start) / step), math.floor((high - start) / step)
    return [start + number * step for number in range(first, last + 1)]
