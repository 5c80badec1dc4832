from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.conversation import Conversation, Draft
from app.domain.geometry import Point
from app.domain.message import (
    Message,
    PicturePart,
    Problem,
    Role,
    RunCard,
    Status,
    TextPart,
    TokenUsage,
    ToolCall,
)
from app.domain.picture import Detail, Prepared
from app.domain.region import (
    HIDES_ALL,
    PictureChoices,
    PictureRule,
    Redaction,
    RedactionKind,
    Region,
    RegionKind,
    RegionSend,
    Treatment,
)
from app.store import conversations as conversations_module
from app.store.database import Store
from tests.app.store import samples


def test_conversation_survives_a_restart(home: Path) -> None:
    kept: list[Conversation] = []

    async def write(store: Store) -> None:
        await store.pictures.add(samples.BYTES, samples.picture())
        conversation = await store.conversations.create("A photo")
        asked = samples.question(shows=samples.BYTES)
        asked, told = await store.conversations.add(conversation.id, asked, samples.answer(asked))
        await store.conversations.save(asked.replace(status=Status.DONE))
        await store.conversations.save(samples.grown(told, "A cat.", Status.DONE))
        kept.append(await store.conversations.get(conversation.id))

    async def read(store: Store) -> None:
        assert await store.conversations.get(kept[0].id) == kept[0]
        (summary,) = await store.conversations.list()
        assert (summary.id, summary.title, summary.picture) == (
            kept[0].id,
            "A photo",
            samples.picture().sha256,
        )

    samples.with_store(home, write)
    samples.with_store(home, read)
    assert [message.text for message in kept[0].messages] == ["What is this?", "A cat."]


def test_unknown_ids_are_key_errors_and_write_nothing(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversations = store.conversations
        first, second = await conversations.create("1"), await conversations.create("2")
        (asked,) = await conversations.add(first.id, samples.question())
        stranger = samples.answer(asked)
        for wrong in (
            conversations.get("nobody"),
            conversations.rename("nobody", "x"),
            conversations.add("nobody", samples.question()),
            conversations.add(second.id, samples.question(), stranger),  # the parent is elsewhere
            conversations.save(stranger),
            conversations.save_draft("nobody", Draft(text="x")),
        ):
            with pytest.raises(KeyError):
                await wrong
        assert (await conversations.get(second.id)).messages == ()
        with pytest.raises(ValueError, match="FOREIGN KEY"):
            await conversations.add(second.id, samples.question(shows=b"never stored"))
        with pytest.raises(ValueError, match="UNIQUE"):
            await conversations.add(first.id, asked)
        assert await conversations.list() == await conversations.list()

    samples.with_store(home, scene)


def test_a_conversation_begins_with_its_first_messages_or_not_at_all(home: Path) -> None:
    async def scene(store: Store) -> None:
        asked = samples.question()
        begun = await store.conversations.create("x", asked, samples.answer(asked))
        assert [message.seq for message in begun.messages] == [0, 1]
        assert await store.conversations.get(begun.id) == begun
        with pytest.raises(ValueError, match="FOREIGN KEY"):
            await store.conversations.create("y", samples.question(shows=b"never stored"))
        assert [row.title for row in await store.conversations.list()] == ["x"]

    samples.with_store(home, scene)


def test_save_replaces_what_can_change_and_nothing_else(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation = await store.conversations.create("x")
        (told,) = await store.conversations.add(conversation.id, samples.question("one"))
        changed = told.replace(
            parts=(TextPart(text="one"), TextPart(text="two"), TextPart(text="three")),
            reasoning="hm",
            status=Status.FAILED,
            problem=Problem(code="c", what="{x}", remedy="", facts={"x": "\ud800 <b>"}),
            run=RunCard(endpoint="e", model="m", total_s=0.1),
        )
        await store.conversations.save(changed)
        assert (await store.conversations.get(conversation.id)).messages == (changed,)
        shorter = changed.replace(parts=(TextPart(text="two"),), problem=None)
        await store.conversations.save(shorter)
        assert (await store.conversations.get(conversation.id)).messages == (shorter,)

    samples.with_store(home, scene)


def test_concurrent_saves_are_done_in_the_order_they_were_asked_for(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation = await store.conversations.create("x")
        (told,) = await store.conversations.add(conversation.id, samples.question(""))
        async with asyncio.TaskGroup() as group:
            for count in range(1, 60):
                group.create_task(store.conversations.save(samples.grown(told, "x" * count)))
        (shown,) = (await store.conversations.get(conversation.id)).messages
        assert shown.text == "x" * 59

    samples.with_store(home, scene)


def test_a_cancelled_save_does_not_disturb_the_next(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation = await store.conversations.create("x")
        (told,) = await store.conversations.add(conversation.id, samples.question(""))
        task = asyncio.create_task(store.conversations.save(samples.grown(told, "stopped")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        await store.conversations.save(samples.grown(told, "last", Status.INTERRUPTED))
        (shown,) = (await store.conversations.get(conversation.id)).messages
        assert (shown.text, shown.status) == ("last", Status.INTERRUPTED)

    samples.with_store(home, scene)


def test_drafts_are_kept_per_conversation_and_an_empty_one_is_forgotten(home: Path) -> None:
    draft = Draft(text="half a\x00 quest\ud83d", pictures=(("ab", "name\udcff.png"), ("cd", "ü")))

    async def write(store: Store) -> None:
        conversation = await store.conversations.create("x")
        await store.conversations.save_draft(None, draft)
        await store.conversations.save_draft(None, draft)
        await store.conversations.save_draft(conversation.id, Draft(text="other"))

    async def read(store: Store) -> None:
        (summary,) = await store.conversations.list()
        assert await store.conversations.draft(None) == draft
        assert await store.conversations.draft(summary.id) == Draft(text="other")
        await store.conversations.save_draft(summary.id, Draft())
        assert await store.conversations.draft(summary.id) == Draft()
        assert await store.conversations.draft(None) == draft

    samples.with_store(home, write)
    samples.with_store(home, read)


def test_the_list_shows_the_newest_change_first_and_the_first_picture(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversations = store.conversations
        for data in (b"one", b"two"):
            await store.pictures.add(data, samples.picture(data))
        old, new = await conversations.create("old"), await conversations.create("new")
        assert [row.title for row in await conversations.list()] == ["new", "old"]
        await conversations.add(old.id, samples.question(), samples.question(shows=b"two"))
        await conversations.add(old.id, samples.question(shows=b"one"))
        first, second = await conversations.list()
        assert (first.title, first.picture) == ("old", samples.picture(b"two").sha256)
        assert (second.title, second.picture) == ("new", None)
        await conversations.rename(new.id, "renamed")
        assert [row.title for row in await conversations.list()] == ["old", "renamed"]

    samples.with_store(home, scene)


def test_a22_order_never_depends_on_the_clock(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    jumps = iter([now, now + timedelta(days=3650), now - timedelta(days=3650)] * 10)

    class JumpingClock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return next(jumps)

    monkeypatch.setattr(conversations_module, "datetime", JumpingClock)

    async def scene(store: Store) -> None:
        conversations = store.conversations
        made = [await conversations.create(str(number)) for number in range(4)]
        assert [row.title for row in await conversations.list()] == ["3", "2", "1", "0"]
        asked = samples.question().replace(created=now)
        earlier = samples.answer(asked).replace(created=now - timedelta(days=3650))
        await conversations.add(made[0].id, asked)
        await conversations.add(made[0].id, earlier)
        shown = await conversations.get(made[0].id)
        assert [(m.seq, m.role) for m in shown.messages] == [(0, Role.USER), (1, Role.ASSISTANT)]
        assert (await conversations.list())[0].id == made[0].id

    samples.with_store(home, scene)


def test_unreadable_columns_cost_only_themselves(home: Path, expect_log: Callable[[str], None]) -> None:
    expect_log("stored RunCard cannot be read")
    expect_log("stored Problem cannot be read")
    expect_log("stored time cannot be read")
    expect_log("stored Draft cannot be read")

    async def write(store: Store) -> None:
        conversation = await store.conversations.create("x")
        await store.conversations.add(conversation.id, samples.question("kept"))
        await store.conversations.save_draft(None, Draft(text="kept", pictures=(("a", "b"),)))

    async def read(store: Store) -> None:
        (summary,) = await store.conversations.list()
        (message,) = (await store.conversations.get(summary.id)).messages
        assert (message.text, message.run, message.problem) == ("kept", None, None)
        assert await store.conversations.draft(None) == Draft(text="kept")

    samples.with_store(home, write)
    connection = samples.raw(home)
    deep = "[" * 100_000
    connection.execute("UPDATE turn SET run = ?, problem = '{\"x\": 1}', created = 'noon'", (deep,))
    connection.execute("UPDATE draft SET pictures = '[[1'")
    connection.close()
    samples.with_store(home, read)


def test_choices_and_treatments_survive_a_restart(home: Path) -> None:
    sha256 = samples.picture().sha256
    choices = PictureChoices(last=2, rules={sha256: PictureRule.PIN}, descriptions={sha256: "a \ud83d"})
    not_begun = choices.replace(last=1, dialect="qwen")
    corners = (Point(1, 2), Point(30.5, 40))
    done = Treatment(
        regions=(Region(id="0badf00d", kind=RegionKind.ARROW, points=corners, name="half \ud83d"),),
        sends=RegionSend.CROP,
        redactions=(Redaction(kind=RedactionKind.BRUSH, points=corners, width=9.5),),
        detail=Detail.TILES,
    )
    kept = PicturePart(sha256=sha256, name="a.png", treatment=done)
    draft = Draft(pictures=((sha256, "a.png"),), treatments={sha256: done})

    async def write(store: Store) -> None:
        await store.pictures.add(samples.BYTES, samples.picture())
        asked = samples.question().replace(parts=(kept,))
        conversation = await store.conversations.create("x", asked, choices=choices)
        assert await store.conversations.set_choices(conversation.id, PictureChoices()) == choices
        assert await store.conversations.set_choices(conversation.id, choices) == PictureChoices()
        await store.conversations.save_draft(conversation.id, draft)
        assert await store.conversations.set_choices(None, not_begun) == PictureChoices()

    async def read(store: Store) -> None:
        (summary,) = await store.conversations.list()
        outline = await store.conversations.outline(summary.id)
        assert await store.conversations.choices(None) == not_begun
        assert await store.conversations.set_choices(None, PictureChoices()) == not_begun
        assert await store.conversations.choices(None) == PictureChoices()
        assert (outline.choices, outline.nodes[0].pictures) == (choices, (kept,))
        assert (await store.conversations.get(summary.id)).messages[0].parts == (kept,)
        assert await store.conversations.draft(summary.id) == draft
        for call in (store.conversations.choices("x"), store.conversations.set_choices("x", choices)):
            with pytest.raises(KeyError):
                await call

    samples.with_store(home, write)
    samples.with_store(home, read)


@pytest.mark.parametrize(
    "damaged",
    ["[[1", '{"regions": 3}', '{"redactions": [{"kind": "box", "points": []}]}', '{"detail": "huge"}'],
)
def test_a_treatment_that_cannot_be_read_hides_its_picture_and_nothing_else(
    home: Path, expect_log: Callable[[str], None], damaged: str
) -> None:
    if "points" not in damaged:
        expect_log("stored Treatment cannot be read")
        expect_log("stored Draft cannot be read")
    expect_log("stored PictureChoices cannot be read")
    sha256 = samples.picture().sha256

    async def write(store: Store) -> None:
        await store.pictures.add(samples.BYTES, samples.picture())
        await store.conversations.create("x", samples.question("kept", shows=samples.BYTES))
        await store.conversations.save_draft(None, Draft(text="kept", pictures=((sha256, "a.png"),)))

    async def read(store: Store) -> None:
        (summary,) = await store.conversations.list()
        outline = await store.conversations.outline(summary.id)
        assert (outline.choices, outline.nodes[0].pictures[0].treatment) == (PictureChoices(), HIDES_ALL)
        (message,) = (await store.conversations.get(summary.id)).messages
        assert (message.text, message.pictures[0].treatment) == ("kept", HIDES_ALL)
        draft = await store.conversations.draft(None)
        assert draft == Draft(text="kept", pictures=((sha256, "a.png"),), treatments={sha256: HIDES_ALL})

    samples.with_store(home, write)
    connection = samples.raw(home)
    connection.execute("UPDATE part SET treatment = ? WHERE picture IS NOT NULL", (damaged,))
    connection.execute("UPDATE draft SET treatments = ?", (f'{{"{sha256}": {damaged}}}',))
    connection.execute('UPDATE conversation SET choices = \'{"last": "all"}\'')
    connection.close()
    samples.with_store(home, read)


def test_works_under_the_loop_of_the_window(home: Path, run_async: Callable[..., Any]) -> None:
    async def scene() -> tuple[str, ...]:
        store = await Store.open(home)
        async with asyncio.TaskGroup() as group:
            for title in "abc":
                group.create_task(store.conversations.create(title))
        await store.pictures.add(samples.BYTES, samples.picture())
        assert await store.pictures.read(samples.picture().sha256) == samples.BYTES
        rows = await store.conversations.list()
        await store.close()
        return tuple(sorted(row.title for row in rows))

    assert run_async(scene()) == ("a", "b", "c")


# ---------------------------------------------------------------- any tree comes back equal

any_text = st.text(alphabet=st.characters(), max_size=30)
moments = st.datetimes(timezones=st.sampled_from([UTC]))
numbers = st.floats(0, 1e6, allow_nan=False)
stored = samples.picture().sha256
parts = st.lists(
    st.one_of(
        st.builds(TextPart, text=any_text),
        st.builds(PicturePart, sha256=st.just(stored), name=any_text),
        st.builds(ToolCall, id=any_text, name=any_text, arguments=any_text),
    ),
    max_size=4,
).map(tuple)
prepared = st.builds(
    Prepared,
    original=st.just(stored),
    sha256=any_text,
    mime=any_text,
    width=st.integers(0, 9**9),
    height=st.just(1),
    byte_count=st.just(2),
    scale_x=numbers,
    scale_y=numbers,
)
runs = st.builds(
    RunCard,
    endpoint=any_text,
    model=any_text,
    parameters=st.dictionaries(any_text, any_text, max_size=2),
    prepared=st.lists(prepared, max_size=2).map(tuple),
    usage=st.builds(TokenUsage, prompt_tokens=st.none() | st.integers(0)),
    total_s=st.none() | numbers,
    finish_reason=any_text,
)
problems = st.builds(
    Problem,
    code=any_text,
    what=any_text,
    remedy=any_text,
    facts=st.dictionaries(any_text, any_text, max_size=2),
)


@st.composite
def trees(draw: st.DrawFn) -> tuple[Message, ...]:
    ids = [f"{draw(st.integers(0, 16**24)):032x}{n}"[-32:] for n in range(draw(st.integers(0, 8)))]
    return tuple(
        Message(
            id=message_id,
            parent_id=draw(st.sampled_from([None, *ids[:number]])),
            seq=number,
            role=draw(st.sampled_from(Role)),
            status=draw(st.sampled_from(Status)),
            created=draw(moments),
            parts=draw(parts),
            reasoning=draw(any_text),
            run=draw(st.none() | runs),
            problem=draw(st.none() | problems),
        )
        for number, message_id in enumerate(dict.fromkeys(ids))
    )


def test_any_tree_of_messages_comes_back_equal() -> None:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        store = runner.run(Store.open(Path(folder)))
        runner.run(store.pictures.add(samples.BYTES, samples.picture()))

        async def round_trip(title: str, tree: tuple[Message, ...], cut: int) -> None:
            conversation = await store.conversations.create(title)
            added = await store.conversations.add(conversation.id, *tree[:cut])
            added += await store.conversations.add(conversation.id, *tree[cut:])
            assert added == tree
            shown = await store.conversations.get(conversation.id)
            assert (shown.messages, shown.title, shown.created) == (tree, title, conversation.created)
            await store._transactions.write(
                lambda connection: connection.execute("DELETE FROM conversation").fetchall()
            )

        @settings(max_examples=60, deadline=None)
        @given(any_text, trees(), st.integers(0, 8))
        def check(title: str, tree: tuple[Message, ...], cut: int) -> None:
            runner.run(round_trip(title, tree, cut))

        check()
        runner.run(store.close())
