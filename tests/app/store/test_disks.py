"""Disks that are full, fail, or may not be written. Rows A5 to A9, A21."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest

from app.domain.conversation import Draft
from app.domain.errors import (
    DiskFull,
    FolderNotWritable,
    LibraryDamaged,
    NotALibrary,
    StoreFailed,
)
from app.domain.message import Message, Status
from app.store.database import Store
from tests.app.store import samples

if TYPE_CHECKING:
    from tests.app.store.conftest import Nursery


async def streaming(store: Store) -> Message:
    conversation = await store.conversations.create("A photo")
    asked = samples.question()
    return (await store.conversations.add(conversation.id, asked, samples.answer(asked)))[1]


async def only_answer(store: Store) -> Message:
    (row,) = await store.conversations.list()
    return (await store.conversations.get(row.id)).messages[-1]


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    return filler


def test_a5_a_full_disk_is_a_message_and_later_everything_is_saved(small_disk: Path) -> None:
    text = "word " * 4000

    async def scene() -> None:
        store = await Store.open(small_disk)
        told = await streaming(store)
        await store.conversations.save(samples.grown(told, text))
        filler = fill(small_disk)
        saved = text
        with pytest.raises(DiskFull) as caught:
            for _ in range(100):
                await store.conversations.save(samples.grown(told, saved + text))
                saved += text
        assert str(small_disk) in caught.value.sentence
        assert (await only_answer(store)).text == saved
        with pytest.raises(DiskFull):
            await store.conversations.save(samples.grown(told, saved + text))
        filler.unlink()
        await store.conversations.save(samples.grown(told, saved + text, Status.DONE))
        await store.close()
        store = await Store.open(small_disk)
        assert (await only_answer(store)).text == saved + text
        await store.close()

    asyncio.run(scene())
    assert samples.sound(small_disk)


def test_a5_closing_and_opening_on_a_full_disk_loses_nothing(
    small_disk: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("not closed cleanly: database or disk is full")

    async def scene() -> None:
        store = await Store.open(small_disk)
        told = await streaming(store)
        await store.conversations.save(samples.grown(told, "kept"))
        filler = fill(small_disk)
        await store.close()
        try:
            store = await Store.open(small_disk)
        except DiskFull:
            filler.unlink()
            store = await Store.open(small_disk)
        assert (await only_answer(store)).text == "kept"
        await store.close()

    asyncio.run(scene())
    assert samples.sound(small_disk)


@pytest.mark.parametrize("closed_well", [True, False])
def test_a5_a_library_on_a_disk_that_is_full_at_the_start_is_read(
    small_disk: Path, closed_well: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        store = await Store.open(small_disk)
        told = await streaming(store)
        await store.conversations.save(samples.grown(told, "kept", Status.DONE))
        await store.close()
        if not closed_well:
            connection = samples.raw(small_disk)
            connection.execute("UPDATE meta SET value = 'yes' WHERE key = 'open'")
            connection.close()
        filler = fill(small_disk)
        store = await Store.open(small_disk)
        assert store.read_only
        assert (await only_answer(store)).text == "kept"
        with pytest.raises(DiskFull):
            await store.conversations.save(samples.grown(told, "more"))
        await store.close()
        if not closed_well:
            monkeypatch.setattr("app.store.backup.ROOM_LEFT", 1 << 60)
            with pytest.raises(DiskFull, match=tempfile.gettempdir()):
                await Store.open(small_disk)
        filler.unlink()
        store = await Store.open(small_disk)
        assert not store.read_only
        await store.close()

    asyncio.run(scene())


def test_a5_a_library_is_not_begun_on_a_full_disk(small_disk: Path) -> None:
    filler = fill(small_disk)
    with pytest.raises(DiskFull):
        asyncio.run(Store.open(small_disk))
    assert not (small_disk / "fovea.db").exists()
    filler.unlink()

    async def scene() -> None:
        await (await Store.open(small_disk)).close()

    asyncio.run(scene())


@pytest.fixture
def connections() -> Iterator[list[apsw.Connection]]:
    """Every connection that is opened."""
    opened: list[apsw.Connection] = []
    apsw.connection_hooks.append(opened.append)
    yield opened
    apsw.connection_hooks.remove(opened.append)


def test_a5_a_database_that_may_not_grow_keeps_what_it_has(
    home: Path, connections: list[apsw.Connection]
) -> None:
    """The same as on a full disk, where none can be mounted: SQLite raises the same error."""

    async def scene() -> None:
        store = await Store.open(home)
        (writer,) = (
            connection
            for connection in connections
            if (connection.open_flags or 0) & apsw.SQLITE_OPEN_READWRITE
            and connection.filename.endswith("fovea.db")
        )
        told = await streaming(store)
        await store.conversations.save(samples.grown(told, "kept"))
        writer.pragma("max_page_count", 1)
        with pytest.raises(DiskFull):
            await store.conversations.save(samples.grown(told, "x" * 500_000))
        assert (await only_answer(store)).text == "kept"
        writer.pragma("max_page_count", 1_000_000)
        await store.conversations.save(samples.grown(told, "x" * 500_000))
        assert (await only_answer(store)).text == "x" * 500_000
        await store.close()

    asyncio.run(scene())


def test_a6_a_picture_that_finds_no_room_leaves_nothing_and_keeps_the_draft(small_disk: Path) -> None:
    data = os.urandom(2_000_000)

    async def scene() -> None:
        store = await Store.open(small_disk)
        await store.conversations.save_draft(None, Draft(text="typed"))
        with pytest.raises(DiskFull):
            await store.pictures.add(data, samples.picture(data))
        assert not [path for path in (small_disk / "pictures").rglob("*") if path.is_file()]
        with pytest.raises(KeyError):
            await store.pictures.get(samples.picture(data).sha256)
        assert await store.conversations.draft(None) == Draft(text="typed")
        await store.pictures.add(samples.BYTES, samples.picture())
        await store.close()

    asyncio.run(scene())


def test_a7_a_write_error_is_never_called_saved_and_a_later_save_succeeds(
    nursery: Nursery, home: Path
) -> None:
    lines = nursery.run("meet_write_errors", home)
    assert lines == ["refused store-failed", "holds before", "then 100000", "gone 0"]
    assert samples.sound(home)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user reaches, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="fovea-everyone-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a8_a_folder_that_cannot_be_written_is_named(nursery: Nursery, open_folder: Path) -> None:
    folder = open_folder / "library"
    folder.mkdir(mode=0o555)
    assert nursery.run("open_as_nobody", folder)[0] == (
        f"refused folder-not-writable {folder} permission denied"
    )
    assert list(folder.iterdir()) == []
    open_folder.chmod(0o555)
    assert nursery.run("open_as_nobody", open_folder / "new")[0] == (
        f"refused folder-not-writable {open_folder / 'new'} Permission denied"
    )


def _close_to_writers(folder: Path, mode: int) -> None:
    for path in (*folder.rglob("*"), folder):
        path.chmod(mode | 0o111 if path.is_dir() else mode)


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a8_a_library_that_cannot_be_written_is_read(nursery: Nursery, open_folder: Path) -> None:
    folder = open_folder / "library"
    nursery.run("stream", folder, 2)
    _close_to_writers(folder, 0o444)
    before = _snapshot(folder)
    assert nursery.run("browse_as_nobody", folder) == [
        "opened True 0",
        "read 2 done streamed streamed ",
        f"picture {len(samples.BYTES)}",
        f"refused folder-not-writable {folder} permission denied",
        "left",
        "gone 0",
    ]
    assert _snapshot(folder) == before
    (folder / "fovea.lock").chmod(0o666)
    for path in (folder, folder / "pictures", folder / "pictures" / "incoming"):
        path.chmod(0o777)
    refused = f"refused folder-not-writable {folder / 'fovea.db'} permission denied"
    assert nursery.run("browse_as_nobody", folder)[3] == refused
    (folder / "fovea.lock").unlink()
    assert _snapshot(folder) == {name: data for name, data in before.items() if "lock" not in name}


def test_a8_what_the_log_of_an_unwritable_library_holds_is_read_too(
    nursery: Nursery, open_folder: Path
) -> None:
    folder = open_folder / "library"
    nursery.run("stream", folder, 3, "kill")
    for missing in ("", "fovea.db-shm"):
        if missing:
            folder.chmod(0o755)
            (folder / missing).unlink()
        _close_to_writers(folder, 0o444)
        before = _snapshot(folder)
        assert nursery.run("browse_as_nobody", folder)[:2] == [
            "opened True 2",
            "read 2 interrupted streamed streamed streamed ",
        ]
        assert _snapshot(folder) == before


@pytest.mark.parametrize("version", samples.golden_versions())
def test_a8_an_older_library_that_cannot_be_written_is_read(
    nursery: Nursery, open_folder: Path, version: int
) -> None:
    folder = open_folder / "library"
    samples.plant(folder, version)
    _close_to_writers(folder, 0o444)
    before = _snapshot(folder)
    lines = nursery.run("browse_as_nobody", folder)
    assert lines[0].startswith("opened True")
    assert sum(line.startswith("read ") for line in lines) == (2 if version == 1 else 3)
    assert lines[-2:] == ["left", "gone 0"]
    assert _snapshot(folder) == before


def test_a8_a_damaged_library_that_cannot_be_written_is_refused(nursery: Nursery, open_folder: Path) -> None:
    folder = open_folder / "library"
    nursery.run("stream", folder, 3)
    (folder / "fovea.db").write_bytes(b"no library at all" * 500)
    _close_to_writers(folder, 0o444)
    assert nursery.run("browse_as_nobody", folder)[0].startswith("raised NotALibrary")


def _remount(disk: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(disk)], check=True)


def test_a8_a_disk_that_became_read_only_is_read(small_disk: Path) -> None:
    async def scene() -> None:
        store = await Store.open(small_disk)
        told = await streaming(store)
        await store.conversations.save(samples.grown(told, "kept", Status.DONE))
        await store.close()
        _remount(small_disk, "ro")
        store = await Store.open(small_disk)
        assert store.read_only
        assert (await only_answer(store)).text == "kept"
        with pytest.raises(FolderNotWritable):
            await store.conversations.save(samples.grown(told, "more"))
        await store.close()
        _remount(small_disk, "rw")
        store = await Store.open(small_disk)
        assert not store.read_only
        await store.close()

    asyncio.run(scene())


def test_a21_a_folder_on_a_disk_that_is_not_there_is_not_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "not mounted" / "library"
    monkeypatch.setenv("FOVEA_HOME", str(home))
    with pytest.raises(FolderNotWritable, match="not mounted does not exist"):
        asyncio.run(Store.open(home))
    assert not home.parent.exists()


@pytest.mark.parametrize("left", ["pictures", "backups", "log"])
def test_a21_no_empty_library_takes_the_place_of_one_that_vanished(home: Path, left: str) -> None:
    home.mkdir()
    if left == "log":
        (home / "fovea.db-wal").write_bytes(b"changes")
    else:
        kept = home / left / ("ab/cd" if left == "pictures" else "0001-version-1.db")
        kept.parent.mkdir(parents=True)
        kept.write_bytes(b"x")
    with pytest.raises(LibraryDamaged, match="is missing"):
        asyncio.run(Store.open(home))
    assert not (home / "fovea.db").exists()


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FolderNotWritable, match="not a folder"):
        asyncio.run(Store.open(tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "mine"


# ---------------------------------------------------------------- damage


async def _open_and_close(home: Path) -> None:
    await (await Store.open(home)).close()


async def _fill_library(home: Path) -> None:
    store = await Store.open(home)
    for number in range(60):
        conversation = await store.conversations.create(f"number {number}")
        asked = samples.question(f"{number} " * 300)
        await store.conversations.add(conversation.id, asked, samples.answer(asked))
    await store.close()


async def _read_all(home: Path) -> list[str]:
    store = await Store.open(home)
    try:
        rows = await store.conversations.list()
        return [(await store.conversations.get(row.id)).messages[0].text for row in rows]
    finally:
        await store.close()


@pytest.fixture
def filled(home: Path) -> Path:
    """A library of some fifty pages."""
    asyncio.run(_fill_library(home))
    return home


def _damage(home: Path, page: int, chance: random.Random) -> None:
    with (home / "fovea.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(chance.randbytes(4096))


def _pages(home: Path) -> int:
    return (home / "fovea.db").stat().st_size // 4096


def test_a9_after_a_crash_any_damaged_page_is_found_and_the_file_left_alone(filled: Path) -> None:
    connection = samples.raw(filled)
    connection.execute("UPDATE meta SET value = 'yes' WHERE key = 'open'")
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    connection.close()
    whole = (filled / "fovea.db").read_bytes()
    chance = random.Random(9)
    assert _pages(filled) > 25
    for page in [1, *chance.sample(range(2, _pages(filled) + 1), 20)]:
        (filled / "fovea.db").write_bytes(whole)
        _damage(filled, page, chance)
        before = samples.content(filled)["fovea.db"]
        with pytest.raises((LibraryDamaged, NotALibrary)) as caught:
            asyncio.run(_open_and_close(filled))
        assert caught.value.sentence
        assert samples.content(filled)["fovea.db"] == before
    (filled / "fovea.db").write_bytes(whole)
    assert len(asyncio.run(_read_all(filled))) == 60


def test_a9_damage_met_while_reading_is_an_error_never_a_crash(filled: Path) -> None:
    whole = (filled / "fovea.db").read_bytes()
    chance = random.Random(10)
    met = 0
    for page in chance.sample(range(1, _pages(filled) + 1), 20):
        (filled / "fovea.db").write_bytes(whole)
        for path in filled.glob("fovea.db-*"):
            path.unlink()
        _damage(filled, page, chance)
        try:
            asyncio.run(_read_all(filled))
        except StoreFailed:
            met += 1
    assert met > 5
