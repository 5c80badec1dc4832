from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from pytestqt.qtbot import QtBot

from ui.panes.view.mipmap import PIXELS_TURNED_A_STEP, Mipmap


def motley(width: int, height: int) -> QImage:
    """Each tenth of the width and height in another colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for x in range(10):
        for y in range(10):
            painter.fillRect(
                QRect(x * width // 10, y * height // 10, width // 10 + 1, height // 10 + 1),
                QColor(25 * x, 25 * y, 100),
            )
    painter.end()
    return image


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("size", [(1300, 700), (701, 1303), (3, 2000), (1, 1)])
def test_an_image_is_turned_piece_by_piece_to_the_pixel(
    qtbot: QtBot, turn: int, size: tuple[int, int]
) -> None:
    image = motley(*size)
    mipmap = Mipmap(turn=turn)
    mipmap.start(image)
    assert not mipmap.drawable
    qtbot.waitUntil(lambda: mipmap.complete)
    assert mipmap.at_least(100_000) == image.transformed(QTransform().rotate(turn))
    assert PIXELS_TURNED_A_STEP < 1300 * 700  # the largest takes several steps


def test_a_larger_copy_takes_over_when_all_its_levels_are_there(qtbot: QtBot) -> None:
    mipmap = Mipmap()
    mipmap.start(motley(600, 400))
    mipmap.refine(motley(2400, 1600))
    assert mipmap.at_least(500).width() == 600
    assert mipmap.at_least(700).width() == 2400
    qtbot.waitUntil(lambda: mipmap.complete)
    assert [mipmap.at_least(width).width() for width in (500, 700, 1300)] == [600, 1200, 2400]
    assert mipmap._stand_in.isNull()
