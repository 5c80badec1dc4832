from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.sidebar.vision_choice import VisionChoice


@pytest.fixture
def vision(qtbot: QtBot) -> VisionChoice:
    made = VisionChoice()
    qtbot.addWidget(made)
    made.resize(248, 100)
    made.show()
    return made


def test_the_users_word_is_one_of_three(vision: VisionChoice) -> None:
    told: list[object] = []
    vision.said.connect(told.append)
    assert vision.combo.accessibleName() == "It takes pictures"
    for place in (1, 2, 0):
        vision.combo.setCurrentIndex(place)
        vision.combo.activated.emit(place)
    assert told == [True, False, None]
    vision.show_word(False)
    assert vision.combo.currentText() == "No" and len(told) == 3


def test_the_test_says_what_it_sends_and_can_be_stopped(qtbot: QtBot, vision: VisionChoice) -> None:
    vision.show_host("api.nugen.in")
    assert vision.test.toolTip() == "Sends one tiny picture and one short question to api.nugen.in."
    assert vision.test.accessibleDescription() == vision.test.toolTip()
    with qtbot.waitSignal(vision.test_requested):
        qtbot.mouseClick(vision.test, Qt.MouseButton.LeftButton)
    vision.show_testing(True)
    assert vision.test.text() == "Stop test" and vision.line.isVisible()
    with qtbot.waitSignal(vision.stop_requested):
        qtbot.mouseClick(vision.test, Qt.MouseButton.LeftButton)


def test_where_it_is_narrow_the_button_goes_below(qtbot: QtBot, vision: VisionChoice) -> None:
    assert vision.test.y() == pytest.approx(vision.combo.y(), abs=4)
    vision.resize(150, 140)
    qtbot.waitUntil(lambda: vision.test.y() > vision.combo.geometry().bottom())
