"""Tool calls, links, sessions, and answers that an endpoint still works on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.conversation import Draft
from app.domain.message import Message, PicturePart, RunCard, Status, TextPart, Ticket, ToolCall
from app.store.database import Store
from tests.app.store import samples

TICKET = Ticket(endpoint_id="nvidia", request_id="r-1", url="https://example.org/status/r-1", given=1.5)
LINK = "https://example.org/photo.png?size=1"


def pending(message: Message, ticket: Ticket | None = TICKET) -> Message:
    return message.replace(
        status=Status.PENDING, run=RunCard(endpoint="NVIDIA", model="m", endpoint_id="nvidia", ticket=ticket)
    )


async def ask(store: Store, title: str) -> tuple[str, Message]:
    asked = samples.question(title)
    conversation = await store.conversations.create(title, asked, samples.answer(asked))
    return conversation.id, conversation.messages[-1]


def test_b19_a_pending_answer_with_a_ticket_outlives_the_program(home: Path) -> None:
    kept: list[tuple[str, Message]] = []

    async def write(store: Store) -> None:
        for title in ("one", "two"):
            conversation_id, told = await ask(store, title)
            kept.append((conversation_id, pending(told)))
            await store.conversations.save(kept[-1][1])
        _, lost = await ask(store, "no ticket")
        await store.conversations.save(pending(lost, None))

    async def read(store: Store) -> None:
        assert store.report.interrupted == 4  # three questions were sending, one answer has no ticket
        assert await store.conversations.pending() == tuple(kept)
        done = kept[0][1].replace(status=Status.DONE)
        await store.conversations.save(done)
        assert await store.conversations.pending() == (kept[1],)

    samples.with_store(home, write)
    samples.with_store(home, read)


def test_a_pending_answer_whose_ticket_cannot_be_read_is_interrupted(
    home: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("a stored RunCard cannot be read")

    async def write(store: Store) -> None:
        _, told = await ask(store, "x")
        await store.conversations.save(pending(told))

    async def read(store: Store) -> None:
        assert await store.conversations.pending() == ()

    samples.with_store(home, write)
    connection = samples.raw(home)
    connection.execute("UPDATE turn SET run = '{' WHERE run IS NOT NULL")
    connection.close()
    samples.with_store(home, read)


def test_tool_calls_and_links_come_back_equal(home: Path) -> None:
    call = ToolCall(id="c1", name="zoom", arguments='{"x": "half a pair \ud83d"}', extra='{"a": 1}')

    async def scene(store: Store) -> None:
        await store.pictures.add(samples.BYTES, samples.picture())
        shown = PicturePart(sha256=samples.picture().sha256, name="photo.png", link=LINK)
        asked = samples.question().replace(parts=(shown, TextPart(text="?")))
        told = samples.answer(asked).replace(parts=(TextPart(text="Let me see."), call, call))
        conversation = await store.conversations.create("x", asked, told)
        messages = (await store.conversations.get(conversation.id)).messages
        assert [message.parts for message in messages] == [asked.parts, told.parts]
        unlinked = messages[0].replace(parts=(shown.replace(link=""), TextPart(text="?")))
        await store.conversations.save(unlinked)
        assert (await store.conversations.get(conversation.id)).messages[0] == unlinked

    samples.with_store(home, scene)


def test_a_tool_call_that_cannot_be_read_costs_only_itself(
    home: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("a stored ToolCall cannot be read")

    async def scene(store: Store) -> None:
        asked = samples.question()
        call = ToolCall(id="c1", name="zoom", arguments="{}")
        told = samples.answer(asked).replace(parts=(TextPart(text="Yes."), call))
        conversation = await store.conversations.create("x", asked, told)
        connection = samples.raw(home)
        connection.execute("UPDATE part SET text = ? WHERE kind = 'tool_call'", (json.dumps({"id": 1}),))
        connection.close()
        messages = (await store.conversations.get(conversation.id)).messages
        assert messages[1].parts == (TextPart(text="Yes."),)

    samples.with_store(home, scene)


def test_a_draft_keeps_its_links(home: Path) -> None:
    sha256 = samples.picture().sha256
    draft = Draft(text="?", pictures=((sha256, "photo.png"),), links={sha256: LINK})

    async def write(store: Store) -> None:
        await store.conversations.save_draft(None, draft)

    async def read(store: Store) -> None:
        assert await store.conversations.draft(None) == draft

    samples.with_store(home, write)
    samples.with_store(home, read)


def test_a_session_belongs_to_its_conversation(home: Path) -> None:
    async def scene(store: Store) -> None:
        chats = store.conversations
        with_one = await chats.create("x", session="s-1")
        without = await chats.create("y")
        assert (await chats.get(with_one.id)).session == with_one.session == "s-1"
        assert (await chats.get(without.id)).session == ""
        await chats.set_session(with_one.id, "")
        await chats.set_session(without.id, "s-2")
        assert [(await chats.get(c.id)).session for c in (with_one, without)] == ["", "s-2"]
        assert [row.title for row in await chats.list()] == ["y", "x"]
        with pytest.raises(KeyError):
            await chats.set_session("nobody", "s-3")

    samples.with_store(home, scene)


def test_keep_adds_a_message_once_and_saves_it_after_that(home: Path) -> None:
    async def scene(store: Store) -> None:
        chats = store.conversations
        conversation_id, told = await ask(store, "x")
        sibling = samples.answer(samples.question()).replace(parent_id=told.parent_id)
        first, second = await asyncio.gather(
            chats.keep(conversation_id, samples.grown(sibling, "A")),
            chats.keep(conversation_id, samples.grown(sibling, "A cat")),
        )
        assert (first.seq, first.text, second.seq, second.text) == (2, "A", 2, "A cat")
        stored = (await chats.get(conversation_id)).messages
        assert [message.id for message in stored[1:]] == [told.id, sibling.id]
        assert stored[2] == second
        with pytest.raises(KeyError):
            await chats.keep("nobody", samples.question())

    samples.with_store(home, scene)
