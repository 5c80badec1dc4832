"""The end of what was deleted: the trash after thirty days, pictures that nothing names. Row A22."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw

from app.domain.conversation import Draft
from app.store import sweep
from app.store.backup import backups
from app.store.database import Store
from app.store.upkeep import Done
from tests.app.store import samples

DAY = timedelta(days=1)
NOW = datetime.now(UTC)
OTHERS = [f"picture {number}".encode() for number in range(6)]


async def upkeep(store: Store, after: timedelta) -> Done:
    keeper = store.upkeep()
    keeper._now = lambda: NOW + after
    try:
        return await keeper.run()
    finally:
        await keeper.close()


async def show(store: Store, data: bytes) -> str:
    """A conversation about a picture; returns its id."""
    await store.pictures.add(data, samples.picture(data))
    return (await store.conversations.create("x", samples.question(shows=data))).id


def age_files(home: Path) -> None:
    """Make every original look as if it had been there for long."""
    for path in (home / "pictures").glob("??/*"):
        os.utime(path, (0, 0))


def originals(home: Path) -> int:
    return len(list((home / "pictures").glob("??/*")))


async def titles(store: Store) -> set[str]:
    return {thing.title for thing in await store.trash.contents()}


async def looks(store: Store, *days: float) -> list[int]:
    """How many things left the trash at looks after so many days."""
    return [(await upkeep(store, day * DAY)).purged for day in days]


def test_the_trash_keeps_things_for_thirty_days_from_the_first_look(home: Path) -> None:
    async def scene(store: Store) -> None:
        kept = await store.conversations.create("kept")
        gone = await store.conversations.create("gone")
        await store.trash.put([gone.id])
        assert await looks(store, 1, 8, 15, 22, 29, 30, 31, 40) == [0, 0, 0, 0, 0, 0, 1, 0]
        assert [row.id for row in await store.conversations.list()] == [kept.id]

    samples.with_store(home, scene)


def test_a22_what_was_deleted_while_the_clock_was_years_slow_stays_for_thirty_days(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation = await store.conversations.create("x")
        await store.trash.put([conversation.id])
        connection = samples.raw(home)
        when = (NOW - 3650 * DAY).isoformat()
        connection.execute("UPDATE conversation SET trashed = ?", (when,))
        connection.close()
        assert await looks(store, -3650, -3649, 0, 1, 2, 9, 16) == [0] * 7
        assert await titles(store) == {"x"}
        assert await looks(store, 23, 30, 31) == [0, 1, 0]

    samples.with_store(home, scene)


def test_the_thirty_days_begin_anew_when_something_comes_back_and_goes_again(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation = await store.conversations.create("x")
        await store.trash.put([conversation.id])
        assert await looks(store, 1, 8, 15, 22, 29) == [0] * 5
        await store.trash.take_back([conversation.id])
        await store.trash.put([conversation.id])
        assert await looks(store, 36, 43) == [0, 0]

    samples.with_store(home, scene)


def test_a22_a_clock_that_jumps_for_a_day_empties_nothing(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation = await store.conversations.create("x")
        await store.trash.put([conversation.id])
        for days in (0, 3650, 3650.5, 1, 2, -3650, -3650.5, 3, 3650, 4, 5):
            assert (await upkeep(store, days * DAY)).purged == 0
        assert await titles(store) == {"x"}

    samples.with_store(home, scene)


def test_branches_leave_the_trash_in_the_order_in_which_they_came(home: Path) -> None:
    async def scene(store: Store) -> None:
        first = samples.question("first")
        told = samples.answer(first)
        second = samples.question("second").replace(parent_id=told.id)
        conversation = await store.conversations.create("x", first, told, second)
        await store.trash.put_branch(second.id)
        await store.trash.put_branch(told.id)
        assert await looks(store, 1, 8, 15, 22, 29, 36) == [0, 0, 0, 0, 0, 2]
        assert [m.text for m in (await store.conversations.get(conversation.id)).messages] == ["first"]

    samples.with_store(home, scene)


def test_a_picture_goes_a_day_after_nothing_named_it_any_more(home: Path) -> None:
    async def scene(store: Store) -> None:
        gone = await show(store, OTHERS[0])
        await show(store, OTHERS[1])
        await store.pictures.add(OTHERS[2], samples.picture(OTHERS[2]))
        drafted = (samples.picture(OTHERS[2]).sha256, "draft.png")
        await store.conversations.save_draft(None, Draft(text="typed", pictures=(drafted,)))
        await store.trash.put([gone])
        assert await looks(store, 2, 9, 16, 23, 30, 33) == [0, 0, 0, 0, 0, 1]
        age_files(home)
        assert (await upkeep(store, 33.5 * DAY)).dropped == 0
        for copy in backups(home):
            copy.path.unlink()
        done = await upkeep(store, 34.5 * DAY)
        assert (done.dropped, done.freed) == (1, len(OTHERS[0]))
        assert not store.pictures.path(samples.picture(OTHERS[0]).sha256).exists()
        for data in OTHERS[1:3]:
            assert await store.pictures.read(samples.picture(data).sha256) == data

    samples.with_store(home, scene)


def test_the_file_of_a_picture_stays_for_as_long_as_a_copy_names_it(home: Path) -> None:
    async def scene(store: Store) -> None:
        await store.pictures.add(OTHERS[0], samples.picture(OTHERS[0]))
        keeper = store.upkeep()
        copy = await keeper.back_up("daily")
        await keeper.close()
        age_files(home)
        await upkeep(store, 1 * DAY)
        assert await upkeep(store, 3 * DAY) == Done(dropped=1)
        assert originals(home) == 1
        (home / "damaged-1").mkdir()
        copy.rename(home / "damaged-1" / "fovea.db")
        assert (await upkeep(store, 4 * DAY)).freed == 0
        (home / "damaged-1" / "fovea.db").rename(home / "backups" / copy.name)
        copy.write_bytes(b"what it names is not known")
        assert (await upkeep(store, 5 * DAY)).freed == 0
        copy.unlink()
        assert (await upkeep(store, 6 * DAY)).freed == len(OTHERS[0])
        assert originals(home) == 0

    samples.with_store(home, scene)


def test_a_picture_that_is_added_again_stays(home: Path) -> None:
    async def scene(store: Store) -> None:
        await store.pictures.add(OTHERS[0], samples.picture(OTHERS[0]))
        await upkeep(store, 0 * DAY)
        await store.pictures.add(OTHERS[0], samples.picture(OTHERS[0]))
        assert (await upkeep(store, 2 * DAY)).dropped == 0
        assert (await upkeep(store, 3 * DAY)).dropped == 1

    samples.with_store(home, scene)


def test_a_file_whose_row_is_on_its_way_stays(home: Path) -> None:
    async def scene(store: Store) -> None:
        await store.pictures.place(OTHERS[0], samples.picture(OTHERS[0]))
        assert (await upkeep(store, 0 * DAY)).freed == 0
        age_files(home)
        await store.pictures.place(OTHERS[0], samples.picture(OTHERS[0]))
        assert (await upkeep(store, 0 * DAY)).freed == 0
        assert originals(home) == 1
        age_files(home)
        assert (await upkeep(store, 0 * DAY)).freed == len(OTHERS[0])

    samples.with_store(home, scene)


def test_a_file_that_became_wanted_in_the_last_moment_comes_back(tmp_path: Path) -> None:
    folder, staging = tmp_path / "ab", tmp_path / "incoming"
    folder.mkdir()
    staging.mkdir()
    path = folder / ("c" * 62)
    path.write_bytes(b"x")
    assert sweep.remove_files([path], staging, datetime.now(UTC)) == 0
    assert path.read_bytes() == b"x"
    os.utime(path, (0, 0))
    assert sweep.remove_files([path], staging, datetime.now(UTC)) == 1
    assert list(staging.iterdir()) == []


def test_every_table_that_names_pictures_is_asked(home: Path) -> None:
    async def scene(store: Store) -> None:
        for data in OTHERS[:3]:
            await store.pictures.add(data, samples.picture(data))

    samples.with_store(home, scene)
    connection = samples.raw(home)
    hashes = [samples.picture(data).sha256 for data in OTHERS[:3]]
    assert sweep.unnamed(connection) == set(hashes)
    connection.execute("CREATE TABLE region (id INTEGER PRIMARY KEY, shown TEXT REFERENCES picture (sha256))")
    connection.execute("INSERT INTO region (shown) VALUES (?)", (hashes[0],))
    drafted = json.dumps([[hashes[1], "photo.png"]])
    connection.execute("INSERT INTO draft (text, pictures) VALUES ('', ?)", (drafted,))
    assert sweep.unnamed(connection) == {hashes[2]}
    connection.close()


def test_nothing_is_swept_while_a_draft_cannot_be_read(home: Path) -> None:
    async def scene(store: Store) -> None:
        await store.pictures.add(OTHERS[0], samples.picture(OTHERS[0]))

    samples.with_store(home, scene)
    connection = samples.raw(home)
    connection.execute("INSERT INTO draft (text, pictures) VALUES ('', '{')")
    try:
        sweep.drop_rows(connection, NOW)
    except apsw.SQLError:
        pass
    else:
        raise AssertionError("it did not notice")
    assert connection.execute("SELECT count(*) FROM picture").fetchall() == [(1,)]
    connection.close()
