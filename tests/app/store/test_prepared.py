"""What endpoints were sent of pictures, on the disk."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.message import RunCard
from app.domain.picture import Prepared
from app.store.database import Store
from app.store.prepared import Kept, PreparedFiles, named
from tests.app.store import samples


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep(files: PreparedFiles, data: bytes, at: int = 0) -> str:
    """Keep `data`, written `at` seconds after 1970 where that is said."""
    digest = sha256(data)
    asyncio.run(files.keep(digest, data))
    if at:
        os.utime(files.path(digest), (at, at))
    return digest


def got(files: PreparedFiles, digest: str) -> bytes | None:
    return asyncio.run(files.get(digest))


@pytest.fixture
def files(home: Path) -> PreparedFiles:
    home.mkdir()
    return PreparedFiles(home)


def test_what_was_sent_lies_under_its_hash_for_its_owner_alone(files: PreparedFiles, home: Path) -> None:
    digest = keep(files, b"sent")
    path = home / "prepared" / digest[:2] / digest[2:]
    assert path.read_bytes() == b"sent"
    assert got(files, digest) == b"sent"
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list((home / "prepared" / "incoming").iterdir()) == []


def test_what_is_missing_altered_or_no_file_is_not_taken_for_what_was_sent(files: PreparedFiles) -> None:
    assert got(files, sha256(b"never")) is None
    digest = keep(files, b"sent")
    files.path(digest).write_bytes(b"else")
    assert got(files, digest) is None
    files.path(digest).unlink()
    files.path(digest).mkdir()
    assert got(files, digest) is None
    with pytest.raises(KeyError):
        files.path("../../settings.json")


def test_the_oldest_go_above_the_budget_and_what_is_sent_again_is_new(files: PreparedFiles) -> None:
    files.budget = 1000
    first, second, third = (keep(files, bytes([n]) * 300, at=n) for n in (1, 2, 3))
    keep(files, b"\1" * 300)  # sent again: no longer the oldest
    last = keep(files, b"\4" * 300)
    assert got(files, second) is None
    assert all(got(files, digest) for digest in (first, third, last))
    fresh = PreparedFiles(files.path(first).parents[2], budget=500)
    newest = keep(fresh, b"\5" * 300)
    assert [digest for digest in (first, third, last, newest) if got(fresh, digest)] == [newest]


def test_a5_what_cannot_be_written_is_not_kept_and_nothing_fails(home: Path) -> None:
    home.mkdir()
    (home / "prepared").write_bytes(b"in the way")
    files = PreparedFiles(home)
    digest = keep(files, b"sent")
    assert got(files, digest) is None
    assert (home / "prepared").read_bytes() == b"in the way"


def test_what_nobody_names_is_swept_but_not_what_was_only_just_sent(home: Path) -> None:
    home.mkdir()
    before = PreparedFiles(home)
    old, kept = keep(before, b"old", at=1), keep(before, b"kept", at=1)
    half = home / "prepared" / "incoming" / ".half"
    half.write_bytes(b"ha")
    os.utime(half, (1, 1))
    files = PreparedFiles(home)
    new = keep(files, b"new")
    assert asyncio.run(files.sweep({kept}, datetime.now(UTC))) == 3
    assert [got(files, digest) for digest in (old, kept, new)] == [None, b"kept", b"new"]
    assert list((home / "prepared" / "incoming").iterdir()) == []


def test_what_is_kept_is_measured_and_trimmed_to_another_budget(files: PreparedFiles) -> None:
    assert asyncio.run(files.measure()) == Kept(0, 0)
    digests = [keep(files, bytes([n]) * 100, at=n) for n in range(1, 6)]
    asyncio.run(files.trim())
    assert asyncio.run(files.measure()) == Kept(5, 500)
    files.budget = 250
    asyncio.run(files.trim())
    assert [bool(got(files, digest)) for digest in digests] == [False, False, False, True, True]
    files.budget = 0
    asyncio.run(files.trim())
    assert asyncio.run(files.measure()) == Kept(0, 0)


def test_what_is_set_aside_is_not_found_until_it_is_brought_back(files: PreparedFiles) -> None:
    one, other = keep(files, b"one"), keep(files, b"other")
    assert asyncio.run(files.set_aside()) == Kept(2, 8)
    assert got(files, one) is None
    assert asyncio.run(files.measure()) == Kept(0, 0)
    keep(files, b"one")
    asyncio.run(files.bring_back())
    assert (got(files, one), got(files, other)) == (b"one", b"other")
    assert asyncio.run(files.measure()) == Kept(2, 8)
    asyncio.run(files.set_aside())
    asyncio.run(files.drop())
    asyncio.run(files.bring_back())
    assert asyncio.run(files.measure()) == Kept(0, 0)


def test_what_was_left_aside_goes_after_a_day(files: PreparedFiles, home: Path) -> None:
    keep(files, b"one")
    asyncio.run(files.set_aside())
    asyncio.run(files.sweep((), datetime.now(UTC)))
    aside = home / "prepared" / "aside"
    assert len(list(aside.iterdir())) == 1
    os.utime(aside, (1, 1))
    asyncio.run(files.sweep((), datetime.now(UTC)))
    assert list(aside.iterdir()) == []


def test_the_library_names_what_its_messages_were_sent_with_in_the_trash_too(home: Path) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        try:
            question = samples.question()
            prepared = Prepared("1" * 64, "2" * 64, "image/jpeg", 8, 8, 9, 1.0, 1.0)
            as_link = prepared.replace(sha256="", mime="text/uri-list")
            run = RunCard(endpoint="e", model="m", prepared=(prepared, as_link, prepared))
            answer = samples.answer(question).replace(run=run)
            conversation = await store.conversations.create("A cat", question, answer)
            assert await store._transactions.read(named) == {"2" * 64}
            await store.trash.put((conversation.id,))
            assert await store._transactions.read(named) == {"2" * 64}
        finally:
            await store.close()

    asyncio.run(scene())


def test_the_care_for_the_library_sweeps_what_was_sent(home: Path) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        upkeep = store.upkeep()
        try:
            files = PreparedFiles(home)
            for data in (b"named", b"nobody's"):
                await files.keep(sha256(data), data)
                os.utime(files.path(sha256(data)), (1, 1))
            sent = Prepared("1" * 64, sha256(b"named"), "image/jpeg", 8, 8, 5, 1.0, 1.0)
            question = samples.question()
            run = RunCard(endpoint="e", model="m", prepared=(sent,))
            await store.conversations.create("A cat", question, samples.answer(question).replace(run=run))
            assert (await upkeep.run()).freed == len(b"nobody's")
            assert await files.get(sha256(b"named")) == b"named"
            assert await files.get(sha256(b"nobody's")) is None
        finally:
            await upkeep.close()
            await store.close()

    asyncio.run(scene())
