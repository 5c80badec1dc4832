"""What lies where the library should be, and who else holds it. Rows A11, A12, A15 to A17."""

from __future__ import annotations

import asyncio
import os
import re
import stat
import threading
from collections.abc import Callable
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest

from app import __version__
from app.domain.errors import LibraryInUse, NewerLibrary, NotALibrary, StoreFailed
from app.domain.message import Status
from app.paths import make_home
from app.store.database import Store
from app.store.opening import OpenReport, require_sqlite
from app.store.schema import APPLICATION_ID, shipped_migrations
from tests.app.store import samples
from tests.app.store.victims import NEXT_MIGRATION

if TYPE_CHECKING:
    from tests.app.store.conftest import Nursery


async def open_and_close(home: Path, *, migrations: tuple[str, ...] | None = None) -> OpenReport:
    store = await Store.open(home, migrations=migrations)
    await store.close()
    return store.report


def store_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("store ")]


def test_a_new_library_is_ours_durable_and_closed_without_a_trace(home: Path) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        await store.conversations.create("x")
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert await store._transactions.write(methodcaller("pragma", pragma)) == value
        assert len(store_threads()) == 3
        await store.close()
        await store.close()
        with pytest.raises(RuntimeError, match="closed"):
            await store.conversations.list()

    asyncio.run(scene())
    assert store_threads() == []
    assert sorted(path.name for path in home.iterdir()) == ["fovea.db", "fovea.lock", "pictures"]
    connection = samples.raw(home)
    assert connection.pragma("application_id") == APPLICATION_ID
    assert connection.pragma("user_version") == len(shipped_migrations())
    connection.close()


def _empty(path: Path) -> None:
    path.touch()


def _text(path: Path) -> None:
    path.write_text("The library of another program, perhaps.\n" * 200)


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def _link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _foreign(path: Path) -> None:
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode=wal; CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    connection.close()


@pytest.mark.parametrize(
    "plant", [_empty, _text, _folder, _pipe, _dangling_link, _link_to_itself, _device, _foreign]
)
def test_a11_what_is_not_a_library_is_refused_and_left_as_it_is(
    home: Path, plant: Callable[[Path], None]
) -> None:
    home.mkdir()
    plant(home / "fovea.db")

    def seen() -> list[tuple[str, int, bytes]]:
        return [
            (path.name, path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in sorted(home.glob("fovea.db*"))
        ]

    before = seen()
    with pytest.raises(NotALibrary) as caught:
        asyncio.run(open_and_close(home))
    assert str(home / "fovea.db") in caught.value.sentence
    assert seen() == before
    assert store_threads() == []


def test_a11_a_pipe_in_place_of_the_lock_is_refused(home: Path) -> None:
    home.mkdir()
    os.mkfifo(home / "fovea.lock")
    with pytest.raises(StoreFailed, match="not a file"):
        asyncio.run(open_and_close(home))


@pytest.mark.parametrize("merged", [True, False])
def test_a12_a_newer_library_is_neither_opened_nor_changed(home: Path, merged: bool) -> None:
    asyncio.run(open_and_close(home))
    connection = samples.raw(home)
    connection.execute("PRAGMA user_version = 99; UPDATE meta SET value = '9.8.7' WHERE key = 'program'")
    if merged:
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    connection.close()
    before = samples.content(home)
    with pytest.raises(NewerLibrary, match=r"9\.8\.7"):
        asyncio.run(open_and_close(home))
    after = samples.content(home)
    assert after["fovea.db"] == before["fovea.db"]
    assert after.get("fovea.db-wal", b"") == before["fovea.db-wal"]


def test_a12_a_newer_library_of_unknown_shape_is_refused_too(home: Path) -> None:
    asyncio.run(open_and_close(home))
    connection = samples.raw(home)
    connection.execute("PRAGMA user_version = 99; DROP TABLE meta")
    connection.close()
    with pytest.raises(NewerLibrary, match="schema 99"):
        asyncio.run(open_and_close(home))


def test_a13_a_migration_keeps_everything_and_a_verified_copy_of_before(home: Path) -> None:
    async def write() -> None:
        store = await Store.open(home)
        await store.conversations.create("old")
        await store.close()

    asyncio.run(write())
    migrations: tuple[str, ...] = shipped_migrations()
    for number in range(5):
        migrations = (*migrations, NEXT_MIGRATION if number == 0 else f"CREATE TABLE t{number} (x)")
        asyncio.run(open_and_close(home, migrations=migrations))
    connection = samples.raw(home)
    assert connection.execute("SELECT title, tomorrow FROM conversation").fetchall() == [("old", 1)]
    assert connection.execute("SELECT name FROM tomorrow").fetchall() == [("old",)]
    connection.close()
    backups = sorted((home / "backups").iterdir())
    shipped = len(shipped_migrations())
    named = [re.sub(r"-\d{8}T\d{6}-", "-", path.name) for path in backups]
    assert named == [f"{n:04}-version-{n + shipped - 1}.db" for n in range(3, 6)]
    assert {stat.S_IMODE(path.stat().st_mode) for path in backups} == {0o600}
    _expect_restorable(home, backups[0], migrations)


def _expect_restorable(home: Path, backup: Path, migrations: tuple[str, ...]) -> None:
    restored = home.with_name("restored")
    make_home(restored)
    backup.rename(restored / "fovea.db")

    async def scene() -> None:
        store = await Store.open(restored, migrations=migrations)
        assert [row.title for row in await store.conversations.list()] == ["old"]
        await store.close()

    asyncio.run(scene())


def test_a14_a_migration_that_fails_changes_nothing(home: Path) -> None:
    asyncio.run(open_and_close(home))
    for wrong in ("CREATE TABLE new (x); SELECT nonsense", "CREATE TABLE new (x); DROP TABLE meta;"):
        with pytest.raises(StoreFailed):
            asyncio.run(open_and_close(home, migrations=(*shipped_migrations(), wrong)))
        connection = samples.raw(home)
        assert connection.pragma("user_version") == len(shipped_migrations())
        names = connection.execute("SELECT name FROM sqlite_schema").fetchall()
        assert ("new",) not in names
        assert ("meta",) in names
        connection.close()
        assert samples.sound(home)
    asyncio.run(open_and_close(home))


def test_a15_two_that_start_at_once_share_one_library(nurseries: Callable[[], Nursery], home: Path) -> None:
    born = [nurseries() for _ in range(3)]
    for nursery in born:
        assert nursery.run("open_as_nobody", home.parent / "warm")  # all imports are done
    for number, nursery in enumerate(born):
        nursery.start("join_in", home, f"number {number}")
    for nursery in born:
        assert nursery.wait()[-1] == "gone 0"

    async def scene() -> None:
        store = await Store.open(home)
        titles = {row.title for row in await store.conversations.list()}
        assert titles == {"number 0", "number 1", "number 2"}
        assert not store.report.unclean
        await store.close()

    asyncio.run(scene())


def test_a15_a_second_program_does_not_interrupt_the_answers_of_the_first(
    nursery: Nursery, home: Path
) -> None:
    nursery.start("stream", home, 2, "hold")
    nursery.wait_for("holding")

    async def status() -> tuple[OpenReport, Status]:
        store = await Store.open(home)
        (row,) = await store.conversations.list()
        answer = (await store.conversations.get(row.id)).messages[-1]
        await store.conversations.rename(row.id, "from beside")
        await store.close()
        return store.report, answer.status

    assert asyncio.run(status()) == (OpenReport(first=False), Status.STREAMING)
    nursery.kill()
    assert asyncio.run(status()) == (
        OpenReport(first=True, unclean=True, interrupted=2),
        Status.INTERRUPTED,
    )


def test_a16_a_library_that_another_program_holds_is_waited_for_and_then_reported(
    nursery: Nursery, home: Path
) -> None:
    async def scene() -> None:
        store = await Store.open(home, wait_s=0.2)
        conversation = await store.conversations.create("x")
        (told,) = await store.conversations.add(conversation.id, samples.question(""))
        nursery.start("hold_exclusively", home)
        nursery.wait_for("holding")
        with pytest.raises(LibraryInUse):
            await store.conversations.save(samples.grown(told, "more"))
        assert (await store.conversations.get(conversation.id)).messages == (told,)
        saving = asyncio.create_task(store.conversations.save(samples.grown(told, "more")))
        nursery.kill()
        await saving
        assert (await store.conversations.get(conversation.id)).messages[0].text == "more"
        await store.close()

    asyncio.run(scene())


def test_a16_opening_waits_for_a_program_that_holds_the_library(nursery: Nursery, home: Path) -> None:
    asyncio.run(open_and_close(home))
    nursery.start("hold_exclusively", home)
    nursery.wait_for("holding")
    with pytest.raises(LibraryInUse, match="in use"):
        asyncio.run(Store.open(home, wait_s=0.2))
    assert store_threads() == []
    nursery.kill()
    asyncio.run(open_and_close(home))


@pytest.mark.parametrize("version", ["3.7.0", "3.46.1", "3.51.2"])
def test_a17_an_sqlite_that_can_lose_commits_is_refused(home: Path, version: str) -> None:
    with pytest.raises(StoreFailed, match=rf"needs SQLite 3\.51\.3 or later, this is {version}"):
        require_sqlite(version, home)


def test_a17_the_sqlite_that_is_linked_will_do(home: Path) -> None:
    require_sqlite("3.51.3", home)
    require_sqlite(apsw.sqlite_lib_version(), home)


def test_the_library_knows_which_program_wrote_it(home: Path) -> None:
    asyncio.run(open_and_close(home))
    connection = samples.raw(home)
    assert connection.execute("SELECT value FROM meta WHERE key = 'program'").fetchall() == [(__version__,)]
    connection.close()


def test_opening_that_is_cancelled_leaves_no_thread_and_no_lock(home: Path) -> None:
    async def scene() -> None:
        opening = asyncio.create_task(Store.open(home))
        await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert store_threads() == []
        store = await Store.open(home)
        assert store.report == OpenReport(first=True)
        await store.close()

    asyncio.run(scene())
