from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.chat.fold import fold
from app.domain.events import Event, Finished, Progress, ReasoningDelta, TextDelta, UsageReported
from app.domain.message import Message, Role, RunCard, Status, TokenUsage

EMPTY = Message(
    id="a" * 32,
    parent_id=None,
    seq=2,
    role=Role.ASSISTANT,
    status=Status.SENDING,
    created=datetime(2026, 1, 1, tzinfo=UTC),
    run=RunCard(endpoint="Scripted", model="m"),
)

EVENTS = st.one_of(
    st.builds(TextDelta, text=st.text(max_size=5)),
    st.builds(ReasoningDelta, text=st.text(max_size=5)),
    st.builds(Progress, stage=st.just("loading")),
    st.builds(UsageReported, usage=st.builds(TokenUsage, completion_tokens=st.integers(0, 9))),
)


@given(st.lists(EVENTS, max_size=20), st.integers(0, 20))
def test_events_in_one_batch_or_in_two_make_the_same_message(events: list[Event], cut: int) -> None:
    assert fold(fold(EMPTY, events[:cut]), events[cut:]) == fold(EMPTY, events)


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
    assert fold(EMPTY, [TextDelta(text="")]).text == ""
