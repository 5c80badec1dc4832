from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox
from pytestqt.qtbot import QtBot

from ui.sidebar.sidebar import EndpointRow, ModelRow, Sidebar

QUICK = EndpointRow("quick-look", "Quick look", True, "Names what it recognises.")
LOCAL = EndpointRow("local", "Local engine", True, "Runs a GGUF model file.")
REMOTE = EndpointRow("far", "Far away", False, "Hosted models.")


@pytest.fixture
def sidebar(qtbot: QtBot) -> Sidebar:
    made = Sidebar()
    qtbot.addWidget(made)
    made.resize(280, 600)
    made.show()
    made.set_endpoints([QUICK, LOCAL, REMOTE], "quick-look")
    return made


def choose(qtbot: QtBot, combo: QComboBox, row: int) -> None:
    combo.setFocus()
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def test_the_endpoint_is_shown_with_its_note_and_place(sidebar: Sidebar) -> None:
    picker = sidebar.picker
    assert picker.endpoint_combo.currentText() == "Quick look"
    assert picker.endpoint.help.text() == "Names what it recognises."
    assert picker.badge.label.text() == "Nothing leaves this computer"


def test_a_remote_endpoint_is_not_said_to_be_local(sidebar: Sidebar) -> None:
    sidebar.set_endpoint("far")
    assert sidebar.picker.badge.label.text() == "Pictures and text are sent over the network"


def test_the_local_engine_asks_for_its_two_files(qtbot: QtBot, sidebar: Sidebar) -> None:
    picker = sidebar.picker
    assert not picker.model_file.isVisible()
    sidebar.set_endpoint("local")
    assert picker.model_file.isVisible() and picker.projector.isVisible()
    assert picker.model_file.name.text() == "None chosen yet"
    sidebar.set_model_file("/models/a very long name of a model file Q4_K_M.gguf")
    assert picker.model_file.name.text() == "a very long name of a model file Q4_K_M.gguf"
    assert picker.model_file.name.toolTip() == "/models/a very long name of a model file Q4_K_M.gguf"
    assert "…" in picker.model_file.name.shown_text()
    with qtbot.waitSignal(sidebar.model_file_requested):
        qtbot.mouseClick(picker.model_file.button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(sidebar.projector_requested):
        qtbot.mouseClick(picker.projector.button, Qt.MouseButton.LeftButton)


def test_choosing_an_endpoint_is_told_and_setting_one_is_not(qtbot: QtBot, sidebar: Sidebar) -> None:
    with qtbot.assertNotEmitted(sidebar.endpoint_chosen):
        sidebar.set_endpoint("far")
        sidebar.set_endpoints([QUICK, LOCAL], "local")
    with qtbot.waitSignal(sidebar.endpoint_chosen) as chosen:
        choose(qtbot, sidebar.picker.endpoint_combo, 0)
    assert chosen.args == ["quick-look"]


def test_the_wheel_does_not_change_the_endpoint(qtbot: QtBot, sidebar: Sidebar) -> None:
    combo = sidebar.picker.endpoint_combo
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(combo, event)
    assert combo.currentData() == "quick-look"


def test_models_are_offered_where_there_are_any(qtbot: QtBot, sidebar: Sidebar) -> None:
    picker = sidebar.picker
    assert not picker.model.isVisible()
    sidebar.set_endpoint("far")
    sidebar.set_models([ModelRow("m", "Model M", "Sees pictures."), ModelRow("n", "Model N")], "m")
    assert picker.model.isVisible()
    assert picker.model.help.text() == "Sees pictures."
    with qtbot.waitSignal(sidebar.model_chosen) as chosen:
        choose(qtbot, picker.model_combo, 1)
    assert chosen.args == ["n"]
    sidebar.set_endpoint("local")
    assert not picker.model.isVisible()


def test_the_state_is_plain_text_in_a_tone(sidebar: Sidebar) -> None:
    state = sidebar.picker.state
    assert not state.isVisible()
    sidebar.set_state("<b>broken</b>.gguf cannot be used: it is cut off.", "danger")
    assert state.isVisible()
    assert state.label.text().startswith("<b>broken")
    assert state.label.textFormat() == Qt.TextFormat.PlainText
    assert state.label.property("tone") == "danger"
    sidebar.set_state("")
    assert not state.isVisible()


def test_every_control_has_a_label_that_is_its_buddy_and_name(sidebar: Sidebar) -> None:
    picker = sidebar.picker
    assert picker.endpoint.label.buddy() is picker.endpoint_combo
    assert picker.endpoint_combo.accessibleName() == "Answers come from"
    assert picker.model_combo.accessibleName() == "Model"
    assert picker.model_file.button.accessibleName() == "Choose Model file"
    assert picker.projector.label.buddy() is picker.projector.button
    sidebar.set_model_file("/models/m.gguf")
    assert picker.model_file.button.accessibleDescription() == "/models/m.gguf"
    for button in sidebar.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text()


def test_the_keyboard_reaches_the_endpoint(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.focus_endpoint()
    qtbot.waitUntil(sidebar.picker.endpoint_combo.hasFocus)
    with qtbot.waitSignal(sidebar.endpoint_chosen) as chosen:
        qtbot.keyClick(sidebar.picker.endpoint_combo, Qt.Key.Key_Down)
    assert chosen.args == ["local"]
