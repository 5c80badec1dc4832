"""Small pictures by hash: asked for when first drawn, cut to a rounded tile, sharp on any screen."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap

from ui.theme import icons, palette

MOST_IMAGES = 400
TILE_RADIUS = 6


class Thumbnails(QObject):
    """Holds the newest images, `most` of them. Emits `wanted` once for each picture that is drawn
    without one."""

    wanted = Signal(str)

    def __init__(self, parent: QObject | None = None, most: int = MOST_IMAGES) -> None:
        super().__init__(parent)
        self._most = most
        self._images: dict[str, QImage] = {}
        self._tiles: dict[tuple[str, int, int], QPixmap] = {}
        self._asked: set[str] = set()

    def set_image(self, sha256: str, image: QImage) -> None:
        """Keep an image; the oldest goes when there are too many."""
        self._asked.discard(sha256)
        self._tiles = {key: tile for key, tile in self._tiles.items() if key[0] != sha256}
        self._images.pop(sha256, None)
        self._images[sha256] = image
        while len(self._images) > self._most:
            oldest = next(iter(self._images))
            del self._images[oldest]
            self._tiles = {key: tile for key, tile in self._tiles.items() if key[0] != oldest}

    def image(self, sha256: str) -> QImage | None:
        """The image of a picture, if it is here."""
        return self._images.get(sha256)

    def draw(self, painter: QPainter, rect: QRect, sha256: str) -> None:
        """Draw the tile of a picture, or its place with an icon while it is awaited."""
        tile = self._tile(sha256, rect.size(), painter.device().devicePixelRatioF())
        if tile is not None:
            painter.drawPixmap(rect.topLeft(), tile)
            return
        draw_blank(painter, rect, "image")
        if sha256 and sha256 not in self._asked:
            self._asked.add(sha256)
            self.wanted.emit(sha256)

    def _tile(self, sha256: str, size: QSize, ratio: float) -> QPixmap | None:
        image = self._images.get(sha256)
        if image is None or image.isNull():
            return None
        device = QSize(round(size.width() * ratio), round(size.height() * ratio))
        key = (sha256, device.width(), device.height())
        if key not in self._tiles:
            self._tiles[key] = _cut(image, device, TILE_RADIUS * ratio)
        tile = QPixmap(self._tiles[key])
        tile.setDevicePixelRatio(ratio)
        return tile


def draw_blank(painter: QPainter, rect: QRect, icon: str, role: str = "text_muted") -> None:
    """A tile without a picture: a soft ground and an icon."""
    ratio = painter.device().devicePixelRatioF()
    ground = _ground(palette.current().hover.rgba(), rect.width(), rect.height(), ratio)
    painter.drawPixmap(rect.topLeft(), ground)
    side = min(20, rect.width() - 8)
    drawn = icons.pixmap(icon, role, side, ratio)
    painter.drawPixmap(rect.center().x() - side // 2 + 1, rect.center().y() - side // 2 + 1, drawn)


@lru_cache(maxsize=16)
def _ground(rgba: int, width: int, height: int, ratio: float) -> QPixmap:
    """A soft ground in a colour: rows of tiles draw it dozens of times in a frame."""
    ground = QPixmap(QSize(width, height) * ratio)
    ground.setDevicePixelRatio(ratio)
    ground.fill(Qt.GlobalColor.transparent)
    painter = QPainter(ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor.fromRgba(rgba))
    painter.drawRoundedRect(QRectF(0, 0, width, height), TILE_RADIUS, TILE_RADIUS)
    painter.end()
    return ground


def _cut(image: QImage, device: QSize, radius: float) -> QPixmap:
    """The middle of the image, filling `device` pixels, with round corners."""
    filled = image.scaled(
        device,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    tile = QPixmap(device)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, device.width(), device.height()), radius, radius)
    painter.setClipPath(path)
    painter.drawImage(
        (device.width() - filled.width()) // 2, (device.height() - filled.height()) // 2, filled
    )
    painter.end()
    return tile
