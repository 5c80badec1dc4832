"""Answers that the end of the program cut off, and questions that were being changed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.domain.conversation import CutOff, Draft
from app.domain.message import Message, Status
from app.store.database import Store
from tests.app.store import samples


def answer_to(question: Message, status: Status) -> Message:
    return samples.answer(question).replace(status=status)


def test_a1_answers_that_were_growing_are_told_of_once_at_the_next_start(home: Path) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        question = samples.question().replace(status=Status.DONE)
        growing, whole = answer_to(question, Status.STREAMING), answer_to(question, Status.DONE)
        conversation = await store.conversations.create("A cat", question, growing, whole)
        await store.close()
        store = await Store.open(home)
        try:
            wanted = CutOff(conversation_id=conversation.id, title="A cat", message_id=growing.id)
            assert await store.cut_off.take() == (wanted,)
            assert await store.cut_off.take() == ()
        finally:
            await store.close()

    asyncio.run(scene())


def test_what_quitting_interrupts_is_remembered_and_what_became_whole_is_not(home: Path) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        try:
            question = samples.question().replace(status=Status.DONE)
            stopped, whole = answer_to(question, Status.INTERRUPTED), answer_to(question, Status.DONE)
            conversation = await store.conversations.create("A cat", question, stopped, whole)
            await store.cut_off.note([stopped.id, whole.id, "nobody"])
            assert [cut.message_id for cut in await store.cut_off.take()] == [stopped.id]
            await store.cut_off.note([stopped.id])
            await store.trash.put([conversation.id])
            assert await store.cut_off.take() == ()
        finally:
            await store.close()

    asyncio.run(scene())


def test_a3_the_next_question_and_the_change_of_an_earlier_one_are_kept_beside_each_other(home: Path) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        try:
            conversations = store.conversations
            question = samples.question().replace(status=Status.DONE)
            conversation = await conversations.create("A cat", question)
            assert await conversations.edit(conversation.id) is None
            change = Draft(text="Which cat?", edits=question.id)
            await conversations.save_draft(conversation.id, Draft(text="And a dog?"))
            await conversations.save_draft(conversation.id, change.replace(text="Whi"))
            await conversations.save_draft(conversation.id, change)
            assert await conversations.draft(conversation.id) == Draft(text="And a dog?")
            assert await conversations.edit(conversation.id) == change
            await conversations.drop_edit(conversation.id, question.id)
            assert await conversations.edit(conversation.id) is None
            assert await conversations.draft(conversation.id) == Draft(text="And a dog?")
        finally:
            await store.close()

    asyncio.run(scene())


def test_a_change_of_a_question_that_was_deleted_is_not_offered(home: Path) -> None:
    async def scene() -> None:
        store = await Store.open(home)
        try:
            question = samples.question().replace(status=Status.DONE)
            conversation = await store.conversations.create("A cat", question)
            await store.conversations.save_draft(conversation.id, Draft(text="Which?", edits=question.id))
            await store.trash.put_branch(question.id)
            assert await store.conversations.edit(conversation.id) is None
            await store.trash.take_back_branch(question.id)
            assert await store.conversations.edit(conversation.id) is not None
        finally:
            await store.close()

    asyncio.run(scene())
