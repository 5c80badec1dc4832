"""How the chosen model is asked, in the real window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from app import settings
from app.chat.route import Route
from app.domain.errors import ServerFailed
from app.domain.events import TextDelta
from app.domain.model import Limits, ParameterKind, ParameterSpec, PromptTask
from app.domain.picture import Detail
from app.domain.request import Parameters, Reasoning
from app.settings import Settings
from tests.photos import PHOTOS
from tests.ui.desk import Desk, open_desk
from tests.ui.listing_provider import YES, CountingProvider, ListingProvider, offers
from ui.sidebar.model_details import ModelDetails
from ui.sidebar.parameter_form import ParameterForm
from ui.sidebar.session_panel import SessionPanel
from ui.sidebar.system_prompt import SystemPrompt
from ui.sidebar.usage_panel import UsagePanel

RunAsync = Callable[[Any], Any]

UPLOADING = Limits(longest_side=1536, most_pictures=8, most_bytes=134_997, takes_uploads=True)
PALI = Limits(
    longest_side=896,
    most_pictures=1,
    single_turn=True,
    tasks=(
        PromptTask(name="caption", template="caption en"),
        PromptTask(name="detect", template="detect {text}", hint="cat ; dog"),
    ),
)


@pytest.fixture(autouse=True)
def folded() -> None:
    for name in ("parameters", "reasoning", "system", "session"):
        QSettings().remove(f"folding/{name}")


@asynccontextmanager
async def desk_with(
    provider: ListingProvider, home: Path, **chosen: Any
) -> AsyncGenerator[tuple[Desk, ModelDetails], None]:
    """A window in which `provider`, in the place of Nugen's, answers as the model "big"."""
    settings.save(home, Settings(models={"nugen": "big"}, **chosen))
    async with open_desk(home) as desk:
        desk.services.registry._providers["nugen"] = provider
        desk.window.sidebar.endpoint_chosen.emit("nugen")
        await desk.until(lambda: not desk.controller._tasks.runs("set up endpoint"))
        desk.window.window().activateWindow()
        await desk.until(desk.window.isActiveWindow)
        yield desk, desk.window.sidebar.details


def far(**kinds: Any) -> ListingProvider:
    return ListingProvider("nugen", offers("big", "small", "pali", vision=YES), **kinds)


def route(desk: Desk) -> Route:
    return desk.controller._endpoints.route()


def rows(details: ModelDetails) -> ParameterForm:
    details.parameters.header.setChecked(True)
    form = details.parameters.inside
    assert isinstance(form, ParameterForm)
    return form


def system_prompt(details: ModelDetails) -> QPlainTextEdit:
    details.system.header.setChecked(True)
    assert isinstance(details.system.inside, SystemPrompt)
    return details.system.inside.edit


def settings_of(desk: Desk) -> Settings:
    return desk.controller._choices.settings


def shown(details: ModelDetails) -> list[str]:
    return [section.header.text() for section in details.sections() if not section.isHidden()]


def test_what_is_set_reaches_the_request_and_the_next_start(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with desk_with(far(), home) as (desk, details):
            assert route(desk).parameters == Parameters()
            rows(details).rows["temperature"].changed.emit("temperature", 0.5)
            details.parameter_changed.emit("reasoning.effort", "low")
            asked = Parameters(temperature=0.5, reasoning=Reasoning(effort="low"))
            assert route(desk).parameters == asked
            assert details.parameters.header.accessibleDescription() == "unfolded, 1 changed"
            details.parameter_changed.emit("reasoning.effort", None)
            assert route(desk).parameters == Parameters(temperature=0.5)

    run_async(scenario())
    assert settings.load(home).parameters == {"nugen": Parameters(temperature=0.5)}


def test_what_is_being_typed_holds_for_a_question_sent_with_the_mouse(
    run_async: RunAsync, home: Path
) -> None:
    """A button does not take the keyboard, so no field is left by a click on Send."""

    async def scenario() -> None:
        async with desk_with(far(), home, parameters={"nugen": Parameters(max_tokens=17)}) as (desk, details):
            number = rows(details).rows["max_tokens"].number
            number.setFocus()
            number.selectAll()
            QTest.keyClicks(number, "19")
            assert route(desk).parameters.max_tokens == 19
            assert number.hasFocus()
            prompt = system_prompt(details)
            prompt.setFocus()
            QTest.keyClicks(prompt, "Be brief.")
            assert route(desk).system == "Be brief."
            models = desk.window.sidebar.picker.models
            models.combo.edit.setFocus()
            models.combo.edit.selectAll()
            QTest.keyClicks(models.combo.edit, "small")
            desk.window.composer.edit.setPlainText("What is it?")
            QTest.mouseClick(desk.window.composer.send, Qt.MouseButton.LeftButton)
            assert settings_of(desk).models["nugen"] == "small"
            await desk.until(
                lambda: not desk.window.composer.text() and not desk.window.composer.send.running
            )

    run_async(scenario())


def test_what_is_being_typed_holds_when_something_else_changes(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with desk_with(far(), home) as (_, details):
            number = rows(details).rows["max_tokens"].number
            number.setFocus()
            QTest.keyClicks(number, "19")
            details.parameter_changed.emit("temperature", 0.5)
            assert number.text() == "19"

    run_async(scenario())


@pytest.mark.parametrize("leave", ["focus", "close"])
def test_a_system_prompt_holds_when_its_field_is_left_at_once(
    leave: str, run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with desk_with(far(), home) as (desk, details):
            prompt = system_prompt(details)
            prompt.setFocus()
            QTest.keyClicks(prompt, "Be brief.")
            if leave == "focus":
                desk.window.composer.focus_text()
                assert settings_of(desk).system == "Be brief."

    run_async(scenario())
    assert settings.load(home).system == "Be brief."


def test_another_model_gets_its_own_parameters_in_its_own_ranges(run_async: RunAsync, home: Path) -> None:
    provider = far()
    provider.specs["small"] = (
        ParameterSpec(name="temperature", kind=ParameterKind.NUMBER, least=0, most=1),
        ParameterSpec(name="seed", kind=ParameterKind.INTEGER),
    )

    async def scenario() -> None:
        kept = {"nugen": Parameters(temperature=1.8, max_tokens=100)}
        async with desk_with(provider, home, parameters=kept) as (desk, details):
            assert list(rows(details).rows) == ["temperature", "max_tokens"]
            desk.window.sidebar.picker.models.chosen.emit("small")
            assert list(rows(details).rows) == ["temperature", "seed"]
            assert rows(details).rows["temperature"].value == 1
            assert route(desk).parameters == Parameters(temperature=1)
            assert "Reasoning" not in shown(details)
            desk.window.sidebar.picker.models.chosen.emit("big")
            assert route(desk).parameters == kept["nugen"]

    run_async(scenario())


def test_the_window_offers_no_choice_of_tools_it_does_not_send(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with desk_with(far(), home) as (_, details):
            assert "tool_choice" not in rows(details).rows

    run_async(scenario())


def test_quick_look_has_nothing_to_set(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with desk_with(far(), home, system="Be brief.") as (desk, details):
            assert details.isVisible()
            desk.window.sidebar.endpoint_chosen.emit("quick-look")
            assert not details.isVisible()
            assert route(desk).system == ""

    run_async(scenario())


def test_the_system_prompt_goes_to_models_that_hear_it(run_async: RunAsync, home: Path) -> None:
    provider = far()
    provider.limited["pali"] = PALI

    async def scenario() -> None:
        async with desk_with(provider, home) as (desk, details):
            details.system_changed.emit("Be brief.")
            assert route(desk).system == "Be brief."
            desk.window.sidebar.picker.models.chosen.emit("pali")
            assert "System prompt" not in shown(details) and route(desk).system == ""
            assert details.note.text() == (
                "This model hears one question and one picture; nothing of what was said before."
            )
            desk.window.sidebar.picker.models.chosen.emit("small")
            assert details.note.text() == "" and "System prompt" in shown(details)

    run_async(scenario())
    assert settings.load(home).system == "Be brief."


def test_large_pictures_can_be_uploaded_where_the_endpoint_takes_uploads(
    run_async: RunAsync, home: Path
) -> None:
    provider = far()
    provider.limited["big"] = UPLOADING

    async def scenario() -> None:
        async with desk_with(provider, home) as (desk, details):
            combo = details.detail.combo
            assert [combo.itemText(place) for place in range(combo.count())] == [
                *("Make them fit (134 kB)", "Whole and in tiles", "Keep every pixel, upload"),
                "Keep every pixel",
            ]
            assert route(desk).detail is Detail.FIT
            details.detail_changed.emit("asset")
            assert route(desk).detail is Detail.UPLOAD and combo.currentData() == "asset"
            desk.window.sidebar.picker.models.chosen.emit("small")
            assert combo.findData("asset") == -1 and route(desk).detail is Detail.FIT
            details.detail_changed.emit("tiles")
            assert route(desk).detail is Detail.TILES

    run_async(scenario())
    assert settings.load(home).detail == {"nugen": "tiles"}


def test_tasks_stand_above_the_question_and_come_back_at_the_next_start(
    run_async: RunAsync, home: Path
) -> None:
    provider = far()
    provider.limited["big"] = PALI

    async def scenario() -> None:
        async with desk_with(provider, home) as (desk, _):
            composer = desk.window.composer
            assert [button.text() for button in composer.tasks.buttons] == ["Caption", "Detect"]
            await desk.attach(PHOTOS / "coffee.png")
            composer.send.click()
            await desk.until(lambda: provider.requests)
            assert provider.requests[0].messages[-1].text == "caption en"
            await desk.answered()
            desk.window.sidebar.endpoint_chosen.emit("quick-look")
            assert not composer.tasks.isVisible()
            desk.window.sidebar.endpoint_chosen.emit("nugen")
            assert composer.tasks.isVisible()

    run_async(scenario())


# ---------------------------------------------------------------- sessions


def panel_of(details: ModelDetails) -> SessionPanel:
    details.session.header.setChecked(True)
    panel = details.session.inside
    assert isinstance(panel, SessionPanel)
    return panel


def test_nothing_is_kept_until_the_user_says_so(run_async: RunAsync, home: Path) -> None:
    provider = far(keeps_sessions=True)

    async def scenario() -> None:
        async with desk_with(provider, home) as (desk, details):
            panel = panel_of(details)
            assert not panel.switch.isChecked() and not panel.session.isVisible()
            await desk.ask("One?")
            await desk.answered()
            panel.switch.click()
            session = panel.session.text()
            assert len(session) == 36 and panel.session.isVisible()
            await desk.ask("Two?")
            await desk.answered()
            panel.switch.click()
            await desk.ask("Three?")
            await desk.answered()
            assert [request.session for request in provider.requests] == ["", session, ""]

    run_async(scenario())
    assert settings.load(home).sessions == ()


def test_each_conversation_has_its_own_session_and_keeps_it(run_async: RunAsync, home: Path) -> None:
    provider = far(keeps_sessions=True)

    async def scenario() -> None:
        async with desk_with(provider, home, sessions=("nugen",)) as (desk, details):
            panel = panel_of(details)
            await desk.ask("One?")
            await desk.answered()
            first, conversation = panel.session.text(), desk.controller._conversations.conversation_id
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: desk.controller._conversations.conversation_id is None)
            await desk.until(lambda: panel.session.text() not in ("", first))
            await desk.ask("Two?")
            await desk.answered()
            desk.window.library.conversation_chosen.emit(conversation)
            await desk.until(lambda: panel.session.text() == first)
            sent = [request.session for request in provider.requests]
            assert sent[0] == first and sent[1] not in ("", first)

    run_async(scenario())


def test_a_new_session_holds_though_another_conversation_is_looked_at_meanwhile(
    run_async: RunAsync, home: Path
) -> None:
    """An answer that streams still has its conversation as it was when the question went out."""
    provider = far(keeps_sessions=True)
    provider.steps = (TextDelta(text="Yel"), asyncio.Event())

    async def scenario() -> None:
        async with desk_with(provider, home, sessions=("nugen",)) as (desk, details):
            panel, conversations = panel_of(details), desk.controller._conversations
            await desk.ask("One?")
            await desk.until(lambda: conversations.conversation_id)
            first, conversation = panel.session.text(), conversations.conversation_id
            panel.renew.click()
            second = panel.session.text()
            desk.window.actions_table["new"].trigger()
            await desk.until(lambda: conversations.conversation_id is None)
            desk.window.library.conversation_chosen.emit(conversation)
            await desk.until(lambda: conversations.conversation_id == conversation)
            assert second not in ("", first) and panel.session.text() == second
            assert route(desk).session == second
            desk.controller._asking.stop()
            await desk.answered()

    run_async(scenario())


def test_a_new_session_holds_for_the_open_conversation(run_async: RunAsync, home: Path) -> None:
    provider = far(keeps_sessions=True)

    async def scenario() -> None:
        async with desk_with(provider, home, sessions=("nugen",)) as (desk, details):
            panel = panel_of(details)
            await desk.ask("One?")
            await desk.answered()
            first, conversation = panel.session.text(), desk.controller._conversations.conversation_id
            panel.renew.click()
            second = panel.session.text()
            assert second != first
            await desk.until(lambda: not desk.controller._tasks.runs("keep session"))
            assert (await desk.services.store.conversations.get(str(conversation))).session == second
            await desk.ask("Two?")
            await desk.answered()
            assert [request.session for request in provider.requests] == [first, second]
            assert panel.session.text() == second

    run_async(scenario())


def test_an_endpoint_that_keeps_nothing_is_not_asked_to(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with desk_with(far(), home, sessions=("nugen",)) as (desk, details):
            assert "Session" not in shown(details) and route(desk).session == ""

    run_async(scenario())


# ---------------------------------------------------------------- usage


def test_usage_is_asked_for_only_when_it_is_unfolded(run_async: RunAsync, home: Path) -> None:
    provider = CountingProvider("nugen", offers("big", vision=YES))

    async def scenario() -> None:
        async with desk_with(provider, home) as (desk, details):
            await desk.until(lambda: provider.asked == ["models"])
            details.usage.header.click()
            panel = details.usage.inside
            assert isinstance(panel, UsagePanel)
            await desk.until(lambda: panel.figures())
            assert panel.figures() == ["Tokens", "1200", "Used most", "big", "big", "2.5"]
            details.parameter_changed.emit("temperature", 0.5)
            assert details.usage.open and panel.figures()

    run_async(scenario())


def test_usage_that_cannot_be_had_says_why(run_async: RunAsync, home: Path) -> None:
    failed = ServerFailed(endpoint="Far away", status=503, reason="too busy", wait="some minutes")

    class Failing(CountingProvider):
        async def usage(self) -> Any:
            raise failed

    async def scenario() -> None:
        async with desk_with(Failing("nugen", offers("big", vision=YES)), home) as (desk, details):
            details.usage.header.click()
            panel = details.usage.inside
            assert isinstance(panel, UsagePanel)
            await desk.until(lambda: panel.problem.text() == failed.sentence)

    run_async(scenario())


def test_an_endpoint_that_counts_nothing_has_no_usage(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with desk_with(far(), home) as (_, details):
            assert "Usage" not in shown(details)

    run_async(scenario())
