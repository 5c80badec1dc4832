"""Export and import in the window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from app.chat.edits import Imported
from app.pictures.caps import Caps
from tests.app.transfer.conversations import one_id, photo, plant_sample
from tests.app.transfer.foreign_exports import chatgpt_sample, write_chatgpt
from tests.ui.desk import Desk, open_desk
from ui.controllers.library.transfer import TransferController

RunAsync = Callable[[Coroutine[Any, Any, None]], None]


def controller_of(desk: Desk) -> TransferController:
    return TransferController(desk.window, desk.services, desk.controller._tasks, desk.controller)


def file_dialog(desk: Desk) -> QFileDialog | None:
    top: QWidget = desk.window.window()
    return next((one for one in top.findChildren(QFileDialog) if one.isVisible()), None)


def test_a_conversation_is_exported_in_the_format_that_is_chosen(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await plant_sample(desk.services.store)
            transfer = controller_of(desk)
            transfer.ask_for_target([one_id(1000)])
            await desk.until(lambda: file_dialog(desk))
            asked = file_dialog(desk)
            assert asked is not None
            assert Path(asked.selectedFiles()[0]).name == "A cup “of” coffee tea.html"
            markdown = next(name for name in asked.nameFilters() if ".md" in name)
            asked.selectNameFilter(markdown)
            asked.filterSelected.emit(markdown)
            assert Path(asked.selectedFiles()[0]).name == "A cup “of” coffee tea.md"
            asked.close()
            transfer.write([one_id(1000)], "md", tmp_path / "out.md")
            await desk.until(lambda: transfer.dialog and transfer.dialog.line.text())
            assert transfer.dialog is not None
            assert str(tmp_path / "out.md") in transfer.dialog.line.text()
            transfer.dialog.close()
        assert "Is there milk?" in (tmp_path / "out.md").read_text("utf-8")

    run_async(scenario())


def test_what_is_in_a_file_is_shown_before_it_is_imported(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    file = write_chatgpt(tmp_path / "export.zip", chatgpt_sample())

    async def scenario() -> None:
        async with open_desk(home) as desk:
            transfer = controller_of(desk)
            heard: list[tuple[str, ...]] = []
            transfer.imported.connect(heard.append)
            done: list[object] = []
            transfer.done.connect(done.append)
            transfer.take_in(file)
            await desk.until(lambda: transfer.dialog and transfer.dialog.accept_button.isVisible())
            dialog = transfer.dialog
            assert dialog is not None
            assert "ChatGPT" in dialog.words.text()
            assert dialog.list.item(0).text() == "Coffee"
            assert await desk.services.store.conversations.list() == ()
            dialog.accept_button.click()
            await desk.until(dialog.line.text)
            assert dialog.line.text().startswith("New conversations: 1.")
            assert "does not hold: 1" in dialog.words.text()
            dialog.close()
            (row,) = await desk.services.store.conversations.list()
            assert heard == [(row.id,)]
            assert done == [Imported((row.id,))]

    run_async(scenario())


def test_closing_the_dialog_imports_nothing(run_async: RunAsync, home: Path, tmp_path: Path) -> None:
    file = write_chatgpt(tmp_path / "export.zip", chatgpt_sample())

    async def scenario() -> None:
        async with open_desk(home) as desk:
            transfer = controller_of(desk)
            transfer.take_in(file)
            await desk.until(lambda: transfer.dialog and transfer.dialog.accept_button.isVisible())
            assert transfer.dialog is not None
            transfer.dialog.close()
            await desk.until(lambda: not (home / "arriving").exists())
            assert await desk.services.store.conversations.list() == ()
            assert not desk.controller._tasks.runs("import")

    run_async(scenario())


@pytest.mark.parametrize("wanted", [True, False])
def test_d1_large_pictures_are_imported_at_a_word_before_anything_is_added(
    run_async: RunAsync, home: Path, tmp_path: Path, *, wanted: bool
) -> None:
    file = write_chatgpt(tmp_path / "export.zip", chatgpt_sample())

    async def scenario() -> None:
        async with open_desk(home) as desk:
            store = desk.services.store.conversations
            desk.services.decoder._caps = Caps(pixels=photo().width * photo().height - 1)
            transfer = controller_of(desk)
            transfer.take_in(file)
            await desk.until(lambda: transfer.dialog and transfer.dialog.accept_button.isVisible())
            dialog = transfer.dialog
            assert dialog is not None and not dialog.decline_button.isVisible()
            dialog.accept_button.click()
            await desk.until(dialog.decline_button.isVisible)
            assert ": it is" in dialog.words.text() and "opened anyway" in dialog.line.text()
            assert dialog.decline_button.hasFocus() and await store.list() == ()
            (dialog.take_button if wanted else dialog.decline_button).click()
            await desk.until(lambda: dialog.line.text().startswith("New conversations: 1."))
            assert ("was not taken" in dialog.words.text()) is not wanted
            assert not dialog.take_button.isVisible() and not dialog.decline_button.isVisible()
            dialog.close()
            (row,) = await store.list()
            pictures = [part.sha256 for part in (await store.get(row.id)).messages[0].pictures]
            assert pictures == ([photo().sha256] if wanted else [])

    run_async(scenario())


def test_closing_the_offer_of_large_pictures_imports_nothing(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    file = write_chatgpt(tmp_path / "export.zip", chatgpt_sample())

    async def scenario() -> None:
        async with open_desk(home) as desk:
            desk.services.decoder._caps = Caps(pixels=photo().width * photo().height - 1)
            transfer = controller_of(desk)
            transfer.take_in(file)
            await desk.until(lambda: transfer.dialog and transfer.dialog.accept_button.isVisible())
            assert transfer.dialog is not None
            transfer.dialog.accept_button.click()
            await desk.until(transfer.dialog.decline_button.isVisible)
            transfer.dialog.close()
            await desk.until(lambda: not (home / "arriving").exists())
            assert await desk.services.store.conversations.list() == ()

    run_async(scenario())


def test_a_file_that_is_no_export_is_said_in_the_dialog(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "notes <b>.json"
    file.write_text('{"notes": []}')

    async def scenario() -> None:
        async with open_desk(home) as desk:
            transfer = controller_of(desk)
            transfer.take_in(file)
            await desk.until(lambda: transfer.dialog and transfer.dialog.line.text())
            dialog = transfer.dialog
            assert dialog is not None
            assert dialog.line.text().startswith("notes <b>.json cannot be imported: it is no export")
            assert not dialog.accept_button.isVisible()
            transfer.take_in(file)
            await asyncio.sleep(0)
            await desk.until(lambda: transfer.dialog not in (None, dialog))
            await desk.until(lambda: transfer.dialog and transfer.dialog.line.text())
            assert transfer.dialog is not None
            transfer.dialog.close()

    run_async(scenario())


def test_the_menu_exports_the_open_conversation_and_shows_what_is_imported(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await plant_sample(desk.services.store)
            actions = desk.window.actions_table
            actions["export"].trigger()
            assert file_dialog(desk) is None, "nothing is open"
            desk.controller._composing.open(one_id(1000))
            await desk.until(lambda: desk.controller._conversations.conversation_id)
            for name, title in (("export", "Export"), ("export-all", "Export"), ("import", "Import conv")):
                actions[name].trigger()
                await desk.until(lambda: file_dialog(desk))
                asked = file_dialog(desk)
                assert asked is not None
                assert asked.windowTitle().startswith(title)
                asked.close()
            desk.controller._transfer.take_in(write_chatgpt(tmp_path / "x.zip", chatgpt_sample()))
            transfer = desk.controller._transfer
            await desk.until(lambda: transfer.dialog and transfer.dialog.accept_button.isVisible())
            assert transfer.dialog is not None
            transfer.dialog.accept_button.click()
            await desk.until(lambda: "Coffee" in titles(desk))
            transfer.dialog.close()

    run_async(scenario())


def titles(desk: Desk) -> list[str]:
    """What the list of conversations shows."""
    model = desk.window.library.list.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]
