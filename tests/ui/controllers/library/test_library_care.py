"""A library that is damaged, missing, read-only or to be replaced, in the window. Rows A8, A9, A21."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from app.store import backup
from app.store.backup import backups
from app.store.database import Store
from tests.app.store import samples
from tests.ui.desk import Desk, open_desk
from ui import restart
from ui.recovery.page import RecoveryPage

RunAsync = Callable[[Any], Any]


async def fill(home: Path) -> None:
    """Thirty conversations, a copy, and one conversation more."""
    store = await Store.open(home)
    for number in range(30):
        asked = samples.question(f"{number} " * 900)
        await store.conversations.create(f"number {number}", asked, samples.answer(asked))
    keeper = store.upkeep()
    await keeper.back_up("daily")
    await keeper.close()
    await store.conversations.create("after the copy")
    await store.close()


def damage(home: Path) -> bytes:
    """Spoil two pages of a library that was not closed properly; returns what is there then."""
    connection = samples.raw(home)
    connection.execute("UPDATE meta SET value = 'yes' WHERE key = 'open'")
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    page = connection.execute("SELECT max(pageno) FROM dbstat WHERE name = 'part'").fetchall()[0][0]
    connection.close()
    with (home / "fovea.db").open("r+b") as file:
        file.seek((int(str(page)) - 1) * 4096)
        file.write(b"\xa5" * 4096)
    return (home / "fovea.db").read_bytes()


@pytest.fixture
def filled(home: Path) -> Path:
    asyncio.run(fill(home))
    return home


def page_of(desk: Desk) -> RecoveryPage:
    page = desk.controller._care._page
    assert page is not None
    return page


async def offered(desk: Desk) -> RecoveryPage:
    await desk.until(lambda: desk.window.pane.state == "page")
    return page_of(desk)


async def titles(desk: Desk) -> set[str]:
    await desk.until(lambda: desk.controller._services is not None)
    return {row.title for row in await desk.services.store.conversations.list()}


def test_a9_a_damaged_library_is_replaced_by_a_copy_at_one_press(run_async: RunAsync, filled: Path) -> None:
    damaged = damage(filled)

    async def scenario() -> None:
        async with open_desk(filled) as desk:
            page = await offered(desk)
            assert "is damaged" in page.sentence.text()
            (button,) = page.copies.buttons
            button.click()
            assert "after the copy" not in await titles(desk)
            await desk.until(lambda: desk.window.pane.state == "empty")
            assert desk.window.actions_table["open"].isEnabled()
        assert (filled / "damaged-1" / "fovea.db").read_bytes() == damaged

    run_async(scenario())


def test_a9_what_can_be_read_is_counted_and_used_at_two_presses(run_async: RunAsync, filled: Path) -> None:
    damaged = damage(filled)

    async def scenario() -> None:
        async with open_desk(filled) as desk:
            page = await offered(desk)
            page.recover.click()
            await desk.until(lambda: not page.use.isHidden())
            assert "31 conversations, 60 messages" in page.state.text()
            assert "is lost" in page.state.text()
            page.use.click()
            assert "after the copy" in await titles(desk)
        assert (filled / "damaged-1" / "fovea.db").read_bytes() == damaged

    run_async(scenario())


def test_a9_a_copy_that_is_damaged_too_is_said_and_the_rest_is_still_offered(
    run_async: RunAsync, filled: Path
) -> None:
    damage(filled)
    (copy,) = backups(filled)
    whole = copy.path.read_bytes()

    async def scenario() -> None:
        async with open_desk(filled) as desk:
            page = await offered(desk)
            copy.path.write_bytes(whole[:20_000])
            page.copies.buttons[0].click()
            await desk.until(lambda: "is damaged" in page.state.text())
            assert page.copies.buttons[0].isEnabled()
            assert page.recover.isEnabled()
        assert not list(filled.glob("damaged*"))

    run_async(scenario())


def test_reading_a_damaged_library_can_be_given_up(
    run_async: RunAsync, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(filled)
    monkeypatch.setattr("app.store.salvage.AT_ONCE", 1)

    async def scenario() -> None:
        async with open_desk(filled) as desk:
            page = await offered(desk)
            page.recover.click()
            await desk.until(lambda: not page.cancel.isHidden())
            page.cancel.click()
            await desk.until(lambda: page.cancel.isHidden())
            assert page.state.text() == ""
        assert not list(filled.glob("fovea.db.recovered*"))

    run_async(scenario())


def test_a21_a_library_that_vanished_offers_its_copies_and_no_reading(
    run_async: RunAsync, filled: Path
) -> None:
    (filled / "fovea.db").unlink()

    async def scenario() -> None:
        async with open_desk(filled) as desk:
            page = await offered(desk)
            assert page.recover.isHidden()
            assert "is missing" in page.sentence.text()
            page.copies.buttons[0].click()
            assert len(await titles(desk)) == 30

    run_async(scenario())


def test_a_library_without_copies_that_vanished_only_says_so(run_async: RunAsync, home: Path) -> None:
    (home / "pictures" / "ab").mkdir(parents=True)
    (home / "pictures" / "ab" / "cd").write_bytes(b"x")

    async def scenario() -> None:
        async with open_desk(home) as desk:
            await desk.until(lambda: not desk.controller._tasks.runs("recovery"))
            assert desk.window.pane.state == "failure"

    run_async(scenario())


def test_going_back_to_a_copy_of_a_sound_library_keeps_the_present_one(
    run_async: RunAsync, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(restart, "ask", lambda: asked.append(True))

    async def scenario() -> None:
        async with open_desk(filled) as desk:
            care = desk.controller._care
            desk.window.actions_table["restore"].trigger()
            assert care._dialog is not None
            dialog = care._dialog
            await desk.until(lambda: dialog.copies.buttons)
            dialog.copies.buttons[-1].click()
            await desk.until(lambda: asked)
            await asyncio.sleep(0)
            assert not desk.window.window().isVisible()
        assert backups(filled)[0].why == "restore"
        async with open_desk(filled) as desk:
            assert len(await titles(desk)) == 30

    run_async(scenario())


def test_a_copy_is_made_at_the_end_when_something_changed(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home):
            pass
        assert backups(home) == ()
        async with open_desk(home) as desk:
            await desk.services.store.conversations.create("new")
        async with open_desk(home):
            pass
        assert [(copy.why, copy.conversations) for copy in backups(home)] == [("quit", 1)]

    run_async(scenario())


def test_damage_that_the_weekly_check_finds_is_told_with_a_way_out(
    run_async: RunAsync, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(filled)
    connection = samples.raw(filled)
    connection.execute("UPDATE meta SET value = 'no' WHERE key IN ('open', 'changed')")
    connection.close()

    async def scenario() -> None:
        async with open_desk(filled) as desk:
            desk.controller._care._timer.timeout.emit()
            await desk.until(lambda: "is damaged" in desk.window.notice.text())
            assert desk.window.notice.button is not None
            assert desk.window.notice.button.text() == "Restore a copy…"

    run_async(scenario())


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with a filled library that cannot be written; skips where mounting is not allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting a disk is not allowed here")
    try:
        asyncio.run(fill(folder))
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a8_a_library_that_cannot_be_written_is_browsed_and_says_its_path(
    run_async: RunAsync, read_only_disk: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(read_only_disk) as desk:
            assert str(read_only_disk) in desk.window.notice.text()
            assert desk.window.library.model.rowCount() > 0
            rows = await desk.services.store.conversations.list()
            desk.window.library.conversation_chosen.emit(rows[1].id)
            await desk.until(lambda: desk.window.transcript.isVisible())
            desk.window.composer.edit.setPlainText("Hello")
            desk.window.composer.send.click()
            assert "cannot write" in desk.window.composer.hint.text()
            assert not desk.window.actions_table["open"].isEnabled()
            desk.window.composer.edit.setPlainText("")

    run_async(scenario())


def test_a_restarted_program_runs_again_without_its_pictures(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "import sys\nsys.path.insert(0, sys.argv.pop(1) if len(sys.argv) > 1 else '')\n"
        "print('run', sys.argv[1:])\n"
        "if len(sys.argv) > 1:\n    from ui import restart\n    restart.run_if_asked()\n"
        "    restart.ask()\n    restart.run_if_asked()\n"
    )
    root = Path(backup.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, str(script), str(root), "a.png"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["run ['a.png']", "run []"]
