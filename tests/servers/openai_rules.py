"""What the pages of the OpenAI-compatible servers say of a chat request, as a list of its breaches.

A field that a server's page does not name is a breach, so that one sent by mistake is seen.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAGIC = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/webp": b"RIFF",
    "image/gif": b"GIF8",
    "image/bmp": b"BM",
}
COMMON = frozenset({"model", "messages", "stream", "temperature", "top_p", "tools"})
SAMPLING = frozenset({"max_tokens", "seed", "frequency_penalty", "presence_penalty"})
RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "top_k": (-1, 10**9),
    "max_tokens": (1, 10**9),
    "max_completion_tokens": (1, 10**9),
    "n": (1, 128),
    "frequency_penalty": (-2, 2),
    "presence_penalty": (-2, 2),
    "seed": (0, 2**32 - 1),
}


@dataclass(frozen=True)
class Rules:
    """What one server takes. `base` is where chat completions lie, `key` whether it wants one."""

    base: str
    fields: frozenset[str]
    formats: frozenset[str]
    key: bool = False
    details: frozenset[str] = frozenset()
    efforts: frozenset[str] = frozenset()


_JPEG_PNG = frozenset({"image/jpeg", "image/png"})
_TEMPLATED = COMMON | SAMPLING | {"top_k", "stream_options", "tool_choice", "chat_template_kwargs"}

RULES: dict[str, Rules] = {
    "llamacpp": Rules("/v1", _TEMPLATED | {"return_progress"}, _JPEG_PNG | {"image/gif", "image/bmp"}),
    "ollama": Rules(
        "/v1",
        COMMON | SAMPLING | {"stream_options", "reasoning_effort"},
        _JPEG_PNG | {"image/webp"},
        efforts=frozenset({"high", "medium", "low", "none"}),
    ),
    "lmstudio": Rules("/v1", COMMON | SAMPLING | {"top_k", "stream_options", "tool_choice"}, _JPEG_PNG),
    "vllm": Rules("/v1", _TEMPLATED | {"n", "continue_final_message", "add_generation_prompt"}, _JPEG_PNG),
    "sglang": Rules("/v1", _TEMPLATED | {"n"}, _JPEG_PNG),
    "openrouter": Rules(
        "/api/v1",
        COMMON | SAMPLING | {"top_k", "tool_choice", "reasoning"},
        _JPEG_PNG | {"image/webp", "image/gif"},
        key=True,
        efforts=frozenset({"xhigh", "high", "medium", "low", "minimal", "none"}),
    ),
    "openai": Rules(
        "/v1",
        COMMON
        | {"max_completion_tokens", "seed", "frequency_penalty", "presence_penalty", "n"}
        | {"stream_options", "tool_choice", "reasoning_effort"},
        _JPEG_PNG | {"image/webp", "image/gif"},
        key=True,
        details=frozenset({"low", "high", "auto"}),
        efforts=frozenset({"none", "minimal", "low", "medium", "high", "xhigh"}),
    ),
    "gemini": Rules(
        "/v1beta/openai",
        COMMON | {"max_tokens", "n", "stream_options", "tool_choice", "reasoning_effort"},
        _JPEG_PNG | {"image/webp"},
        key=True,
        efforts=frozenset({"none", "minimal", "low", "medium", "high"}),
    ),
}


def breaches(rules: Rules, body: Any) -> Iterator[str]:
    """Everything in `body` that the server's page does not allow."""
    if not isinstance(body, dict):
        yield "the body is not an object"
        return
    yield from (f"{name} is not documented" for name in body if name not in rules.fields)
    if not isinstance(body.get("model"), str) or not body["model"]:
        yield "model is missing"
    if not isinstance(body.get("stream"), bool):
        yield "stream is neither true nor false"
    if body.get("stream_options", {"include_usage": True}) != {"include_usage": True}:
        yield "stream_options holds something else than include_usage"
    if "stream_options" in body and body.get("stream") is not True:
        yield "stream_options without a stream"
    for name, (least, most) in RANGES.items():
        value = body.get(name, least)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            yield f"{name} is out of its range: {value!r}"
    yield from _thinking(rules, body)
    yield from _tools(body)
    yield from _messages(rules, body.get("messages"))


def _thinking(rules: Rules, body: dict[str, Any]) -> Iterator[str]:
    effort = body.get("reasoning_effort")
    reasoning = body.get("reasoning", {})
    if isinstance(reasoning, dict):
        effort = reasoning.get("effort", effort)
        yield from (
            f"reasoning.{name} is not documented"
            for name in reasoning
            if name not in ("effort", "max_tokens", "exclude", "enabled")
        )
    else:
        yield "reasoning is no object"
    if effort is not None and effort not in rules.efforts:
        yield f"the effort {effort!r} is not documented"
    if set(body.get("chat_template_kwargs", {})) - {"enable_thinking"}:
        yield "chat_template_kwargs holds something else than enable_thinking"


def _tools(body: dict[str, Any]) -> Iterator[str]:
    names = set()
    for tool in body.get("tools", []):
        function = tool.get("function") or {}
        if tool.get("type") != "function" or not function.get("name"):
            yield f"not a tool: {tool!r}"
        names.add(function.get("name"))
    choice = body.get("tool_choice", "auto")
    named = choice.get("function", {}).get("name") if isinstance(choice, dict) else None
    if choice not in ("auto", "none", "required") and named not in names:
        yield f"tool_choice is not documented: {choice!r}"
    if "tool_choice" in body and not names:
        yield "tool_choice without tools"


def _messages(rules: Rules, messages: Any) -> Iterator[str]:
    if not isinstance(messages, list) or not messages:
        yield "messages are missing"
        return
    open_calls: list[str] = []
    for place, message in enumerate(messages):
        role, content = message.get("role"), message.get("content")
        if set(message) - {"role", "content", "name", "tool_calls", "tool_call_id"}:
            yield f"message {place} has undocumented fields: {sorted(message)}"
        if role == "tool":
            if message.get("tool_call_id") not in open_calls:
                yield f"message {place} answers no call"
            else:
                open_calls.remove(message["tool_call_id"])
        elif open_calls:
            yield f"calls without an answer: {open_calls}"
            open_calls = []
        if role not in ("system", "user", "assistant", "tool"):
            yield f"the role {role!r} is not documented"
        if role == "assistant" and message.get("tool_calls"):
            open_calls = [call["id"] for call in message["tool_calls"]]
            yield from _calls(message["tool_calls"])
        elif isinstance(content, list):
            yield from _parts(rules, role, content)
        elif not isinstance(content, str):
            yield f"message {place} has no content"
    if open_calls:
        yield f"calls without an answer: {open_calls}"


def _calls(calls: list[dict[str, Any]]) -> Iterator[str]:
    for call in calls:
        function = call.get("function") or {}
        if call.get("type") != "function" or not call.get("id") or not function.get("name"):
            yield f"not a tool call: {call!r}"
        if not isinstance(function.get("arguments"), str):
            yield "the arguments of a call are not text"
        if set(call) - {"id", "type", "function", "extra_content"}:
            yield f"a call has undocumented fields: {sorted(call)}"


def _parts(rules: Rules, role: str, parts: list[dict[str, Any]]) -> Iterator[str]:
    if role != "user":
        yield f"a message of the {role} has a list for its content"
    for part in parts:
        match part:
            case {"type": "text", "text": str(), **rest} if not rest:
                pass
            case {"type": "image_url", "image_url": {"url": str(url), **more}, **rest} if not rest:
                yield from _url(rules, url)
                if set(more) - {"detail"} or ("detail" in more and more["detail"] not in rules.details):
                    yield f"undocumented beside the url of a picture: {more!r}"
            case _:
                yield f"not a part: {str(part)[:80]}"


def _url(rules: Rules, url: str) -> Iterator[str]:
    head, _, data = url.partition(",")
    mime = head.removeprefix("data:").removesuffix(";base64")
    if head != f"data:{mime};base64":
        yield f"not a data URI: {url[:40]}"
        return
    if mime not in rules.formats:
        yield f"{mime} is not read here"
    try:
        decoded = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        yield "a picture is not base64"
        return
    if not decoded.startswith(MAGIC.get(mime, b"")):
        yield f"a picture is not {mime}"
