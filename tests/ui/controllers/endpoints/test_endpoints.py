"""What the sidebar says about who answers, with the real providers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog

from app import settings
from app.domain.model import EndpointConfig, KeyGroup
from app.providers.nvidia_models import PALIGEMMA
from app.settings import Settings
from tests.servers.nvidia_rules import NANO
from tests.servers.nvidia_server import KEY as NVIDIA_KEY
from tests.servers.nvidia_server import NvidiaServer
from tests.tiny_model import write_tiny_model
from tests.ui.desk import Desk, open_desk

RunAsync = Callable[[Any], Any]


def state(desk: Desk) -> str:
    return desk.window.sidebar.picker.state.label.text()


def folder_asked_in(desk: Desk) -> Path:
    """Where the file dialog that is open now begins."""
    (dialog,) = desk.window.window().findChildren(QFileDialog)
    folder = dialog.directory().absolutePath()
    dialog.reject()
    dialog.setParent(None)
    return Path(folder)


def test_the_vision_part_beside_the_model_is_named(run_async: RunAsync, home: Path, tmp_path: Path) -> None:
    tiny = write_tiny_model(tmp_path)
    settings.save(home, Settings(endpoint="local", local_model=str(tiny.model)))

    async def scenario() -> None:
        async with open_desk(home) as desk:
            projector = desk.window.sidebar.picker.files.projector
            await desk.until(lambda: state(desk) == "Ready. It takes pictures.")
            assert projector.name.text() == tiny.projector.name
            assert projector.note.text() == "Found beside the model file"

    run_async(scenario())


def test_a_chosen_vision_part_is_not_said_to_be_found(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    tiny = write_tiny_model(tmp_path)
    chosen = {"local_model": str(tiny.model), "local_projector": str(tiny.projector)}
    settings.save(home, Settings(endpoint="local", **chosen))

    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.until(lambda: state(desk) == "Ready. It takes pictures.")
            assert desk.window.sidebar.picker.files.projector.note.text() == ""

    run_async(scenario())


def test_files_are_looked_for_at_home_and_then_beside_the_last_one(
    run_async: RunAsync, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    tiny = write_tiny_model(models)
    monkeypatch.setenv("HOME", str(tmp_path))

    async def scenario() -> None:
        async with open_desk(home) as desk:
            sidebar = desk.window.sidebar
            sidebar.endpoint_chosen.emit("local")
            sidebar.model_file_requested.emit()
            assert folder_asked_in(desk) == tmp_path
            desk.controller._choices.change(local_model=str(tiny.model))
            sidebar.projector_requested.emit()
            assert folder_asked_in(desk) == models

    run_async(scenario())


def test_without_the_extra_the_empty_pane_and_the_sidebar_say_what_to_add(
    run_async: RunAsync, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.local.quick_look.describer.REQUIRED", ("no_such_package",))

    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.until(lambda: "pip install 'fovea[local]'" in state(desk))
            assert desk.window.pane.state == "empty"
            assert desk.window.pane.empty.label.text() == state(desk)
            desk.window.sidebar.endpoint_chosen.emit("local")
            await desk.until(lambda: "fovea[local]" not in desk.window.pane.empty.label.text())

    run_async(scenario())


# ---------------------------------------------------------------- endpoints over the network


def names(desk: Desk) -> list[str]:
    combo = desk.window.sidebar.picker.endpoint_combo
    return [combo.itemText(place) for place in range(combo.count())]


def test_the_endpoints_to_choose_from_are_those_shown_and_the_chosen_one(
    run_async: RunAsync, home: Path
) -> None:
    settings.save(home, Settings(shown=("nugen", "quick-look", "gone"), endpoint="ollama"))

    async def scenario() -> None:
        async with open_desk(home) as desk:
            assert names(desk) == ["Nugen", "Quick look", "Ollama", "More endpoints…"]
            assert desk.window.sidebar.picker.badge.text() == "Nothing leaves this computer"
            desk.controller._choices.change(shown=("quick-look", "nvidia"))
            assert names(desk) == ["Quick look", "NVIDIA", "Ollama", "More endpoints…"]

    run_async(scenario())


@pytest.mark.parametrize(
    ("endpoint", "where"),
    [
        ("nugen", "Pictures and text go to api.nugen.in"),
        ("nvidia", "Pictures and text go to hosts of nvidia.com"),
        ("llamacpp", "Nothing leaves this computer"),
    ],
)
def test_who_receives_the_pictures_is_named_before_anything_is_sent(
    run_async: RunAsync, home: Path, endpoint: str, where: str
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.controller._choices.change(shown=("quick-look", endpoint))
            combo = desk.window.sidebar.picker.endpoint_combo
            combo.setCurrentIndex(1)
            combo.activated.emit(1)
            assert desk.window.sidebar.picker.badge.text() == where

    run_async(scenario())


def test_an_endpoint_with_a_useless_address_says_so_and_sends_nothing(
    run_async: RunAsync, home: Path
) -> None:
    broken = EndpointConfig(
        id="mine", name="Mine", kind="custom", base_url="not an address", key=KeyGroup(())
    )
    settings.save(home, Settings(endpoint="mine", endpoints=(broken,), shown=("quick-look", "mine")))

    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.until(lambda: "web address" in state(desk))
            assert "web address" in desk.controller._endpoints.blocked()
            desk.window.composer.edit.setPlainText("What is this?")
            desk.window.composer.send.click()
            assert await desk.stored() == []

    run_async(scenario())


def test_paligemma_is_as_it_was_left_at_the_next_start(run_async: RunAsync, home: Path) -> None:
    settings.save(home, Settings(endpoint="nvidia", models={"nvidia": PALIGEMMA}))

    async def scenario() -> None:
        async with open_desk(home) as desk:
            sidebar, composer = desk.window.sidebar, desk.window.composer
            await desk.until(lambda: "details" in sidebar.__dict__ and sidebar.details.note.text())
            assert [button.text() for button in composer.tasks.buttons] == [
                *("Caption", "Read text", "Answer", "Detect", "Segment"),
            ]
            assert "one question and one picture" in sidebar.details.note.text()
            assert sidebar.details.detail.combo.itemText(0) == "Make them fit (134 kB)"
            await desk.until(lambda: sidebar.picker.models.key.isVisible())
            assert state(desk) == "It takes pictures: its documentation says so."

    run_async(scenario())


def test_nvidia_is_asked_as_the_sidebar_says(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with NvidiaServer() as server:
            config = EndpointConfig(
                id="nvidia",
                name="NVIDIA",
                kind="nvidia",
                base_url=server.url,
                key=KeyGroup((server.url,), ""),
            )
            chosen = Settings(
                endpoint="nvidia", endpoints=(config,), models={"nvidia": NANO}, system="Be brief."
            )
            settings.save(home, chosen)
            async with open_desk(home) as desk:
                await desk.services.credentials.keep(config.key, NVIDIA_KEY)
                desk.controller._endpoints.refresh()
                models = desk.window.sidebar.picker.models
                await desk.until(lambda: models.list.rowCount() > 1 and not models.waiting.isVisible())
                desk.window.sidebar.details.parameter_changed.emit("temperature", 0.5)
                desk.window.sidebar.details.parameter_changed.emit("max_tokens", 64)
                await desk.ask("What is a cat?")
                await desk.answered()
            (body,) = server.bodies
            assert (body["model"], body["temperature"], body["max_tokens"]) == (NANO, 0.5, 64)
            assert [message["role"] for message in body["messages"]] == ["system", "user"]
            assert "top_p" not in body
            assert server.violations == []

    run_async(scenario())
