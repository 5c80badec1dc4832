from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.composer.composer import Composer
from ui.composer.meter import Meter


def test_the_line_is_there_while_something_is_to_be_said(qtbot: QtBot) -> None:
    composer = Composer()
    qtbot.addWidget(composer)
    composer.show()
    meter = Meter(composer)
    assert not meter.isVisible()
    meter.say("2 pictures, 312 kB to pictures.example", "2 pictures go to pictures.example.", warns=True)
    assert meter.isVisible() and meter.accessibleName() == "2 pictures go to pictures.example."
    pressed: list[bool] = []
    meter.clicked.connect(lambda: pressed.append(True))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        qtbot.keyClick(meter, key)
    assert len(pressed) == 2
    meter.say("")
    assert not meter.isVisible()


def test_tab_comes_to_the_line_after_the_send_button(qtbot: QtBot) -> None:
    composer = Composer()
    qtbot.addWidget(composer)
    composer.show()
    meter = Meter(composer)
    meter.say("1 picture")
    after = composer.send.nextInFocusChain()
    while after is not None and after.focusPolicy() == Qt.FocusPolicy.NoFocus:
        after = after.nextInFocusChain()
    assert after is meter
