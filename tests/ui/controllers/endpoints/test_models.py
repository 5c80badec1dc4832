"""Which model answers and whether it sees, in the real window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app import settings
from app.domain.errors import KeyMissing, Unreachable
from app.domain.model import Capability, EndpointConfig, KeyGroup
from app.settings import Settings
from tests.photos import PHOTOS
from tests.servers.nugen_server import KEY, NugenServer
from tests.ui.desk import Desk, open_desk
from tests.ui.listing_provider import NO, YES, ListingProvider, offers
from ui.sidebar.model_choice import ModelChoice

RunAsync = Callable[[Any], Any]

DOWN = Unreachable(endpoint="Far away", host="far.example", reason="nothing listens there")
NO_KEY = KeyMissing(endpoint="Far away", host="far.example", variable="FAR_KEY")
NEEDS_KEY = "Far away needs a key, and none is known for far.example."
NOBODY = "Nobody has said whether it takes pictures. A test sends it one tiny picture."


@asynccontextmanager
async def desk_with(
    provider: ListingProvider, home: Path, **chosen: Any
) -> AsyncGenerator[tuple[Desk, ModelChoice], None]:
    """A window in which the user has just chosen `provider`, which stands where Nugen's would."""
    settings.save(home, Settings(**chosen))
    async with open_desk(home) as desk:
        desk.services.registry._providers["nugen"] = provider
        desk.window.sidebar.endpoint_chosen.emit("nugen")
        await desk.until(lambda: not desk.controller._tasks.runs("set up endpoint"))
        yield desk, desk.window.sidebar.picker.models


def state(desk: Desk) -> str:
    return desk.window.sidebar.picker.state.text()


def ids(models: ModelChoice) -> list[str]:
    return [models.list.index(row, 0).data() for row in range(models.list.rowCount())]


def kept(home: Path) -> Settings:
    return settings.load(home)


def type_model(models: ModelChoice, text: str) -> None:
    models.combo.edit.setFocus()
    models.combo.edit.selectAll()
    QTest.keyClicks(models.combo.edit, text)
    QTest.keyClick(models.combo.edit, Qt.Key.Key_Return)


def test_nothing_is_asked_of_endpoints_that_were_not_chosen(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.until(lambda: state(desk))
            assert set(desk.services.registry._providers) == {"quick-look"}
            assert "models" not in desk.window.sidebar.picker.__dict__
            assert "details" not in desk.window.sidebar.__dict__
            assert list(desk.services.gate.ledger) == []

    run_async(scenario())


def test_the_list_comes_after_what_was_chosen_and_typed_before(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", offers("big", "small"))

    async def scenario() -> None:
        provider.hold = asyncio.Event()
        before = {"models": {"nugen": "big"}, "typed_models": {"nugen": ("mine",)}}
        async with desk_with(provider, home, **before) as (desk, models):
            assert (ids(models), models.combo.currentText()) == (["big", "mine"], "big")
            await desk.until(lambda: models.waiting.label.text() == "Asking Far away for its models")
            provider.hold.set()
            await desk.until(lambda: ids(models) == ["mine", "big", "small"])
            assert models.waiting.isHidden() and models.problem.text() == ""
            assert desk.controller._endpoints.route().model == "big"

    run_async(scenario())


def test_the_list_is_asked_for_once_while_models_are_tried(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", offers("big", "small"))

    async def scenario() -> None:
        async with desk_with(provider, home) as (desk, models):
            await desk.until(lambda: len(ids(models)) == 2)
            for one in ("small", "big", "small"):
                models.chosen.emit(one)
                await desk.until(lambda one=one: f"probe {one}" in provider.asked)
            desk.window.sidebar.endpoint_chosen.emit("quick-look")
            desk.window.sidebar.endpoint_chosen.emit("nugen")
            await desk.until(lambda: models.isVisible())
            assert provider.asked == ["models", "probe small", "probe big"]

    run_async(scenario())


def test_a_typed_model_is_accepted_and_remembered(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", offers("big"))

    async def scenario() -> None:
        async with desk_with(provider, home) as (desk, models):
            assert desk.controller._endpoints.blocked() == "Choose a model of Far away first."
            await desk.until(lambda: ids(models) == ["big"])
            type_model(models, "my/own")
            assert desk.controller._endpoints.blocked() == ""
            assert desk.controller._endpoints.route().model == "my/own"
            type_model(models, "big")
            assert ids(models) == ["my/own", "big"]

    run_async(scenario())
    assert kept(home).models == {"nugen": "big"}
    assert kept(home).typed_models == {"nugen": ("my/own",)}


def test_a_failed_list_is_said_in_place_and_typing_works_all_the_same(
    run_async: RunAsync, home: Path
) -> None:
    provider = ListingProvider("nugen", DOWN)

    async def scenario() -> None:
        async with desk_with(provider, home) as (desk, models):
            await desk.until(lambda: models.problem.text())
            assert models.problem.text() == DOWN.sentence
            assert models.retry.isVisible() and not models.key.isVisible()
            type_model(models, "my/own")
            assert desk.controller._endpoints.blocked() == ""
            provider.offered = offers("big")
            models.retry.click()
            await desk.until(lambda: "big" in ids(models))
            assert models.problem.text() == ""

    run_async(scenario())


def test_a_missing_key_leads_to_the_settings_of_that_endpoint(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", NO_KEY)

    async def scenario() -> None:
        async with desk_with(provider, home) as (desk, models):
            await desk.until(lambda: models.key.isVisible())
            assert models.problem.text() == NEEDS_KEY and not models.retry.isVisible()
            asked: list[str] = []
            desk.controller._endpoints.settings_requested.disconnect()
            desk.controller._endpoints.settings_requested.connect(asked.append)
            models.key.click()
            combo = desk.window.sidebar.picker.endpoint_combo
            combo.activated.emit(combo.count() - 1)
            combo.setCurrentIndex(combo.count() - 1)
            combo.activated.emit(combo.count() - 1)
            assert asked == ["nugen", ""]

    run_async(scenario())


def test_a_typed_model_can_be_deleted_from_the_list(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", offers("big"))

    async def scenario() -> None:
        typed = {"models": {"nugen": "mine"}, "typed_models": {"nugen": ("mine", "other")}}
        async with desk_with(provider, home, **typed) as (desk, models):
            await desk.until(lambda: ids(models) == ["mine", "other", "big"])
            models.combo.showPopup()
            view = models.combo.view()
            for place, left in ((2, ["mine", "other", "big"]), (1, ["mine", "big"]), (0, ["big"])):
                view.setCurrentIndex(models.list.index(place, 0))
                QTest.keyClick(view, Qt.Key.Key_Delete)
                assert ids(models) == left
            models.combo.hidePopup()
            assert models.combo.currentText() == ""
            assert desk.controller._endpoints.blocked() == "Choose a model of Far away first."

    run_async(scenario())
    assert kept(home).typed_models == {"nugen": ()} and kept(home).models == {}


def test_asking_for_the_list_can_be_stopped(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", offers("big"))

    async def scenario() -> None:
        provider.hold = asyncio.Event()
        async with desk_with(provider, home) as (desk, models):
            await desk.until(lambda: models.waiting.isVisible())
            models.waiting.stop.click()
            await desk.until(lambda: not models.waiting.isVisible())
            assert models.problem.text() == "Not asked for all of its models."
            for one in ("small", "other"):
                models.chosen.emit(one)
                await desk.until(lambda one=one: f"probe {one}" in provider.asked)
            assert models.problem.text() == "Not asked for all of its models."
            assert models.retry.isVisible() and provider.asked.count("models") == 1
            provider.hold = None
            models.retry.click()
            await desk.until(lambda: ids(models) == ["other", "small", "big"])
            assert models.problem.text() == "" and not models.retry.isVisible()

    run_async(scenario())


def test_leaving_the_endpoint_ends_asking_it(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", offers("big"))

    async def scenario() -> None:
        provider.hold = asyncio.Event()
        async with desk_with(provider, home) as (desk, models):
            await desk.until(lambda: models.waiting.isVisible())
            desk.window.sidebar.endpoint_chosen.emit("quick-look")
            await desk.until(lambda: not desk.controller._tasks.runs("look at the endpoint"))
            assert not models.isVisible() and not desk.window.sidebar.picker.vision.isVisible()
            await desk.until(lambda: "Ready" in state(desk) or "needs" in state(desk))

    run_async(scenario())


# ---------------------------------------------------------------- whether it takes pictures


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (YES, "It takes pictures: the server says so."),
        (NO, "It takes no pictures: the server says so."),
        (
            Capability(value=None, source=""),
            NOBODY,
        ),
        (
            Capability(value=None, source="its list does not say"),
            "Whether it takes pictures is not known: its list does not say.",
        ),
        (DOWN, NOBODY),
    ],
)
def test_what_is_known_of_its_eyes_is_said_with_how(
    run_async: RunAsync, home: Path, found: Any, said: str
) -> None:
    provider = ListingProvider("nugen", offers("big"))
    provider.eyes["big"] = found

    async def scenario() -> None:
        async with desk_with(provider, home, models={"nugen": "big"}) as (desk, _):
            await desk.until(lambda: "probe big" in provider.asked and state(desk) == said)

    run_async(scenario())


def test_the_users_word_comes_before_the_test_and_the_test_before_the_server(
    run_async: RunAsync, home: Path
) -> None:
    provider = ListingProvider("nugen", offers("big", vision=NO))

    async def scenario() -> None:
        async with desk_with(provider, home, models={"nugen": "big"}) as (desk, models):
            vision = desk.window.sidebar.picker.vision
            await desk.until(lambda: state(desk) == "It takes no pictures: the server says so.")
            assert models.badges.texts() == ["tools", "reasoning"]
            vision.test.click()
            await desk.until(lambda: "it named the colour of a test picture" in state(desk))
            assert models.badges.texts() == ["pictures", "tools", "reasoning"]
            vision.combo.setCurrentIndex(2)
            vision.combo.activated.emit(2)
            assert state(desk) == "It takes no pictures: you said so."
            vision.combo.setCurrentIndex(0)
            vision.combo.activated.emit(0)
            assert state(desk) == "It takes no pictures: the server says so."
            assert [len(request.messages) for request in provider.requests] == [1]

    run_async(scenario())
    assert kept(home).vision == {}


def test_a_word_and_a_test_are_remembered_for_their_model(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", offers("big", "small"))

    async def scenario() -> None:
        async with desk_with(provider, home, models={"nugen": "big"}) as (desk, models):
            vision = desk.window.sidebar.picker.vision
            vision.said.emit(True)
            models.chosen.emit("small")
            await desk.until(lambda: "Nobody has said" in state(desk))
            assert vision.combo.currentText() == "As found"
            vision.test.click()
            await desk.until(lambda: "test picture" in state(desk))

    run_async(scenario())
    assert kept(home).vision == {
        "nugen big": Capability(value=True, source="you said so"),
        "nugen small": Capability(value=True, source="it named the colour of a test picture"),
    }


def test_a_test_that_fails_says_why_and_one_that_hangs_can_be_stopped(
    run_async: RunAsync, home: Path
) -> None:
    provider = ListingProvider("nugen", offers("big"))

    async def scenario() -> None:
        async with desk_with(provider, home, models={"nugen": "big"}) as (desk, _):
            vision = desk.window.sidebar.picker.vision
            await desk.until(lambda: "probe big" in provider.asked)
            provider.steps = (NO_KEY,)
            vision.test.click()
            await desk.until(lambda: state(desk) == NEEDS_KEY)
            provider.steps = (asyncio.Event(),)
            vision.test.click()
            await desk.until(lambda: vision.test.text() == "Stop test")
            vision.test.click()
            await desk.until(lambda: vision.test.text() == "Test vision")

    run_async(scenario())
    assert kept(home).vision == {}


@pytest.mark.parametrize("leave", ["for another model", "for another endpoint"])
def test_a_test_speaks_of_no_other_model(run_async: RunAsync, home: Path, leave: str) -> None:
    provider = ListingProvider("nugen", offers("big", "small"))
    asked = asyncio.Event()
    provider.steps = (asked, DOWN)

    async def scenario() -> None:
        async with desk_with(provider, home, models={"nugen": "big"}) as (desk, models):
            vision, sidebar = desk.window.sidebar.picker.vision, desk.window.sidebar
            await desk.until(lambda: len(ids(models)) == 2)
            vision.test.click()
            assert vision.test.text() == "Stop test" and vision.line.isVisible()
            await desk.until(lambda: provider.requests)
            if leave == "for another model":
                models.chosen.emit("small")
            else:
                sidebar.endpoint_chosen.emit("quick-look")
                sidebar.endpoint_chosen.emit("nugen")
            assert vision.test.text() == "Test vision" and not vision.line.isVisible()
            asked.set()
            await desk.until(lambda: not desk.controller._tasks.runs("look at the endpoint"))
            assert state(desk) == NOBODY

    run_async(scenario())
    assert kept(home).vision == {}


def test_why_a_test_failed_is_said_until_something_else_is_known(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", offers("big"))
    provider.steps = (DOWN,)

    async def scenario() -> None:
        async with desk_with(provider, home, models={"nugen": "big"}) as (desk, _):
            await desk.until(lambda: "probe big" in provider.asked)
            vision = desk.window.sidebar.picker.vision
            vision.test.click()
            await desk.until(lambda: state(desk) == DOWN.sentence)
            desk.controller._choices.change(system="Be brief.")
            assert state(desk) == DOWN.sentence
            vision.said.emit(True)
            assert state(desk) == "It takes pictures: you said so."

    run_async(scenario())


def test_a_model_without_eyes_is_not_sent_pictures_in_silence(run_async: RunAsync, home: Path) -> None:
    provider = ListingProvider("nugen", offers("blind", vision=NO))

    async def scenario() -> None:
        async with desk_with(provider, home, models={"nugen": "blind"}) as (desk, _):
            await desk.until(lambda: "no pictures" in state(desk))
            composer = desk.window.composer
            composer.edit.setPlainText("What is this?")
            assert composer.send.toolTip() == "Send (Return)"
            await desk.attach(PHOTOS / "coffee.png")
            composer.send.click()
            assert composer.hint.text() == (
                "This model takes no pictures: the server says so. Remove them, or choose another model."
            )
            assert provider.requests == []
            desk.window.sidebar.picker.vision.said.emit(True)
            composer.send.click()
            await desk.until(lambda: provider.requests)

    run_async(scenario())


# ---------------------------------------------------------------- with a real endpoint


def test_nugen_lists_its_models_as_soon_as_it_has_its_key(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with NugenServer() as server:
            config = EndpointConfig(
                id="nugen", name="Nugen", kind="nugen", base_url=server.url, key=KeyGroup((server.url,), "")
            )
            settings.save(home, Settings(endpoint="nugen", endpoints=(config,)))
            async with open_desk(home) as desk:
                models = desk.window.sidebar.picker.models
                await desk.until(lambda: models.key.isVisible())
                await desk.services.credentials.keep(config.key, KEY)
                desk.controller._endpoints.refresh()
                await desk.until(lambda: "qwen3-vl-30b" in ids(models))
                assert models.problem.text() == "" and not models.key.isVisible()
                models.chosen.emit("aligned-model-01")
                await desk.until(lambda: "takes pictures" in state(desk))
                details = desk.window.sidebar.details
                details.usage.header.click()
                await desk.until(lambda: details.usage.inside.figures())
                assert details.usage.inside.figures()[:2] == ["Runs of agents", "12"]
            assert server.violations == []

    run_async(scenario())
