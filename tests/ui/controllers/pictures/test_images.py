from __future__ import annotations

import pytest
from PySide6.QtGui import QImage

from app.domain.picture import Pixels
from ui.controllers.pictures.images import CONVERTED_AT_ONCE, to_image, to_pixels


def rows_of_their_own(width: int, height: int) -> bytes:
    return b"".join(bytes((y % 251, y // 251, 7)) * width for y in range(height))


@pytest.mark.parametrize(("width", "height"), [(3, 2), (1001, 999), (CONVERTED_AT_ONCE + 1, 3)])
def test_pixels_become_an_image_and_pixels_again_in_any_size(width: int, height: int) -> None:
    pixels = Pixels(width, height, rows_of_their_own(width, height))
    image = to_image(pixels)
    assert (image.width(), image.height()) == (width, height)
    assert image.format() == QImage.Format.Format_RGB32
    assert to_pixels(image).rgb == pixels.rgb


def test_an_image_has_a_memory_of_its_own() -> None:
    rgb = bytearray(rows_of_their_own(1000, 900))
    image = to_image(Pixels(1000, 900, memoryview(rgb)))
    before = image.copy()
    rgb[:] = bytes(len(rgb))
    assert image == before
