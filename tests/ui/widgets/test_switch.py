from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.theme import palette
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.status_line import StatusLine
from ui.widgets.switch import Switch


def test_a_switch_turns_wherever_it_is_pressed(qtbot: QtBot) -> None:
    switch = Switch("Show it")
    qtbot.addWidget(switch)
    switch.show()
    for place in (QPoint(2, 2), QPoint(switch.width() - 3, switch.height() - 3)):
        with qtbot.waitSignal(switch.clicked):
            qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()


def test_a_switch_shows_its_state_and_names_it(qtbot: QtBot) -> None:
    switch = Switch("Show it")
    qtbot.addWidget(switch)
    off = switch.grab().toImage()
    switch.setChecked(True)
    on = switch.grab().toImage()
    accent = palette.current().accent.name()
    assert on.pixelColor(10, switch.height() // 2).name() == accent
    assert off.pixelColor(24, switch.height() // 2).name() != accent
    spoken = QAccessible.queryAccessibleInterface(switch)
    assert spoken.text(QAccessible.Text.Name) == "Show it"
    assert spoken.state().checked


def test_a_forbidden_switch_says_why(qtbot: QtBot) -> None:
    switch = Switch("Show it")
    qtbot.addWidget(switch)
    switch.forbid("It answers now.")
    assert not switch.isEnabled()
    assert switch.toolTip() == switch.accessibleDescription() == "It answers now."
    switch.forbid("")
    assert switch.isEnabled() and switch.toolTip() == ""


def test_a_status_line_is_there_while_it_says_something(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    assert line.isHidden() and line.text() == ""
    with qtbot.assertNotEmitted(line.said):
        line.say("<b>All</b> is well.", "positive")
    assert line.text() == "<b>All</b> is well."
    assert line.label.textFormat() == Qt.TextFormat.PlainText
    with qtbot.waitSignal(line.said):
        line.say("It failed.", "danger", alert=True)
    line.say("")
    assert line.isHidden() and line.text() == ""


def test_what_is_hidden_takes_no_room_in_a_flow(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    flow = FlowLayout(ground, spacing=10)
    parts = [QWidget() for _ in range(3)]
    for part in parts:
        part.setFixedSize(100, 20)
        flow.addWidget(part)
    parts[0].hide()
    ground.resize(400, 100)
    ground.show()
    assert (parts[1].x(), parts[2].x()) == (0, 110)
