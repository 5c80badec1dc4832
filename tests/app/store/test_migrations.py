"""Libraries that older programs left. Row A13."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from app.domain.conversation import Conversation, Draft
from app.domain.geometry import Point
from app.domain.message import (
    Message,
    PicturePart,
    Role,
    Status,
    TextPart,
    Ticket,
    TokenUsage,
    ToolCall,
    ToolSpec,
)
from app.domain.picture import Detail, Revealed, View
from app.domain.region import (
    PictureChoices,
    PictureRule,
    Redaction,
    RedactionKind,
    Region,
    RegionKind,
    RegionSend,
    Treatment,
)
from app.store.database import Store
from app.store.schema import shipped_migrations
from tests.app.store import samples

FIRST, SECOND, THIRD = "a" * 32, "b" * 32, "c" * 32
LINK = "https://example.org/photo.png?size=1"
CORNERS = (Point(0.5, 1.0), Point(3.0, 2.5))
TREATED = Treatment(
    regions=(
        Region(id="0badf00d", kind=RegionKind.RECTANGLE, points=CORNERS, name="the \ud83d cat"),
        Region(id="0badf00e", kind=RegionKind.LASSO, points=(*CORNERS, Point(0.0, 3.0))),
        Region(id="0badf00f", kind=RegionKind.POINT, points=CORNERS[:1]),
        Region(id="0badf010", kind=RegionKind.ARROW, points=CORNERS),
    ),
    sends=RegionSend.MARKED,
    redactions=(
        Redaction(kind=RedactionKind.BOX, points=CORNERS),
        Redaction(kind=RedactionKind.BRUSH, points=CORNERS, width=1.5),
    ),
    detail=Detail.TILES,
)


def opened(home: Path) -> tuple[dict[str, Conversation], dict[str | None, Draft]]:
    """Every conversation and every draft; the picture of the library is checked."""

    async def scene() -> tuple[dict[str, Conversation], dict[str | None, Draft]]:
        store = await Store.open(home)
        try:
            chats = store.conversations
            ids = [row.id for row in await chats.list()]
            drafts = {place: await chats.draft(place) for place in (None, *ids)}
            stored = await store.pictures.get(samples.picture().sha256)
            assert stored.revealed == Revealed(has_location=True, camera="Camera", taken="2026-02-28 10:00")
            assert await store.pictures.read(stored.sha256) == samples.BYTES
            return {key: await chats.get(key) for key in ids}, drafts
        finally:
            await store.close()

    return asyncio.run(scene())


def test_a13_everything_of_a_library_of_version_1_is_there(home: Path) -> None:
    samples.plant(home, 1)
    conversations, drafts = opened(home)
    assert list(conversations) == [SECOND, FIRST]
    first, second = conversations[FIRST], conversations[SECOND]
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
    assert drafts == {
        None: Draft(text="typed", pictures=((sha256, "photo.png"),)),
        SECOND: Draft(text="typed below"),
        FIRST: Draft(),
    }


def test_a13_everything_of_a_library_of_version_2_is_there(home: Path) -> None:
    samples.plant(home, 2)
    conversations, drafts = opened(home)
    assert list(conversations) == [THIRD, SECOND, FIRST]
    first, second, third = conversations[FIRST], conversations[SECOND], conversations[THIRD]
    sha256 = samples.picture().sha256
    assert (first.session, third.title) == ("s-1", "Half a title \ud83d")
    _expect_the_tree_of_version_2(first)
    question, answer = first.messages[:2]
    assert question.parts == (
        PicturePart(sha256=sha256, name="photo.png", link=LINK),
        TextPart(text="What is this?"),
    )
    assert answer.tool_calls == (
        ToolCall(id="c1", name="zoom", arguments='{"x": "half a pair \ud83d"}', extra='{"signature": "s"}'),
    )
    assert answer.run is not None
    assert (answer.run.session, answer.run.confidence, answer.run.request_id) == ("s-1", 0.75, "r-1")
    assert [note.sentence for note in answer.run.notes] == ["photo.png was made smaller."]
    waiting = first.messages[-1]
    assert waiting.run is not None
    assert waiting.run.ticket == Ticket(
        endpoint_id="nvidia", request_id="r-2", url="https://example.org/status/r-2", given=1.5
    )
    assert [m.status for m in second.messages] == [Status.DONE, Status.INTERRUPTED]
    assert [m.status for m in third.messages] == [Status.DONE, Status.FAILED, Status.INTERRUPTED]
    problem = third.messages[1].problem
    assert problem is not None
    assert problem.sentence.startswith("Local refused the request (400): too long.")
    assert drafts == {
        None: Draft(text="typed", pictures=((sha256, "photo.png"),), links={sha256: LINK}),
        SECOND: Draft(text="typed below"),
        FIRST: Draft(),
        THIRD: Draft(),
    }


def _expect_the_tree_of_version_2(conversation: Conversation) -> None:
    """Two first questions, two answers to the one, two questions below the first of these."""
    places = {m.id[0]: (m.parent_id or "-")[0] for m in conversation.messages}
    assert places == {
        "1": "-",
        "2": "1",
        "3": "1",
        "4": "2",
        "5": "4",
        "6": "2",
        "7": "6",
        "8": "-",
        "9": "8",
    }
    assert [m.choice for m in conversation.messages[1:3]] == [0, 1]
    assert [m.seq for m in conversation.messages] == list(range(9))
    assert [m.status for m in conversation.messages[4:]] == [
        Status.INTERRUPTED,
        Status.DONE,
        Status.INTERRUPTED,
        Status.DONE,
        Status.PENDING,
    ]
    assert [m.text for m in conversation.branch("5" * 32)] == [
        "What is this?",
        "A cat; it says 'mrrp' ❤.",
        "And its name?",
        "Half a pair: \ud83d",
    ]


def test_a13_everything_of_a_library_of_version_5_is_there(home: Path) -> None:
    samples.plant(home, 5)
    asyncio.run(_expect_what_version_5_adds(home))
    conversations, drafts = opened(home)
    assert list(conversations) == [FIRST, THIRD, SECOND]
    first = conversations[FIRST]
    assert [m.text for m in first.branch("5" * 32)] == [
        "What is this?",
        "A cat; it says 'mrrp' ❤.",
        "And its name?",
        "Half a pair: \ud83d",
    ]
    again = first.tree["a5" * 16]
    assert (again.text, again.parent_id, again.choice) == ("A third answer.", "1" * 32, 1)
    assert again.run is not None
    assert (again.run.continues, again.run.begun, again.run.replays) == ("2" * 32, 1, "3" * 32)
    assert again.run.tools == (
        ToolSpec(name="zoom", description="Look closer", parameters={"type": "object"}),
    )
    assert drafts[None].links == {samples.picture().sha256: LINK}


async def _expect_what_version_5_adds(home: Path) -> None:
    """Shelves, the trash, the branch that was shown, a change of a question, words to be found."""
    store = await Store.open(home)
    try:
        outline = await store.conversations.outline(FIRST)
        assert (outline.leaf, outline.folder, outline.tags) == ("3" * 32, "1f" * 16, ("cats", "ünïcode"))
        assert [folder.name for folder in await store.shelves.folders()] == ["Animals", "Half \ud83d"]
        assert (await store.conversations.outline(SECOND)).pinned
        trash = {(thing.message_id, thing.text) for thing in await store.trash.contents()}
        assert trash == {
            ("", ""),
            ("b5" * 16, "In the trash\nwith its answer"),
            ("e5" * 16, "Trashed before"),
        }
        edit = await store.conversations.edit(FIRST)
        assert edit is not None
        assert (edit.text, edit.edits) == ("What is this, really?", "1" * 32)
        assert {one.message_id for one in await store.cut_off.take()} == {"7" * 32}
        found = await store.search.find("tabby")
        assert [hit.message_id for hit in found] == ["3" * 32]
    finally:
        await store.close()


def test_a13_everything_of_a_library_of_version_6_is_there(home: Path) -> None:
    samples.plant(home, 6)
    conversations, drafts = opened(home)
    assert list(conversations) == [FIRST, THIRD, SECOND]
    sha256 = samples.picture().sha256
    question, answer = conversations[FIRST].branch("b6" * 16)[-2:]
    assert question.parts == (
        PicturePart(sha256=sha256, name="again.png", treatment=TREATED),
        TextPart(text="And in there?"),
    )
    chosen = PictureChoices(
        last=2,
        rules={sha256: PictureRule.DESCRIBE},
        descriptions={sha256: "A cat \ud83d."},
        dialect="qwen",
    )
    assert answer.run is not None
    assert (answer.run.choices, answer.run.detail) == (chosen, Detail.TILES)
    assert answer.run.entities == '[{"phrase": "cat"}]'
    (sent,) = answer.run.prepared
    assert (sent.view, sent.number, sent.region, sent.left, sent.top) == (View.REGION, 1, "0badf00d", 1, 0.5)
    assert (sent.mime, sent.marked, sent.redacted, sent.text_px) == ("image/png", True, 2, 9.5)
    assert drafts[FIRST] == Draft(
        text="covered", pictures=((sha256, "photo.png"),), treatments={sha256: TREATED}
    )
    asyncio.run(_expect_choices(home, chosen))


async def _expect_choices(home: Path, chosen: PictureChoices) -> None:
    store = await Store.open(home)
    try:
        assert (await store.conversations.outline(FIRST)).choices == chosen
        assert (await store.conversations.outline(SECOND)).choices == PictureChoices()
    finally:
        await store.close()


RELEASED = (1, 2, 5, 6)
"""The schemas that libraries were left in; those between them never were."""


def test_no_released_schema_is_without_its_golden_library() -> None:
    assert samples.golden_versions() == list(RELEASED)
    assert len(shipped_migrations()) == RELEASED[-1], "a new schema needs a library in tests/data"


def test_a13_the_library_of_before_lies_in_the_backups(home: Path) -> None:
    samples.plant(home, 1)
    opened(home)
    (backup,) = (home / "backups").iterdir()
    assert re.fullmatch(r"0001-\d{8}T\d{6}-version-1\.db", backup.name)
    connection = apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)
    assert connection.execute("SELECT status FROM turn WHERE id = ?", ("5" * 32,)).fetchall() == [
        ("streaming",)
    ]
    connection.close()


@pytest.mark.parametrize("version", samples.golden_versions())
def test_a_migrated_library_has_the_schema_of_a_new_one(home: Path, tmp_path: Path, version: int) -> None:
    samples.plant(home, version)
    opened(home)

    async def create() -> None:
        await (await Store.open(tmp_path / "new")).close()

    asyncio.run(create())
    assert schema_of(home) == schema_of(tmp_path / "new")


def schema_of(home: Path) -> set[tuple[str, ...]]:
    connection = samples.raw(home)
    try:
        assert connection.pragma("user_version") == len(shipped_migrations())
        return samples.schema_of(connection)
    finally:
        connection.close()


def test_the_rows_of_a_migrated_library_still_hang_together(home: Path) -> None:
    samples.plant(home, 1)
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
    samples.plant(home, 1)

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
