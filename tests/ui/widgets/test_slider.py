from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.theme import palette
from ui.widgets.slider import Slider

LEFT = Qt.MouseButton.LeftButton


def slider(qtbot: QtBot) -> Slider:
    made = Slider()
    qtbot.addWidget(made)
    made.setRange(0, 10)
    made.resize(120, made.sizeHint().height())
    made.show()
    return made


def test_the_knob_goes_where_the_pointer_is(qtbot: QtBot) -> None:
    made = slider(qtbot)
    qtbot.mousePress(made, LEFT, pos=QPoint(60, 10))
    assert made.value() == 5
    qtbot.mouseMove(made, QPoint(500, 10))
    assert made.value() == 10
    qtbot.mouseRelease(made, LEFT, pos=QPoint(500, 10))
    qtbot.mouseMove(made, QPoint(0, 10))
    assert made.value() == 10
    assert made.rect().toRectF().contains(made.knob())


def test_keys_move_it(qtbot: QtBot) -> None:
    made = slider(qtbot)
    qtbot.keyClick(made, Qt.Key.Key_Right)
    qtbot.keyClick(made, Qt.Key.Key_Up)
    assert made.value() == 2
    qtbot.keyClick(made, Qt.Key.Key_End)
    assert made.value() == 10


def test_the_wheel_does_not_move_it(qtbot: QtBot) -> None:
    made = slider(qtbot)
    nothing, turn = Qt.MouseButton.NoButton, QPoint(0, 120)
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        turn,
        nothing,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(made, event)
    assert made.value() == 0


def test_a_quiet_one_takes_no_accent(qtbot: QtBot) -> None:
    made = slider(qtbot)
    made.clearFocus()
    made.setValue(5)
    accent = palette.current().accent

    def middle() -> str:
        return made.grab().toImage().pixelColor(made.knob().center().toPoint()).name()

    assert middle() == accent.name()
    made.set_quiet(True)
    assert middle() == palette.current().text_muted.name()
