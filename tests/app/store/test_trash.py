from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.conversation import Conversation
from app.domain.geometry import Point
from app.domain.message import Message, PicturePart, Status
from app.domain.region import Redaction, RedactionKind, Treatment
from app.store.database import Store
from app.store.trash import BEGINNING
from tests.app.store import samples


async def two_branches(store: Store) -> tuple[Conversation, list[Message]]:
    """A question with two answers, and a question below the first of them."""
    asked = samples.question("Which bird is this?")
    first = samples.grown(samples.answer(asked), "A robin.", Status.DONE)
    second = samples.grown(samples.answer(asked), "A wren.", Status.DONE)
    more = samples.question("How old does it get?").replace(parent_id=first.id)
    conversation = await store.conversations.create("Birds", asked, first, second, more)
    return conversation, list(conversation.messages)


async def shown(store: Store, conversation_id: str) -> set[str]:
    outline = await store.conversations.outline(conversation_id)
    whole = await store.conversations.get(conversation_id)
    assert [node.id for node in outline.nodes] == [message.id for message in whole.messages]
    return {node.id for node in outline.nodes}


def test_a18_a_conversation_comes_back_from_the_trash_as_it_was(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation, _ = await two_branches(store)
        other = await store.conversations.create("Other")
        before = await store.conversations.list()
        await store.trash.put([conversation.id])
        assert [row.id for row in await store.conversations.list()] == [other.id]
        with pytest.raises(KeyError):
            await store.conversations.outline(conversation.id)
        (lying,) = await store.trash.contents()
        assert (lying.conversation_id, lying.message_id, lying.title) == (conversation.id, "", "Birds")
        await store.trash.take_back([conversation.id])
        assert await store.conversations.list() == before
        assert await store.trash.contents() == ()

    samples.with_store(home, scene)


def test_a18_a_message_goes_with_all_below_it_and_comes_back_with_it(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation, (asked, first, second, more) = await two_branches(store)
        await store.trash.put_branch(first.id)
        assert await shown(store, conversation.id) == {asked.id, second.id}
        (lying,) = await store.trash.contents()
        assert (lying.message_id, lying.title, lying.text) == (first.id, "Birds", "A robin.")
        await store.trash.take_back_branch(first.id)
        assert await shown(store, conversation.id) == {asked.id, first.id, second.id, more.id}

    samples.with_store(home, scene)


def test_a18_what_was_deleted_before_stays_in_the_trash_when_more_comes_back(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation, (asked, first, second, more) = await two_branches(store)
        await store.trash.put_branch(more.id)
        await store.trash.put_branch(first.id)
        await store.trash.take_back_branch(first.id)
        assert await shown(store, conversation.id) == {asked.id, first.id, second.id}
        assert [lying.message_id for lying in await store.trash.contents()] == [more.id]

    samples.with_store(home, scene)


def test_a18_a_message_that_comes_back_brings_what_it_hangs_below(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation, (asked, first, second, more) = await two_branches(store)
        await store.trash.put_branch(more.id)
        await store.trash.put_branch(first.id)
        await store.trash.take_back_branch(more.id)
        assert await shown(store, conversation.id) == {asked.id, first.id, second.id, more.id}
        assert await store.trash.contents() == ()

    samples.with_store(home, scene)


@pytest.mark.parametrize("which", ["both", "outer", "inner"])
def test_nested_deletions_are_deleted_for_good_in_any_order(home: Path, which: str) -> None:
    async def scene(store: Store) -> None:
        conversation, (asked, first, second, more) = await two_branches(store)
        await store.trash.put_branch(more.id)
        await store.trash.put_branch(first.id)
        things = {thing.message_id: thing for thing in await store.trash.contents()}
        outer, inner = things[first.id], things[more.id]
        await store.trash.purge({"both": [outer, inner], "outer": [outer], "inner": [inner]}[which])
        assert [thing.message_id for thing in await store.trash.contents()] == (
            [first.id] if which == "inner" else []
        )
        assert await shown(store, conversation.id) == {asked.id, second.id}

    samples.with_store(home, scene)


def test_only_what_lies_in_the_trash_is_deleted_for_good(home: Path) -> None:
    async def scene(store: Store) -> None:
        conversation, (asked, first, second, _) = await two_branches(store)
        kept = await store.conversations.create("Kept")
        await store.trash.put([kept.id])
        await store.trash.put_branch(first.id)
        lying = await store.trash.contents()
        await store.trash.take_back([kept.id])
        await store.trash.purge(lying)
        assert await shown(store, conversation.id) == {asked.id, second.id}
        assert await store.conversations.messages([first.id]) == ()
        await store.trash.take_back_branch(first.id)
        assert await shown(store, conversation.id) == {asked.id, second.id}
        assert await shown(store, kept.id) == set()
        await store.trash.put([conversation.id])
        await store.trash.purge(await store.trash.contents())
        assert [row.id for row in await store.conversations.list()] == [kept.id]

    samples.with_store(home, scene)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["put", "take back"]), st.integers(0, 7)), max_size=12))
def test_a20_deleting_and_bringing_back_in_any_order_loses_no_message(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    async def scene(store: Store) -> None:
        messages = [samples.question()]
        for number in range(1, 8):
            messages.append(samples.question().replace(parent_id=messages[number // 2].id))
        conversation = await store.conversations.create("Tree", *messages)
        for what, number in steps:
            act = store.trash.put_branch if what == "put" else store.trash.take_back_branch
            await act(messages[number].id)
            present = await shown(store, conversation.id)
            assert len((await store.conversations.outline(conversation.id)).tree) == len(present)
        for lying in await store.trash.contents():
            await store.trash.take_back_branch(lying.message_id)
        assert await shown(store, conversation.id) == {message.id for message in messages}

    samples.with_store(tmp_path_factory.mktemp("library"), scene)


@pytest.mark.parametrize(
    "text",
    ["", "short", "a\0b", "half a pair \ud83d", "\ud83d" * 500, "x" + "🐈" * 500, "xx" + "é" * 5000],
)
def test_the_trash_shows_the_beginning_of_any_text(home: Path, text: str) -> None:
    async def scene(store: Store) -> None:
        asked = samples.question(text)
        await store.conversations.create("x", asked)
        await store.trash.put_branch(asked.id)
        (lying,) = await store.trash.contents()
        assert lying.text == text[: len(lying.text)]
        assert len(lying.text) == min(len(text), BEGINNING)

    samples.with_store(home, scene)


def test_what_a_message_in_the_trash_covers_is_known_and_stays_covered_when_it_goes_for_good(
    home: Path,
) -> None:
    face = Redaction(RedactionKind.BOX, (Point(0, 0), Point(2, 2)))
    shown_once = samples.picture()

    async def scene(store: Store) -> None:
        await store.pictures.add(samples.BYTES, shown_once)
        asked = samples.question(shows=samples.BYTES)
        covering = samples.question(shows=samples.BYTES).replace(parent_id=asked.id)
        part = PicturePart(shown_once.sha256, "photo.png", treatment=Treatment(redactions=(face,)))
        covering = covering.replace(parts=(part,))
        conversation = await store.conversations.create("Birds", asked, covering)
        await store.trash.put_branch(covering.id)
        outline = await store.conversations.outline(conversation.id)
        assert [node.id for node in outline.nodes] == [asked.id]
        assert [node.id for node in outline.trashed] == [covering.id]
        known = await store.conversations.showing(conversation.id)
        assert tuple(outline.showing) == known and [node.id for node in known] == [asked.id, covering.id]
        assert known[1].pictures[0].treatment.redactions == (face,)
        await store.trash.purge(await store.trash.contents())
        (left,) = await store.conversations.showing(conversation.id)
        assert left.pictures[0].treatment.redactions == (face,)

    samples.with_store(home, scene)
