from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from app.domain.errors import AnswerLost, KeyRefused, NoModel, NotFound, Rejected, RequestRefused
from app.domain.events import ConfidenceReported, Finished, UsageReported
from app.domain.message import Role, Ticket, TokenUsage, ToolSpec
from app.domain.request import ChatRequest, Parameters, PromptMessage, Reasoning
from app.providers.nugen_legacy import (
    CHAT_TEXT,
    CHAT_VISION,
    NugenLegacyProvider,
)
from tests.app.providers.nugen_samples import CONFIG, JPEG, MODEL, Told, hear, picture, question, site_of
from tests.servers.nugen_answers import Says, said
from tests.servers.nugen_server import KEY, NugenServer

DATA = f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}"


def ask(server: NugenServer, request: ChatRequest, key: str = KEY) -> Told:
    async def run() -> Told:
        async with server:
            return await hear(NugenLegacyProvider(site_of(server, key), CONFIG).stream(request))

    return asyncio.run(run())


def seeing(text: str = "What is this?", **fields: Any) -> ChatRequest:
    turns = (
        PromptMessage(role=Role.SYSTEM, text="Be brief."),
        PromptMessage(
            role=Role.USER, text=text, pictures=(picture(), picture(link="https://a.example/b.jpg"))
        ),
    )
    return question(messages=turns, **fields)


def test_a_question_with_pictures_goes_to_chat_vision() -> None:
    server = NugenServer()
    server.says = Says(confidence_score=70.0)
    told = ask(
        server, seeing(parameters=Parameters(max_tokens=200, prompt_truncate_len=1500, temperature=1.0))
    )
    assert told.error is None
    assert server.violations == []
    assert server.bodies(CHAT_VISION) == [
        {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": [{"type": "text", "text": "Be brief."}]},
                {
                    "role": "user",
                    "content": [
                        {"type": "image_url", "image_url": {"url": DATA}},
                        {"type": "image_url", "image_url": {"url": "https://a.example/b.jpg"}},
                        {"type": "text", "text": "What is this?"},
                    ],
                },
            ],
            "max_tokens": 200,
            "prompt_truncate_len": 1500,
            "temperature": 1.0,
        }
    ]
    assert told.text() == "A cat on a mat."
    assert told.notes == []
    assert told.of(ConfidenceReported) == [ConfidenceReported(value=70.0)]
    counted = TokenUsage(prompt_tokens=41, completion_tokens=5, total_tokens=46)
    assert told.of(UsageReported) == [UsageReported(usage=counted)]
    assert told.events[-1] == Finished(reason="stop")


@pytest.mark.parametrize("stream", [True, False])
def test_a_question_without_pictures_goes_to_chat_text_as_plain_text(stream: bool) -> None:
    server = NugenServer()
    told = ask(server, question("Hi", stream=stream))
    assert server.violations == []
    assert server.bodies(CHAT_TEXT) == [{"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}]
    assert told.text() == "A cat on a mat."


def test_what_the_old_pages_do_not_document_is_left_out_and_said() -> None:
    server = NugenServer()
    rich = question(
        messages=(PromptMessage(role=Role.USER, text="Hi", name="Ada"),),
        parameters=Parameters(n=2, top_p=0.4, reasoning=Reasoning(effort="low"), max_tokens=4),
        tools=(ToolSpec(name="get_weather"),),
        session="s1",
    )
    told = ask(server, rich)
    assert server.violations == []
    messages = [{"role": "user", "content": "Hi"}]
    assert server.bodies(CHAT_TEXT) == [{"model": MODEL, "messages": messages, "max_tokens": 4}]
    assert told.notes == [
        "Nugen documents no place for top_p, n, reasoning, tools, session, name here, so that was not sent."
    ]


def test_b16_a_refusal_says_why() -> None:
    server = NugenServer()
    listed = [{"loc": ["body", "model"], "msg": "field required", "type": "missing"}]
    server.faults[CHAT_TEXT] = [said(422, listed)]
    error = ask(server, question()).error
    assert type(error) is Rejected
    assert "field required" in error.sentence
    assert isinstance(ask(NugenServer(), question(model="gone")).error, NotFound)
    assert isinstance(ask(NugenServer("another"), question()).error, KeyRefused)


def test_what_cannot_be_sent_is_refused_at_once() -> None:
    server = NugenServer()
    assert isinstance(ask(server, question(model="")).error, NoModel)
    assert isinstance(ask(server, question(parameters=Parameters(temperature=9.0))).error, RequestRefused)
    turn = PromptMessage(role=Role.USER, text="a", pictures=(picture(mime="image/png"),))
    assert isinstance(ask(server, question(messages=(turn,))).error, RequestRefused)
    assert server.requests == []


def test_prompts_and_embeddings_go_to_the_old_paths() -> None:
    server = NugenServer()
    server.says = Says(texts=("blue.",))

    async def run() -> tuple[Told, list[list[float]]]:
        async with server:
            provider = NugenLegacyProvider(site_of(server), CONFIG)
            told = await hear(provider.complete(MODEL, "The sky is", Parameters(max_tokens=3)))
            return told, await provider.embed("nugen-flash-embed", ["a", "bb"])

    told, numbers = asyncio.run(run())
    assert told.text() == "blue."
    assert numbers == [[1.0] * 4, [2.0] * 4]
    assert server.bodies(NugenLegacyProvider.completions) == [
        {"model": MODEL, "prompt": "The sky is", "max_tokens": 3}
    ]
    assert server.bodies(NugenLegacyProvider.embeddings) == [
        {"model": "nugen-flash-embed", "input": ["a", "bb"]}
    ]
    assert server.violations == []


def test_the_account_answers_for_it() -> None:
    server = NugenServer()

    async def run() -> None:
        async with server:
            provider = NugenLegacyProvider(site_of(server), CONFIG)
            assert await provider.test() == "Nugen takes the key and lists 2 base models."
            assert len(await provider.models()) == 4
            assert (await provider.probe(MODEL)).value is None
            lost = await hear(provider.resume(Ticket("nugen", "1", "https://a.example", 0.0)))
            assert isinstance(lost.error, AnswerLost)

    asyncio.run(run())
    assert server.violations == []


def test_it_keeps_no_sessions_and_takes_links() -> None:
    provider = NugenLegacyProvider(site_of(NugenServer())._replace(base_url=""), CONFIG)
    assert provider.endpoint.takes_links
    assert not provider.endpoint.keeps_sessions
    assert [spec.name for spec in provider.parameters(MODEL)] == [
        "temperature",
        "max_tokens",
        "prompt_truncate_len",
    ]
