"""The double must be able to fail a client: each breach of Nugen's pages is listed and refused."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from app.net.gate import Document, Gate
from app.net.key import Key
from tests.servers.nugen_server import KEY, NugenServer

CHAT = "/api/v3/inference/chat/completions"
USER = {"role": "user", "content": "Hi"}
GOOD = {"model": "qwen3-vl-30b", "messages": [USER]}
TOOL = {"type": "function", "function": {"name": "look"}}


def send(
    body: Any,
    path: str = CHAT,
    method: str = "POST",
    headers: dict[str, str] | None = None,
    key: str | None = KEY,
) -> tuple[Document, NugenServer]:
    async def run() -> tuple[Document, NugenServer]:
        async with NugenServer() as server:
            bound = Key((server.url,), key) if key else None
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            answer = await Gate().fetch(
                method,
                server.url + path,
                endpoint="Nugen",
                key=bound,
                json=None if body is None else raw,
                headers=headers or {},
            )
            return answer, server

    return asyncio.run(run())


def picture(url: str, **more: Any) -> dict[str, Any]:
    content = [{"type": "image_url", "image_url": {"url": url, **more}}]
    return {**GOOD, "messages": [{"role": "user", "content": content}]}


def test_a_request_that_keeps_the_rules_is_answered() -> None:
    answer, server = send(GOOD)
    assert (answer.status, server.violations) == (200, [])
    told = json.loads(answer.body)
    assert (told["object"], told["model"], told["created"]) == ("embedding", "qwen3-vl-30b\t", 16286546649.54)
    assert told["confidence"] is None


def test_a_stream_has_its_frames_in_the_order_that_was_seen() -> None:
    answer, _ = send({**GOOD, "stream": True, "n": 2})
    frames = [line.removeprefix("data: ") for line in answer.body.decode().split("\n\n") if line]
    parsed = [None if frame == "[DONE]" else json.loads(frame) for frame in frames]
    assert parsed[0] == {"_timing": {"gpu_processing_seconds": 0.01}}
    assert parsed[-3]["object"] == "timing"
    assert parsed[-2] is None
    assert parsed[-1]["choices"] == []
    assert parsed[-1]["usage"] == parsed[-4]["usage"]
    assert [frame["choices"][0]["index"] for frame in parsed[1:7]] == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({**GOOD, "seed": 1}, "body.seed"),
        ({**GOOD, "stream_options": {}}, "body.stream_options"),
        ({"messages": [USER]}, "body.model"),
        ({**GOOD, "messages": []}, "body.messages"),
        ({**GOOD, "messages": [{"role": "tool", "content": "x"}]}, "body.messages.0.role"),
        ({**GOOD, "messages": [{"role": "user", "content": None}]}, "body.messages.0.content"),
        ({**GOOD, "messages": [{**USER, "name": "Ada L."}]}, "body.messages.0.name"),
        ({**GOOD, "messages": [{**USER, "name": "a" * 65}]}, "body.messages.0.name"),
        ({**GOOD, "temperature": 2.5}, "body.temperature"),
        ({**GOOD, "temperature": None}, "body.temperature"),
        ({**GOOD, "top_p": 1.5}, "body.top_p"),
        ({**GOOD, "n": 0}, "body.n"),
        ({**GOOD, "max_tokens": "5"}, "body.max_tokens"),
        ({**GOOD, "stream": 1}, "body.stream"),
        ({**GOOD, "reasoning": {"effort": "maximal"}}, "body.reasoning.effort"),
        ({**GOOD, "reasoning": {"budget": 4}}, "body.reasoning.budget"),
        ({**GOOD, "tools": [{"type": "function"}]}, "body.tools.0.function"),
        ({**GOOD, "tool_choice": "auto"}, "body.tool_choice"),
        ({**GOOD, "tools": [TOOL], "tool_choice": "required"}, "body.tool_choice"),
        (
            {
                **GOOD,
                "tools": [TOOL],
                "tool_choice": {"type": "function", "function": {"name": "other"}},
            },
            "body.tool_choice",
        ),
        (picture("http://a.example/b.jpg"), "body.messages.0.content.0.image_url.url"),
        (picture("data:image/png;base64,iVBORw0K"), "body.messages.0.content.0.image_url.url"),
        (picture("data:image/jpeg;base64,AAAA"), "body.messages.0.content.0.image_url.url"),
        (picture("https://a.example/b.jpg", detail="high"), "body.messages.0.content.0.image_url.detail"),
        (b"{", "body"),
        (b'{"model": "a", "model": "b", "messages": [{"role": "user", "content": "x"}]}', "body.model"),
    ],
)
def test_a_forbidden_body_is_listed_and_refused(body: Any, place: str) -> None:
    answer, server = send(body)
    assert answer.status == 422
    assert f": {place}: " in server.violations[0]
    assert json.loads(answer.body)["detail"][0]["msg"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({**GOOD, "stream": True}, "/inference/chat_text"),
        ({**GOOD, "messages": [{"role": "user", "content": []}]}, "/inference/chat_text"),
        (GOOD, "/inference/chat_vision"),
        ({"model": "a", "prompt": "x", "stream": False}, "/inference/completions"),
        ({"model": "a", "prompt": "x", "top_p": 1}, "/api/v3/inference/completions"),
        ({"model": "a", "input": ""}, "/inference/embeddings"),
        ({"model": "a", "input": []}, "/api/v3/inference/embeddings"),
    ],
)
def test_each_path_has_rules_of_its_own(body: Any, path: str) -> None:
    answer, server = send(body, path)
    assert answer.status == 422
    assert server.violations


def test_the_head_of_a_request_is_checked_too() -> None:
    cases: list[tuple[int, dict[str, Any]]] = [
        (401, {"key": None}),
        (405, {"method": "GET", "body": None}),
        (404, {"path": "/health", "method": "GET", "body": None}),
        (405, {"headers": {"x-provider": "fwai"}}),
        (405, {"path": "/inference/chat_text", "headers": {"x-session-id": "s"}}),
        (405, {"path": "/api/v3/models/aligned?limit=5", "method": "GET", "body": None}),
        (422, {"headers": {"content-type": "text/plain"}}),
    ]
    for status, case in cases:
        answer, server = send(**{"body": GOOD, **case})
        assert answer.status == status, case
        assert server.violations, case


def test_a_wrong_key_breaks_no_rule() -> None:
    answer, server = send(GOOD, key="another")
    assert (answer.status, server.violations) == (401, [])
