"""What is left when the program is killed. Rows A1 to A3, A10, A14."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.conversation import Conversation, Draft
from app.domain.message import Status
from app.store import schema
from app.store.database import Store
from app.store.opening import OpenReport
from app.store.schema import shipped_migrations
from tests.app.store import samples
from tests.app.store.victims import NEXT_MIGRATION, WORD

if TYPE_CHECKING:
    from tests.app.store.conftest import Nursery

MIGRATIONS = (*shipped_migrations(), NEXT_MIGRATION)


def look(home: Path, migrations: tuple[str, ...] | None = None) -> tuple[OpenReport, list[Conversation]]:
    """Open, read everything, close."""

    async def play() -> tuple[OpenReport, list[Conversation]]:
        store = await Store.open(home, migrations=migrations)
        try:
            rows = await store.conversations.list()
            return store.report, [await store.conversations.get(row.id) for row in rows]
        finally:
            await store.close()

    return asyncio.run(play())


def _kill_at_random(nursery: Nursery, home: Path, chance: random.Random) -> None:
    saves = chance.randint(1, 30)
    nursery.start("stream", home, saves)
    lines: list[str] = []
    for _ in range(chance.randint(0, saves + 3)):
        word = ("open", "added")[len(lines)] if len(lines) < 2 else "saved"
        if len(lines) == saves + 2:
            word = "done"
        lines += nursery.wait_for(word)
    for _ in range(chance.randint(0, 3000)):
        os.getpid()  # some microseconds more, to land between two lines
    lines += nursery.kill()
    assert not [line for line in lines if line.startswith("raised")], lines
    _expect_kept(home, lines)


def _expect_kept(home: Path, lines: list[str]) -> None:
    """Everything the victim was told is durable is there, and nothing says it is on its way."""
    if (home / "fovea.db").exists():
        assert samples.sound(home)
    _, conversations = look(home)
    by_id = {message.id: message for shown in conversations for message in shown.messages}
    told = {line.split()[0]: line.split()[1:] for line in lines}
    if "added" in told:
        _, asked, answered = told["added"]
        assert by_id[asked].text == "word " * 200
        assert by_id[asked].status is Status.INTERRUPTED
        assert by_id[asked].pictures[0].sha256 == samples.picture().sha256
        text, least = by_id[answered].text, int(told.get("saved", [answered, "0"])[1])
        assert text == WORD * (len(text) // len(WORD))
        assert len(text) >= least * len(WORD)
        if "done" in told:
            assert by_id[answered].status is Status.DONE
    assert all(message.status.finished for message in by_id.values())


def test_a1_whenever_it_is_killed_every_acknowledged_word_is_kept(nursery: Nursery, home: Path) -> None:
    chance = random.Random(1)
    for _ in range(int(os.environ.get("FOVEA_KILLS", "40"))):
        _kill_at_random(nursery, home, chance)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a1_a_thousand_times(nursery: Nursery, home: Path) -> None:
    chance = random.Random()
    home.mkdir()
    for number in range(1000):
        _kill_at_random(nursery, home / str(number // 50), chance)


def test_a1_after_a_kill_the_library_is_checked_and_says_what_was_cut_off(
    nursery: Nursery, home: Path
) -> None:
    nursery.run("stream", home, 3, "kill")
    report, (conversation,) = look(home)
    assert report == OpenReport(first=True, unclean=True, interrupted=2)
    assert conversation.messages[1].text == WORD * 3
    assert look(home)[0] == OpenReport(first=True)


def test_a2_killed_after_send_the_question_is_there_with_its_picture(nursery: Nursery, home: Path) -> None:
    nursery.run("stream", home, 0, "kill")

    async def scene() -> None:
        store = await Store.open(home)
        (row,) = await store.conversations.list()
        question, empty = (await store.conversations.get(row.id)).messages
        assert (question.text, question.status) == ("word " * 200, Status.INTERRUPTED)
        assert (empty.text, empty.status) == ("", Status.INTERRUPTED)
        assert await store.pictures.read(question.pictures[0].sha256) == samples.BYTES
        await store.close()

    asyncio.run(scene())


def test_a3_killed_while_typing_the_draft_comes_back_with_its_picture(nursery: Nursery, home: Path) -> None:
    for words in (1, 7, 20):
        nursery.start("type_words", home)
        for _ in range(words):
            nursery.wait_for("typed")
        lines = [line for line in nursery.kill() if line.startswith("typed")]
        least = int(lines[-1].split()[1]) if lines else words
        draft = asyncio.run(_draft_in(home))
        assert draft.pictures == ((samples.picture().sha256, "photo.png"),)
        assert draft.text in (WORD * least, WORD * (least + 1))


async def _draft_in(home: Path) -> Draft:
    store = await Store.open(home)
    try:
        return await store.conversations.draft(None)
    finally:
        await store.close()


def test_a10_a_deleted_log_is_noticed(
    nursery: Nursery, home: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("fovea.db-wal is missing")
    nursery.run("stream", home, 3, "kill")
    (home / "fovea.db-wal").unlink()
    report, conversations = look(home)
    assert report == OpenReport(first=True, unclean=True, log_missing=True)
    assert conversations == []  # nothing had been merged yet
    assert samples.sound(home)
    assert look(home)[0] == OpenReport(first=True)


@pytest.mark.parametrize("cut", [1, 100, 4096, 9000, 30_000])
def test_a10_a_torn_log_opens_to_its_last_whole_commit(nursery: Nursery, home: Path, cut: int) -> None:
    nursery.run("stream", home, 5, "kill")
    log = home / "fovea.db-wal"
    os.truncate(log, log.stat().st_size - cut)
    report, (conversation,) = look(home)
    assert report.unclean
    answer = conversation.messages[-1].text
    assert answer == WORD * (len(answer) // len(WORD))
    assert answer in WORD * 4
    assert samples.sound(home)


def test_a10_garbage_at_the_end_of_the_log_is_not_believed(nursery: Nursery, home: Path) -> None:
    nursery.run("stream", home, 5, "kill")
    with (home / "fovea.db-wal").open("r+b") as log:
        log.seek(-2000, os.SEEK_END)
        log.write(random.Random(3).randbytes(2000))
    _, (conversation,) = look(home)
    assert conversation.messages[-1].text == WORD * 4
    assert samples.sound(home)


def schemas_after(old: Path, version: int) -> dict[int, set[tuple[str, ...]]]:
    """The schema that each migration leaves behind, by the number of migrations; `old` is used up."""
    connection = samples.raw(old)
    schemas = {version: samples.schema_of(connection)}
    for count in range(version + 1, len(MIGRATIONS) + 1):
        schema.migrate(connection, MIGRATIONS[:count])
        schemas[count] = samples.schema_of(connection)
    connection.close()
    return schemas


STRIDE = 10
"""The suite kills at one of so many statements, each test at others; the soak kills at all."""


def kill_migrations(nursery: Nursery, folder: Path, version: int, first: int, stride: int) -> None:
    """Kill the migration of a library at its statements `first`, `first + stride` and so on."""
    home = folder / "home"
    folder.mkdir(exist_ok=True)
    for name in ("old", "reference", "home"):
        samples.plant(folder / name, version)
    expected = look(home)[1]
    schemas = schemas_after(folder / "reference", version)
    versions: list[int] = []
    lines = ["never run"]
    while lines[-1] != "gone 0":
        shutil.rmtree(home)
        shutil.copytree(folder / "old", home)
        lines = nursery.run("migrate", home, first + stride * len(versions))
        assert len(lines) == 1, lines
        assert samples.sound(home)
        connection = samples.raw(home)
        versions.append(connection.pragma("user_version"))
        assert samples.schema_of(connection) == schemas[versions[-1]]
        connection.close()
        assert look(home, MIGRATIONS)[1] == expected
    assert versions[-1] == len(MIGRATIONS)
    assert stride > 1 or set(versions) == set(range(version, len(MIGRATIONS) + 1))
    assert versions == sorted(versions)
    assert len(versions) > 30 // stride


@pytest.mark.parametrize("version", samples.golden_versions())
def test_a14_a_migration_killed_at_any_statement_leaves_an_old_schema_or_a_new_one(
    nursery: Nursery, tmp_path: Path, version: int
) -> None:
    kill_migrations(nursery, tmp_path, version, 1 + version % STRIDE, STRIDE)


def kill_creations(nursery: Nursery, home: Path, first: int, stride: int) -> None:
    """Kill the creation of a library at its statements `first`, `first + stride` and so on."""
    count = 0
    lines = ["never run"]
    while lines[-1] != "gone 0":
        shutil.rmtree(home, ignore_errors=True)
        lines = nursery.run("migrate", home, first + stride * count)
        count += 1
        assert len(lines) == 1, lines
        assert look(home, MIGRATIONS)[1] == []
    assert count > 20 // stride


def test_a14_a_creation_killed_at_any_statement_is_begun_anew(nursery: Nursery, home: Path) -> None:
    kill_creations(nursery, home, 1, STRIDE)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a14_killed_at_every_statement(nursery: Nursery, tmp_path: Path) -> None:
    kill_creations(nursery, tmp_path / "new", 1, 1)
    for version in samples.golden_versions():
        kill_migrations(nursery, tmp_path / str(version), version, 1, 1)


def test_f3_of_an_import_that_was_killed_nothing_is_seen_and_nothing_stays(
    nursery: Nursery, home: Path
) -> None:
    nursery.start("import_without_end", home)
    nursery.wait_for("under")
    nursery.kill()
    connection = samples.raw(home)
    assert connection.execute("SELECT count(*) FROM turn").get > 62
    connection.close()

    async def run() -> None:
        store = await Store.open(home)
        upkeep = store.upkeep()
        try:
            await seen(store)
            await upkeep.run()
            await seen(store)
            connection = samples.raw(home)
            assert connection.execute("SELECT id FROM conversation").fetchall() == [("a" * 32,)]
            assert connection.execute("SELECT count(*) FROM turn").get == 2
            connection.close()
            assert not (home / "arriving").exists()
        finally:
            await upkeep.close()
            await store.close()

    async def seen(store: Store) -> None:
        assert [row.title for row in await store.conversations.list()] == ["Import a"]
        assert len((await store.conversations.outline("a" * 32)).nodes) == 2
        assert len((await store.conversations.get("a" * 32)).messages) == 2
        assert await store.trash.contents() == ()
        assert await store.shelves.folders() == ()
        assert await store.shelves.tags() == ("tag a",)
        found = await store.search.find("imported")
        assert all(hit.conversation.id == "a" * 32 for hit in found)

    asyncio.run(run())
