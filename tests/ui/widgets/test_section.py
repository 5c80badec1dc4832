from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.labels import PlainLabel
from ui.widgets.section import FoldButton, Section


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


def inked(button: FoldButton, left: int, width: int) -> list[int]:
    """The columns of a part of the header in which something is drawn."""
    shot = button.grab(QRect(left, 0, width, button.height())).toImage()
    ground = shot.pixel(0, 0)
    columns = range(shot.width())
    return [x for x in columns if any(shot.pixel(x, y) != ground for y in range(shot.height()))]


def test_where_people_write_to_the_left_all_of_it_stands_the_other_way_round(qtbot: QtBot) -> None:
    header = FoldButton("Parameters")
    qtbot.addWidget(header)
    header.resize(300, 28)
    header.say("2 changed")
    header.show()
    written = [[300 - x for x in inked(header, 0, 300)][::-1]]
    tips = [max(inked(header, 0, 16))]
    header.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    written.append(inked(header, 0, 300))
    tips.append(15 - min(inked(header, 284, 16)))
    assert tips[0] == tips[1]
    gaps = [max(b - a for a, b in pairwise(one)) for one in written]
    assert gaps[0] > 50 and abs(gaps[0] - gaps[1]) < 4


def test_the_arrow_key_that_points_into_the_line_unfolds(qtbot: QtBot) -> None:
    one = section(qtbot, [])
    one.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.keyClick(one.header, Qt.Key.Key_Left)
    assert one.open
    qtbot.keyClick(one.header, Qt.Key.Key_Right)
    assert not one.open
