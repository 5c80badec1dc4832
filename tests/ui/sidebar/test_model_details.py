from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from app.domain.model import ParameterKind, ParameterSpec
from ui.sidebar.model_details import ModelDetails
from ui.sidebar.parameter_form import ParameterForm
from ui.sidebar.rows import UsageRow
from ui.sidebar.session_panel import SessionPanel
from ui.sidebar.system_prompt import SystemPrompt
from ui.sidebar.usage_panel import UsagePanel

NUMBER = ParameterKind.NUMBER
SPECS = (
    ParameterSpec(name="max_tokens", kind=ParameterKind.INTEGER, least=1, most=2048),
    ParameterSpec(name="temperature", kind=NUMBER, least=0, most=1),
    ParameterSpec(name="reasoning.effort", kind=ParameterKind.CHOICE, choices=("high", "low")),
    ParameterSpec(name="top_p", kind=NUMBER, least=0, most=1),
)


@pytest.fixture
def details(qtbot: QtBot) -> ModelDetails:
    for name in ("parameters", "reasoning", "system", "session"):
        QSettings().remove(f"folding/{name}")
    made = ModelDetails()
    qtbot.addWidget(made)
    made.resize(248, 600)
    made.show()
    return made


def shown(details: ModelDetails) -> list[str]:
    return [section.header.text() for section in details.sections() if section.isVisible()]


def test_only_what_the_model_takes_is_there(details: ModelDetails) -> None:
    assert shown(details) == []
    details.show_parameters(SPECS[:2], {})
    assert shown(details) == ["Parameters"]
    details.show_parameters(SPECS, {})
    details.show_system("", heard=True)
    details.show_session("Nugen", False, "")
    details.show_usage(counted=True)
    assert shown(details) == ["Parameters", "Reasoning", "System prompt", "Session", "Usage"]
    details.show_parameters((), {})
    details.show_system("Be brief.", heard=False)
    details.show_session("", False, "")
    details.show_usage(counted=False)
    assert shown(details) == []


def test_nothing_inside_is_made_before_it_is_unfolded(details: ModelDetails) -> None:
    details.show_parameters(SPECS, {})
    details.show_system("Be brief.", heard=True)
    assert [section.inside for section in details.sections()] == [None] * 5


def test_parameters_stand_in_groups_whatever_their_order(details: ModelDetails) -> None:
    details.show_parameters(SPECS, {"temperature": 0.2})
    details.parameters.header.click()
    form = details.parameters.inside
    assert isinstance(form, ParameterForm)
    assert list(form.rows) == ["temperature", "top_p", "max_tokens"]
    assert form.rows["temperature"].value == 0.2 and form.rows["top_p"].value is None


def test_the_title_counts_what_was_changed(details: ModelDetails) -> None:
    details.show_parameters(SPECS, {"temperature": 0.2, "top_p": 0.5, "reasoning.effort": "low"})
    assert details.parameters.header.accessibleDescription() == "folded, 2 changed"
    assert details.reasoning.header.accessibleDescription() == "folded, 1 changed"
    details.show_parameters(SPECS, {})
    assert details.parameters.header.accessibleDescription() == "folded"


def test_another_model_has_other_rows_and_the_same_keep_theirs(details: ModelDetails) -> None:
    details.show_parameters(SPECS, {})
    details.parameters.header.click()
    form = details.parameters.inside
    assert isinstance(form, ParameterForm)
    before = form.rows["temperature"]
    details.show_parameters(SPECS, {"temperature": 0.4})
    assert form.rows["temperature"] is before and before.value == 0.4
    details.show_parameters(SPECS[:1], {})
    assert list(form.rows) == ["max_tokens"]


def test_a_change_in_any_group_is_told(qtbot: QtBot, details: ModelDetails) -> None:
    details.show_parameters(SPECS, {})
    details.reasoning.header.click()
    form = details.reasoning.inside
    assert isinstance(form, ParameterForm)
    with qtbot.waitSignal(details.parameter_changed) as told:
        form.rows["reasoning.effort"].changed.emit("reasoning.effort", "low")
    assert told.args == ["reasoning.effort", "low"]


def test_the_system_prompt_holds_when_the_keys_rest(qtbot: QtBot, details: ModelDetails) -> None:
    details.show_system("Be brief.", heard=True)
    details.system.header.click()
    prompt = details.system.inside
    assert isinstance(prompt, SystemPrompt)
    assert prompt.edit.toPlainText() == "Be brief."
    told: list[str] = []
    details.system_changed.connect(told.append)
    prompt.edit.selectAll()
    qtbot.keyClicks(prompt.edit, "Say it in German. ")
    details.show_system("Be brief.", heard=True)
    qtbot.waitUntil(lambda: told == ["Say it in German."])
    assert prompt.edit.toPlainText() == "Say it in German. "


def test_a_session_shows_its_id_only_while_it_is_kept(qtbot: QtBot, details: ModelDetails) -> None:
    details.show_session("Nugen", False, "")
    details.session.header.click()
    panel = details.session.inside
    assert isinstance(panel, SessionPanel)
    assert panel.switch.accessibleName() == "Let Nugen keep this conversation"
    assert not panel.session.isVisible() and not panel.renew.isVisible()
    with qtbot.waitSignal(details.session_switched) as switched:
        qtbot.mouseClick(panel.switch, Qt.MouseButton.LeftButton)
    assert switched.args == [True]
    details.show_session("Nugen", True, "8c47-91b0")
    assert panel.session.text() == "8c47-91b0" and panel.session.isReadOnly()
    with qtbot.waitSignal(details.session_renewed):
        qtbot.mouseClick(panel.renew, Qt.MouseButton.LeftButton)


def test_usage_is_asked_for_when_it_is_looked_at(qtbot: QtBot, details: ModelDetails) -> None:
    details.show_usage(counted=True)
    with qtbot.waitSignal(details.usage_requested):
        details.usage.header.click()
    panel = details.usage.inside
    assert isinstance(panel, UsagePanel)
    panel.show_waiting()
    assert panel.line.isVisible() and not panel.refresh.isVisible()
    panel.show_rows([UsageRow("Tokens", "1,200"), UsageRow("Runs of agents", "3")])
    assert panel.figures() == ["Tokens", "1,200", "Runs of agents", "3"]
    panel.show_problem("Nugen cannot be reached.")
    assert panel.problem.text() == "Nugen cannot be reached." and panel.refresh.isVisible()


def test_usage_of_one_endpoint_is_not_shown_for_another(details: ModelDetails) -> None:
    details.show_usage(counted=True)
    details.usage.header.click()
    panel = details.usage.inside
    assert isinstance(panel, UsagePanel)
    panel.show_rows([UsageRow("Tokens", "1,200")])
    details.show_usage(counted=True)
    assert not details.usage.open and panel.figures() == []


def test_large_pictures_go_as_the_user_chooses(qtbot: QtBot, details: ModelDetails) -> None:
    details.show_detail([], "")
    assert "detail" not in details.__dict__
    ways = [("fit", "Make them fit (134 kB)", "Less detail."), ("asset", "Keep every pixel", "Uploaded.")]
    details.show_detail(ways, "asset")
    detail = details.detail
    assert detail.combo.currentText() == "Keep every pixel" and detail.field.help.text() == "Uploaded."
    with qtbot.waitSignal(details.detail_changed) as told:
        detail.combo.setCurrentIndex(0)
        detail.combo.activated.emit(0)
    assert told.args == ["fit"] and detail.field.help.text() == "Less detail."
    details.show_detail([], "")
    assert not detail.isVisible()
