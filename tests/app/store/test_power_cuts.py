"""What is left when the power goes, and what is said when the disk cannot promise. Rows A4, A7."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

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

    def write(self, name: str, offset: int, data: bytes) -> None:
        self.written.setdefault(name, []).append((offset, data))

    def sync(self, name: str) -> None:
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
    def __init__(self, disk: Disk, filename: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__(SYSTEM_FILES, filename, flags)
        assert filename is not None
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
    """The system's files, with every write told to a Disk."""

    def __init__(self, disk: Disk) -> None:
        super().__init__("watched", SYSTEM_FILES, makedefault=True)
        self._disk = disk

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
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
