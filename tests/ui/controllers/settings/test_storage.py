"""The page of the storage on the window's real services and a real folder."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app import settings
from app.store.prepared import Kept, PreparedFiles
from tests.ui.desk import Desk, open_desk
from ui.settings.dialog import SettingsDialog
from ui.settings.storage_page import StoragePage

RunAsync = Callable[[Any], Any]
STORAGE = 2


async def kept(prepared: PreparedFiles, count: int, size: int = 1000) -> list[str]:
    """Keep some files; their hashes."""
    hashes = []
    for number in range(count):
        data = bytes([number]) * size
        hashes.append(hashlib.sha256(data).hexdigest())
        await prepared.keep(hashes[-1], data)
    return hashes


@asynccontextmanager
async def opened(desk: Desk) -> AsyncGenerator[tuple[SettingsDialog, StoragePage], None]:
    """The page of the storage, with what is kept counted."""
    desk.window.actions_table["settings"].trigger()
    await desk.until(lambda: desk.controller._settings.controller)
    controller = desk.controller._settings.controller
    assert controller is not None and controller._dialog is not None
    dialog = controller._dialog
    dialog.pages.setCurrentRow(STORAGE)
    await desk.until(lambda: not dialog.storage.used.text().startswith("Counting"))
    yield dialog, dialog.storage
    dialog.close()


def choose(page: StoragePage, words: str) -> None:
    page.limit.setCurrentIndex(page.limit.findText(words))
    page.limit.activated.emit(page.limit.currentIndex())


def test_what_is_kept_is_counted_off_the_windows_thread(
    run_async: RunAsync, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted_on: list[threading.Thread] = []
    measure = PreparedFiles._measure

    def watched(prepared: PreparedFiles) -> Kept:
        counted_on.append(threading.current_thread())
        return measure(prepared)

    monkeypatch.setattr(PreparedFiles, "_measure", watched)

    async def scenario() -> None:
        async with open_desk(home) as desk:
            await kept(desk.services.prepared, 3)
            async with opened(desk) as (_, page):
                assert page.used.text() == "Kept now: 3 kB, 3 pictures"
                assert page.limit.currentText() == "2 GB"
                assert page.over.text() == "Beyond that the oldest go."
            assert counted_on and threading.main_thread() not in counted_on

    run_async(scenario())


def test_clearing_can_be_undone_until_the_settings_are_closed(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            prepared = desk.services.prepared
            (one,) = await kept(prepared, 1)
            async with opened(desk) as (dialog, page):
                assert "not shown to the byte" in page.clear.accessibleDescription()
                page.clear.click()
                await desk.until(dialog.undo.isVisible)
                assert page.used.text() == "None is kept now." and not page.clear.isEnabled()
                assert await prepared.get(one) is None
                dialog.undo.undo_button.click()
                await desk.until(page.clear.isEnabled)
                assert await prepared.get(one) is not None
                page.clear.click()
                await desk.until(dialog.undo.isVisible)
            await desk.until(lambda: not list((home / "prepared" / "aside").iterdir()))
            assert await prepared.measure() == Kept(0, 0)

    run_async(scenario())


def test_a_lower_limit_removes_the_oldest_when_the_settings_are_closed(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            prepared = desk.services.prepared
            await kept(prepared, 2)
            async with opened(desk) as (_, page):
                choose(page, "Keep none")
                assert page.over.text() == "All go when the settings are closed."
                assert await prepared.measure() == Kept(2, 2000)
                choose(page, "1 GB")
                assert page.over.text() == "Beyond that the oldest go."
                choose(page, "Keep none")
            await desk.until(lambda: not any((home / "prepared").glob("[0-9a-f][0-9a-f]/*")))
            await desk.saved()
            assert settings.load(home).prepared_bytes == prepared.budget == 0

    run_async(scenario())


def test_a_limit_that_stands_in_the_file_is_among_the_choices(run_async: RunAsync, home: Path) -> None:
    settings.save(home, settings.Settings(prepared_bytes=1_500_000_000))

    async def scenario() -> None:
        async with open_desk(home) as desk, opened(desk) as (_, page):
            assert page.limit.currentText() == "1.5 GB"
            assert page.limit.itemText(page.limit.currentIndex() + 1) == "2 GB"
            assert not page.clear.isEnabled()

    run_async(scenario())
