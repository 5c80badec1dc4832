from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.fold import fold
from app.domain.events import (
    Accepted,
    ConfidenceReported,
    Event,
    Finished,
    Noted,
    Progress,
    ReasoningDelta,
    RequestNamed,
    TextDelta,
    TextWasReasoning,
    ToolCalled,
    UsageReported,
)
from app.domain.message import Message, Note, Role, RunCard, Status, TextPart, Ticket, TokenUsage, ToolCall

EMPTY = Message(
    id="a" * 32,
    parent_id=None,
    seq=2,
    role=Role.ASSISTANT,
    status=Status.SENDING,
    created=datetime(2026, 1, 1, tzinfo=UTC),
    run=RunCard(endpoint="Scripted", model="m"),
)
TICKET = Ticket(endpoint_id="scripted", request_id="r-1", url="https://example.org/r-1", given=1.0)
CALL = ToolCall(id="c-1", name="zoom", arguments="{}")

EVENTS = st.one_of(
    st.builds(TextDelta, text=st.text(max_size=5)),
    st.builds(ReasoningDelta, text=st.text(max_size=5)),
    st.builds(TextWasReasoning, characters=st.integers(0, 9)),
    st.builds(
        ToolCalled,
        call=st.builds(ToolCall, id=st.text(max_size=2), name=st.just("f"), arguments=st.just("{}")),
    ),
    st.builds(Progress, stage=st.just("loading")),
    st.builds(UsageReported, usage=st.builds(TokenUsage, completion_tokens=st.integers(0, 9))),
    st.builds(ConfidenceReported, value=st.floats(0, 100)),
    st.builds(RequestNamed, request_id=st.text(max_size=2)),
    st.builds(Noted, note=st.builds(Note, what=st.text("ab", max_size=1))),
    st.just(Accepted(ticket=TICKET)),
    st.builds(Finished, reason=st.just("stop")),
)


def run_of(message: Message) -> RunCard:
    assert message.run is not None
    return message.run


@given(st.lists(EVENTS, max_size=20), st.integers(0, 20))
def test_events_in_one_batch_or_in_two_make_the_same_message(events: list[Event], cut: int) -> None:
    assert fold(fold(EMPTY, events[:cut]), events[cut:]) == fold(EMPTY, events)


@given(st.lists(EVENTS, max_size=20))
def test_a_ticket_is_held_by_pending_answers_and_by_no_others(events: list[Event]) -> None:
    message = fold(EMPTY, events)
    assert (run_of(message).ticket is not None) == (message.status is Status.PENDING)


@given(st.lists(EVENTS, max_size=20))
def test_no_character_is_lost_between_text_and_thoughts(events: list[Event]) -> None:
    message = fold(EMPTY, events)
    said = [e.text for e in events if isinstance(e, TextDelta | ReasoningDelta)]
    assert sorted(message.text + message.reasoning) == sorted("".join(said))


def test_text_is_appended_in_order_and_the_first_word_starts_the_stream() -> None:
    message = fold(EMPTY, [TextDelta(text="A "), TextDelta(text="cat"), TextDelta(text=".")])
    assert message.text == "A cat."
    assert message.status is Status.STREAMING


def test_progress_leaves_no_trace() -> None:
    assert fold(EMPTY, [Progress(stage="loading", fraction=0.5)]) == EMPTY


def test_the_end_makes_it_done_with_reason_and_usage() -> None:
    usage = TokenUsage(prompt_tokens=3, completion_tokens=4)
    message = fold(EMPTY, [TextDelta(text="x"), UsageReported(usage=usage), Finished(reason="length")])
    assert message.status is Status.DONE
    assert message.run == RunCard(endpoint="Scripted", model="m", usage=usage, finish_reason="length")


def test_an_empty_delta_does_not_count_as_a_first_word() -> None:
    assert fold(EMPTY, [TextDelta(text="")]) == EMPTY


def test_thoughts_that_were_taken_for_text_move_to_the_end_of_the_thoughts() -> None:
    events = [ReasoningDelta(text="Hm. "), TextDelta(text="Is it"), TextDelta(text=" a cat?")]
    message = fold(fold(EMPTY, events), [TextWasReasoning(characters=12), TextDelta(text="A cat.")])
    assert (message.reasoning, message.text) == ("Hm. Is it a cat?", "A cat.")


def test_tool_calls_follow_the_text_also_when_more_text_comes() -> None:
    message = fold(EMPTY, [ToolCalled(call=CALL)])
    assert message.status is Status.STREAMING
    message = fold(message, [TextDelta(text="Let me see.")])
    assert message.parts == (TextPart(text="Let me see."), CALL)
    assert fold(EMPTY, [ToolCalled(call=CALL)]).parts == (CALL,)


def test_what_is_told_about_an_answer_is_on_its_run_card() -> None:
    note = Note(what="{n} pictures were left out.", facts={"n": "2"})
    events = [
        ConfidenceReported(value=81.5),
        RequestNamed(request_id="r"),
        Noted(note=note),
        Noted(note=note),
    ]
    run = run_of(fold(EMPTY, events))
    assert (run.confidence, run.request_id, run.notes) == (81.5, "r", (note,))


def test_b19_an_answer_for_later_is_pending_with_its_ticket() -> None:
    message = fold(EMPTY, [Accepted(ticket=TICKET), Progress(stage="queued")])
    assert (message.status, run_of(message).ticket) == (Status.PENDING, TICKET)


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (TextDelta(text="A"), Status.STREAMING),
        (ReasoningDelta(text="A"), Status.STREAMING),
        (ToolCalled(call=CALL), Status.STREAMING),
        (Finished(reason="stop"), Status.DONE),
    ],
)
def test_b19_the_ticket_is_used_up_when_the_answer_comes(event: Event, status: Status) -> None:
    message = fold(fold(EMPTY, [Accepted(ticket=TICKET)]), [event])
    assert (message.status, run_of(message).ticket) == (status, None)


def test_a_ticket_that_comes_too_late_is_none() -> None:
    message = fold(EMPTY, [TextDelta(text="A"), Accepted(ticket=TICKET)])
    assert (message.status, run_of(message).ticket) == (Status.STREAMING, None)
