from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ui.panes.filmstrip import Filmstrip
from ui.panes.filmstrip_model import SHA_ROLE, FilmstripModel

PICTURES = [(letter * 64, f"{letter}.png") for letter in "abc"]


@pytest.fixture
def strip(qtbot: QtBot) -> Filmstrip:
    made = Filmstrip()
    qtbot.addWidget(made)
    made.resize(600, 80)
    return made


def red() -> QImage:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill("#FF0000")
    return image


def test_the_model_keeps_to_qts_rules(qtmodeltester: Any) -> None:
    model = FilmstripModel()
    model.set_pictures(PICTURES)
    qtmodeltester.check(model)
    model.set_pictures([])
    qtmodeltester.check(model)


def test_rows_are_spoken_with_their_place(strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    spoken = strip.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "b.png, picture 2 of 3"


def test_it_stays_away_below_two_pictures(strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES[:1])
    assert not strip.isVisible()
    strip.set_pictures(PICTURES)
    assert strip.isVisible()


def test_each_missing_thumbnail_is_wanted_once(strip: Filmstrip) -> None:
    wanted: list[str] = []
    strip.thumbnail_wanted.connect(wanted.append)
    strip.set_pictures(PICTURES)
    strip.grab()
    strip.grab()
    assert wanted == [sha256 for sha256, _ in PICTURES]
    strip.set_thumbnail("a" * 64, red())
    image = strip.grab().toImage()
    place = strip.list.visualRect(strip.model.index(0)).center()
    at = strip.list.viewport().mapTo(strip, place)
    assert image.pixelColor(at).name() == "#ff0000"
    assert len(wanted) == 3


def test_a_thumbnail_of_another_conversation_is_ignored(strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    strip.set_thumbnail("f" * 64, red())
    assert strip.thumbnails.image("f" * 64) is None


def test_a_click_chooses(qtbot: QtBot, strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    place = strip.list.visualRect(strip.model.index(2)).center()
    with qtbot.waitSignal(strip.picture_chosen) as chosen:
        qtbot.mouseClick(strip.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["c" * 64]


def test_arrow_keys_choose(qtbot: QtBot, strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    strip.set_current("a" * 64)
    with qtbot.waitSignal(strip.picture_chosen) as chosen:
        qtbot.keyClick(strip.list, Qt.Key.Key_Right)
    assert chosen.args == ["b" * 64]


def test_marking_a_picture_does_not_choose_it(qtbot: QtBot, strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    with qtbot.assertNotEmitted(strip.picture_chosen):
        strip.set_current("b" * 64)
    assert strip.list.currentIndex().data(SHA_ROLE) == "b" * 64


def test_the_current_picture_stays_when_one_is_added(strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    strip.set_current("b" * 64)
    strip.set_pictures([*PICTURES, ("d" * 64, "d.png")])
    assert strip.list.currentIndex().data(SHA_ROLE) == "b" * 64
