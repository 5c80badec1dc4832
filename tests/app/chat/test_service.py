"""Questions and answers against the real library and the real decoder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.chat.answering import Snapshot
from app.chat.exchange import title_of
from app.chat.route import Route
from app.chat.service import ChatService
from app.domain.conversation import Draft
from app.domain.errors import DiskFull, Interrupted, PictureRefused
from app.domain.events import Finished, TextDelta
from app.domain.message import Message, Role, Status, TextPart
from app.pictures.decoder import Decoder
from app.pictures.intake import Intake, Offer
from app.store.database import Store
from tests.scripted_provider import ScriptedProvider

PHOTOS = Path(__file__).parents[2] / "data" / "photos"


@dataclass
class Desk:
    store: Store
    decoder: Decoder
    chat: ChatService

    async def take(self, *names: str) -> tuple[tuple[str, str], ...]:
        offer = Offer(paths=tuple(PHOTOS / name for name in names))
        taken = [item async for item in Intake(self.decoder, self.store.pictures).take(offer)]
        assert not any(isinstance(item, PictureRefused) for item in taken)
        return tuple((item.picture.sha256, item.name) for item in taken)  # type: ignore[union-attr]


@asynccontextmanager
async def desk(home: Path) -> AsyncGenerator[Desk, None]:
    store, decoder = await Store.open(home), Decoder()
    try:
        yield Desk(store, decoder, ChatService(store, decoder))
    finally:
        await decoder.close()
        await store.close()


def on_a_desk(home: Path, scenario: Callable[[Desk], Coroutine[None, None, None]]) -> None:
    async def run() -> None:
        async with desk(home) as it:
            await scenario(it)

    asyncio.run(run())


def ignore(_: Snapshot) -> None:
    return


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
        assert message.text == "[1 picture that came with this is not sent again]\n\nAll?"

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
        await asyncio.wait_for(arrived.wait(), 5)
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
