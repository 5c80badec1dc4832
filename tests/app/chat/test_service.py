"""Questions and answers against the real library and the real decoder."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.chat.answering import Snapshot
from app.chat.exchange import draft_of, title_of
from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.errors import DiskFull, Interrupted
from app.domain.events import Finished, ReasoningDelta, TextDelta
from app.domain.message import Message, Role, Status, TextPart
from app.domain.region import PictureChoices
from app.domain.request import Parameters
from tests.app.chat.desks import Desk, ignore, on_a_desk
from tests.scripted_provider import ScriptedProvider


def test_a_question_and_its_answer_are_in_the_library(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        provider = ScriptedProvider(TextDelta(text="A cat."), Finished(reason="stop"))
        route = Route(provider, "m")
        draft = Draft(text="What is it?", pictures=await desk.take("chelsea.png"))
        exchange = await desk.chat.ask(draft, route, None)
        await desk.chat.answer(exchange, route, ignore)
        stored = await desk.store.conversations.get(exchange.conversation_id)
        question, answer = stored.branch()
        assert (question.role, question.status, question.text) == (Role.USER, Status.DONE, "What is it?")
        assert [part.name for part in question.pictures] == ["chelsea.png"]
        assert (answer.status, answer.text, answer.parent_id) == (Status.DONE, "A cat.", question.id)
        assert stored.title == "What is it?"

    on_a_desk(home, scenario)


def test_the_picture_is_sent_within_the_limits_and_the_run_card_says_how(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        provider = ScriptedProvider(Finished(reason="stop"))
        route = Route(provider, "m")
        exchange = await desk.chat.ask(Draft(pictures=await desk.take("coffee.png")), route, None)
        answer = await desk.chat.answer(exchange, route, ignore)
        (sent,) = provider.requests[0].messages[0].pictures
        assert max(sent.prepared.width, sent.prepared.height) == 256
        assert sent.data[:2] == b"\xff\xd8"
        assert answer.run is not None
        assert answer.run.prepared == (sent.prepared,)

    on_a_desk(home, scenario)


def test_a_second_question_follows_the_first_answer(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        provider = ScriptedProvider(TextDelta(text="Yes."), Finished(reason="stop"))
        route = Route(provider, "m")
        first = await desk.chat.ask(Draft(text="One?"), route, None)
        await desk.chat.answer(first, route, ignore)
        second = await desk.chat.ask(Draft(text="Two?"), route, first.conversation_id)
        await desk.chat.answer(second, route, ignore)
        texts = [message.text for message in provider.requests[1].messages]
        assert texts == ["One?", "Yes.", "Two?"]

    on_a_desk(home, scenario)


def test_older_pictures_than_the_endpoint_takes_are_counted_not_sent(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        provider = ScriptedProvider(Finished(reason="stop"))
        route = Route(provider, "m")
        pictures = await desk.take("coffee.png", "rocket.jpg", "chelsea.png")
        exchange = await desk.chat.ask(Draft(text="All?", pictures=pictures), route, None)
        await desk.chat.answer(exchange, route, ignore)
        (message,) = provider.requests[0].messages
        assert [picture.name for picture in message.pictures] == ["rocket.jpg", "chelsea.png"]
        assert message.text == "[1 picture that came with this is not sent]\n\nAll?"

    on_a_desk(home, scenario)


def test_a_failed_answer_is_kept_with_its_problem(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        provider = ScriptedProvider(TextDelta(text="A c"), Interrupted(endpoint="Scripted", reason="cut"))
        route = Route(provider, "m")
        exchange = await desk.chat.ask(Draft(text="What?"), route, None)
        await desk.chat.answer(exchange, route, ignore)
        stored = (await desk.store.conversations.get(exchange.conversation_id)).branch()[-1]
        assert (stored.status, stored.text) == (Status.INTERRUPTED, "A c")
        assert stored.problem is not None
        assert "ended before the answer did: cut" in stored.problem.sentence

    on_a_desk(home, scenario)


def test_a_vanished_original_fails_the_answer_and_keeps_the_question(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        route = Route(ScriptedProvider(Finished(reason="stop")), "m")
        pictures = await desk.take("coffee.png")
        exchange = await desk.chat.ask(Draft(text="What?", pictures=pictures), route, None)
        desk.store.pictures.path(pictures[0][0]).unlink()
        answer = await desk.chat.answer(exchange, route, ignore)
        assert answer.status is Status.FAILED
        assert answer.problem is not None
        assert "coffee.png" in answer.problem.sentence

    on_a_desk(home, scenario)


def test_stopping_keeps_what_arrived(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        route = Route(ScriptedProvider(TextDelta(text="A c"), asyncio.Event()), "m")
        exchange = await desk.chat.ask(Draft(text="What?"), route, None)
        arrived = asyncio.Event()

        def show(snapshot: Snapshot) -> None:
            if snapshot.message.text:
                arrived.set()

        task = asyncio.create_task(desk.chat.answer(exchange, route, show))
        await asyncio.wait_for(arrived.wait(), 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        stored = (await desk.store.conversations.get(exchange.conversation_id)).branch()[-1]
        assert (stored.status, stored.text) == (Status.INTERRUPTED, "A c")

    on_a_desk(home, scenario)


@pytest.mark.parametrize(
    ("draft", "title"),
    [
        (Draft(text="What is\n this?"), "What is this?"),
        (Draft(text="word " * 30), "word " * 11 + "word…"),
        (Draft(pictures=(("0" * 64, "cat.jpg"),)), "cat.jpg"),
        (Draft(), ""),
    ],
)
def test_a_conversation_is_called_by_its_first_words(draft: Draft, title: str) -> None:
    assert title_of(draft) == title


class FullDisk:
    """The library's conversations on a disk that is full until it is not, and slow then."""

    def __init__(self, desk: Desk) -> None:
        self._conversations = desk.store.conversations
        self.full = True
        self.go_on = asyncio.Event()

    async def save(self, message: Message) -> None:
        if self.full:
            raise DiskFull(path="/library")
        await self.go_on.wait()
        await self._conversations.save(message)


def test_a5_saving_again_never_puts_an_older_answer_over_a_newer_one(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        route = Route(ScriptedProvider(), "m")
        exchange = await desk.chat.ask(Draft(text="What?"), route, None)
        half = exchange.answer.replace(parts=(TextPart(text="half"),))
        whole = exchange.answer.replace(parts=(TextPart(text="half and whole"),))
        desk.store.conversations, disk = FullDisk(desk), desk.store.conversations  # type: ignore[assignment]
        full = desk.store.conversations
        assert isinstance(full, FullDisk)
        for message in (exchange.question, half):
            with pytest.raises(DiskFull):
                await desk.chat._keeping.save(message)
        full.full = False
        async with asyncio.TaskGroup() as group:
            group.create_task(desk.chat.save_unsaved())
            await asyncio.sleep(0)
            group.create_task(desk.chat._keeping.save(whole))
            await asyncio.sleep(0)
            full.go_on.set()
        desk.store.conversations = disk
        stored = (await disk.get(exchange.conversation_id)).branch()[-1]
        assert stored.text == "half and whole"
        assert not desk.chat.unsaved

    on_a_desk(home, scenario)


def test_a19_two_answers_of_one_conversation_grow_beside_each_other(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        go_on = asyncio.Event()
        slow = Route(ScriptedProvider(TextDelta(text="slow"), go_on, TextDelta(text=" but sure")), "m")
        first = await desk.chat.ask(Draft(text="What?"), slow, None)
        async with asyncio.TaskGroup() as group:
            group.create_task(desk.chat.answer(first, slow, ignore))
            quick = Route(ScriptedProvider(TextDelta(text="quick"), Finished(reason="stop")), "m")
            second = await desk.chat.ask_again(first.conversation_id, first.question.id, quick)
            done = await desk.chat.answer(second, quick, ignore)
            assert done.text == "quick"
            other = await desk.chat.ask(Draft(text="Or?"), quick, first.conversation_id, below="")
            await desk.chat.answer(other, quick, ignore)
            go_on.set()
        stored = await desk.store.conversations.get(first.conversation_id)
        assert [m.text for m in stored.messages] == ["What?", "slow but sure", "quick", "Or?", "quick"]

    on_a_desk(home, scenario)


def test_a19_what_is_put_into_the_trash_while_it_grows_is_whole_when_it_comes_back(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        go_on = asyncio.Event()
        steps = TextDelta(text="A c"), go_on, TextDelta(text="at."), TextDelta(text="A dog.", choice=1)
        route = Route(ScriptedProvider(*steps), "m", parameters=Parameters(n=2))
        exchange = await desk.chat.ask(Draft(text="What?"), route, None)
        async with asyncio.TaskGroup() as group:
            group.create_task(desk.chat.answer(exchange, route, ignore))
            await desk.store.trash.put_branch(exchange.question.id)
            go_on.set()
        assert (await desk.store.conversations.outline(exchange.conversation_id)).nodes == ()
        await desk.store.trash.take_back_branch(exchange.question.id)
        stored = await desk.store.conversations.get(exchange.conversation_id)
        assert [m.text for m in stored.messages] == ["What?", "A cat.", "A dog."]

    on_a_desk(home, scenario)


def test_an_edited_question_stands_beside_the_old_one_with_its_own_pictures(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        provider = ScriptedProvider(TextDelta(text="."), Finished(reason="stop"))
        route = Route(provider, "m")
        coffee, rocket = await desk.take("coffee.png", "rocket.jpg")
        link = "https://example.org/coffee.png"
        first = await desk.chat.ask(Draft(text="1", pictures=(coffee,), links={coffee[0]: link}), route, None)
        await desk.chat.answer(first, route, ignore)
        draft = draft_of(first.question)
        assert draft == Draft(text="1", pictures=(coffee,), links={coffee[0]: link})
        swapped = draft.replace(pictures=(rocket,), links={})
        edited = await desk.chat.ask(swapped, route, first.conversation_id, below="")
        await desk.chat.answer(edited, route, ignore)
        assert [picture.name for picture in provider.requests[-1].messages[0].pictures] == ["rocket.jpg"]
        outline = await desk.store.conversations.outline(first.conversation_id)
        beside = outline.tree.siblings(outline.tree[edited.question.id])
        assert [node.pictures[0].name for node in beside] == ["coffee.png", "rocket.jpg"]

    on_a_desk(home, scenario)


def test_a_branch_becomes_a_conversation_of_its_own(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        route = Route(ScriptedProvider(TextDelta(text="Yes."), Finished(reason="stop")), "m", session="s-1")
        draft = Draft(text="One?", pictures=await desk.take("coffee.png"))
        first = await desk.chat.ask(draft, route, None)
        await desk.chat.answer(first, route, ignore)
        on = await desk.chat.go_on(first.conversation_id, first.answer.id, route)
        await desk.chat.answer(on, route, ignore)
        second = await desk.chat.ask(Draft(text="Two?"), route, first.conversation_id, on.answer.id)
        about = PictureChoices(subjects={on.answer.id: draft.pictures[0][0], "of another branch": "0"})
        await desk.store.conversations.set_choices(first.conversation_id, about)
        new = await desk.chat.branch_off(first.conversation_id, second.answer.id, "One? (branch)")
        branch = (await desk.store.conversations.get(first.conversation_id)).branch()
        copy = await desk.store.conversations.get(new)
        assert (copy.title, copy.session) == ("One? (branch)", "")
        assert copy.branch() == copy.messages
        assert len(copy.messages) == len(branch) == 4
        assert not {message.id for message in copy.messages} & {message.id for message in branch}
        for old, copied in zip(branch[:3], copy.messages, strict=False):
            kept = copied.replace(id=old.id, parent_id=old.parent_id, seq=old.seq)
            assert kept == old.replace(status=Status.DONE)
        assert copy.messages[3].status is Status.INTERRUPTED
        kept = {copy.branch()[1].id: draft.pictures[0][0]}
        assert (await desk.store.conversations.choices(new)).subjects == kept
        third = await desk.chat.ask(Draft(text="Three?"), route, new, copy.messages[3].id)
        assert third.answer.run is not None and not third.answer.run.choices.subjects
        with pytest.raises(KeyError):
            await desk.chat.branch_off(new, "nobody", "")

    on_a_desk(home, scenario)


def test_questions_below_answers_that_wait_for_room_are_asked_with_them(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        provider = ScriptedProvider(TextDelta(text="A cat."), Finished(reason="stop"))
        route = Route(provider, "m")
        exchange = await desk.chat.ask(Draft(text="What?"), route, None)
        whole = exchange.answer.replace(parts=(TextPart(text="Told in full."),), status=Status.DONE)
        desk.store.conversations, disk = FullDisk(desk), desk.store.conversations  # type: ignore[assignment]
        with pytest.raises(DiskFull):
            await desk.chat._keeping.save(whole)
        desk.store.conversations = disk
        more = await desk.chat.ask(Draft(text="More?"), route, exchange.conversation_id, exchange.answer.id)
        await desk.chat.answer(more, route, ignore)
        assert [m.text for m in provider.requests[0].messages] == ["What?", "Told in full.", "More?"]

    on_a_desk(home, scenario)


def test_the_run_card_tells_when_the_reasoning_ended(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        go_on = asyncio.Event()
        steps = ReasoningDelta(text="Hm."), go_on, TextDelta(text="A cat."), Finished(reason="stop")
        route = Route(ScriptedProvider(*steps), "m")
        exchange = await desk.chat.ask(Draft(text="What?"), route, None)
        seen: list[Snapshot] = []

        def show(snapshot: Snapshot) -> None:
            seen.append(snapshot)
            if snapshot.message.reasoning:
                go_on.set()

        answer = await desk.chat.answer(exchange, route, show)
        thinking = [s.message.run for s in seen if s.message.reasoning and not s.message.text]
        assert thinking
        assert all(run is not None and run.reasoning_s is None for run in thinking)
        assert answer.run is not None
        assert answer.run.first_token_s is not None
        assert answer.run.reasoning_s is not None
        assert answer.run.total_s is not None
        assert answer.run.first_token_s <= answer.run.reasoning_s <= answer.run.total_s

    on_a_desk(home, scenario)


def test_an_answer_that_is_deleted_for_good_while_it_grows_ends_in_peace(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        go_on = asyncio.Event()
        steps = TextDelta(text="A c"), go_on, TextDelta(text="at."), TextDelta(text="A dog.", choice=1)
        route = Route(ScriptedProvider(*steps), "m", parameters=Parameters(n=2))
        exchange = await desk.chat.ask(Draft(text="What?"), route, None)
        async with asyncio.TaskGroup() as group:
            answering = group.create_task(desk.chat.answer(exchange, route, ignore))
            while (await desk.stored(exchange.answer.id)).text == "":
                await asyncio.sleep(0.01)
            await desk.store.trash.put((exchange.conversation_id,))
            await desk.store.trash.purge(await desk.store.trash.contents())
            go_on.set()
        assert answering.result().text == "A cat."
        assert not desk.chat.unsaved
        assert await desk.store.conversations.list() == ()

    on_a_desk(home, scenario)


def test_nothing_is_asked_below_what_is_in_the_trash(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        route = Route(ScriptedProvider(TextDelta(text="Yes."), Finished(reason="stop")), "m")
        kept = await desk.answered(route)
        gone = await desk.answered(route, kept.conversation_id, "", "Or?")
        before = await desk.store.conversations.outline(kept.conversation_id)
        await desk.store.trash.put_branch(gone.question.id)
        conversation_id, draft = kept.conversation_id, Draft(text="More?")
        for below in (gone.answer.id, "nobody"):
            with pytest.raises(KeyError):
                await desk.chat.ask(draft, route, conversation_id, below)
            with pytest.raises(KeyError):
                await desk.chat.go_on(conversation_id, below, route)
        with pytest.raises(KeyError):
            await desk.chat.ask_again(conversation_id, gone.question.id, route)
        await desk.store.trash.take_back_branch(gone.question.id)
        assert await desk.store.conversations.outline(conversation_id) == before

    on_a_desk(home, scenario)
