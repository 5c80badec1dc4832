from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import RequestRefused
from app.domain.request import ChatRequest
from app.grounding.dialects import shapes_in
from app.providers.nvidia_models import PALIGEMMA, model_of
from tests.app.providers.nvidia_asking import (
    Told,
    asking,
    assistant,
    picture,
    provider_at,
    system,
    told_by,
    user,
)
from tests.grounded_answers import answer
from tests.servers.nvidia_server import NvidiaServer


def ask(request: ChatRequest, server: NvidiaServer, home: Path) -> Told:
    async def run() -> Told:
        async with server:
            return await told_by(provider_at(server, home).stream(request))

    return asyncio.run(run())


def body_for(home: Path, *messages: Any, **fields: Any) -> tuple[dict[str, Any], Told, NvidiaServer]:
    server = NvidiaServer()
    told = ask(asking(*messages, model=PALIGEMMA, **fields), server, home)
    assert server.violations == []
    assert told.error is None
    return server.bodies[0], told, server


@pytest.mark.parametrize("stream", [True, False])
def test_one_message_with_one_picture_as_a_tag_and_no_model(stream: bool, home: Path) -> None:
    body, told, server = body_for(home, user("detect cat ; dog", picture()), stream=stream)
    assert body.keys() == {"messages", "stream"}
    (message,) = body["messages"]
    assert message["role"] == "user"
    assert message["content"].startswith('detect cat ; dog <img src="data:image/jpeg;base64,')
    assert message["content"].endswith('" />')
    assert server.requests[0].path == "/v1/vlm/google/paligemma"
    assert told.notes == []
    assert told.finished


def test_a_conversation_becomes_its_last_question_with_the_newest_picture(home: Path) -> None:
    old, new = picture(salt=b"old"), picture(salt=b"new")
    body, told, server = body_for(
        home,
        system("Be brief."),
        user("caption en", old, new),
        assistant("a cat"),
        user("answer en what colour?"),
    )
    (message,) = body["messages"]
    assert message["content"].startswith("answer en what colour? <img")
    assert server.seen[0][0].data == new.data
    (note,) = told.notes
    assert "the system text, 2 other messages and 1 other picture" in note


def test_the_question_s_own_picture_goes_before_an_earlier_one(home: Path) -> None:
    old, new = picture(salt=b"old"), picture(salt=b"new")
    _, told, server = body_for(home, user("caption en", old), assistant("a cat"), user("ocr", new))
    assert server.seen[0][0].data == new.data
    assert "2 other messages and 1 other picture" in told.notes[0]


def test_the_beginning_of_an_answer_is_left_out_and_said(home: Path) -> None:
    body, told, _ = body_for(home, user("ocr", picture()), assistant("The text"))
    assert len(body["messages"]) == 1
    assert "1 other message" in told.notes[0]


def test_a_picture_without_a_question_gets_a_caption(home: Path) -> None:
    body, told, _ = body_for(home, user("  ", picture()))
    assert body["messages"][0]["content"].startswith("caption en <img")
    assert "caption" in told.notes[0]


@pytest.mark.parametrize("messages", [(user("caption en"),), (assistant("a cat"),), ()])
def test_a_question_without_any_picture_is_refused_before_anything_is_sent(messages: Any, home: Path) -> None:
    server = NvidiaServer()
    told = ask(asking(*messages, model=PALIGEMMA), server, home)
    assert isinstance(told.error, RequestRefused)
    assert "picture" in told.error.sentence
    assert server.requests == []


def test_its_own_ranges_hold(home: Path) -> None:
    body, told, _ = body_for(
        home, user("ocr", picture()), parameters={"max_tokens": 1024, "temperature": 0.2, "seed": 3}
    )
    assert (body["max_tokens"], body["temperature"]) == (1024, 0.2)
    assert "seed" not in body
    assert "seed" in told.notes[0]
    server = NvidiaServer()
    request = asking(user("ocr", picture()), model=PALIGEMMA, parameters={"max_tokens": 1025})
    told = ask(request, server, home)
    assert isinstance(told.error, RequestRefused)
    assert "1 to 1024" in told.error.sentence
    assert server.requests == []


def test_its_tasks_have_the_words_it_understands() -> None:
    limits = model_of(PALIGEMMA).limits
    assert (limits.single_turn, limits.most_pictures, limits.takes_uploads) == (True, 1, True)
    tasks = {task.name: task for task in limits.tasks}
    assert list(tasks) == ["caption", "ocr", "answer", "detect", "segment"]
    assert {name for name, task in tasks.items() if task.takes_text} == {"answer", "detect", "segment"}
    assert tasks["detect"].template.format(text=tasks["detect"].hint) == "detect cat ; dog"
    assert tasks["answer"].template.format(text="what is it?") == "answer en what is it?"
    assert tasks["caption"].template == "caption en"


def test_what_it_detects_becomes_boxes_in_the_picture_that_was_sent(home: Path) -> None:
    sent = picture()
    server = NvidiaServer()
    server.says = "<loc0256><loc0128><loc0768><loc0512> cat ; <loc0000><loc0000><loc0512><loc0512> dog"
    told = ask(asking(user("detect cat ; dog", sent), model=PALIGEMMA), server, home)
    cat, dog = shapes_in(answer(told.text, PALIGEMMA, [sent.prepared]))
    assert (cat.label, dog.label) == ("cat", "dog")
    assert (cat.pixels.left, cat.pixels.top, cat.pixels.right, cat.pixels.bottom) == (100, 150, 400, 450)
