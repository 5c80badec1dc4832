"""Going on with answers that ended too early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.answering import Snapshot
from app.chat.exchange import Exchange
from app.chat.going_on import ECHO_LENGTH, WORDS, Echo
from app.chat.route import Route
from app.domain.conversation import CutOff, Draft
from app.domain.errors import FoveaError, Interrupted, KeyRefused, Rejected
from app.domain.events import Event, Finished, ReasoningDelta, TextDelta, TextWasReasoning
from app.domain.message import Message, Role, Status
from app.domain.model import GoesOn, Limits
from app.domain.request import ChatRequest, Parameters
from app.providers.openai_dialects import DIALECTS
from app.providers.quick_look import QuickLookProvider
from app.providers.registry import Registry
from tests.app.chat.desks import Desk, ignore, on_a_desk, provider_of, route_for
from tests.scripted_provider import LIMITS, ScriptedProvider, Step

CUT = Interrupted(endpoint="Scripted", reason="cut")
STOP = Finished(reason="stop")


def going_on(goes_on: GoesOn, *steps: Step) -> Route:
    return Route(ScriptedProvider(*steps, limits=LIMITS.replace(goes_on=goes_on)), "m")


async def broken_off(desk: Desk, text: str = "A cat sits on") -> Exchange:
    return await desk.answered(route_for(ReasoningDelta(text="Hm."), TextDelta(text=text), CUT))


async def gone_on(desk: Desk, cut: Exchange, route: Route) -> Message:
    exchange = await desk.chat.go_on(cut.conversation_id, cut.answer.id, route)
    await desk.chat.answer(exchange, route, ignore)
    return await desk.stored(exchange.answer.id)


def sent(route: Route) -> list[tuple[Role, str]]:
    return [(message.role, message.text) for message in provider_of(route).requests[-1].messages]


def test_a_new_answer_begins_with_what_arrived_and_the_old_one_stays(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        cut = await broken_off(desk)
        route = going_on(GoesOn.BEGINNING, TextDelta(text=" the mat."), STOP)
        exchange = await desk.chat.go_on(cut.conversation_id, cut.answer.id, route)
        assert exchange.answer.text == "A cat sits on"
        await desk.chat.answer(exchange, route, ignore)
        answer = await desk.stored(exchange.answer.id)
        assert (answer.text, answer.status, answer.problem) == ("A cat sits on the mat.", Status.DONE, None)
        assert answer.reasoning.strip() == "Hm."
        assert answer.parent_id == cut.question.id
        assert answer.run is not None
        assert (answer.run.continues, answer.run.begun) == (cut.answer.id, len("A cat sits on"))
        assert answer.run.notes == ()
        assert sent(route) == [(Role.USER, "What?"), (Role.ASSISTANT, "A cat sits on")]
        assert (await desk.stored(cut.answer.id)).text == "A cat sits on"

    on_a_desk(home, scenario)


def test_one_that_does_not_go_on_is_asked_in_words_that_are_not_kept(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        cut = await broken_off(desk)
        route = going_on(GoesOn.WORDS, TextDelta(text=" the mat."), STOP)
        answer = await gone_on(desk, cut, route)
        assert sent(route)[-2:] == [(Role.ASSISTANT, "A cat sits on"), (Role.USER, WORDS)]
        assert answer.text == "A cat sits on the mat."
        assert answer.run is not None
        (note,) = answer.run.notes
        assert note.sentence.startswith("Scripted was asked in words to go on")
        assert len((await desk.store.conversations.outline(cut.conversation_id)).nodes) == 3

    on_a_desk(home, scenario)


def test_one_that_cannot_go_on_answers_from_the_start_and_it_is_said(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        cut = await broken_off(desk)
        route = going_on(GoesOn.ANEW, TextDelta(text="A cat on a mat."), STOP)
        answer = await gone_on(desk, cut, route)
        assert sent(route) == [(Role.USER, "What?")]
        assert answer.text == "A cat on a mat."
        assert answer.run is not None
        assert answer.run.continues == cut.answer.id
        assert "from the start" in answer.run.notes[0].sentence

    on_a_desk(home, scenario)


def test_an_answer_without_a_word_is_asked_for_anew_without_a_note(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        failed = await desk.answered(route_for(CUT))
        route = going_on(GoesOn.WORDS, TextDelta(text="A cat."), STOP)
        answer = await gone_on(desk, failed, route)
        assert sent(route) == [(Role.USER, "What?")]
        assert answer.run is not None
        assert (answer.text, answer.run.notes) == ("A cat.", ())

    on_a_desk(home, scenario)


def test_b6_an_answer_that_grew_too_long_is_gone_on_with_twice(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        long = await desk.answered(route_for(TextDelta(text="One,"), Finished(reason="length")))
        route = going_on(GoesOn.BEGINNING, TextDelta(text=" two,"), Finished(reason="length"))
        second = await desk.chat.go_on(long.conversation_id, long.answer.id, route)
        await desk.chat.answer(second, route, ignore)
        route = going_on(GoesOn.BEGINNING, TextDelta(text=" three."), STOP)
        third = await desk.chat.go_on(long.conversation_id, second.answer.id, route)
        await desk.chat.answer(third, route, ignore)
        assert sent(route)[-1] == (Role.ASSISTANT, "One, two,")
        assert (await desk.stored(third.answer.id)).text == "One, two, three."

    on_a_desk(home, scenario)


def test_what_the_answer_was_made_to_begin_with_goes_along_but_is_not_shown(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        cut = await desk.answered(route_for(TextDelta(text=" a cat"), CUT, prefill="It is"))
        route = going_on(GoesOn.BEGINNING, TextDelta(text="."), STOP)
        answer = await gone_on(desk, cut, route)
        assert sent(route)[-1] == (Role.ASSISTANT, "It is a cat")
        assert answer.text == " a cat."

    on_a_desk(home, scenario)


def test_only_one_answer_is_gone_on_with_whatever_the_route_asks_for(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        cut = await broken_off(desk)
        steps = TextDelta(text=" it."), TextDelta(text="no", choice=1), STOP
        route = going_on(GoesOn.BEGINNING, *steps)._replace(parameters=Parameters(n=2, seed=1))
        await gone_on(desk, cut, route)
        assert provider_of(route).requests[0].parameters == Parameters(seed=1)
        assert len((await desk.store.conversations.outline(cut.conversation_id)).nodes) == 3

    on_a_desk(home, scenario)


class Refusing(ScriptedProvider):
    """Refuses to go on with the beginning of an answer, with `error`."""

    def __init__(self, error: FoveaError, *steps: Step) -> None:
        super().__init__(*steps, limits=LIMITS.replace(goes_on=GoesOn.BEGINNING))
        self._error = error

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        if request.messages[-1].role is Role.ASSISTANT:
            self.requests.append(request)
            raise self._error
        async for event in super().stream(request):
            yield event


def test_one_that_refuses_to_go_on_is_asked_in_words(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        cut = await broken_off(desk)
        refused = Rejected(endpoint="Scripted", status=400, reason="no prefill while it thinks")
        provider = Refusing(refused, TextDelta(text=" the mat."), STOP)
        answer = await gone_on(desk, cut, Route(provider, "m"))
        assert [request.messages[-1].role for request in provider.requests] == [Role.ASSISTANT, Role.USER]
        assert (answer.text, answer.status) == ("A cat sits on the mat.", Status.DONE)
        assert answer.run is not None
        assert "in words" in answer.run.notes[0].sentence

    on_a_desk(home, scenario)


@pytest.mark.parametrize(
    "error",
    [
        KeyRefused(endpoint="Scripted", status=401, reason="no"),
        Rejected(endpoint="Scripted", status=409, reason="no"),
        CUT,
    ],
)
def test_other_failures_are_not_taken_for_a_refusal_to_go_on(home: Path, error: FoveaError) -> None:
    async def scenario(desk: Desk) -> None:
        cut = await broken_off(desk)
        provider = Refusing(error)
        answer = await gone_on(desk, cut, Route(provider, "m"))
        assert len(provider.requests) == 1
        assert (answer.text, answer.status) == ("A cat sits on", Status.INTERRUPTED)
        assert answer.problem is not None
        assert answer.problem.code == error.code

    on_a_desk(home, scenario)


LONG = "A cat sits on the mat and looks out of the window"


def test_an_answer_that_repeats_what_is_there_is_joined_without_it(home: Path) -> None:
    async def scenario(desk: Desk) -> None:
        cut = await broken_off(desk, LONG)
        pieces = [TextDelta(text=piece) for piece in ("A cat sits on the mat", " and looks out of")]
        route = going_on(GoesOn.WORDS, *pieces, TextDelta(text=" the window at a bird."), STOP)
        assert (await gone_on(desk, cut, route)).text == f"{LONG} at a bird."

    on_a_desk(home, scenario)


def joined(text: str, events: Sequence[Event]) -> str:
    echo = Echo(text)
    kept = [kept for event in events for kept in echo.take(event)] + list(echo.flush())
    return "".join(event.text for event in kept if isinstance(event, TextDelta))


@given(st.text(max_size=2 * ECHO_LENGTH), st.lists(st.text(max_size=9), max_size=9), st.data())
def test_only_a_repetition_of_all_of_it_is_left_out(text: str, more: list[str], data: st.DataObject) -> None:
    events = [TextDelta(text=piece) for piece in more]
    said = "".join(more)
    is_echo = len(text) >= ECHO_LENGTH and said.startswith(text)
    assert joined(text, events) == (said.removeprefix(text) if is_echo else said)
    cut = data.draw(st.integers(0, len(text)))
    echoed = [TextDelta(text=text[:cut]), TextDelta(text=text[cut:]), *events]
    assert joined(text, echoed) == (said if len(text) >= ECHO_LENGTH else text + said)


def test_what_is_held_back_comes_before_what_is_not_text() -> None:
    echo = Echo(LONG)
    assert list(echo.take(TextDelta(text="A cat"))) == []
    assert list(echo.take(STOP)) == [TextDelta(text="A cat"), STOP]
    echo = Echo(LONG)
    assert list(echo.take(TextDelta(text=LONG))) == []
    assert list(echo.take(TextDelta(text=" it thinks"))) == [TextDelta(text=" it thinks")]
    was = TextWasReasoning(characters=len(LONG) + 10)
    assert list(echo.take(was)) == [TextWasReasoning(characters=10)]


def test_every_kind_of_endpoint_says_how_it_goes_on() -> None:
    by_beginning = {kind for kind, d in DIALECTS.items() if d.limits.goes_on is GoesOn.BEGINNING}
    assert by_beginning == {"llamacpp", "vllm", "openrouter"}
    assert QuickLookProvider().limits("quick-look").goes_on is GoesOn.ANEW
    assert Limits(longest_side=1, most_pictures=1).goes_on is GoesOn.WORDS


@pytest.mark.parametrize(
    ("endpoint", "model", "goes_on"),
    [
        ("local", "a.gguf", GoesOn.BEGINNING),
        ("nugen", "m", GoesOn.WORDS),
        ("nvidia", "google/paligemma", GoesOn.ANEW),
        ("nvidia", "meta/llama-3.2-11b-vision-instruct", GoesOn.WORDS),
        ("gemini", "m", GoesOn.WORDS),
    ],
)
def test_the_known_endpoints_go_on_as_their_pages_say(
    home: Path, endpoint: str, model: str, goes_on: GoesOn
) -> None:
    async def scenario(desk: Desk) -> None:
        registry: Registry = desk.registry
        assert registry.provider(endpoint).limits(model).goes_on is goes_on

    on_a_desk(home, scenario)


# ---------------------------------------------------------------- the end of the program


async def quit_while_answering(desk: Desk, text: str) -> Exchange:
    route = route_for(TextDelta(text=text), asyncio.Event())
    exchange = await desk.chat.ask(Draft(text="What?"), route, None)
    arrived = asyncio.Event()

    def show(snapshot: Snapshot) -> None:
        if snapshot.message.text:
            arrived.set()

    task = asyncio.create_task(desk.chat.answer(exchange, route, show))
    await asyncio.wait_for(arrived.wait(), 30)
    desk.chat.closing = True
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return exchange


def test_a1_what_quitting_cut_off_is_offered_once_at_the_next_start(home: Path) -> None:
    quitting: list[Exchange] = []

    async def leave(desk: Desk) -> None:
        await broken_off(desk)
        quitting.append(await quit_while_answering(desk, "A c"))

    async def start(desk: Desk) -> None:
        (exchange,) = quitting
        assert (await desk.stored(exchange.answer.id)).status is Status.INTERRUPTED
        cut_off = CutOff(
            conversation_id=exchange.conversation_id, title="What?", message_id=exchange.answer.id
        )
        assert await desk.chat.interrupted() == (cut_off,)
        route = going_on(GoesOn.BEGINNING, TextDelta(text="at."), STOP)
        assert (await gone_on(desk, exchange, route)).text == "A cat."
        assert await desk.chat.interrupted() == ()

    on_a_desk(home, leave, start)
