"""After damage: a copy, or what can be read, takes the library's place. Rows A9, A12, A21."""

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
from app.domain.errors import LibraryDamaged, LibraryInUse, NewerLibrary, NotALibrary, StoreFailed
from app.domain.message import Status
from app.store import recovery
from app.store.backup import Halted, backups
from app.store.database import Store
from app.store.recovery import Replaced
from app.store.salvage import Found
from app.store.schema import shipped_migrations
from tests.app.store import samples

if TYPE_CHECKING:
    from tests.app.store.conftest import Nursery

MIGRATIONS = shipped_migrations()
COUNT = 40


async def _fill(home: Path) -> Path:
    """COUNT conversations with two messages each, a copy, and one conversation more."""
    store = await Store.open(home)
    await store.pictures.add(samples.BYTES, samples.picture())
    for number in range(COUNT):
        asked = samples.question(f"{number} " * 300, shows=samples.BYTES)
        told = samples.grown(samples.answer(asked), f"answer {number}", Status.DONE)
        await store.conversations.create(f"number {number}", asked, told)
    await store.conversations.save_draft(None, Draft(text="typed"))
    keeper = store.upkeep()
    copy = await keeper.back_up("daily")
    await keeper.close()
    await store.conversations.create("after the copy", samples.question("last words"))
    await store.close()
    return copy


@pytest.fixture(scope="module")
def sound_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sound") / "library"
    asyncio.run(_fill(home))
    return home


@pytest.fixture
def filled(sound_library: Path, home: Path) -> Path:
    shutil.copytree(sound_library, home)
    return home


def copy_of(home: Path) -> Path:
    return backups(home)[-1].path


async def _read(home: Path) -> dict[str, Conversation]:
    store = await Store.open(home)
    try:
        rows = await store.conversations.list()
        found = [await store.conversations.get(row.id) for row in rows]
        return {each.id: each for each in found}
    finally:
        await store.close()


def look(home: Path) -> dict[str, Conversation]:
    return asyncio.run(_read(home))


def damage(home: Path, page: int, chance: random.Random) -> None:
    with (home / "fovea.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(chance.randbytes(4096))


def pages(home: Path) -> int:
    return (home / "fovea.db").stat().st_size // 4096


def test_a_copy_takes_the_place_of_a_sound_library_which_becomes_a_copy(filled: Path) -> None:
    before = look(filled)
    replaced = recovery.restore(filled, copy_of(filled), MIGRATIONS)
    assert replaced.path is not None
    assert len(look(filled)) == COUNT
    assert [copy.why for copy in backups(filled)] == ["restore", "daily"]
    recovery.restore(filled, replaced.path, MIGRATIONS)
    assert look(filled) == before
    assert not list(filled.glob("damaged*"))


def test_a9_a_damaged_library_is_put_aside_byte_for_byte(filled: Path) -> None:
    chance = random.Random(9)
    for number in range(1, 4):
        (filled / "fovea.db-wal").write_bytes(b"a log that is not one")
        damage(filled, 1 if number == 1 else chance.randrange(2, pages(filled)), chance)
        before = samples.content(filled)
        replaced = recovery.restore(filled, copy_of(filled), MIGRATIONS)
        assert replaced == Replaced(filled / f"damaged-{number}")
        assert samples.content(filled / f"damaged-{number}") == before
        assert len(look(filled)) == COUNT


@pytest.mark.parametrize("left", ["nothing", "log"])
def test_a21_a_copy_takes_the_place_of_a_library_that_vanished(filled: Path, left: str) -> None:
    (filled / "fovea.db").unlink()
    if left == "log":
        (filled / "fovea.db-wal").write_bytes(b"changes")
    with pytest.raises(LibraryDamaged, match="is missing"):
        look(filled)
    replaced = recovery.restore(filled, copy_of(filled), MIGRATIONS)
    assert replaced == Replaced(filled / "damaged-1" if left == "log" else None)
    assert len(look(filled)) == COUNT


def test_what_was_recovered_goes_once_a_copy_is_restored_instead(filled: Path) -> None:
    recovery.recover(filled, MIGRATIONS, lambda _: None)
    assert list(filled.glob("fovea.db.recovered*"))
    recovery.restore(filled, copy_of(filled), MIGRATIONS)
    assert not list(filled.glob("fovea.db.recovered*"))


def test_a11_what_is_no_library_is_put_aside_as_it_is(filled: Path) -> None:
    (filled / "fovea.db").unlink()
    os.mkfifo(filled / "fovea.db")
    recovery.restore(filled, copy_of(filled), MIGRATIONS)
    assert (filled / "damaged-1" / "fovea.db").is_fifo()
    assert len(look(filled)) == COUNT


def test_a_copy_that_is_damaged_or_newer_changes_nothing(filled: Path) -> None:
    copy = copy_of(filled)
    before = samples.content(filled)
    whole = copy.read_bytes()
    for wrong in (b"", b"text " * 1000, whole[: len(whole) // 2]):
        copy.write_bytes(wrong)
        with pytest.raises(LibraryDamaged):
            recovery.restore(filled, copy, MIGRATIONS)
    copy.write_bytes(whole)
    with pytest.raises(LibraryDamaged, match="not a copy that this Fovea can read"):
        recovery.restore(filled, copy, MIGRATIONS[:-1])
    assert samples.content(filled) == before
    assert len(look(filled)) == COUNT + 1


def test_a15_a_library_that_another_program_has_open_is_not_replaced(nursery: Nursery, filled: Path) -> None:
    nursery.start("stream", filled, 1, "hold")
    nursery.wait_for("holding")
    for replace in (
        lambda: recovery.restore(filled, copy_of(filled), MIGRATIONS),
        lambda: recovery.recover(filled, MIGRATIONS, lambda _: None),
        lambda: recovery.use_recovered(filled),
    ):
        with pytest.raises(LibraryInUse):
            replace()
    nursery.kill()
    assert len(look(filled)) == COUNT + 2


def test_a14_a_restore_that_is_killed_at_any_step_loses_nothing(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system would have on disk after each renaming; the next start takes it from there."""
    damage(filled, 5, random.Random(5))
    steps: list[Path] = []
    rename, replace = Path.rename, Path.replace

    def note(call: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def noting(path: Path, target: Path) -> Path:
            steps.append(tmp_path / f"step {len(steps)}")
            shutil.copytree(filled, steps[-1])
            return call(path, target)

        return noting

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", note(rename))
        patch.setattr(Path, "replace", note(replace))
        recovery.restore(filled, copy_of(filled), MIGRATIONS)
    assert len(steps) >= 2
    for step in steps:
        with pytest.raises(StoreFailed):
            look(step)
        recovery.restore(step, copy_of(step), MIGRATIONS)
        assert len(look(step)) == COUNT
        assert list(step.glob("damaged-*/fovea.db"))


def recovered(home: Path) -> Found:
    found = recovery.recover(home, MIGRATIONS, lambda _: None)
    replaced = recovery.use_recovered(home)
    assert replaced.path is not None
    return found


def test_everything_is_recovered_from_a_library_without_damage(filled: Path) -> None:
    before = look(filled)
    assert recovered(filled) == Found(COUNT + 1, 2 * COUNT + 1, 0)
    assert look(filled) == before
    assert samples.sound(filled)


def damage_pages(filled: Path, folder: Path, chance: random.Random, most: int) -> None:
    """Damage one page after the other, each in a library of its own, and recover that."""
    before = {message.id: message.text for each in look(filled).values() for message in each.messages}
    connection = samples.raw(filled)
    rows = connection.execute("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'").fetchall()
    schema_pages = {int(str(page)) for (page,) in rows}  # what says which table is where
    connection.close()
    counts = []
    chosen = chance.sample(range(2, pages(filled) + 1), min(most, pages(filled) - 1))
    for page in [1, *chosen]:
        home = folder / f"page {page}"
        shutil.copytree(filled, home)
        damage(home, page, chance)
        was = samples.content(home)
        if page in schema_pages:
            with pytest.raises(LibraryDamaged, match="nothing in it can be read"):
                recovery.recover(home, MIGRATIONS, lambda _: None)
            assert not list(home.glob("fovea.db.recovered*"))
            continue
        recovered(home)
        assert samples.content(home / "damaged-1")["fovea.db"] == was["fovea.db"]
        assert samples.sound(home)
        found = {message.id: message.text for each in look(home).values() for message in each.messages}
        counts.append(sum(found.get(key) == text for key, text in before.items()))
    few = sorted(counts)[len(counts) // 5]  # whoever loses the root of a table loses much
    assert few > 0.8 * len(before)
    assert sum(counts) / len(counts) > 0.8 * len(before)


def test_a9_whatever_page_is_damaged_the_rest_is_recovered(filled: Path, tmp_path: Path) -> None:
    damage_pages(filled, tmp_path, random.Random(19), 14)


@pytest.mark.soak
def test_a9_a_hundred_damaged_pages(filled: Path, tmp_path: Path) -> None:
    damage_pages(filled, tmp_path, random.Random(), 100)


@pytest.mark.parametrize("version", samples.golden_versions())
def test_a_library_of_any_version_is_recovered(home: Path, version: int) -> None:
    samples.plant(home, version)
    found = recovered(home)
    assert found.gaps == 0
    connection = samples.raw(home)
    assert connection.execute("SELECT count(*) FROM turn").fetchall() == [(found.messages,)]
    connection.close()


def test_what_hangs_in_the_air_gets_a_place(filled: Path) -> None:
    connection = samples.raw(filled)
    connection.pragma("foreign_keys", False)
    lost = connection.execute("SELECT id FROM conversation WHERE title = 'number 3'").fetchall()[0][0]
    parentless = connection.execute("SELECT id FROM turn WHERE conversation_id = ?", (lost,)).fetchall()
    connection.execute("DELETE FROM conversation WHERE id = ?", (lost,))
    connection.execute("DELETE FROM turn WHERE id = ?", (parentless[0][0],))
    connection.execute("DELETE FROM picture")
    connection.close()
    assert recovered(filled) == Found(COUNT + 2, 2 * COUNT + 1, 0)
    found = look(filled)
    texts = {message.text for each in found.values() for message in each.messages}
    assert {"answer 3", "3 " * 300} <= texts
    (stray,) = (each.messages[0] for each in found.values() if each.title == "number 4")
    assert stray.pictures[0].sha256 == samples.picture().sha256


def test_a_newer_library_is_not_salvaged(filled: Path) -> None:
    with pytest.raises(NewerLibrary):
        recovery.recover(filled, MIGRATIONS[:-1], lambda _: None)


def test_recovering_tells_how_far_it_is_and_can_be_given_up(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.salvage.AT_ONCE", 10)
    told: list[int] = []
    recovery.recover(filled, MIGRATIONS, told.append)
    assert told[:3] == [10, 20, 30]
    with pytest.raises(Halted):
        recovery.recover(filled, MIGRATIONS, told.append, lambda: True)
    assert not list(filled.glob("fovea.db.recovered*"))


def test_what_is_no_database_is_not_salvaged(filled: Path) -> None:
    (filled / "fovea.db").write_bytes(b"text " * 4000)
    with pytest.raises((LibraryDamaged, NotALibrary)):
        recovery.recover(filled, MIGRATIONS, lambda _: None)
    (filled / "fovea.db").unlink()
    with pytest.raises(StoreFailed):
        recovery.recover(filled, MIGRATIONS, lambda _: None)
