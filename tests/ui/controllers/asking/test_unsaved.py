"""What a full disk refuses stays with the user until it is saved somewhere. Row A5."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.domain.conversation import Draft, Outline
from app.domain.errors import DiskFull
from app.domain.events import Finished, TextDelta
from app.store.opening import OpenReport
from tests.app.store import samples
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui import restart

RunAsync = Callable[[Any], Any]


def fill_disk(desk: Desk, patch: pytest.MonkeyPatch, *names: str) -> None:
    """From now on these writes are refused."""

    async def refuse(*_: object, **__: object) -> None:
        raise DiskFull(path=desk.services.store._home)

    for name in names:
        patch.setattr(desk.services.store.conversations, name, refuse)


def boxes(desk: Desk) -> list[QMessageBox]:
    return [box for box in desk.window.window().findChildren(QMessageBox) if box.isVisible()]


async def press(desk: Desk, words: str) -> None:
    """Press a button of the question whether to close."""
    await desk.until(lambda: boxes(desk))
    (box,) = boxes(desk)
    next(button for button in box.buttons() if words in button.text()).click()


async def choose(desk: Desk, path: Path) -> None:
    """Choose where to save."""
    await desk.until(lambda: desk.window.window().findChildren(QFileDialog))
    (dialog,) = desk.window.window().findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_a5_a_window_is_not_closed_over_a_draft_that_could_not_be_saved(
    run_async: RunAsync,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: Callable[[str], None],
) -> None:
    expect_log("draft not saved")
    left: list[bool] = []

    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.controller.left.connect(lambda: left.append(True))
            frame = desk.window.window()
            with monkeypatch.context() as patch:
                fill_disk(desk, patch, "save_draft")
                desk.window.composer.edit.setPlainText("Nowhere else.")
                frame.close()
                await press(desk, "Cancel")
                await desk.until(lambda: not desk.controller._tasks.runs("leave"))
                assert frame.isVisible()
                frame.close()
                await press(desk, "Save as")
                await choose(desk, tmp_path / "kept.txt")
                await desk.until(lambda: left and not desk.controller._tasks.runs("leave"))
                assert "Nowhere else." in (tmp_path / "kept.txt").read_text("utf-8")
                left.clear()
                frame.show()
                frame.close()
                await desk.until(lambda: boxes(desk))
            await press(desk, "Try again")
            await desk.until(lambda: left)
            assert await desk.services.store.conversations.draft(None) == Draft(text="Nowhere else.")

    run_async(scenario())


def test_a5_an_answer_that_could_not_be_saved_is_saved_elsewhere_from_the_notice(
    run_async: RunAsync, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.answer_with(ScriptedProvider(TextDelta(text="A robin."), Finished(reason="stop")))
            with monkeypatch.context() as patch:
                fill_disk(desk, patch, "save")
                await desk.ask("Which bird?")
                await desk.until(lambda: "The disk is full" in desk.window.notice.text())
                await desk.answered()
                assert desk.window.notice.button is not None
                desk.controller._unsaved.setInterval(50)  # type: ignore[union-attr]
                desk.window.notice.button.click()
                await choose(desk, tmp_path / "kept.txt")
                await desk.until(lambda: "kept.txt" in desk.window.notice.text())
                assert "A robin." in (tmp_path / "kept.txt").read_text("utf-8")
            await desk.until(lambda: "saved again" in desk.window.notice.text())

    run_async(scenario())


def test_a5_a_draft_that_could_not_be_saved_is_there_when_its_conversation_is_opened_again(
    run_async: RunAsync, home: Path, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
) -> None:
    expect_log("draft not saved")

    async def scenario() -> None:
        async with open_desk(home) as desk:
            asked = samples.question()
            other = await desk.services.store.conversations.create("Other", asked, samples.answer(asked))
            composing, composer = desk.controller._composing, desk.window.composer
            with monkeypatch.context() as patch:
                fill_disk(desk, patch, "save_draft")
                composer.edit.setPlainText("Typed.")
                composing.open(other.id)
                await desk.until(lambda: composing.written()[0] == other.id)
                assert composer.text() == ""
                composing.open(None)
                await desk.until(lambda: composer.text() == "Typed.")
            composing.open(other.id)
            await desk.until(lambda: composing.written()[0] == other.id)
            assert await desk.services.store.conversations.draft(None) == Draft(text="Typed.")

    run_async(scenario())


def test_what_is_typed_while_a_conversation_is_opened_is_not_lost(
    run_async: RunAsync, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            conversations = desk.services.store.conversations
            asked = samples.question()
            other = await conversations.create("Other", asked, samples.answer(asked))
            composing, composer, outline = (
                desk.controller._composing,
                desk.window.composer,
                conversations.outline,
            )

            async def type_meanwhile(conversation_id: str) -> Outline:
                composer.edit.setPlainText("Just typed.")
                return await outline(conversation_id)

            monkeypatch.setattr(conversations, "outline", type_meanwhile)
            composing.open(other.id)
            await desk.until(lambda: composing.written()[0] == other.id)
            assert composer.text() == ""
            composing.open(None)
            await desk.until(lambda: composer.text() == "Just typed.")

    run_async(scenario())


def test_a8_a_draft_is_not_tried_again_where_nothing_can_be_written(
    run_async: RunAsync, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = OpenReport(first=False, read_only=DiskFull(path=home))
    monkeypatch.setattr("app.store.database.Store.report", report)

    async def scenario() -> None:
        async with open_desk(home) as desk:
            drafts = desk.controller._composing.drafts
            assert "the disk is full" in desk.window.notice.text()
            assert drafts.unsaved == ()
            desk.window.composer.edit.setPlainText("Typed.")
            await drafts.save()
            assert not drafts._timer.isActive()
            assert [draft.text for draft in drafts.unsaved] == ["Typed."]
            assert await desk.services.store.conversations.draft(None) == Draft()
            desk.window.composer.edit.setPlainText("")

    run_async(scenario())


def test_a5_what_nobody_could_be_asked_about_is_written_to_a_temporary_file(
    run_async: RunAsync,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: Callable[[str], None],
) -> None:
    expect_log("draft not saved")
    expect_log("what was not saved is in")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def scenario() -> None:
        async with open_desk(home) as desk:
            fill_disk(desk, monkeypatch, "save_draft")
            desk.window.composer.edit.setPlainText("Nowhere else.")
        (kept,) = tmp_path.glob("fovea-not-saved-*.txt")
        assert "Nowhere else." in kept.read_text("utf-8")
        assert kept.stat().st_mode & 0o077 == 0

    run_async(scenario())


def test_why_a_copy_was_not_restored_is_told_by_the_next_start(
    run_async: RunAsync, home: Path, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
) -> None:
    expect_log("copy not restored")
    monkeypatch.delenv("FOVEA_TOLD", raising=False)

    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.controller._care._wanted = home / "backups" / "gone.db"
        assert "FOVEA_TOLD" in os.environ
        async with open_desk(home) as desk:
            assert "The copy was not restored" in desk.window.notice.text()
        assert restart.told() == ""
        await asyncio.sleep(0)

    run_async(scenario())
