"""Between the services' raw pixels and Qt's images."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from app.domain.picture import Pixels

CONVERTED_AT_ONCE = 400_000
"""Pixels: Qt lets no other thread run Python meanwhile, so a large picture is converted in bands."""


def to_image(pixels: Pixels) -> QImage:
    """An image of its own memory, in the format Qt paints fastest. Any thread may call it."""
    width, height = pixels.width, pixels.height
    if width * height <= 2 * CONVERTED_AT_ONCE:
        return _rows(pixels, 0, height).convertToFormat(QImage.Format.Format_RGB32)
    made = QImage(width, height, QImage.Format.Format_RGB32)
    rows = max(1, CONVERTED_AT_ONCE // width)
    for top in range(0, height, rows):
        painter = QPainter(made)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(0, top, _rows(pixels, top, min(height, top + rows)))
        painter.end()
    return made


def _rows(pixels: Pixels, top: int, bottom: int) -> QImage:
    """Some rows of a picture in memory that is still that of `pixels`."""
    row = 3 * pixels.width
    part = memoryview(pixels.rgb)[top * row : bottom * row]
    return QImage(part, pixels.width, bottom - top, row, QImage.Format.Format_RGB888)


def to_pixels(image: QImage) -> Pixels:
    """The pixels of an image, over white where it is transparent."""
    opaque = QImage(image.size(), QImage.Format.Format_RGB888)
    opaque.fill(Qt.GlobalColor.white)
    painter = QPainter(opaque)
    painter.drawImage(0, 0, image)
    painter.end()
    width, height = opaque.width(), opaque.height()
    row = 3 * width
    bits, stride = memoryview(opaque.constBits()), opaque.bytesPerLine()
    rgb = b"".join(bytes(bits[y * stride : y * stride + row]) for y in range(height))
    return Pixels(width, height, rgb)
