"""Several answers to one request, and answers for later, in the real library."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.chat.answering import Snapshot
from app.chat.exchange import Exchange
from app.chat.route import Route
from app.chat.service import ChatService
from app.domain.conversation import Draft
from app.domain.errors import AnswerLost, DiskFull, FoveaError, KeyMissing, KeyNotRead, KeyRefused
from app.domain.events import Accepted, Finished, Progress, ReasoningDelta, TextDelta, ToolCalled
from app.domain.message import Message, Status, Ticket, ToolCall
from app.domain.request import Parameters, Reasoning
from app.pictures.decoder import Decoder
from app.store.conversations import Conversations
from app.store.database import Store
from tests.scripted_provider import ScriptedProvider, Step

TICKET = Ticket(endpoint_id="scripted", request_id="r-1", url="https://example.org/r-1", given=1.0)
Scenario = Callable[[Store, ChatService], Coroutine[None, None, None]]


@asynccontextmanager
async def chat_on(home: Path) -> AsyncGenerator[tuple[Store, ChatService], None]:
    store, decoder = await Store.open(home), Decoder()
    try:
        yield store, ChatService(store, decoder)
    finally:
        await decoder.close()
        await store.close()


def on_a_desk(home: Path, *scenarios: Scenario) -> None:
    """Play each scenario with a library that is opened for it alone."""

    async def run(scenario: Scenario) -> None:
        async with chat_on(home) as (store, chat):
            await scenario(store, chat)

    for scenario in scenarios:
        asyncio.run(run(scenario))


class Last:
    """Remembers the last snapshot; `seen` waits for one."""

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self._changed = asyncio.Event()

    def __call__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._changed.set()

    async def seen(self, condition: Callable[[Snapshot], bool]) -> None:
        async with asyncio.timeout(30):
            while self.snapshot is None or not condition(self.snapshot):
                self._changed.clear()
                await self._changed.wait()


def route_for(*steps: Step, **fields: object) -> Route:
    return Route(ScriptedProvider(*steps), "m", **fields)  # type: ignore[arg-type]


TWO = Parameters(n=2)


def test_siblings_are_in_the_library_and_the_first_answer_is_what_goes_on(home: Path) -> None:
    async def ask(store: Store, chat: ChatService) -> None:
        steps = TextDelta(text="A dog.", choice=1), TextDelta(text="A cat."), Finished(reason="stop")
        route = route_for(*steps, parameters=TWO)
        exchange = await chat.ask(Draft(text="What?"), route, None)
        last = Last()
        first = await chat.answer(exchange, route, last)
        assert last.snapshot is not None
        conversation = await store.conversations.get(exchange.conversation_id)
        assert conversation.messages[1:] == (first, *last.snapshot.siblings)

    async def go_on(store: Store, chat: ChatService) -> None:
        (row,) = await store.conversations.list()
        conversation = await store.conversations.get(row.id)
        question, first, second = conversation.messages
        assert [m.text for m in conversation.tree.children(question.id)] == ["A cat.", "A dog."]
        assert conversation.branch() == (question, first)
        route = route_for(Finished(reason="stop"))
        below_first = await chat.ask(Draft(text="More?"), route, row.id)
        assert below_first.question.parent_id == first.id
        below_second = await chat.ask(Draft(text="More?"), route, row.id, below=second.id)
        assert below_second.question.parent_id == second.id
        branch = (await store.conversations.get(row.id)).branch()
        assert [m.text for m in branch] == ["What?", "A dog.", "More?", ""]
        beside = await chat.ask(Draft(text="Or this?"), route, row.id, below="")
        assert beside.question.parent_id is None

    on_a_desk(home, ask, go_on)


class FullDisk:
    """The library's conversations on a disk without room for anything."""

    def __init__(self, conversations: Conversations) -> None:
        self.branch, self.showing = conversations.branch, conversations.showing

    async def save(self, message: Message) -> None:
        raise DiskFull(path="/library")

    async def keep(self, conversation_id: str, message: Message) -> Message:
        raise DiskFull(path="/library")


def test_a5_a_sibling_that_found_no_room_is_added_later(home: Path) -> None:
    async def scenario(store: Store, chat: ChatService) -> None:
        route = route_for(TextDelta(text="A dog.", choice=1), TextDelta(text="A cat."), parameters=TWO)
        exchange = await chat.ask(Draft(text="What?"), route, None)
        store.conversations, disk = FullDisk(store.conversations), store.conversations  # type: ignore[assignment]
        await chat.answer(exchange, route, Last())
        assert chat.unsaved
        with pytest.raises(DiskFull):
            await chat.save_unsaved()
        store.conversations = disk
        await chat.save_unsaved()
        assert not chat.unsaved
        stored = (await disk.get(exchange.conversation_id)).messages
        assert [message.text for message in stored] == ["What?", "A cat.", "A dog."]
        assert {message.status for message in stored} == {Status.DONE}

    on_a_desk(home, scenario)


def test_the_run_card_says_how_it_was_asked(home: Path) -> None:
    async def scenario(store: Store, chat: ChatService) -> None:
        call = ToolCall(id="c", name="zoom", arguments=json.dumps({"x": 1}))
        parameters = Parameters(temperature=0.5, reasoning=Reasoning(effort="high"))
        steps = ReasoningDelta(text="Hm."), TextDelta(text="Look."), ToolCalled(call=call)
        route = route_for(*steps, parameters=parameters, session="s-1")
        exchange = await chat.ask(Draft(text="What?"), route, None)
        await chat.answer(exchange, route, Last())
        conversation = await store.conversations.get(exchange.conversation_id)
        answer = conversation.messages[-1]
        assert answer.tool_calls == (call,)
        assert answer.run is not None
        assert answer.run.parameters == {"temperature": "0.5", "reasoning.effort": "high"}
        assert (answer.run.endpoint_id, answer.run.session, answer.run.choice) == ("scripted", "s-1", 0)
        assert conversation.session == "s-1"

    on_a_desk(home, scenario)


def test_a_conversation_keeps_its_session_until_another_is_set(home: Path) -> None:
    async def scenario(store: Store, chat: ChatService) -> None:
        async def stored() -> str:
            return (await store.conversations.get(conversation_id)).session

        route = route_for(Finished(reason="stop"))
        conversation_id = (await chat.ask(Draft(text="1"), route, None)).conversation_id
        assert await stored() == ""
        await chat.ask(Draft(text="2"), route._replace(session="s-1"), conversation_id)
        assert await stored() == "s-1"
        await chat.ask(Draft(text="3"), route, conversation_id)
        assert await stored() == "s-1"
        await chat.set_session(conversation_id, "s-2")
        assert await stored() == "s-2"
        with pytest.raises(KeyError):
            await chat.set_session("nobody", "s-3")

    on_a_desk(home, scenario)


# ---------------------------------------------------------------- answers for later


async def leave_pending(chat: ChatService, *, closing: bool) -> Exchange:
    """Ask something that the endpoint answers later, and go before it does."""
    route = route_for(Accepted(ticket=TICKET), Progress(stage="queued"), asyncio.Event())
    exchange = await chat.ask(Draft(text="What?"), route, None)
    last = Last()
    task = asyncio.create_task(chat.answer(exchange, route, last))
    await last.seen(lambda snapshot: snapshot.message.status is Status.PENDING)
    chat.closing = closing
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return exchange


def test_b19_a_pending_answer_is_fetched_by_the_next_start(home: Path) -> None:
    async def leave(store: Store, chat: ChatService) -> None:
        await leave_pending(chat, closing=True)

    async def resume(store: Store, chat: ChatService) -> None:
        assert store.report.interrupted == 0
        ((conversation_id, message),) = await chat.pending()
        route = route_for(TextDelta(text="A cat."), Finished(reason="stop"))
        last = Last()
        answer = await chat.resume(conversation_id, message, route, last)
        assert isinstance(route.provider, ScriptedProvider)
        assert route.provider.tickets == [TICKET]
        assert last.snapshot is not None
        assert last.snapshot.message == answer
        assert (answer.text, answer.status) == ("A cat.", Status.DONE)
        assert (await store.conversations.get(conversation_id)).branch()[-1] == answer
        assert await chat.pending() == ()

    on_a_desk(home, leave, resume)


def test_b19_a_stopped_answer_is_not_fetched_by_the_next_start(home: Path) -> None:
    async def leave(store: Store, chat: ChatService) -> None:
        exchange = await leave_pending(chat, closing=False)
        stored = (await store.conversations.get(exchange.conversation_id)).branch()[-1]
        assert stored.status is Status.INTERRUPTED

    async def look(store: Store, chat: ChatService) -> None:
        assert await chat.pending() == ()

    on_a_desk(home, leave, look)


def test_b19_a_resumed_answer_that_is_lost_says_so(home: Path) -> None:
    async def leave(store: Store, chat: ChatService) -> None:
        await leave_pending(chat, closing=True)

    async def resume(store: Store, chat: ChatService) -> None:
        ((conversation_id, message),) = await chat.pending()
        answer = await chat.resume(conversation_id, message, route_for(AnswerLost(endpoint="S")), Last())
        assert answer.status is Status.FAILED
        assert answer.problem is not None
        assert "no longer has the answer" in answer.problem.sentence
        again = await chat.resume(conversation_id, answer, route_for(TextDelta(text="x")), Last())
        assert (again.status, again.text) == (Status.FAILED, "")

    on_a_desk(home, leave, resume)


NO_KEY = {"endpoint": "S", "host": "example.org", "variable": "S_KEY"}


@pytest.mark.parametrize(
    "error",
    [
        KeyMissing(**NO_KEY),
        KeyNotRead(reason="it is locked", **NO_KEY),
        KeyRefused(endpoint="S", status=401, reason="no"),
    ],
)
def test_b19_a_pending_answer_waits_for_its_key(home: Path, error: FoveaError) -> None:
    async def leave(store: Store, chat: ChatService) -> None:
        await leave_pending(chat, closing=True)

    async def lack_the_key(store: Store, chat: ChatService) -> None:
        ((conversation_id, message),) = await chat.pending()
        answer = await chat.resume(conversation_id, message, route_for(error), Last())
        assert answer.status is Status.PENDING
        assert answer.problem is not None
        assert answer.problem.code == error.code
        assert answer.run is not None
        assert answer.run.ticket == TICKET

    async def have_it(store: Store, chat: ChatService) -> None:
        ((conversation_id, message),) = await chat.pending()
        answer = await chat.resume(conversation_id, message, route_for(TextDelta(text="A cat.")), Last())
        assert (answer.text, answer.status, answer.problem) == ("A cat.", Status.DONE, None)

    on_a_desk(home, leave, lack_the_key, have_it)


def test_a15_what_another_program_waits_for_is_not_fetched_by_a_second(home: Path) -> None:
    async def scenario(store: Store, chat: ChatService) -> None:
        await leave_pending(chat, closing=True)
        assert len(await chat.pending()) == 1
        async with chat_on(home) as (_, second):
            assert await second.pending() == ()

    on_a_desk(home, scenario)
