"""Copies of the library: made, listed, given up, thinned. Rows A13, A22."""

from __future__ import annotations

import asyncio
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from app.domain.errors import DiskFull, LibraryDamaged
from app.domain.message import Status
from app.store import backup, upkeep
from app.store.backup import Halted, backups
from app.store.database import Store
from app.store.upkeep import Upkeep
from tests.app.store import samples

DAY = timedelta(days=1)


def kept_at(store: Store, now: datetime) -> Upkeep:
    keeper = store.upkeep()
    keeper._now = lambda: now
    return keeper


async def ask(store: Store, title: str) -> None:
    asked = samples.question(title)
    await store.conversations.create(title, asked, samples.answer(asked))


def test_a_copy_holds_everything_and_is_listed_with_its_counts(home: Path) -> None:
    async def scene(store: Store) -> None:
        await ask(store, "one")
        await ask(store, "two")
        keeper = store.upkeep()
        path = await keeper.back_up("restore")
        await ask(store, "three")
        await keeper.back_up("quit")
        await keeper.close()
        newer, older = backups(home)
        assert (older.path, older.number, older.why) == (path, 1, "restore")
        assert (older.conversations, older.messages) == (2, 4)
        assert (newer.number, newer.why, newer.conversations, newer.messages) == (2, "quit", 3, 6)
        assert abs(datetime.now(UTC) - newer.made) < timedelta(minutes=1)
        assert older.size == path.stat().st_size
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    samples.with_store(home, scene)
    assert sorted(path.suffix for path in (home / "backups").iterdir()) == [".db", ".db"]


def test_what_is_no_copy_is_neither_listed_nor_touched(home: Path) -> None:
    async def scene(store: Store) -> None:
        await ask(store, "one")
        folder = home / "backups"
        folder.mkdir()
        for name in ("mine.db", "0009-daily.db", "unfinished-1"):
            (folder / name).write_bytes(b"not a database")
        keeper = store.upkeep()
        await keeper.back_up("daily")
        await keeper.close()
        assert [copy.number for copy in backups(home)] == [10]
        assert (folder / "mine.db").read_bytes() == b"not a database"

    samples.with_store(home, scene)


def test_a_copy_is_made_daily_and_only_when_something_changed(home: Path) -> None:
    now = datetime.now(UTC)

    async def scene(store: Store) -> None:
        async def copied(later: timedelta) -> bool:
            keeper = kept_at(store, now + later)
            done = await keeper.run()
            await keeper.close()
            return done.copy is not None

        assert not await copied(0 * DAY)  # a new library holds nothing yet
        await ask(store, "one")
        assert [await copied(days * DAY) for days in (0, 2)] == [True, False]
        await ask(store, "two")
        assert [await copied(days * DAY) for days in (0.5, 2, 4)] == [False, True, False]

    samples.with_store(home, scene)


def test_a22_a_clock_that_jumped_back_gets_one_copy_and_not_one_each_time(home: Path) -> None:
    async def scene(store: Store) -> None:
        await ask(store, "one")
        keeper = kept_at(store, datetime.now(UTC) - 3650 * DAY)
        assert (await keeper.run()).copy is not None
        await ask(store, "two")
        keeper._now = lambda: datetime.now(UTC)
        assert (await keeper.run()).copy is None
        await keeper.close()

    samples.with_store(home, scene)


def test_changes_of_a_start_that_was_killed_are_copied_by_the_next(home: Path) -> None:
    async def write(store: Store) -> None:
        await ask(store, "one")

    async def look(store: Store) -> None:
        keeper = store.upkeep()
        assert await keeper.at_quit() is not None
        assert await keeper.at_quit() is None
        assert [copy.why for copy in backups(home)] == ["quit"]

    samples.with_store(home, write)
    samples.with_store(home, look)
    samples.with_store(home, lambda store: _expect_nothing_to_copy(store))


async def _expect_nothing_to_copy(store: Store) -> None:
    assert await store.upkeep().at_quit() is None


def test_a_copy_is_of_one_moment_while_answers_are_saved(home: Path) -> None:
    async def scene(store: Store) -> None:
        await _fill(store, 40)
        asked = samples.question()
        conversation = await store.conversations.create("growing", asked, samples.answer(asked))
        told = conversation.messages[1]
        keeper = store.upkeep()
        copying = asyncio.ensure_future(keeper.back_up("daily"))
        saves = 0
        while not copying.done():
            saves += 1
            await store.conversations.save(samples.grown(told, "word " * saves))
        path = await copying
        await keeper.close()
        assert saves > 5
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        assert await store.upkeep()._transactions.changed()  # the saves came after the copy began

    samples.with_store(home, scene)


async def _fill(store: Store, count: int) -> None:
    for number in range(count):
        asked = samples.question(f"{number} " * 20_000)
        await store.conversations.create(f"number {number}", asked)


def test_closing_gives_up_a_copy_at_once_and_leaves_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PAGES_AT_ONCE", 1)

    async def scene(store: Store) -> None:
        await _fill(store, 20)
        keeper = store.upkeep()
        copying = asyncio.ensure_future(keeper.back_up("daily"))
        await asyncio.sleep(0)
        await keeper.close()
        with pytest.raises(Halted):
            await copying
        assert list((home / "backups").glob("*")) == []

    samples.with_store(home, scene)


def test_a_library_too_large_for_the_time_there_is_at_the_end_is_not_copied(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(store: Store) -> None:
        await _fill(store, 30)
        monkeypatch.setattr(upkeep, "QUIT_S", -1.0)
        assert await store.upkeep().at_quit() is None
        monkeypatch.setattr(upkeep, "QUIT_S", 60.0)
        monkeypatch.setattr(upkeep, "QUIT_BYTES", 1000)
        assert await store.upkeep().at_quit() is None
        assert backups(home) == ()
        assert await store.upkeep()._transactions.changed()

    samples.with_store(home, scene)


def test_a5_a_copy_that_finds_no_room_leaves_nothing(small_disk: Path) -> None:
    async def scene(store: Store) -> None:
        await ask(store, "one")
        keeper = store.upkeep()
        assert (await keeper.run()).copy is None
        assert await store.upkeep().at_quit() is None
        with pytest.raises(DiskFull):
            await keeper.back_up("daily")
        await keeper.close()
        assert list((small_disk / "backups").iterdir()) == []

    samples.with_store(small_disk, scene)


def test_a_copy_of_a_damaged_library_is_not_kept(home: Path) -> None:
    async def write(store: Store) -> None:
        await _fill(store, 3)

    samples.with_store(home, write)
    with (home / "fovea.db").open("r+b") as file:
        file.seek(-4096 * 3, os.SEEK_END)
        file.write(os.urandom(4096 * 2))

    async def scene(store: Store) -> None:
        keeper = store.upkeep()
        with pytest.raises(LibraryDamaged):
            await keeper.back_up("daily")
        with pytest.raises(LibraryDamaged):
            await keeper.examine()
        await keeper.close()
        assert list((home / "backups").iterdir()) == []

    samples.with_store(home, scene)


def test_the_whole_library_is_checked_once_a_week(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    checks: list[datetime] = []
    examine = Upkeep.examine

    async def count(keeper: Upkeep) -> None:
        checks.append(keeper._now())
        await examine(keeper)

    monkeypatch.setattr(Upkeep, "examine", count)

    async def scene(store: Store) -> None:
        await ask(store, "one")
        for days in (0, 1, 6, 8, 9, -3650, -3649):
            keeper = kept_at(store, now + days * DAY)
            await keeper.run()
            await keeper.close()

    samples.with_store(home, scene)
    assert checks == [now + days * DAY for days in (0, 8, -3650)]


def test_left_overs_of_a_killed_copy_go(home: Path) -> None:
    async def scene(store: Store) -> None:
        (home / "backups").mkdir()
        (home / "backups" / "unfinished-99999").write_bytes(b"half")
        (home / "backups" / "unfinished-99999-journal").write_bytes(b"half")
        keeper = store.upkeep()
        await keeper.run()
        await keeper.close()
        assert list((home / "backups").iterdir()) == []

    samples.with_store(home, scene)


def test_a_streaming_answer_may_be_copied_and_is_cut_off_in_the_copy(home: Path, tmp_path: Path) -> None:
    async def scene(store: Store) -> None:
        asked = samples.question()
        conversation = await store.conversations.create("x", asked, samples.answer(asked))
        await store.conversations.save(samples.grown(conversation.messages[1], "Half"))
        keeper = store.upkeep()
        path = await keeper.back_up("daily")
        await keeper.close()
        (tmp_path / "other").mkdir()
        path.rename(tmp_path / "other" / "fovea.db")

    samples.with_store(home, scene)

    async def look(store: Store) -> None:
        (row,) = await store.conversations.list()
        answer = (await store.conversations.get(row.id)).messages[1]
        assert (answer.text, answer.status) == ("Half", Status.INTERRUPTED)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.store.opening.log.warning", lambda *_: None)
        samples.with_store(tmp_path / "other", look)
