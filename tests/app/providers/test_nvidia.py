from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import (
    BadAnswer,
    FoveaError,
    KeyRefused,
    ModelDown,
    NoCredit,
    NoModel,
    NotAllowed,
    NotFound,
    Redirected,
    Rejected,
    RequestRefused,
    Retired,
    ServerFailed,
    SignInPage,
    TooManyRequests,
)
from app.domain.events import Finished, RequestNamed, UsageReported
from app.domain.message import Role, ToolCall, ToolSpec
from app.domain.picture import Detail
from app.domain.request import ChatRequest, PromptMessage, Reasoning
from app.net.gate import Gate
from app.net.key import Key
from app.providers.nvidia import NvidiaProvider
from app.providers.nvidia_models import MODELS, NANO_VL, PALIGEMMA, model_of
from app.providers.site import Site
from tests.app.providers.nvidia_asking import (
    CONFIG,
    HOSTS,
    Told,
    asking,
    assistant,
    picture,
    provider_at,
    system,
    told_by,
    user,
)
from tests.servers.fault_server import Answer, delta, event
from tests.servers.nvidia_server import KEY, Later, NvidiaServer, document, problem

MAVERICK = "meta/llama-4-maverick-17b-128e-instruct"
NANO_12B = "nvidia/nemotron-nano-12b-v2-vl"


def ask(request: ChatRequest, server: NvidiaServer, home: Path, key: str = KEY) -> Told:
    async def run() -> Told:
        async with server:
            return await told_by(provider_at(server, home, key=key).stream(request))

    return asyncio.run(run())


def body_for(request: ChatRequest, home: Path) -> tuple[dict[str, Any], Told]:
    """What a strict NVIDIA was sent, and what it answered."""
    server = NvidiaServer()
    told = ask(request, server, home)
    assert server.violations == []
    assert told.error is None
    assert told.finished
    return server.bodies[0], told


# ---------------------------------------------------------------- a question and its answer


@pytest.mark.parametrize("stream", [True, False])
def test_a_picture_is_asked_about_in_both_modes(stream: bool, home: Path) -> None:
    body, told = body_for(asking(user("What is it?", picture()), stream=stream), home)
    assert told.text == "A cat on a mat."
    assert told.of(UsageReported)[-1].usage.prompt_tokens == 40
    assert body["model"] == NANO_VL
    assert body["stream"] is stream
    (message,) = body["messages"]
    assert [part["type"] for part in message["content"]] == ["image_url", "text"]


def test_the_service_s_name_for_the_request_is_told_once(home: Path) -> None:
    _, told = body_for(asking(user("Hello")), home)
    (named,) = told.of(RequestNamed)
    assert len(named.request_id) == 36


def test_every_parameter_of_the_page_goes_along(home: Path) -> None:
    parameters = {"temperature": 0.5, "top_p": 0.3, "max_tokens": 2048, "seed": -(2**63)}
    body, told = body_for(asking(user("Hello"), parameters=parameters), home)
    assert {name: body[name] for name in parameters} == parameters
    assert told.notes == []


def test_what_the_page_does_not_name_is_left_out_and_said(home: Path) -> None:
    parameters = {"temperature": 1, "top_k": 4, "n": 2, "presence_penalty": 1.0, "tool_choice": "auto"}
    tool = ToolSpec(name="measure")
    body, told = body_for(asking(user("Hello"), parameters=parameters, tools=(tool,)), home)
    assert set(body) == {"model", "messages", "stream", "temperature"}
    (note,) = told.notes
    for name in ("top_k", "n,", "presence_penalty", "tool_choice", "tools"):
        assert name in note


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"max_tokens": 2049}, "1 to 2048"),
        ({"max_tokens": 0}, "1 to 2048"),
        ({"temperature": 1.01}, "0 to 1"),
        ({"temperature": float("nan")}, "0 to 1"),
        ({"top_p": -0.1}, "0 to 1"),
        ({"seed": 2**63}, str(2**63 - 1)),
    ],
)
def test_a_value_outside_of_the_range_is_refused_before_anything_is_sent(
    parameters: dict[str, Any], words: str, home: Path
) -> None:
    server = NvidiaServer()
    told = ask(asking(user("Hello"), parameters=parameters), server, home)
    assert isinstance(told.error, RequestRefused)
    assert words in told.error.sentence
    assert next(iter(parameters)) in told.error.sentence
    assert server.requests == []


# ---------------------------------------------------------------- the conversation


def test_neighbours_of_one_role_become_one_message_with_all_their_pictures(home: Path) -> None:
    first, second = picture(), picture(1200)
    request = asking(user("One", first), user("Two", second), assistant("So"), assistant("so"), user("And?"))
    body, told = body_for(request, home)
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
    assert [part["type"] for part in body["messages"][0]["content"]] == ["image_url", "image_url", "text"]
    assert body["messages"][0]["content"][2]["text"] == "One\n\nTwo"
    assert body["messages"][1]["content"] == "So\n\nso"
    assert "became one" in told.notes[0]


def test_the_system_text_comes_first_wherever_it_was_said(home: Path) -> None:
    body, told = body_for(asking(user("Hi"), system("Be brief."), assistant("Yes"), user("Go")), home)
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    assert [message["role"] for message in body["messages"]] == ["system", "user", "assistant", "user"]
    assert any("first" in note for note in told.notes)


def test_an_ordinary_conversation_needs_no_note(home: Path) -> None:
    body, told = body_for(asking(system("Be brief."), user("Hi"), assistant("Yes"), user("Go")), home)
    assert told.notes == []
    assert len(body["messages"]) == 4


def test_the_beginning_of_an_answer_is_the_last_message(home: Path) -> None:
    body, _ = body_for(asking(user("What is it?", picture()), assistant("It is a")), home)
    assert body["messages"][-1] == {"role": "assistant", "content": "It is a"}


def test_empty_messages_and_calls_of_tools_are_left_out(home: Path) -> None:
    call = ToolCall(id="1", name="zoom", arguments="{}")
    silent = PromptMessage(role=Role.ASSISTANT, text="", tool_calls=(call,))
    body, told = body_for(asking(user("Hi"), silent, user("Go")), home)
    assert [message["content"] for message in body["messages"]] == ["Hi\n\nGo"]
    assert "calls of tools" in told.notes[0]


def test_half_a_surrogate_pair_does_not_stop_the_question(home: Path) -> None:
    body, _ = body_for(asking(user("a\ud800b")), home)
    assert body["messages"][0]["content"] == "a?b"


def test_a_tag_that_the_user_typed_is_no_picture(home: Path) -> None:
    body, told = body_for(asking(user('What does <img src="x.png"> do?')), home)
    assert body["messages"][0]["content"] == [{"type": "text", "text": 'What does <img src="x.png"> do?'}]
    assert told.notes == []


@pytest.mark.parametrize("messages", [(), (system("Be brief."),), (user(""),)])
def test_an_empty_question_is_refused(messages: tuple[PromptMessage, ...], home: Path) -> None:
    told = ask(asking(*messages), NvidiaServer(), home)
    assert isinstance(told.error, RequestRefused)
    assert "empty question" in told.error.sentence


def test_more_messages_than_the_page_allows_are_refused(home: Path) -> None:
    turns = [user("x") if place % 2 == 0 else assistant("y") for place in range(1025)]
    told = ask(asking(*turns), NvidiaServer(), home)
    assert isinstance(told.error, RequestRefused)
    assert "1,024" in told.error.sentence


def test_a_question_without_a_model_is_refused(home: Path) -> None:
    told = ask(asking(user("Hi"), model=""), NvidiaServer(), home)
    assert isinstance(told.error, NoModel)


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("mime", ["image/png", "image/jpeg"])
def test_png_and_jpeg_go_as_they_are(mime: str, home: Path) -> None:
    body, _ = body_for(asking(user("?", picture(mime=mime))), home)
    assert body["messages"][0]["content"][0]["image_url"]["url"].startswith(f"data:{mime};base64,")


def test_other_formats_are_refused(home: Path) -> None:
    told = ask(asking(user("?", picture(mime="image/webp"))), NvidiaServer(), home)
    assert isinstance(told.error, RequestRefused)
    assert "PNG and JPEG" in told.error.sentence


def test_the_largest_picture_within_a_question_is_known_to_the_byte(home: Path) -> None:
    most = model_of(NANO_VL).limits.most_bytes
    assert most == 134_997
    body_for(asking(user("?", picture(most))), home)
    server = NvidiaServer()
    told = ask(asking(user("?", picture(most + 1)), detail=Detail.ORIGINAL), server, home)
    assert isinstance(told.error, RequestRefused)
    assert "134,998" in told.error.sentence
    assert "134,997" in told.error.sentence
    assert server.requests == []


def test_a_picture_is_uploaded_by_its_own_detail_whatever_that_of_the_question(home: Path) -> None:
    large = picture(200_000)
    server = NvidiaServer()
    own = asking(user("?", large.replace(detail=Detail.UPLOAD)), detail=Detail.FIT)
    assert ask(own, server, home).finished
    assert [asset.data for asset in server.assets.values()] == [large.data]
    fitted = asking(user("?", large.replace(detail=Detail.FIT)), detail=Detail.UPLOAD)
    assert isinstance(ask(fitted, NvidiaServer(), home).error, RequestRefused)


def test_a_question_larger_than_the_gateway_takes_is_refused_here(home: Path) -> None:
    server = NvidiaServer()
    pictures = [picture(10_000_000, salt=bytes([number])) for number in range(2)]
    told = ask(asking(user("?", *pictures), model=MAVERICK, detail=Detail.ORIGINAL), server, home)
    assert isinstance(told.error, RequestRefused)
    assert "26,214,400" in told.error.sentence
    assert server.requests == []


# ---------------------------------------------------------------- the other models


def test_a_model_that_is_not_known_is_asked_at_the_integrate_host(home: Path) -> None:
    server = NvidiaServer()
    server.model_ids.append("new/model")
    tool = ToolSpec(name="zoom", parameters={"type": "object"})
    call = ToolCall(id="1", name="zoom", arguments="{}")
    said = PromptMessage(role=Role.ASSISTANT, text="", tool_calls=(call,))
    request = asking(
        user("?", picture()),
        said,
        user("Go on"),
        model="new/model",
        tools=(tool,),
        parameters={"temperature": 1.5, "tool_choice": "zoom"},
    )
    told = ask(request, server, home)
    assert server.violations == []
    assert told.finished
    body = server.bodies[0]
    assert body["temperature"] == 1.5
    assert body["tools"][0]["function"]["name"] == "zoom"
    assert body["tool_choice"]["function"]["name"] == "zoom"
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "tool", "user"]


@pytest.mark.parametrize("model", [model.id for model in MODELS])
@pytest.mark.parametrize("stream", [True, False])
def test_every_documented_model_is_asked_at_its_own_address(model: str, stream: bool, home: Path) -> None:
    server = NvidiaServer()
    server.model_ids = [each.id for each in MODELS]
    told = ask(asking(user("What is it?", picture()), model=model, stream=stream), server, home)
    assert server.violations == []
    assert told.text == "A cat on a mat."
    assert [picture.mime for picture in server.seen[0]] == ["image/jpeg"]
    (request,) = server.requests
    assert request.path == model_of(model).url.removeprefix(HOSTS[0]).removeprefix(HOSTS[1])


@pytest.mark.parametrize(
    ("enabled", "said", "sent"),
    [
        (True, (user("?"),), "/think"),
        (False, (system("Be brief."), user("?")), "/no_think\nBe brief."),
        (None, (system("Be brief."), user("?")), "Be brief."),
    ],
)
def test_a_model_is_told_in_the_system_text_whether_to_think(
    enabled: bool | None, said: tuple[PromptMessage, ...], sent: str, home: Path
) -> None:
    server = NvidiaServer()
    server.model_ids.append(NANO_12B)
    request = asking(*said, model=NANO_12B, parameters={"reasoning": Reasoning(enabled=enabled)})
    told = ask(request, server, home)
    assert (told.finished, told.notes, server.violations) == (True, [], [])
    first, second = server.bodies[0]["messages"]
    assert first == {"role": "system", "content": sent}
    assert second["role"] == "user"
    assert "reasoning.enabled" in [spec.name for spec in model_of(NANO_12B).parameters]


def test_how_much_to_think_is_not_said_where_no_page_names_it(home: Path) -> None:
    reasoning = {"reasoning": Reasoning(effort="high", enabled=True)}
    _, told = body_for(asking(user("?"), parameters=reasoning), home)
    assert ["reasoning.effort" in note and "reasoning.enabled" in note for note in told.notes] == [True]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (
            {"Deprecation": "Fri, 01 Jan 2027 00:00:00 GMT"},
            "NVIDIA says that this model is going away: 2027-01-01.",
        ),
        ({"Deprecation": "@1798761600"}, "going away: 2027-01-01."),
        ({"Deprecation": "2027-01-01T00:00:00Z"}, "going away: 2027-01-01."),
        ({"Deprecation": "true", "Sunset": "Mon, 01 Feb 2027 00:00:00 GMT"}, "going away: 2027-02-01."),
        ({"Deprecation": "true"}, "going away, but not when."),
        ({"Deprecation": "@" + "9" * 400}, "going away, but not when."),
        ({"Deprecation": "2027-\xbf"}, "going away, but not when."),
        ({"Deprecation": "false"}, ""),
        ({"Sunset": "Mon, 01 Feb 2027 00:00:00 GMT"}, ""),
    ],
)
@pytest.mark.parametrize("later", [None, Later(polls=1)])
def test_a_model_that_is_going_away_is_said_so(
    headers: dict[str, str], words: str, later: Later | None, home: Path
) -> None:
    server = NvidiaServer()
    server.also = headers
    server.later = later
    told = ask(asking(user("?")), server, home)
    assert (told.finished, server.violations) == (True, [])
    assert [words in note for note in told.notes] == ([True] if words else [])


def test_a_model_that_takes_one_picture_is_sent_no_second(home: Path) -> None:
    request = asking(user("?", picture(), picture(1200)), model="meta/llama-3.2-11b-vision-instruct")
    told = ask(request, NvidiaServer(), home)
    assert isinstance(told.error, RequestRefused)
    assert "at most 1" in told.error.sentence


def test_a_typed_tag_is_disarmed_where_tags_are_pictures(home: Path) -> None:
    body, told = body_for(asking(user("Say <IMG src=x>", picture()), model="nvidia/vila"), home)
    assert body["messages"][0]["content"].startswith("Say < IMG src=x> <img src=")
    assert "space" in told.notes[0]


def test_models_are_listed_with_what_their_documentation_says(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            provider = provider_at(server, home)
            models = {model.id: model for model in await provider.models()}
            assert models[NANO_VL].vision.value is True
            assert models[NANO_VL].vision.source == "its documentation says so"
            assert "not in" not in models[NANO_VL].detail
            assert "not in" in models["moonshotai/kimi-k2.6"].detail
            assert models[PALIGEMMA].vision.value is True
            assert "not in" not in models[PALIGEMMA].detail
            assert models["nvidia/nv-embed-v1"].vision.value is None
            assert len(models) == len(MODELS) + 1
            assert (await provider.probe(NANO_VL)).value is True
            assert (await provider.probe("new/model")).value is None
            assert server.violations == []

    asyncio.run(run())


def test_limits_and_parameters_are_those_of_the_page() -> None:
    limits = model_of(NANO_VL).limits
    assert (limits.most_bytes, limits.takes_uploads, limits.single_turn) == (134_997, True, False)
    specs = {spec.name: spec for spec in model_of(NANO_VL).parameters}
    assert (specs["temperature"].most, specs["temperature"].default) == (1, 1)
    assert (specs["top_p"].default, specs["max_tokens"].most, specs["max_tokens"].default) == (
        0.01,
        2048,
        1024,
    )


def test_the_hosts_are_nvidia_s_unless_another_address_is_given(home: Path) -> None:
    async def no_key() -> Key | None:
        return None

    site = Site(Gate(), "NVIDIA", no_key)
    endpoint = NvidiaProvider(site, CONFIG, home).endpoint
    assert (endpoint.host, endpoint.on_this_computer) == ("integrate.api.nvidia.com", False)
    moved = CONFIG.replace(base_url="http://127.0.0.1:9")
    endpoint = NvidiaProvider(site, moved, home).endpoint
    assert (endpoint.host, endpoint.on_this_computer) == ("127.0.0.1:9", True)


# ---------------------------------------------------------------- refusals


OPENAI_ERROR = {
    "error": {
        "message": "Image payload too large",
        "type": "invalid_request_error",
        "param": None,
        "code": "invalid_image_format",
    }
}
DEGRADED = "Function id '1f2e': DEGRADED function cannot be invoked"
NOW = {"Retry-After": "0"}
REFUSALS: list[tuple[Answer, type[FoveaError], str]] = [
    (document(400, OPENAI_ERROR), Rejected, "Image payload too large"),
    (problem(400, "Bad Request", DEGRADED), ModelDown, "DEGRADED"),
    (problem(401, "Unauthorized", "Authentication failed"), KeyRefused, "Authentication failed"),
    (problem(403, "Forbidden", "no scope"), NotAllowed, "no scope"),
    (problem(402, "Payment Required", "Cloud credits expired"), NoCredit, "Cloud credits expired"),
    (document(404, "404 page not found", "text/plain"), NotFound, "404 page not found"),
    (problem(404, "Not Found", "Function not found"), NotFound, "Function not found"),
    (problem(410, "Gone", "it has reached its end of life on 2026-01-01"), Retired, "end of life"),
    (
        document(422, {"detail": [{"loc": ["body", "seed"], "msg": "not a number", "type": "x"}]}),
        Rejected,
        "seed: not a number",
    ),
    (
        document(429, {"error": {"message": "Too many"}}, **{"Retry-After": "7200"}),
        TooManyRequests,
        "2 hours",
    ),
    (problem(500, "Internal Server Error", "oops", **NOW), ServerFailed, "oops"),
    (problem(502, "Bad Gateway", "no upstream", **NOW), ServerFailed, "no upstream"),
    (problem(503, "Service Unavailable", "offline", **{"Retry-After": "10800"}), ServerFailed, "3 hours"),
    (problem(504, "Gateway Timeout", "late"), ServerFailed, "late"),
    (document(302, "", Location="https://elsewhere.example/x"), Redirected, "elsewhere.example"),
    (document(200, "<html><title>Hotel</title></html>", "text/html"), SignInPage, "sign in"),
    (document(511, "<html></html>", "text/html"), SignInPage, "sign in"),
]


@pytest.mark.parametrize(("answer", "leaf", "words"), REFUSALS)
@pytest.mark.parametrize("stream", [True, False])
def test_b16_every_refusal_of_the_documents_has_its_own_sentence(
    answer: Answer, leaf: type[FoveaError], words: str, stream: bool, home: Path
) -> None:
    server = NvidiaServer()
    server.faults.chat = [answer] * 3
    told = ask(asking(user("?"), stream=stream), server, home)
    assert type(told.error) is leaf
    assert words in told.error.sentence
    assert "NVIDIA" in told.error.sentence
    assert server.violations == []


def test_b17_a_wait_in_hours_is_told_and_not_waited_for(home: Path) -> None:
    server = NvidiaServer()
    server.faults.chat = [problem(503, "Service Unavailable", "offline", **{"Retry-After": "10800"})]
    told = ask(asking(user("?")), server, home)
    assert told.error is not None
    assert told.error.retry_after_s == 10800
    assert len(server.requests) == 1


def test_b18_what_was_refused_unread_is_asked_again_once_it_may_be(home: Path) -> None:
    server = NvidiaServer()
    server.faults.chat = [problem(503, "Service Unavailable", "busy", **{"Retry-After": "0"})]
    told = ask(asking(user("?"), parameters={"top_k": 3}), server, home)
    assert told.finished
    assert told.stage("retrying")
    assert len(told.notes) == 1
    assert len(server.bodies) == 2


def test_b20_an_error_within_the_answer_keeps_what_came(home: Path) -> None:
    server = NvidiaServer()
    broken = event({"error": {"object": "error", "message": "worker lost", "type": "internal"}})
    server.faults.chat = [Answer([delta("A cat"), broken])]
    told = ask(asking(user("?")), server, home)
    assert told.text == "A cat"
    assert told.error is not None
    assert "worker lost" in told.error.sentence


def test_b27_a_key_that_is_echoed_is_masked(home: Path) -> None:
    server = NvidiaServer()
    server.faults.chat = [problem(401, "Unauthorized", f"bad key {KEY}")]
    told = ask(asking(user("?")), server, home)
    assert KEY not in str(told.error) + repr(told.error.facts if told.error else "")
    assert isinstance(told.error, KeyRefused)


# ---------------------------------------------------------------- testing the endpoint


def test_a_good_key_is_found_good_without_cost(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            assert "takes the key" in await provider_at(server, home).test()
            assert not server.bodies
            assert not server.violations

    asyncio.run(run())


def test_a_wrong_key_is_found_wrong(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            with pytest.raises(KeyRefused):
                await provider_at(server, home, key="nvapi-other").test()

    asyncio.run(run())


@pytest.mark.parametrize("status", [404, 410])
def test_without_the_old_list_of_uploads_the_test_says_what_it_could_not_check(
    status: int, home: Path
) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            server.faults.listing = [problem(status, "Gone", "gone")]
            said = await provider_at(server, home).test()
            assert "3 models" in said
            assert "first question" in said

    asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "leaf"),
    [
        (document(200, "<html></html>", "text/html"), SignInPage),
        (document(200, {"ok": True}), BadAnswer),
        (document(200, "nonsense"), BadAnswer),
        (document(302, "", Location="https://elsewhere.example/"), Redirected),
    ],
)
def test_b15_another_server_at_the_address_is_not_taken_for_nvidia(
    answer: Answer, leaf: type[FoveaError], home: Path
) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            server.faults.listing = [answer]
            server.faults.models = [answer]
            provider = provider_at(server, home)
            with pytest.raises(leaf):
                await provider.test()
            with pytest.raises(leaf):
                await provider.models()

    asyncio.run(run())


def test_a_list_of_models_that_is_half_broken_is_read_as_far_as_it_goes(home: Path) -> None:
    async def run() -> None:
        async with NvidiaServer() as server:
            rows = [{"id": "a/b"}, {}, "x", {"id": 3}, {"id": "a/b"}, {"id": "bad\x00id"}, {"id": ""}]
            server.faults.models = [document(200, json.dumps({"data": rows}))]
            models = await provider_at(server, home).models()
            assert [model.id for model in models][len(MODELS) :] == ["a/b"]

    asyncio.run(run())


def test_the_last_event_is_the_finished_one(home: Path) -> None:
    _, told = body_for(asking(user("Hi")), home)
    assert isinstance(told.events[-1], Finished)
    assert told.events[-1].reason == "stop"
