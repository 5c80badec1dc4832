"""One value of the settings for the whole window."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import settings
from app.settings import Settings
from ui.controllers.endpoints import choices as choices_module
from ui.controllers.endpoints.choices import Choices

RunAsync = Callable[[Any], Any]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def test_what_was_saved_is_in_force(run_async: RunAsync, home: Path) -> None:
    settings.save(home, Settings(theme="dark"))

    async def scenario() -> None:
        assert Choices(home).settings == Settings(theme="dark")

    run_async(scenario())


def test_a_change_is_told_at_once_and_soon_on_disk(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        choices = Choices(home)
        told: list[tuple[Settings, Settings]] = []
        choices.changed.connect(lambda before, after: told.append((before, after)))
        assert choices.change(theme="light")
        assert told == [(Settings(), Settings(theme="light"))] and choices.settings.theme == "light"
        await until(lambda: settings.load(home) == Settings(theme="light"))
        await choices.close()

    run_async(scenario())


def test_two_who_change_different_things_keep_each_others(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        choices = Choices(home)
        choices.change(theme="light")
        choices.change(endpoint="local")
        await choices.close()

    run_async(scenario())
    assert settings.load(home) == Settings(theme="light", endpoint="local")


def test_no_change_is_neither_told_nor_written(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        choices = Choices(home)
        told: list[object] = []
        choices.changed.connect(lambda *what: told.append(what))
        assert not choices.change(theme="system")
        await choices.close()
        assert told == []

    run_async(scenario())
    assert not (home / settings.FILE_NAME).exists()


def test_the_steps_of_a_slider_are_few_writes_and_the_last_one_wins(
    run_async: RunAsync, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one of them in the thread of the window, and never two at once."""
    written: list[str] = []
    threads: set[int] = set()
    alone, slow = threading.Lock(), threading.Event()
    save = settings.save

    def watched(folder: Path, now: Settings) -> None:
        assert alone.acquire(blocking=False)
        slow.wait(10)
        threads.add(threading.get_ident())
        written.append(now.system)
        save(folder, now)
        alone.release()

    monkeypatch.setattr(choices_module.settings_file, "save", watched)
    monkeypatch.setattr(choices_module, "COLLECT_MS", 1)

    async def scenario() -> None:
        choices = Choices(home)
        for step in range(50):
            choices.change(system=str(step))
        await until(alone.locked)
        choices.change(system="last")
        closing = asyncio.create_task(choices.close())
        await asyncio.sleep(0)
        assert not closing.done()
        slow.set()
        await closing

    run_async(scenario())
    assert written == ["49", "last"]
    assert threading.get_ident() not in threads
    assert settings.load(home).system == "last"


def test_a_disk_that_takes_nothing_is_said_after_the_change_and_tried_again(
    run_async: RunAsync, home: Path
) -> None:
    home.write_text("a file where the folder should be")

    async def scenario() -> None:
        choices = Choices(home)
        told: list[object] = []
        choices.not_saved.connect(told.append)
        choices.changed.connect(lambda _before, after: told.append(after))
        choices.change(theme="dark")
        await choices.flush()
        assert told == [Settings(theme="dark"), "Not saved: File exists"]
        home.unlink()
        choices.change(endpoint="local")
        await choices.close()
        assert len(told) == 3

    run_async(scenario())
    assert settings.load(home) == Settings(theme="dark", endpoint="local")
