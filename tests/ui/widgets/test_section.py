from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.labels import PlainLabel
from ui.widgets.section import Section


@pytest.fixture
def key() -> str:
    QSettings().remove("folding/test")
    return "test"


def section(qtbot: QtBot, made: list[QWidget], key: str = "") -> Section:
    def make() -> QWidget:
        made.append(PlainLabel("inside"))
        return made[-1]

    one = Section("Parameters", make, key)
    qtbot.addWidget(one)
    one.show()
    return one


def test_the_inside_is_made_when_it_is_first_wanted_and_once(qtbot: QtBot) -> None:
    made: list[QWidget] = []
    one = section(qtbot, made)
    assert made == []
    for _ in range(3):
        qtbot.mouseClick(one.header, Qt.MouseButton.LeftButton)
    assert len(made) == 1 and made[0].isVisible()
    one.header.click()
    assert not made[0].isVisible()


@pytest.mark.parametrize("key_pressed", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Right])
def test_keys_unfold_it(qtbot: QtBot, key_pressed: Qt.Key) -> None:
    one = section(qtbot, [])
    qtbot.keyClick(one.header, key_pressed)
    assert one.open
    qtbot.keyClick(one.header, Qt.Key.Key_Left)
    assert not one.open


def test_each_unfolding_is_told(qtbot: QtBot) -> None:
    one = section(qtbot, [])
    told: list[bool] = []
    one.unfolded.connect(lambda: told.append(one.open))
    for _ in range(4):
        one.header.click()
    assert told == [True, True]


def test_it_is_as_the_user_left_it(qtbot: QtBot, key: str) -> None:
    before = section(qtbot, [], key)
    before.header.click()
    again = section(qtbot, [], key)
    assert not again.open
    again.restore()
    assert again.open and again.inside is not None


def test_a_screen_reader_hears_whether_it_is_folded_and_what_is_inside(qtbot: QtBot) -> None:
    one = section(qtbot, [])
    header = one.header
    assert (header.accessibleName(), header.accessibleDescription()) == ("Parameters", "folded")
    header.say("2 changed")
    header.click()
    assert header.accessibleDescription() == "unfolded, 2 changed"
