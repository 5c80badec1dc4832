"""A server that repeats the key in its answer: it is hidden there too, however it is cut up."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import (
    Event,
    Finished,
    ReasoningDelta,
    RequestNamed,
    TextDelta,
    TextWasReasoning,
    ToolCalled,
)
from app.masking import HELD, MASK
from app.net.key import Key
from app.providers.openai_chunks import AnswerReader
from tests.servers.fault_server import DONE, delta, event, finish

VALUE = "sk-aba-abac/0123456789"
KEY = Key(("https://example.com",), VALUE)


def read(pieces: Iterable[bytes], key: Key | None = KEY) -> list[Event]:
    reader = AnswerReader("Box", key)
    events = [found for piece in pieces for found in reader.feed(piece)]
    events += [*reader.finish(), *reader.rest()]
    return events + reader.endings() if reader.complete else events


def text_of(
    events: Iterable[Event], kind: type[TextDelta | ReasoningDelta] = TextDelta, choice: int = 0
) -> str:
    found = (item for item in events if isinstance(item, TextDelta | ReasoningDelta))
    return "".join(item.text for item in found if isinstance(item, kind) and item.choice == choice)


def frame(choice: int = 0, reason: str | None = None, **fields: Any) -> bytes:
    return event({"choices": [{"index": choice, "delta": fields, "finish_reason": reason}]})


def test_b27_a_key_in_an_answer_is_hidden_wherever_it_is_cut() -> None:
    few = [re.escape(VALUE[:size] + MASK) for size in range(HELD - 1, 0, -1)]
    few += [each.upper() for each in few]
    said = f"Your key is {VALUE}, {VALUE.upper()} and {VALUE[:14]}."
    for pieces in (*((said[:cut], said[cut:]) for cut in range(len(said))), said):
        told = text_of(read([*map(delta, pieces), finish(), DONE]))
        assert VALUE[:HELD] not in told.lower()
        assert re.sub("|".join(few), MASK, told) == f"Your key is {MASK}, {MASK} and {MASK}."


def test_b27_a_key_is_hidden_in_every_choice_in_thoughts_and_in_names() -> None:
    half = len(VALUE) // 2
    call: dict[str, Any] = {"index": 0, "id": f"call-{VALUE}", "function": {"name": f"f_{VALUE}"}}
    call["function"]["arguments"] = json.dumps({"to": VALUE})
    events = read(
        [
            event({"id": f"id-{VALUE}", "choices": []}),
            frame(content=VALUE[:half]),
            frame(1, content=VALUE[:half]),
            frame(reasoning=VALUE[:half]),
            frame(reasoning=VALUE[half:]),
            frame(1, content=VALUE[half:]),
            frame(content=VALUE[half:]),
            frame(tool_calls=[call | {"extra_content": {"google": VALUE}}]),
            frame(reason="stop"),
            frame(1, reason=VALUE),
            DONE,
        ]
    )
    assert [text_of(events), text_of(events, choice=1), text_of(events, ReasoningDelta)] == [MASK] * 3
    assert RequestNamed(request_id=f"id-{MASK}") in events
    (called,) = (item.call for item in events if isinstance(item, ToolCalled))
    assert (called.id, called.name) == (f"call-{MASK}", f"f_{MASK}")
    assert json.loads(called.arguments) == {"to": MASK}
    assert json.loads(called.extra) == {"google": MASK}
    assert VALUE[:HELD] not in repr(events)


@pytest.mark.parametrize(
    "thought", ["It ends in sk-ab", f"It is {VALUE}. So", f"It is {VALUE}", "sk-aba-abac"]
)
def test_b27_a_thought_that_is_taken_back_is_as_long_as_what_was_told_of_it(thought: str) -> None:
    for cut in range(len(thought)):
        pieces = [delta(thought[:cut]), delta(thought[cut:]), delta("</think>A cat"), finish(), DONE]
        text, thoughts = "", ""
        for item in read(pieces):
            match item:
                case TextDelta():
                    text += item.text
                case ReasoningDelta():
                    thoughts += item.text
                case TextWasReasoning():
                    assert item.characters == len(text)
                    thoughts, text = thoughts + text, ""
        assert text == "A cat"
        assert thoughts == thought or MASK in thoughts


@given(
    st.lists(st.text(alphabet="sk-abc01", max_size=12) | st.just(VALUE[:9]), max_size=8),
    st.lists(st.integers(0, 1), min_size=8, max_size=8),
)
def test_text_without_the_key_arrives_whole_and_before_its_end(pieces: list[str], choices: list[int]) -> None:
    sent = [*zip(pieces, choices, strict=False)]
    stream = [frame(choice, content=piece) for piece, choice in sent]
    events = read([*stream, frame(reason="stop"), frame(1, reason="stop"), DONE])
    for choice, told in itertools.product((0, 1), [events]):
        assert text_of(told, choice=choice) == "".join(piece for piece, number in sent if number == choice)
        end = told.index(Finished(reason="stop", choice=choice))
        assert not text_of(told[end:], choice=choice)


def test_b27_what_was_held_back_is_shown_before_a_failure_and_a_stop_loses_little() -> None:
    broken = [delta("It ends in sk-aba")]
    assert text_of(read(broken)) == "It ends in sk-aba"
    reader = AnswerReader("Box", KEY)
    assert text_of(reader.feed(broken[0])) == "It ends in "
    assert text_of(AnswerReader("Box", KEY).feed(delta("This says yes, s, sk-"))) == "This says yes, s, sk-"


@pytest.mark.parametrize(
    "key", [None, Key(("https://example.com",), "EMPTY"), Key(("https://example.com",), "a")]
)
def test_without_a_key_that_can_be_one_nothing_is_touched(key: Key | None) -> None:
    assert text_of(read([delta("EMPTY plates"), finish(), DONE], key)) == "EMPTY plates"
