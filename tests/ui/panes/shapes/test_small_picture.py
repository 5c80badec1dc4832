"""A small picture with shapes on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.drawn_shapes import colors_near, overlay, scene, shape
from tests.grounded_answers import HEIGHT, ORIGINAL, WIDTH
from ui.panes.shapes.small_picture import SmallPicture
from ui.widgets.thumbnails import Thumbnails


@pytest.mark.parametrize("width", [80, 400])
def test_shapes_lie_where_they_are_in_the_picture_whatever_the_room(qtbot: QtBot, width: int) -> None:
    thumbnails, wanted = Thumbnails(), []
    thumbnails.wanted.connect(wanted.append)
    picture = SmallPicture(ORIGINAL, "car.jpg", QSizeF(WIDTH, HEIGHT), thumbnails)
    qtbot.addWidget(picture)
    picture.show_scene(scene(shape("", 400, 300, 1800, 1200)), "1 car")
    picture.resize(width, picture.height())
    picture.show()
    picture.grab()
    assert wanted == [ORIGINAL]
    image = QImage(320, 240, QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    thumbnails.set_image(ORIGINAL, image)
    qtbot.waitUntil(lambda: bool(picture.grab()) and picture.layer.settled)
    drawn, rect = picture.grab().toImage(), picture.picture_rect()
    assert rect.width() <= width and abs(rect.width() / rect.height() - WIDTH / HEIGHT) < 0.02
    edge = QPointF(rect.width() * 400 / WIDTH, rect.height() / 2)
    assert overlay(0) in colors_near(drawn, edge, 2)
    inside = QPointF(rect.width() / 2, rect.height() / 2)
    assert colors_near(drawn, inside, 2) == {"#808080"}
    assert picture.accessibleDescription() == "1 car"
