"""Between the services' raw pixels and Qt's images."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from app.domain.picture import Pixels


def to_image(pixels: Pixels) -> QImage:
    """An image of its own memory, in the format Qt paints fastest. Any thread may call it."""
    rows = QImage(pixels.rgb, pixels.width, pixels.height, 3 * pixels.width, QImage.Format.Format_RGB888)
    return rows.convertToFormat(QImage.Format.Format_RGB32)


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
