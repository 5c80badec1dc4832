"""Libraries that older programs left. Row A13."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from app.domain.conversation import Conversation, Draft
from app.domain.message import Message, PicturePart, Role, Status, TextPart, TokenUsage
from app.domain.picture import Revealed
from app.store.database import Store
from app.store.schema import shipped_migrations
from tests.app.store import samples

FIRST, SECOND = "a" * 32, "b" * 32


def opened(home: Path) -> tuple[Store, Conversation, Conversation, tuple[Draft, Draft]]:
    async def scene() -> tuple[Store, Conversation, Conversation, tuple[Draft, Draft]]:
        store = await Store.open(home)
        try:
            chats = store.conversations
            assert [row.id for row in await chats.list()] == [SECOND, FIRST]
            drafts = await chats.draft(None), await chats.draft(SECOND)
            stored = await store.pictures.get(samples.picture().sha256)
            assert stored.revealed == Revealed(has_location=True, camera="Camera", taken="2026-02-28 10:00")
            assert await store.pictures.read(stored.sha256) == samples.BYTES
            return store, await chats.get(FIRST), await chats.get(SECOND), drafts
        finally:
            await store.close()

    return asyncio.run(scene())


def test_a13_everything_of_a_library_of_version_1_is_there(home: Path) -> None:
    samples.plant_version_1(home)
    _, first, second, drafts = opened(home)
    sha256 = samples.picture().sha256
    question, answer, again, cut_off, unfinished = first.messages
    assert (first.title, first.session, first.created) == (
        "A photo",
        "",
        datetime(2026, 3, 1, 12, tzinfo=UTC),
    )
    assert question.parts == (PicturePart(sha256=sha256, name="photo.png"), TextPart(text="What is this?"))
    assert (question.role, question.status, question.parent_id) == (Role.USER, Status.DONE, None)
    assert (answer.text, answer.reasoning) == ("A cat; it says 'mrrp' ❤.", "Whiskers.")
    assert answer.run is not None
    assert answer.run.usage == TokenUsage(prompt_tokens=3, completion_tokens=4)
    assert (answer.run.parameters, answer.run.finish_reason) == ({"temperature": "0.5"}, "stop")
    assert answer.run.prepared[0].original == sha256
    assert again.text == "Half a pair: \ud83d"
    assert cut_off.problem is not None
    assert cut_off.problem.sentence.startswith("The connection to Local ended before the answer did: cut.")
    assert (unfinished.text, unfinished.status) == ("On its w", Status.INTERRUPTED)
    assert [m.seq for m in first.messages] == [0, 1, 2, 3, 4]
    assert [(m.role, m.text, m.status) for m in second.messages] == [
        (Role.SYSTEM, "Be short.", Status.DONE),
        (Role.USER, "Not sent yet", Status.INTERRUPTED),
    ]
    assert drafts == (Draft(text="typed", pictures=((sha256, "photo.png"),)), Draft(text="typed below"))


def test_a13_the_library_of_before_lies_in_the_backups(home: Path) -> None:
    samples.plant_version_1(home)
    opened(home)
    (backup,) = (home / "backups").iterdir()
    assert backup.name == "0001-version-1.db"
    connection = apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)
    assert connection.execute("SELECT status FROM turn WHERE id = ?", ("5" * 32,)).fetchall() == [
        ("streaming",)
    ]
    connection.close()


def test_a_migrated_library_has_the_schema_of_a_new_one(home: Path, tmp_path: Path) -> None:
    samples.plant_version_1(home)
    opened(home)

    async def create() -> None:
        await (await Store.open(tmp_path / "new")).close()

    asyncio.run(create())
    assert schema_of(home) == schema_of(tmp_path / "new")


def schema_of(home: Path) -> set[tuple[str, str, str]]:
    connection = samples.raw(home)
    try:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
        assert connection.pragma("user_version") == len(shipped_migrations())
        return {(str(kind), str(name), str(sql)) for kind, name, sql in rows}
    finally:
        connection.close()


def test_the_rows_of_a_migrated_library_still_hang_together(home: Path) -> None:
    samples.plant_version_1(home)
    opened(home)
    connection = samples.raw(home)
    connection.pragma("foreign_keys", True)
    with pytest.raises(apsw.ConstraintError):
        connection.execute("DELETE FROM turn WHERE id = ?", ("1" * 32,))  # it has an answer
    with pytest.raises(apsw.ConstraintError):
        connection.execute("UPDATE turn SET status = 'lost'")
    connection.execute("DELETE FROM conversation WHERE id = ?", (SECOND,))
    assert connection.execute("SELECT count(*) FROM turn").fetchall() == [(5,)]
    assert connection.execute("SELECT count(*) FROM part").fetchall() == [(6,)]
    connection.close()


def test_a_migrated_library_goes_on(home: Path) -> None:
    samples.plant_version_1(home)

    async def scene() -> Message:
        store = await Store.open(home)
        try:
            asked = samples.question("And now?").replace(parent_id="2" * 32)
            _, told = await store.conversations.add(FIRST, asked, samples.answer(asked))
            await store.conversations.save(samples.grown(told, "Still a cat.", Status.PENDING))
            return (await store.conversations.get(FIRST)).messages[-1]
        finally:
            await store.close()

    message = asyncio.run(scene())
    assert (message.seq, message.status, message.text) == (6, Status.PENDING, "Still a cat.")
