"""What the sidebar says about who answers, with the real providers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog

from app import settings
from app.settings import Settings
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
