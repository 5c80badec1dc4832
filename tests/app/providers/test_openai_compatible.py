from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest

from app.domain.errors import (
    AnswerLost,
    EndpointFailed,
    InputRefused,
    KeyRefused,
    NoModel,
    NotFound,
    Rejected,
    RequestRefused,
    ServerFailed,
    TooManyRequests,
    Unreachable,
)
from app.domain.events import (
    Event,
    Finished,
    Noted,
    Progress,
    ReasoningDelta,
    RequestNamed,
    TextDelta,
    ToolCalled,
    UsageReported,
)
from app.domain.message import Role, Ticket, TokenUsage, ToolSpec
from app.domain.picture import Detail
from app.domain.request import ChatRequest, Parameters, PromptMessage, Reasoning
from app.net.gate import Gate
from app.net.key import Key
from app.providers.openai_compatible import LOCAL_IDLE_S, OpenAiCompatibleProvider
from app.providers.openai_dialects import DIALECTS
from app.providers.site import Site
from tests.app.providers.nugen_samples import JPEG, Told, hear, picture
from tests.app.providers.openai_samples import ask, asking, config_for, provider_for
from tests.servers.fault_server import DONE, Answer, Hang, Step, delta, event
from tests.servers.hurry import hurried
from tests.servers.openai_answers import JSON, SIGNATURE, Call, Says
from tests.servers.openai_like import BLIND, KEY, SEEING, VARIANTS, OpenAiLike, document

WEATHER = ToolSpec(name="get_weather", description="The weather.", parameters={"type": "object"})
CLIMATE = ToolSpec(name="get_climate")
STREAMED = pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
EVERY = pytest.mark.parametrize("variant", VARIANTS)


def conversation(*messages: PromptMessage, **fields: Any) -> ChatRequest:
    return ChatRequest(model=SEEING, messages=messages, **fields)


def body_of(variant: str, request: ChatRequest) -> tuple[dict[str, Any], Told]:
    server = OpenAiLike(variant)
    told = ask(server, request)
    assert server.violations == []
    assert told.error is None
    return server.heard[-1], told


def refused(server: OpenAiLike, request: ChatRequest | None = None) -> Rejected:
    told = ask(server, request or asking())
    assert isinstance(told.error, Rejected)
    assert server.violations == []
    return told.error


# ---------------------------------------------------------------- answers


@EVERY
@STREAMED
def test_every_server_answers_about_a_picture(variant: str, stream: bool) -> None:
    server = OpenAiLike(variant)
    server.says = Says(texts=("Ein grünes Haus 🌊 am Ufer.",), reasoning="Let me look.")
    shown = PromptMessage(role=Role.USER, text="What?", pictures=(picture(),))
    told = ask(server, conversation(PromptMessage(role=Role.SYSTEM, text="Be brief."), shown, stream=stream))
    assert server.violations == []
    assert told.error is None
    assert told.text() == "Ein grünes Haus 🌊 am Ufer."
    assert "".join(e.text for e in told.of(ReasoningDelta)) == "Let me look."
    usage = TokenUsage(prompt_tokens=41, completion_tokens=7, total_tokens=48)
    assert told.of(UsageReported) == [UsageReported(usage=usage)]
    assert told.events[-1] == Finished(reason="stop")
    name = "gen-openrouter" if variant == "openrouter" else f"chatcmpl-{variant}"
    assert told.of(RequestNamed) == [RequestNamed(request_id=name)]
    parts = server.heard[0]["messages"][1]["content"]
    url = f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}"
    assert parts[0]["image_url"]["url"] == url
    assert parts[1] == {"type": "text", "text": "What?"}


@EVERY
@STREAMED
def test_tool_calls_are_told_once_whole(variant: str, stream: bool) -> None:
    server = OpenAiLike(variant)
    server.says = Says(
        calls=(Call("get_weather", '{"city": "Rome"}'), Call("get_weather", '{"city": "Bari"}'))
    )
    told = ask(server, asking(tools=(WEATHER, CLIMATE), stream=stream))
    assert server.violations == []
    calls = [called.call for called in told.of(ToolCalled)]
    assert [(call.name, json.loads(call.arguments)["city"]) for call in calls] == [
        ("get_weather", "Rome"),
        ("get_weather", "Bari"),
    ]
    assert [call.id for call in calls] == ["call_0x", "call_1x"]
    assert [json.loads(call.extra) if call.extra else None for call in calls] == (
        [SIGNATURE, SIGNATURE] if variant == "gemini" else [None, None]
    )
    assert isinstance(told.events[-1], Finished)


@EVERY
def test_the_next_turn_returns_the_calls_and_says_that_nothing_ran(variant: str) -> None:
    async def run() -> None:
        async with OpenAiLike(variant) as server:
            provider = provider_for(server)
            server.says = Says(calls=(Call("get_weather"), Call("get_climate")))
            asked = PromptMessage(role=Role.USER, text="Weather?")
            told = await hear(provider.stream(conversation(asked, tools=(WEATHER, CLIMATE))))
            calls = tuple(called.call for called in told.of(ToolCalled))
            server.says = Says()
            called = PromptMessage(role=Role.ASSISTANT, text="", tool_calls=calls)
            again = PromptMessage(role=Role.USER, text="So?")
            told = await hear(provider.stream(conversation(asked, called, again)))
            assert told.error is None
            assert server.violations == []
            _, echoed, first, second, _ = server.heard[-1]["messages"]
            assert [call["id"] for call in echoed["tool_calls"]] == ["call_0x", "call_1x"]
            assert [m["tool_call_id"] for m in (first, second)] == ["call_0x", "call_1x"]
            assert "not run" in first["content"]
            sent = [call.get("extra_content") for call in echoed["tool_calls"]]
            assert sent == ([SIGNATURE, SIGNATURE] if variant == "gemini" else [None, None])

    asyncio.run(run())


@pytest.mark.parametrize("variant", ["vllm", "sglang", "openai", "gemini"])
@STREAMED
def test_several_answers_are_told_apart(variant: str, stream: bool) -> None:
    server = OpenAiLike(variant)
    server.says = Says(texts=("One cat.", "Two cats.", "Three."))
    told = ask(server, asking(parameters=Parameters(n=3), stream=stream))
    assert server.violations == []
    assert [told.text(choice) for choice in range(3)] == ["One cat.", "Two cats.", "Three."]
    assert told.of(Finished) == [Finished(reason="stop", choice=choice) for choice in range(3)]
    assert told.events[-1] == Finished(reason="stop", choice=2)


@pytest.mark.parametrize("variant", ["vllm", "sglang", "openai", "gemini"])
def test_an_answer_that_ends_early_does_not_cut_off_the_others(variant: str) -> None:
    server = OpenAiLike(variant)
    server.says = Says(texts=("One cat.", "Two cats.", "Three."), pause_s=3.0)

    async def run() -> Told:
        async with server:
            return await hear(provider_for(server, idle_s=60).stream(asking(parameters=Parameters(n=3))))

    told = hurried(run(), speed=20)
    assert (told.error, server.violations) == (None, [])
    assert [told.text(choice) for choice in range(3)] == ["One cat.", "Two cats.", "Three."]


def test_llama_cpp_tells_how_far_it_has_read() -> None:
    _, told = body_of("llamacpp", asking())
    assert told.of(Progress) == [Progress(stage="reading", fraction=0.5)]


# ---------------------------------------------------------------- what is sent


ALL = Parameters(
    temperature=0.5,
    top_p=0.9,
    top_k=20,
    max_tokens=100,
    seed=7,
    n=1,
    frequency_penalty=0.1,
    presence_penalty=0.2,
    tool_choice="get_weather",
)


@EVERY
@STREAMED
def test_what_a_server_does_not_take_is_left_out_and_said(variant: str, stream: bool) -> None:
    body, told = body_of(variant, asking(parameters=ALL, tools=(WEATHER,), stream=stream))
    missing = {
        "llamacpp": {"n"},
        "ollama": {"top_k", "n", "tool_choice"},
        "lmstudio": {"n"},
        "openrouter": {"n"},
        "openai": {"top_k"},
        "gemini": {"top_k", "seed", "frequency_penalty", "presence_penalty"},
    }.get(variant, set())
    given = ALL.given() | {"tool_choice": {"type": "function", "function": {"name": "get_weather"}}}
    if variant == "openai":
        given["max_completion_tokens"] = given.pop("max_tokens")
    sent = {name: value for name, value in body.items() if name in {*ALL.given(), "max_completion_tokens"}}
    assert sent == {name: value for name, value in given.items() if name not in missing}
    said = told.notes
    assert bool(said) == bool(missing)
    assert all(name in said[0] for name in missing)
    assert ("stream_options" in body) == (stream and variant != "openrouter")
    assert ("return_progress" in body) == (stream and variant == "llamacpp")


@pytest.mark.parametrize(
    ("variant", "reasoning", "sent"),
    [
        ("llamacpp", Reasoning(enabled=False), {"chat_template_kwargs": {"enable_thinking": False}}),
        ("vllm", Reasoning(enabled=True), {"chat_template_kwargs": {"enable_thinking": True}}),
        ("sglang", Reasoning(enabled=False), {"chat_template_kwargs": {"enable_thinking": False}}),
        ("ollama", Reasoning(effort="none"), {"reasoning_effort": "none"}),
        ("openai", Reasoning(effort="xhigh"), {"reasoning_effort": "xhigh"}),
        ("gemini", Reasoning(effort="low"), {"reasoning_effort": "low"}),
        (
            "openrouter",
            Reasoning(effort="high", max_tokens=99, exclude=True, enabled=True),
            {"reasoning": {"effort": "high", "max_tokens": 99, "exclude": True, "enabled": True}},
        ),
        ("lmstudio", Reasoning(effort="high"), {}),
        ("ollama", Reasoning(enabled=False), {}),
    ],
)
def test_thinking_is_asked_for_in_each_server_s_way(
    variant: str, reasoning: Reasoning, sent: dict[str, Any]
) -> None:
    body, told = body_of(variant, asking(parameters=Parameters(reasoning=reasoning)))
    fields = ("chat_template_kwargs", "reasoning_effort", "reasoning")
    assert {name: body[name] for name in fields if name in body} == sent
    assert bool(told.notes) == (not sent)


def test_the_detail_of_a_picture_is_said_to_openai_alone() -> None:
    shown = PromptMessage(role=Role.USER, text="What?", pictures=(picture(),))
    words = {Detail.FIT: "auto", Detail.TILES: "high", Detail.ORIGINAL: "high", Detail.UPLOAD: "high"}
    for detail, word in words.items():
        body, _ = body_of("openai", conversation(shown, detail=detail))
        assert body["messages"][0]["content"][0]["image_url"]["detail"] == word
    own = shown.replace(pictures=(picture().replace(detail=Detail.TILES), picture()))
    body, _ = body_of("openai", conversation(own))
    assert [part["image_url"]["detail"] for part in body["messages"][0]["content"][:2]] == ["high", "auto"]
    body, _ = body_of("gemini", conversation(shown))
    assert set(body["messages"][0]["content"][0]["image_url"]) == {"url"}


def test_the_beginning_of_an_answer_is_gone_on_with() -> None:
    begun = (PromptMessage(role=Role.USER, text="?"), PromptMessage(role=Role.ASSISTANT, text="The cat"))
    body, _ = body_of("vllm", conversation(*begun))
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)
    body, _ = body_of("llamacpp", conversation(*begun))
    assert body["messages"][-1] == {"role": "assistant", "content": "The cat"}


@pytest.mark.parametrize("choice", ["auto", "none"])
def test_a_tool_choice_goes_along_with_tools_only(choice: str) -> None:
    body, _ = body_of("openai", asking(tools=(WEATHER,), parameters=Parameters(tool_choice=choice)))
    assert body["tool_choice"] == choice
    assert body["tools"][0]["function"] == {
        "name": "get_weather",
        "description": "The weather.",
        "parameters": {"type": "object"},
    }
    body, _ = body_of("openai", asking(parameters=Parameters(tool_choice=choice)))
    assert "tool_choice" not in body


def test_what_no_server_could_use_is_refused_before_anything_is_sent() -> None:
    gif = PromptMessage(role=Role.USER, text="?", pictures=(picture(mime="image/gif"),))
    for variant, request, error in (
        ("ollama", conversation(gif), RequestRefused),
        ("openai", asking(model="  "), NoModel),
        ("vllm", asking(parameters=Parameters(temperature=3)), RequestRefused),
        ("ollama", asking(parameters=Parameters(reasoning=Reasoning(effort="xhigh"))), RequestRefused),
    ):
        server = OpenAiLike(variant)
        told = ask(server, request)
        assert isinstance(told.error, error)
        assert isinstance(told.error, InputRefused)
        assert server.requests == []


def test_a_model_s_name_that_is_no_text_does_not_stop_the_request() -> None:
    assert isinstance(refused(OpenAiLike("ollama"), asking(model="a\udcff")), NotFound)


# ---------------------------------------------------------------- refusals


@EVERY
def test_an_unknown_model_is_told_in_the_server_s_words(variant: str) -> None:
    error = refused(OpenAiLike(variant), asking(model="nothing"))
    assert isinstance(error, NotFound)
    assert error.facts["reason"] == "model 'nothing' not found"


def test_a_server_that_still_loads_says_so_and_is_asked_again() -> None:
    server = OpenAiLike("llamacpp")
    server.faults = [
        document({"error": {"code": 503, "message": "Loading model"}}, 503, {"Retry-After": "0"})
    ]
    told = ask(server, asking())
    assert told.error is None
    assert told.text() == "A cat on a mat."
    assert told.of(Progress)[0].stage == "retrying"


@pytest.mark.parametrize("variant", ["openai", "openrouter", "gemini"])
def test_a_wrong_key_is_refused_as_such(variant: str) -> None:
    async def run() -> None:
        async with OpenAiLike(variant) as server:
            provider = provider_for(server, key="sk-wrong")
            told = await hear(provider.stream(asking()))
            assert isinstance(told.error, KeyRefused)
            with pytest.raises(KeyRefused):
                await provider.test()

    asyncio.run(run())


def test_too_many_pictures_are_named_and_remembered_for_this_model() -> None:
    async def run() -> None:
        async with OpenAiLike("vllm") as server:
            server.most_images = 1
            provider = provider_for(server)
            shown = PromptMessage(role=Role.USER, text="?", pictures=(picture("a"), picture("b")))
            assert provider.limits(SEEING).most_pictures == 8
            told = await hear(provider.stream(conversation(shown)))
            assert isinstance(told.error, Rejected)
            assert "1 picture in a conversation" in told.error.facts["reason"]
            assert provider.limits(SEEING).most_pictures == 1
            assert provider.limits(BLIND).most_pictures == 8
            assert server.violations == []

    asyncio.run(run())


@pytest.mark.parametrize(("most", "words"), [(0, "no pictures"), (4, "at most 4 pictures"), (99, "99")])
def test_any_number_of_pictures_is_named(most: int, words: str) -> None:
    server = OpenAiLike("sglang")
    said = f"At most {most} image(s) may be provided in one prompt."
    server.faults = [document({"error": {"message": said, "code": 400}}, 400)]
    assert words in refused(server).facts["reason"]


def test_b17_a_refusal_for_now_is_waited_out_or_told_with_its_wait() -> None:
    server = OpenAiLike("openrouter")
    said = {"error": {"code": 429, "message": "Provider returned error", "metadata": {"raw": "slow down"}}}
    server.faults = [document(said, 429, {"Retry-After": "7200"})]
    error = refused(server)
    assert isinstance(error, TooManyRequests)
    assert error.facts["reason"] == "Provider returned error: slow down"
    assert error.facts["wait"] == "2 hours"
    assert error.retry_after_s == 7200


def test_b18_a_server_in_trouble_is_asked_again_before_the_first_word_only() -> None:
    server = OpenAiLike("vllm")
    busy = document({"error": {"message": "busy"}}, 500, {"Retry-After": "0"})
    server.faults = [busy] * 3
    error = refused(server)
    assert isinstance(error, ServerFailed)
    assert len(server.heard) == 3
    server = OpenAiLike("vllm")
    steps: list[Step] = [delta("kept"), event({"error": {"message": "busy", "code": 500}}), DONE]
    server.faults = [Answer(steps)]
    told = ask(server, asking())
    assert told.text() == "kept"
    assert isinstance(told.error, ServerFailed)
    assert len(server.heard) == 1


def test_b27_a_key_that_a_server_echoes_is_never_shown() -> None:
    for echo in (KEY, KEY[:14], f"https://x.example/?key={KEY}", KEY.replace("-", "%2D")):
        server = OpenAiLike("openai")
        server.faults = [document({"error": {"message": f"Incorrect key: {echo}."}}, 401)]
        error = refused(server)
        assert KEY[:12] not in str(error) + repr(error.facts)
        assert "•••" in error.facts["reason"]


# ---------------------------------------------------------------- the endpoint


def test_an_endpoint_says_where_it_is_and_what_it_needs() -> None:
    async def run() -> None:
        async with OpenAiLike("openai") as server:
            endpoint = provider_for(server).endpoint
            assert (endpoint.id, endpoint.name, endpoint.needs_key) == ("box", "Box", True)
            assert endpoint.host == f"127.0.0.1:{server.port}"
            assert endpoint.on_this_computer
            assert not endpoint.takes_links

    asyncio.run(run())


def test_an_address_without_a_path_gets_the_usual_one() -> None:
    async def run() -> None:
        for variant in VARIANTS:
            async with OpenAiLike(variant) as server:
                for base_url in (server.url, f"{server.url}/", f"{server.base_url}/chat/completions"):
                    told = await hear(provider_for(server, base_url=base_url).stream(asking()))
                    assert told.text() == "A cat on a mat."

    asyncio.run(run())


def test_an_address_that_is_none_is_refused() -> None:
    config = config_for(OpenAiLike("openai"), base_url="ftp://x")

    async def find() -> Key | None:
        return None

    with pytest.raises(InputRefused):
        OpenAiCompatibleProvider(Site(Gate(), "Box", find), config)


def test_a_server_on_this_computer_may_be_silent_for_long() -> None:
    async def find() -> Key | None:
        return None

    server = OpenAiLike("llamacpp")
    near = config_for(server, base_url="http://127.0.0.1:8080/v1")
    here = OpenAiCompatibleProvider(Site(Gate(), "Box", find), near)
    away = config_for(server, base_url="https://far.example/v1")
    assert here._site.patience.idle == LOCAL_IDLE_S
    assert OpenAiCompatibleProvider(Site(Gate(), "Box", find), away)._site.patience.idle == 120


def test_there_are_no_tickets() -> None:
    async def run() -> None:
        async with OpenAiLike("openai") as server:
            events = provider_for(server).resume(
                Ticket(endpoint_id="box", request_id="1", url=server.url, given=0)
            )
            told = await hear(events)
            assert isinstance(told.error, AnswerLost)

    asyncio.run(run())


def test_nothing_there_is_told_as_such() -> None:
    async def run() -> None:
        async with OpenAiLike("openai") as server:
            provider = provider_for(server)
        told = await hear(provider.stream(asking()))
        assert isinstance(told.error, Unreachable)
        with pytest.raises(Unreachable):
            await provider.models()
        with pytest.raises(Unreachable):
            await provider.test()

    asyncio.run(run())


def test_stopping_closes_the_connection() -> None:
    async def run() -> None:
        async with OpenAiLike("openai") as server:
            server.faults = [Answer([delta("one"), Hang()])]
            events = provider_for(server).stream(asking())
            heard: list[Event] = []
            while not any(isinstance(item, TextDelta) for item in heard):
                heard.append(await anext(events))
            await events.aclose()
            await asyncio.wait_for(server.wait_until_idle(), 10)

    asyncio.run(run())


def test_every_dialect_describes_what_it_takes() -> None:
    assert set(VARIANTS) | {"custom"} == set(DIALECTS)
    for kind, dialect in DIALECTS.items():
        assert 1536 <= dialect.limits.longest_side <= 2048
        names = [spec.name for spec in dialect.parameters]
        assert len(names) == len(set(names)), kind
        assert "image/jpeg" in dialect.formats


def test_a_custom_server_is_asked_like_openai_but_by_the_old_name_of_the_limit() -> None:
    async def run() -> None:
        async with OpenAiLike("lmstudio") as server:
            told = await hear(
                provider_for(server, kind="custom").stream(asking(parameters=Parameters(max_tokens=5)))
            )
            assert told.text() == "A cat on a mat."
            assert server.heard[0]["max_tokens"] == 5
            assert server.violations == []

    asyncio.run(run())


def test_a_document_that_is_an_error_is_one_whatever_its_status() -> None:
    for kind in (JSON, {"Content-Type": "text/event-stream"}, {"Content-Type": "application/problem+json"}):
        server = OpenAiLike("ollama")
        server.faults = [Answer([b'{"error":"the runner has ended"}'], 200, kind)]
        told = ask(server, asking())
        assert isinstance(told.error, EndpointFailed)
        assert "the runner has ended" in told.error.sentence
        assert not told.of(Noted)
