from __future__ import annotations

import asyncio
import base64
from contextlib import aclosing

import pytest

from app.domain.errors import (
    AnswerLost,
    FoveaError,
    Interrupted,
    KeyRefused,
    ModelDown,
    NoCredit,
    NoModel,
    NotFound,
    Redirected,
    Rejected,
    RequestRefused,
    ServerFailed,
    SignInPage,
    Stalled,
    TooManyRequests,
)
from app.domain.events import (
    ConfidenceReported,
    Event,
    Finished,
    Progress,
    ReasoningDelta,
    TextDelta,
    ToolCalled,
    UsageReported,
)
from app.domain.message import Role, Ticket, TokenUsage, ToolCall
from app.domain.model import ParameterKind
from app.domain.request import (
    ChatRequest,
    Parameters,
    PromptMessage,
    Reasoning,
    ToolSpec,
)
from app.net.gate import Gate
from app.providers.nugen import CHAT, NugenProvider
from app.providers.nugen_account import NOT_PUBLISHED
from app.providers.site import Site
from tests.app.providers.nugen_samples import CONFIG, JPEG, MODEL, Told, hear, picture, question, site_of
from tests.servers.fault_server import DONE, Answer, Hang, Raw, Reset, event, in_a_thread
from tests.servers.hurry import hurried
from tests.servers.nugen_answers import ChatAnswer, Says, said
from tests.servers.nugen_server import KEY, NugenServer

LATER = {"Content-Type": "text/html", "Retry-After": "3600"}
WEATHER = ToolSpec(name="get_weather", description="The weather.", parameters={"type": "object"})


def provider_at(server: NugenServer, key: str = KEY, idle_s: float = 5.0) -> NugenProvider:
    return NugenProvider(site_of(server, key, idle_s), CONFIG)


def ask(server: NugenServer, request: ChatRequest, key: str = KEY, idle_s: float = 5.0) -> Told:
    async def run() -> Told:
        async with server:
            told = await hear(provider_at(server, key, idle_s).stream(request))
            await asyncio.wait_for(server.wait_until_idle(), 30)
            return told

    return asyncio.run(run())


def refuse(answer: Answer | Raw, request: ChatRequest | None = None, key: str = KEY) -> Told:
    server = NugenServer()
    server.faults[CHAT] = [answer] * 3
    told = ask(server, request or question(), key=key)
    assert server.violations == []
    return told


# ---------------------------------------------------------------- the request


def test_every_documented_field_reaches_nugen() -> None:
    server = NugenServer()
    request = question(
        messages=(
            PromptMessage(role=Role.SYSTEM, text="Be brief."),
            PromptMessage(role=Role.USER, text="What?", pictures=(picture(),), name="Ada_1"),
            PromptMessage(role=Role.ASSISTANT, text="A cat."),
            PromptMessage(
                role=Role.USER, text="And this?", pictures=(picture(link="https://a.example/b.jpg"),)
            ),
        ),
        parameters=Parameters(
            temperature=2.0,
            top_p=0.5,
            top_k=4,
            max_tokens=7,
            n=2,
            prompt_truncate_len=900,
            tool_choice="auto",
            reasoning=Reasoning(effort="xhigh", max_tokens=50, exclude=True, enabled=True),
        ),
        tools=(WEATHER,),
        session="conversation-7",
    )
    told = ask(server, request)
    assert told.error is None
    assert server.violations == []
    data = f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}"
    assert server.bodies(CHAT) == [
        {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": "Be brief."},
                {
                    "role": "user",
                    "content": [
                        {"type": "image_url", "image_url": {"url": data}},
                        {"type": "text", "text": "What?"},
                    ],
                    "name": "Ada_1",
                },
                {"role": "assistant", "content": "A cat."},
                {
                    "role": "user",
                    "content": [
                        {"type": "image_url", "image_url": {"url": "https://a.example/b.jpg"}},
                        {"type": "text", "text": "And this?"},
                    ],
                },
            ],
            "stream": True,
            "temperature": 2.0,
            "top_p": 0.5,
            "top_k": 4,
            "max_tokens": 7,
            "n": 2,
            "prompt_truncate_len": 900,
            "reasoning": {"effort": "xhigh", "max_tokens": 50, "exclude": True, "enabled": True},
            "tools": [
                {
                    "type": "function",
                    "function": {
                        "name": "get_weather",
                        "description": "The weather.",
                        "parameters": {"type": "object"},
                    },
                }
            ],
            "tool_choice": "auto",
        }
    ]
    assert server.heard[0].session == "conversation-7"
    assert told.notes == []


def test_a_plain_question_sends_nothing_that_was_not_set() -> None:
    server = NugenServer()
    ask(server, question("Hi", stream=False))
    messages = [{"role": "user", "content": "Hi"}]
    assert server.bodies(CHAT) == [{"model": MODEL, "messages": messages, "stream": False}]
    assert server.heard[0].session is None
    assert server.violations == []


@pytest.mark.parametrize(
    ("choice", "wire"),
    [
        ("none", "none"),
        ("get_weather", {"type": "function", "function": {"name": "get_weather"}}),
    ],
)
def test_a_tool_is_chosen_as_the_page_says(choice: str, wire: object) -> None:
    server = NugenServer()
    ask(server, question(tools=(WEATHER,), parameters=Parameters(tool_choice=choice)))
    assert server.bodies(CHAT)[0]["tool_choice"] == wire
    assert server.violations == []


def test_what_nugen_does_not_document_is_left_out_and_said() -> None:
    server = NugenServer()
    loose = Parameters(seed=4, frequency_penalty=0.5, presence_penalty=0.5, tool_choice="auto", top_k=3)
    told = ask(server, question(parameters=loose))
    assert server.violations == []
    assert set(server.bodies(CHAT)[0]) == {"model", "messages", "stream", "top_k"}
    assert told.notes == [
        "Nugen documents no place for seed, frequency_penalty, presence_penalty, tool_choice here, "
        "so that was not sent."
    ]


def test_an_earlier_tool_call_goes_as_text() -> None:
    server = NugenServer()
    asked = ToolCall(id="c", name="get_weather", arguments='{"location": "Boston"}')
    turns = (
        PromptMessage(role=Role.USER, text="Weather?"),
        PromptMessage(role=Role.ASSISTANT, text="I look.", tool_calls=(asked,)),
        PromptMessage(role=Role.USER, text="Well?"),
    )
    told = ask(server, question(messages=turns))
    assert server.violations == []
    content = server.bodies(CHAT)[0]["messages"][1]["content"]
    assert content == 'I look.\n\n[Called get_weather with {"location": "Boston"}]'
    assert told.notes == ["Earlier calls of tools went to Nugen as text: it documents no other form."]


def test_an_answer_that_was_begun_is_sent_with_a_word_of_caution() -> None:
    server = NugenServer()
    turns = (
        PromptMessage(role=Role.USER, text="Count."),
        PromptMessage(role=Role.ASSISTANT, text="One,"),
    )
    told = ask(server, question(messages=turns))
    assert server.bodies(CHAT)[0]["messages"][1] == {"role": "assistant", "content": "One,"}
    assert told.notes == ["Nugen does not say whether it goes on with the beginning of an answer."]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (question(parameters=Parameters(temperature=2.1)), "temperature 2.1: it goes from 0 to 2"),
        (question(parameters=Parameters(temperature=float("nan"))), "temperature nan"),
        (question(parameters=Parameters(top_p=float("inf"))), "top_p inf"),
        (question(parameters=Parameters(n=0)), "n 0: it begins at 1"),
        (question(parameters=Parameters(reasoning=Reasoning(effort="extreme"))), "reasoning.effort extreme"),
        (question(parameters=Parameters(reasoning=Reasoning(max_tokens=0))), "reasoning.max_tokens 0"),
        (question(tools=(WEATHER,), parameters=Parameters(tool_choice="other")), "the tool choice other"),
        (question(messages=(PromptMessage(role=Role.USER, text="a", name="Ada L."),)), "author's name"),
        (question(messages=(PromptMessage(role=Role.USER, text="a", name="a" * 65),)), "author's name"),
        (question(session="two words"), "session"),
        (question(session="a\r\nx-evil: 1"), "session"),
        (
            question(
                messages=(
                    PromptMessage(role=Role.USER, text="a", pictures=(picture(link="http://a.example/b"),)),
                )
            ),
            "https addresses only",
        ),
        (
            question(
                messages=(PromptMessage(role=Role.USER, text="a", pictures=(picture(mime="image/png"),)),)
            ),
            "JPEG only",
        ),
    ],
)
def test_what_nugen_is_documented_to_refuse_is_refused_before_anything_is_sent(
    request_: ChatRequest, words: str
) -> None:
    server = NugenServer()
    told = ask(server, request_)
    assert isinstance(told.error, RequestRefused)
    assert words in told.error.sentence
    assert server.requests == []


def test_a_question_without_a_model_is_refused() -> None:
    server = NugenServer()
    assert isinstance(ask(server, question(model=" ")).error, NoModel)
    assert server.requests == []


# ---------------------------------------------------------------- the answer


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_with_all_its_oddities_is_read(stream: bool) -> None:
    server = NugenServer()
    server.says = Says(texts=("A cat on a mat.",), reasoning="Fur, so a cat.", confidence_score=89.5454)
    told = ask(server, question(stream=stream))
    assert told.error is None
    assert server.violations == []
    assert told.text() == "A cat on a mat."
    assert "".join(e.text for e in told.of(ReasoningDelta)) == "Fur, so a cat."
    assert told.of(ConfidenceReported) == [ConfidenceReported(value=89.5454)]
    counted = TokenUsage(prompt_tokens=41, completion_tokens=5, total_tokens=46)
    assert told.of(UsageReported)[-1] == UsageReported(usage=counted)
    assert told.events[-1] == Finished(reason="stop")


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(("score", "other", "heard"), [(None, 12.5, [12.5]), (90.0, 12.5, [90.0])])
def test_the_score_counts_before_the_confidence(
    stream: bool, score: float | None, other: float, heard: list[float]
) -> None:
    server = NugenServer()
    server.says = Says(confidence_score=score, confidence=other)
    told = ask(server, question(stream=stream))
    assert [reported.value for reported in told.of(ConfidenceReported)] == heard


@pytest.mark.parametrize("stream", [True, False])
def test_several_answers_keep_apart(stream: bool) -> None:
    server = NugenServer()
    server.says = Says(texts=("A cat on a mat.", "A dog.", "A very long fish in a pond."))
    told = ask(server, question(stream=stream, parameters=Parameters(n=3)))
    assert [told.text(choice) for choice in range(3)] == list(server.says.texts)
    assert {finished.choice for finished in told.of(Finished)} == {0, 1, 2}
    assert isinstance(told.events[-1], Finished)
    assert server.violations == []


def test_an_answer_that_ends_early_does_not_cut_off_the_others() -> None:
    server = NugenServer()
    server.says = Says(texts=("A cat.", "A dog.", "A very long fish in a pond."), pause_s=3.0)

    async def run() -> Told:
        async with server:
            return await hear(provider_at(server, idle_s=60).stream(question(parameters=Parameters(n=3))))

    told = hurried(run(), speed=20)
    assert told.error is None
    assert [told.text(choice) for choice in range(3)] == list(server.says.texts)
    assert [finished.choice for finished in told.of(Finished)] == [0, 1, 2]
    assert server.violations == []


@pytest.mark.parametrize("stream", [True, False])
def test_a_tool_is_asked_for_as_a_whole(stream: bool) -> None:
    server = NugenServer()
    server.says = Says(call="get_weather", reason="stop")
    told = ask(server, question(stream=stream, tools=(WEATHER,)))
    assert told.error is None
    (called,) = told.of(ToolCalled)
    assert (called.call.id, called.call.name) == ("call_1", "get_weather")
    assert called.call.arguments == '{"location": "Boston"}'
    assert told.text() == ""


@pytest.mark.parametrize("hidden", [Reasoning(exclude=True), Reasoning(effort="none")])
def test_reasoning_that_was_not_wanted_does_not_come(hidden: Reasoning) -> None:
    server = NugenServer()
    server.says = Says(reasoning="Fur.")
    told = ask(server, question(parameters=Parameters(reasoning=hidden)))
    assert told.of(ReasoningDelta) == []
    assert told.text() == "A cat on a mat."


def test_b12_a_stream_in_single_bytes_is_the_same_answer() -> None:
    server = NugenServer()
    server.says = Says(
        texts=("Ein Kätzchen 🐈 auf der Matte.", "Ein Hund."), reasoning="Fell…", confidence_score=50.0
    )
    request = question(parameters=Parameters(n=2))
    whole = ChatAnswer(server.says, {"model": MODEL, "n": 2}).stream()
    data = b"".join(step for step in whole.steps if isinstance(step, bytes))
    server.faults[CHAT] = [Answer([bytes([byte]) for byte in data], framing="chunked")]
    told = ask(server, request)
    assert told.error is None
    assert (told.text(0), told.text(1)) == server.says.texts
    assert told.of(ConfidenceReported) == [ConfidenceReported(value=50.0)]


def test_stop_closes_the_connection_and_the_next_question_works() -> None:
    server = NugenServer()
    first = event({"choices": [{"index": 0, "delta": {"content": "A cat"}, "finish_reason": None}]})
    server.faults[CHAT] = [Answer([first, Hang()], framing="chunked")]

    async def run() -> tuple[list[Event], Told]:
        async with server:
            provider = provider_at(server)
            heard: list[Event] = []
            async with aclosing(provider.stream(question())) as events:
                async for item in events:
                    heard.append(item)
                    if isinstance(item, TextDelta):
                        break
            await asyncio.wait_for(server.wait_until_idle(), 30)
            return heard, await hear(provider.stream(question()))

    heard, again = asyncio.run(run())
    assert heard[-1] == TextDelta(text="A cat")
    assert again.text() == "A cat on a mat."


def test_text_after_done_is_never_read() -> None:
    server = NugenServer()
    late = event({"choices": [{"index": 0, "delta": {"content": "EVIL"}}]})
    first = event({"choices": [{"index": 0, "delta": {"content": "Good."}, "finish_reason": "stop"}]})
    server.faults[CHAT] = [Answer([first, DONE, late], framing="chunked")]
    assert ask(server, question()).text() == "Good."


def test_an_answer_cut_by_its_limit_of_tokens_is_whole() -> None:
    server = NugenServer()
    told = ask(server, question(parameters=Parameters(max_tokens=2)))
    assert (told.text(), told.events[-1]) == ("A cat", Finished(reason="stop"))


# ---------------------------------------------------------------- what goes wrong


def test_b16_each_form_of_detail_gives_the_reason() -> None:
    listed = [{"loc": ["body", "model"], "msg": "field required", "type": "missing"}]
    for detail in ("field required", listed, {"message": "field required"}):
        error = refuse(said(422, detail)).error
        assert isinstance(error, Rejected)
        assert "(422)" in error.sentence
        assert "field required" in error.sentence


@pytest.mark.parametrize(
    ("answer", "leaf"),
    [
        (said(402, "Insufficient balance"), NoCredit),
        (Answer([b"<html><title>Bad Gateway</title></html>"], 502, LATER), ServerFailed),
        (Answer([], 404, {"Content-Type": "text/html"}), NotFound),
        (said(429, "Too many requests", {"Retry-After": "3600"}), TooManyRequests),
        (Answer([], 302, {"Location": "https://evil.example/"}), Redirected),
        (Answer([b"<html>Sign in</html>"], 200, {"Content-Type": "text/html"}), SignInPage),
    ],
)
def test_b16_each_refusal_has_its_own_cause(answer: Answer, leaf: type[FoveaError]) -> None:
    server = NugenServer()
    server.faults[CHAT] = [answer]
    told = ask(server, question())
    assert type(told.error) is leaf
    assert "<" not in told.error.sentence


def test_a_model_that_nugen_does_not_know_is_not_found() -> None:
    told = ask(NugenServer(), question(model="gone"))
    assert isinstance(told.error, NotFound)
    assert "Model 'gone' not found" in told.error.sentence


def test_b17_a_short_wait_is_waited_out() -> None:
    server = NugenServer()
    server.faults[CHAT] = [said(429, "Slow down", {"Retry-After": "0"})]
    told = ask(server, question())
    assert told.error is None
    assert told.text() == "A cat on a mat."
    assert [p.stage for p in told.of(Progress)] == ["retrying"]
    assert len(server.bodies(CHAT)) == 2


def test_b17_a_long_wait_is_said_and_not_waited_for() -> None:
    server = NugenServer()
    server.faults[CHAT] = [said(429, "Slow down", {"Retry-After": "3600"})]
    told = ask(server, question())
    assert isinstance(told.error, TooManyRequests)
    assert told.error.retry_after_s == 3600
    assert len(server.requests) == 1


def test_b27_a_key_that_is_refused_and_echoed_is_masked() -> None:
    server = NugenServer("another")
    server.faults[CHAT] = []
    told = ask(server, question())
    assert isinstance(told.error, KeyRefused)
    assert server.violations == []
    echo = refuse(said(403, f"the key {KEY} may not do this")).error
    assert echo is not None
    assert KEY not in echo.sentence


def test_b18_an_answer_that_breaks_off_is_not_asked_for_again() -> None:
    server = NugenServer()
    first = event({"choices": [{"index": 0, "delta": {"content": "A cat"}, "finish_reason": None}]})
    server.faults[CHAT] = [Answer([first, Reset()], framing="chunked")]
    told = ask(server, question())
    assert told.text() == "A cat"
    assert isinstance(told.error, Interrupted)
    assert len(server.requests) == 1


def test_a_model_that_is_not_deployed_and_keeps_silent_is_named_as_the_cause() -> None:
    told = ask(NugenServer(), question(model="aligned-model-02"), idle_s=0.3)
    assert isinstance(told.error, ModelDown)
    assert "undeployed" in told.error.sentence


def test_b1_a_model_that_is_deployed_and_keeps_silent_is_stalled() -> None:
    server = NugenServer()
    server.undeployed.add(MODEL)
    assert isinstance(ask(server, question(), idle_s=0.3).error, Stalled)


def test_a_model_listed_as_not_deployed_is_pointed_out_before_it_is_asked() -> None:
    server = NugenServer()
    server.undeployed.clear()

    async def run() -> Told:
        async with server:
            provider = provider_at(server)
            await provider.models()
            return await hear(provider.stream(question(model="aligned-model-02")))

    told = asyncio.run(run())
    assert told.notes == ["Nugen lists this model as undeployed, so it may not answer."]
    assert told.text() == "A cat on a mat."


def test_there_is_no_ticket_to_fetch_an_answer_with() -> None:
    async def run() -> Told:
        async with NugenServer() as server:
            return await hear(provider_at(server).resume(Ticket("nugen", "1", "https://a.example", 0.0)))

    assert isinstance(asyncio.run(run()).error, AnswerLost)


@pytest.mark.parametrize("stream", [True, False])
def test_a_prompt_is_gone_on_with(stream: bool) -> None:
    server = NugenServer()
    server.says = Says(texts=("blue and wide.",))
    allowed = Parameters(max_tokens=9, temperature=0.5, top_p=0.1)

    async def run() -> Told:
        async with server:
            provider = provider_at(server)
            return await hear(provider.complete(MODEL, "The sky is", allowed, stream=stream))

    told = asyncio.run(run())
    assert told.error is None
    assert told.text() == "blue and wide."
    assert told.events[-1] == Finished(reason="stop")
    body = {"model": MODEL, "prompt": "The sky is", "stream": stream, "max_tokens": 9, "temperature": 0.5}
    assert server.bodies(NugenProvider.completions) == [body]
    assert server.violations == []
    assert told.notes == ["Nugen documents no place for top_p here, so that was not sent."]


# ---------------------------------------------------------------- how it shows itself


def test_the_endpoint_says_who_hears_the_question() -> None:
    async def no_key() -> None:
        return None

    provider = NugenProvider(Site(Gate(), "Nugen", no_key), CONFIG)
    shown = provider.endpoint
    assert (shown.id, shown.name, shown.host, shown.note) == (
        "nugen",
        "Nugen",
        "api.nugen.in",
        "Nugen's models.",
    )
    assert shown.needs_key
    assert shown.takes_links
    assert shown.keeps_sessions
    assert not shown.on_this_computer


def test_parameters_have_the_ranges_of_the_page() -> None:
    async def no_key() -> None:
        return None

    specs = {s.name: s for s in NugenProvider(Site(Gate(), "Nugen", no_key), CONFIG).parameters(MODEL)}
    assert (specs["temperature"].least, specs["temperature"].most, specs["temperature"].default) == (0, 2, 1)
    assert specs["prompt_truncate_len"].default == 1500
    assert specs["reasoning.effort"].kind is ParameterKind.CHOICE
    assert specs["reasoning.effort"].choices == ("xhigh", "high", "medium", "low", "minimal", "none")
    assert "seed" not in specs


def test_what_is_not_published_is_said_in_sentences() -> None:
    assert len(NOT_PUBLISHED) == len(set(NOT_PUBLISHED)) >= 4
    assert all(line.startswith("Nugen ") and line.endswith(".") for line in NOT_PUBLISHED)


def test_a_server_in_a_thread_serves_other_processes() -> None:
    with in_a_thread(NugenServer()) as server:
        told = asyncio.run(hear(provider_at(server).stream(question())))
    assert told.text() == "A cat on a mat."
    assert server.violations == []
