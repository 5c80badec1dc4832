from __future__ import annotations

from threading import get_ident

import pytest
from PySide6.QtCore import QRect, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from pytestqt.qtbot import QtBot

from ui.panes.view.mipmap import PIXELS_TURNED_A_STEP, Mipmap
from ui.panes.view.picture_painter import PicturePainter
from ui.panes.view.tiles import TileKey, Tiles


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


class Told(QImage):
    """Notes in which thread it goes."""

    def __init__(self, went: list[int], side: int) -> None:
        super().__init__(side, side, QImage.Format.Format_RGB32)
        self._went = went

    def __del__(self) -> None:
        self._went.append(get_ident())


def test_large_copies_are_given_back_in_another_thread_and_small_ones_at_once(qtbot: QtBot) -> None:
    painter, went = PicturePainter(), list[int]()
    painter.set_image(Told(went, 1500))
    painter.refine(Told(went, 2000))
    painter.set_image(Told(went, 200))
    qtbot.waitUntil(lambda: len(went) == 2)
    assert get_ident() not in went
    painter.set_image(QImage())
    assert went[2:] == [get_ident()]


def test_tiles_are_given_back_in_another_thread(qtbot: QtBot) -> None:
    tiles, went = Tiles(), list[int]()
    for column in range(6):
        tiles.put(TileKey(0, column, 0), Told(went, 600))
    tiles.start(QSizeF(100, 100))
    qtbot.waitUntil(lambda: len(went) == 6)
    assert get_ident() not in went and tiles.byte_count == 0
