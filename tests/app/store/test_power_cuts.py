"""What is left when the power goes, and what is said when the disk cannot promise. Rows A4, A7."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import apsw
import pytest

from app.domain.conversation import Draft
from app.domain.errors import StoreFailed
from app.domain.message import Message, Status
from app.store.database import Store
from tests.app.store import samples

SECTOR = 512
SYSTEM_FILES = apsw.vfs_names()[0]


class Disk:
    """What a disk would hold if the power went now.

    What was written since the last sync of a file is on it in part: a random choice of sectors.
    """

    def __init__(self, folder: Path) -> None:
        self.synced = {path.name: bytearray(path.read_bytes()) for path in folder.glob("fovea.*")}
        self.written: dict[str, list[tuple[int, bytes]]] = {}
        self.syncs_fail = False
        self.watcher: Callable[[], None] = lambda: None

    def write(self, name: str, offset: int, data: bytes) -> None:
        self.written.setdefault(name, []).append((offset, data))
        self.watcher()

    def sync(self, name: str) -> None:
        self.watcher()
        for offset, data in self.written.pop(name, []):
            _put(self.synced.setdefault(name, bytearray()), offset, data)

    def truncate(self, name: str, size: int) -> None:
        self.sync(name)
        del self.synced.setdefault(name, bytearray())[size:]

    def delete(self, name: str) -> None:
        self.written.pop(name, None)
        self.synced.pop(name, None)

    def after_power_cut(self, folder: Path, chance: random.Random) -> None:
        """Lay out in `folder` what is left."""
        folder.mkdir()
        for name, content in self.synced.items():
            left = bytearray(content)
            for offset, data in self.written.get(name, []):
                for start in range(0, len(data), SECTOR):
                    if chance.random() < 0.5:
                        _put(left, offset + start, data[start : start + SECTOR])
            (folder / name).write_bytes(left)


def _put(content: bytearray, offset: int, data: bytes) -> None:
    content.extend(bytes(max(0, offset + len(data) - len(content))))
    content[offset : offset + len(data)] = data


class WatchedFile(apsw.VFSFile):
    def __init__(self, disk: Disk, filename: str | apsw.URIFilename, flags: list[int]) -> None:
        super().__init__(SYSTEM_FILES, filename, flags)
        path = filename if isinstance(filename, str) else filename.filename()
        self._disk, self._name = disk, Path(path).name

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._disk.write(self._name, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._disk.truncate(self._name, newsize)

    def xSync(self, flags: int) -> None:
        if self._disk.syncs_fail:
            raise apsw.IOError("the disk did not answer")
        super().xSync(flags)
        self._disk.sync(self._name)


class WatchedFiles(apsw.VFS):
    """The system's files, with every write told to a Disk.

    A file without a name (a large statement's journal) is gone with the power: no Disk holds it.
    """

    def __init__(self, disk: Disk) -> None:
        super().__init__("watched", SYSTEM_FILES, makedefault=True)
        self._disk = disk

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        if name is None:
            return apsw.VFSFile(SYSTEM_FILES, name, flags)
        return WatchedFile(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self._disk.delete(Path(filename).name)


async def _open_and_close(home: Path) -> None:
    await (await Store.open(home)).close()


@pytest.fixture
def disk(home: Path) -> Iterator[Disk]:
    """The disk below an existing, empty library."""
    asyncio.run(_open_and_close(home))
    disk = Disk(home)
    files = WatchedFiles(disk)
    try:
        yield disk
    finally:
        files.unregister()


async def _streaming(store: Store) -> Message:
    conversation = await store.conversations.create("A photo")
    asked = samples.question()
    return (await store.conversations.add(conversation.id, asked, samples.answer(asked)))[1]


async def _answer_in(home: Path) -> Message:
    store = await Store.open(home)
    try:
        (row,) = await store.conversations.list()
        return (await store.conversations.get(row.id)).messages[-1]
    finally:
        await store.close()


def test_a4_what_was_saved_is_there_after_a_power_cut(home: Path, disk: Disk, tmp_path: Path) -> None:
    chance = random.Random(4)
    sizes = [chance.randint(1, 300_000) for _ in range(40)]

    async def scene() -> None:
        store = await Store.open(home)
        told = await _streaming(store)
        for number, size in enumerate(sizes):
            status = chance.choice([Status.STREAMING, Status.DONE])
            await store.conversations.save(samples.grown(told, str(number) * size, status))
            disk.after_power_cut(tmp_path / str(number), chance)
        await store.close()

    asyncio.run(scene())
    for number, size in enumerate(sizes):
        left = tmp_path / str(number)
        assert samples.sound(left)
        answer = asyncio.run(_answer_in(left))
        assert answer.text == str(number) * size
        assert answer.status.finished


TABLES = ("conversation", "turn", "part", "draft", "folder", "tag", "trashed_branch", "picture")
State = tuple[str, ...]


def state_of(connection: apsw.Connection) -> State:
    """Everything the user made."""
    return tuple(
        repr(sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)) for table in TABLES
    )


class Hand:
    """Does what a user does, in any order. Every deed is one transaction."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self._store = store
        self._chance = chance
        self._conversations: list[str] = []
        self._messages: list[tuple[str, Message]] = []
        self._folders = [""]
        self._deeds: list[Callable[[], Awaitable[object]]] = [
            self._ask,
            self._ask_below,
            self._grow,
            self._grow,
            self._finish,
            self._type,
            self._rename,
            self._trash,
            self._take_back,
            self._trash_branch,
            self._add_folder,
            self._file,
        ]

    async def act(self) -> None:
        await (self._chance.choice(self._deeds) if self._messages else self._ask)()

    def _text(self) -> str:
        return self._chance.choice("abc") * self._chance.choice((1, 300, 9000, 60_000))

    def _message(self) -> tuple[str, Message]:
        return self._chance.choice(self._messages)

    async def _ask(self) -> None:
        asked = samples.question(self._text())
        told = samples.answer(asked)
        conversation = await self._store.conversations.create("x", asked, told)
        self._conversations.append(conversation.id)
        self._messages += [(conversation.id, message) for message in (asked, told)]

    async def _ask_below(self) -> None:
        conversation_id, above = self._message()
        asked = samples.question(self._text()).replace(parent_id=above.id)
        told = samples.answer(asked)
        await self._store.conversations.add(conversation_id, asked, told)
        self._messages += [(conversation_id, message) for message in (asked, told)]

    async def _grow(self, status: Status = Status.STREAMING) -> None:
        _, message = self._message()
        await self._store.conversations.save(samples.grown(message, self._text(), status))

    async def _finish(self) -> None:
        await self._grow(Status.DONE)

    async def _type(self) -> None:
        place = self._chance.choice((None, *self._conversations))
        await self._store.conversations.save_draft(place, Draft(text=self._text()))

    async def _rename(self) -> None:
        await self._store.conversations.rename(self._chance.choice(self._conversations), self._text())

    async def _trash(self) -> None:
        await self._store.trash.put([self._chance.choice(self._conversations)])

    async def _take_back(self) -> None:
        await self._store.trash.take_back(self._conversations)

    async def _trash_branch(self) -> None:
        await self._store.trash.put_branch(self._message()[1].id)

    async def _add_folder(self) -> None:
        self._folders.append((await self._store.shelves.add_folder(self._text()[:20])).id)

    async def _file(self) -> None:
        folder = self._chance.choice(self._folders)
        await self._store.shelves.file([self._chance.choice(self._conversations)], folder)


class Cuts:
    """Power cuts in the middle of deeds, and what may be there after each."""

    def __init__(self, disk: Disk, folder: Path, chance: random.Random, most: int) -> None:
        self._disk = disk
        self._folder = folder
        self._chance = chance
        self._most = most
        self.deeds: list[int] = []
        self.states: list[State] = []

    def perhaps(self) -> None:
        if len(self.deeds) < self._most and self._chance.random() < 0.06:
            self._disk.after_power_cut(self._folder / str(len(self.deeds)), self._chance)
            self.deeds.append(len(self.states))

    def expect_nothing_lost(self) -> None:
        """After each cut there is what was before the deed it fell into, or what was after it."""
        for number, deed in enumerate(self.deeds):
            left = self._folder / str(number)
            assert samples.sound(left)
            connection = samples.raw(left)
            found = state_of(connection)
            connection.close()
            assert found in self.states[deed - 1 : deed + 1], f"cut {number} in deed {deed}"


def cut_often(home: Path, disk: Disk, folder: Path, chance: random.Random, deeds: int, most: int) -> None:
    cuts = Cuts(disk, folder, chance, most)

    async def scene() -> None:
        store = await Store.open(home)
        await store._transactions.write(lambda c: c.pragma("wal_autocheckpoint", 40))
        hand = Hand(store, chance)
        cuts.states.append(await store._transactions.read(state_of))
        disk.watcher = cuts.perhaps
        for _ in range(deeds):
            await hand.act()
            cuts.states.append(await store._transactions.read(state_of))
        disk.watcher = lambda: None
        await store.close()

    asyncio.run(scene())
    assert len(cuts.deeds) > most // 3
    cuts.expect_nothing_lost()


def test_a4_no_acknowledged_edit_is_lost_at_any_cut(home: Path, disk: Disk, tmp_path: Path) -> None:
    cut_often(home, disk, tmp_path, random.Random(44), deeds=60, most=60)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a4_a_thousand_cuts(home: Path, disk: Disk, tmp_path: Path) -> None:
    cut_often(home, disk, tmp_path, random.Random(), deeds=1500, most=1000)


def test_a7_a_commit_the_disk_does_not_confirm_is_not_called_saved(home: Path, disk: Disk) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        told = await _streaming(store)
        await store.conversations.save(samples.grown(told, "before"))
        disk.syncs_fail = True
        for _ in range(3):
            with pytest.raises(StoreFailed, match="did not answer"):
                await store.conversations.save(samples.grown(told, "after"))
        (row,) = await store.conversations.list()
        assert (await store.conversations.get(row.id)).messages[-1].text == "before"
        disk.syncs_fail = False
        await store.conversations.save(samples.grown(told, "after", Status.DONE))
        await store.close()

    asyncio.run(scene())
    assert asyncio.run(_answer_in(home)).text == "after"
    assert samples.sound(home)
