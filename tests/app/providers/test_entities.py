"""What an endpoint says beside the text that an answer points at."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.chat.fold import fold
from app.domain.events import EntitiesReported, Event
from app.domain.message import Message
from app.grounding.dialects import shapes_in
from app.net.key import Key
from app.providers.openai_chunks import AnswerReader
from tests.grounded_answers import answer

ENTITIES = [{"phrase": "A cat", "bboxes": [[0.1, 0.2, 0.5, 0.6]]}]


def whole(entities: Any, key: Key | None = None) -> list[Event]:
    message = {"role": "assistant", "content": "A cat sits.", "entities": entities}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    reader = AnswerReader("NVIDIA", key)
    return [*reader.whole(json.dumps(body).encode()), *reader.rest(), *reader.endings()]


def folded(events: list[Event]) -> Message:
    return fold(answer("", "microsoft/kosmos-2"), events)


def test_entities_of_an_answer_are_kept_with_it_and_point_at_the_picture() -> None:
    message = folded(whole(ENTITIES))
    (cat,) = shapes_in(message)
    assert (message.text, cat.label) == ("A cat sits.", "A cat")
    assert (cat.pixels.left, cat.pixels.bottom) == (200, 900)
    assert message.run is not None
    assert json.loads(message.run.entities) == ENTITIES
    assert message.run.unanswered().entities == ""


def test_entities_of_a_stream_are_kept_too() -> None:
    reader = AnswerReader("NVIDIA")
    frame = {"choices": [{"index": 0, "delta": {"content": "A cat sits.", "entities": ENTITIES}}]}
    events = reader.feed(f"data: {json.dumps(frame)}\n\ndata: [DONE]\n\n".encode())
    assert len(shapes_in(folded([*events, *reader.rest(), *reader.endings()]))) == 1


@pytest.mark.parametrize("entities", [None, [], {}, "cat", 7, [{"phrase": "x" * 300_000}]])
def test_what_is_no_list_of_entities_or_too_long_is_not_kept(entities: Any) -> None:
    events = whole(entities)
    assert not any(isinstance(event, EntitiesReported) for event in events)
    assert folded(events).text == "A cat sits."


def test_the_key_is_masked_in_them() -> None:
    secret = "nvapi-0123456789abcdefghij"
    message = folded(whole([{"phrase": f"a {secret}", "bboxes": []}], Key(("https://example.org",), secret)))
    assert message.run is not None
    assert message.run.entities
    assert secret not in message.run.entities
