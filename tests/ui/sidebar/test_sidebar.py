from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from app.domain.model import ParameterKind, ParameterSpec
from ui.sidebar.file_field import FileField
from ui.sidebar.parameter_form import ParameterForm
from ui.sidebar.rows import ModelRow
from ui.sidebar.sidebar import EndpointRow, Sidebar
from ui.widgets.labels import PlainLabel

QUICK = EndpointRow("quick-look", "Quick look", True, "Names what it recognises.")
SPECS = (ParameterSpec(name="temperature", kind=ParameterKind.NUMBER, least=0, most=2),)
LOCAL = EndpointRow("local", "Local engine", True, "Runs a GGUF model file.")
REMOTE = EndpointRow("far", "Far away", False, "Hosted models.", "far.example:8443", True)


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
    sidebar.set_endpoints([QUICK, REMOTE], "far")
    assert sidebar.picker.badge.label.text() == "Pictures and text go to far.example:8443"


def test_the_local_engine_asks_for_its_two_files(qtbot: QtBot, sidebar: Sidebar) -> None:
    assert sidebar.findChildren(FileField) == []
    sidebar.set_endpoints([QUICK, LOCAL], "local")
    files = sidebar.picker.files
    assert files.model.isVisible() and files.projector.isVisible()
    assert files.model.name.text() == "None chosen yet"
    sidebar.set_model_file("/models/a very long name of a model file Q4_K_M.gguf")
    assert files.model.name.text() == "a very long name of a model file Q4_K_M.gguf"
    assert files.model.name.toolTip() == "/models/a very long name of a model file Q4_K_M.gguf"
    assert "…" in files.model.name.shown_text()
    with qtbot.waitSignal(sidebar.model_file_requested):
        qtbot.mouseClick(files.model.button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(sidebar.projector_requested):
        qtbot.mouseClick(files.projector.button, Qt.MouseButton.LeftButton)
    choose(qtbot, sidebar.picker.endpoint_combo, 0)
    assert not files.isVisible()


def test_a_vision_part_that_was_found_is_told_from_a_chosen_one(sidebar: Sidebar) -> None:
    sidebar.set_endpoints([LOCAL], "local")
    projector = sidebar.picker.files.projector
    sidebar.set_projector("/models/mmproj-F16.gguf", found=True)
    assert projector.name.text() == "mmproj-F16.gguf"
    assert projector.note.text() == "Found beside the model file"
    assert projector.button.accessibleDescription() == "/models/mmproj-F16.gguf, Found beside the model file"
    sidebar.set_projector("/models/mmproj-F16.gguf")
    assert not projector.note.isVisible()


def test_choosing_an_endpoint_is_told_and_setting_one_is_not(qtbot: QtBot, sidebar: Sidebar) -> None:
    with qtbot.assertNotEmitted(sidebar.endpoint_chosen):
        sidebar.set_endpoints([QUICK, REMOTE], "far")
        sidebar.set_endpoints([QUICK, LOCAL], "local")
    with qtbot.waitSignal(sidebar.endpoint_chosen) as chosen:
        choose(qtbot, sidebar.picker.endpoint_combo, 0)
    assert chosen.args == ["quick-look"]


def test_the_last_entry_leads_to_the_settings_and_is_no_endpoint(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.set_endpoints([QUICK, LOCAL], "local")
    combo = sidebar.picker.endpoint_combo
    with (
        qtbot.assertNotEmitted(sidebar.endpoint_chosen),
        qtbot.waitSignal(sidebar.settings_requested) as told,
    ):
        choose(qtbot, combo, combo.findText("More endpoints…"))
    assert told.args == [""]
    assert combo.currentData() == "local"


def test_the_arrows_stop_before_the_settings(qtbot: QtBot, sidebar: Sidebar) -> None:
    combo = sidebar.picker.endpoint_combo
    sidebar.set_endpoints([QUICK, REMOTE], "quick-look")
    asked: list[str] = []
    sidebar.settings_requested.connect(asked.append)
    combo.setFocus()
    for key in (Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_Down):
        qtbot.keyClick(combo, key)
        assert combo.currentData() == "far"
    combo.hidePopup()
    assert asked == []


def test_a_key_is_asked_for_at_the_endpoint_that_needs_it(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.set_endpoints([QUICK, REMOTE], "far")
    sidebar.picker.models.show_problem("Far away needs a key.", retry=False, key=True)
    with qtbot.waitSignal(sidebar.settings_requested) as told:
        qtbot.mouseClick(sidebar.picker.models.key, Qt.MouseButton.LeftButton)
    assert told.args == ["far"]


def test_models_are_made_for_the_first_endpoint_that_has_some(sidebar: Sidebar) -> None:
    assert not {"models", "vision", "files"} & sidebar.picker.__dict__.keys()
    assert "details" not in sidebar.__dict__
    sidebar.set_endpoints([QUICK, REMOTE], "far")
    assert not sidebar.complete(models=True)
    assert len(list(sidebar.steps(models=True))) > 3
    assert sidebar.complete(models=True) and list(sidebar.steps(models=True)) == []
    assert sidebar.picker.models.isVisible()
    sidebar.set_endpoints([QUICK, REMOTE], "quick-look")
    assert not sidebar.picker.models.isVisible()


def test_the_rows_of_a_form_come_one_after_another(qtbot: QtBot, sidebar: Sidebar) -> None:
    names = ("temperature", "top_p", "max_tokens")
    sidebar.details.show_parameters([SPECS[0].replace(name=name) for name in names], {"top_p": 0.5})
    sidebar.details.parameters.header.setChecked(True)
    form = sidebar.details.parameters.inside
    assert isinstance(form, ParameterForm)
    assert tuple(form.rows) == names and not any(row.isVisible() for row in form.rows.values())
    qtbot.waitUntil(lambda: all(row.isVisible() for row in form.rows.values()))
    assert form.rows["top_p"].reset.isVisible() and not form.rows["temperature"].reset.isVisible()


def test_tab_walks_down_whenever_the_parts_were_made(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.details.show_parameters(SPECS, {})
    sidebar.details.show_session("Far away", True, "8c47")
    sidebar.details.session.header.setChecked(True)
    sidebar.picker.vision.show()
    sidebar.picker.models.show()
    sidebar.details.parameters.header.setChecked(True)
    sidebar.set_endpoints([QUICK, REMOTE], "far")
    sidebar.activateWindow()
    qtbot.waitUntil(sidebar.details.parameters.isVisible)
    sidebar.focus_endpoint()
    names: list[str] = []
    while not names or not sidebar.picker.endpoint_combo.hasFocus():
        focused = QApplication.focusWidget()
        assert focused is not None and len(names) < 20, names
        names.append(focused.accessibleName() or focused.property("text"))
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert names == [
        *("Answers come from", "Model", "It takes pictures", "Test vision"),
        *("Parameters", "Temperature", "Temperature"),
        *("Session", "Let Far away keep this conversation", "Session id", "New session"),
    ]


@pytest.mark.parametrize("width", [244, 280, 420])
def test_nothing_reaches_beyond_the_right_edge(qtbot: QtBot, sidebar: Sidebar, width: int) -> None:
    sidebar.set_endpoints([QUICK, REMOTE], "far")
    sidebar.picker.models.show_models([ModelRow("m" * 60, "", "d " * 60, True)], "m" * 60)
    sidebar.picker.models.show_problem("Far away is in trouble.", key=True)
    sidebar.picker.vision.show()
    sidebar.set_state("It takes pictures: " + "it said so " * 9, "positive")
    sidebar.details.show_parameters(SPECS, {"temperature": 0.5})
    sidebar.details.show_session("Far away", True, "8c47" * 16)
    for section in (sidebar.details.parameters, sidebar.details.session):
        section.header.setChecked(True)
    sidebar.resize(width, 900)
    inner = sidebar.picker.parentWidget()
    assert inner is not None
    qtbot.waitUntil(lambda: inner.width() <= width)
    edge = inner.width() - 16
    for widget in inner.findChildren(QWidget):
        if widget.isVisible() and widget.window() is sidebar.window():
            right = widget.mapTo(inner, widget.rect().bottomRight()).x()
            assert right <= edge, f"{widget!r} ends at {right}, beyond {edge}"
    wrapped = [label for label in inner.findChildren(PlainLabel) if label.isVisible() and label.wordWrap()]

    def all_whole() -> None:
        assert [
            label.text() for label in wrapped if label.height() < label.heightForWidth(label.width())
        ] == []

    qtbot.waitUntil(all_whole)  # the layout follows the width with the next events


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
    model, projector = picker.files.model, picker.files.projector
    assert model.button.accessibleName() == "Choose Model file"
    assert projector.label.buddy() is projector.button
    sidebar.set_model_file("/models/m.gguf")
    assert model.button.accessibleDescription() == "/models/m.gguf"
    for button in sidebar.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text()


def test_the_keyboard_reaches_the_endpoint(qtbot: QtBot, sidebar: Sidebar) -> None:
    sidebar.focus_endpoint()
    qtbot.waitUntil(sidebar.picker.endpoint_combo.hasFocus)
    with qtbot.waitSignal(sidebar.endpoint_chosen) as chosen:
        qtbot.keyClick(sidebar.picker.endpoint_combo, Qt.Key.Key_Down)
    assert chosen.args == ["local"]
