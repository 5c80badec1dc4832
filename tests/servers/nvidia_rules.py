"""What NVIDIA's pages say of a request to a model, as checks that list every breach in words."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

INLINE_BASE64 = 180_000
NANO = "nvidia/llama-3.1-nemotron-nano-vl-8b-v1"
PALIGEMMA = "google/paligemma"
MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}

SAMPLING: dict[str, tuple[type | tuple[type, ...], float, float]] = {
    "temperature": ((int, float), 0, 1),
    "top_p": ((int, float), 0, 1),
}
NANO_FIELDS = SAMPLING | {"max_tokens": (int, 1, 2048), "seed": (int, -(2**63), 2**63 - 1)}
PALIGEMMA_FIELDS = SAMPLING | {"max_tokens": (int, 1, 1024)}
OTHER_FIELDS = NANO_FIELDS | {
    "temperature": ((int, float), 0, 2),
    "max_tokens": (int, 1, 2**31),
    "frequency_penalty": ((int, float), -2, 2),
    "presence_penalty": ((int, float), -2, 2),
}

_IMG = re.compile(r"</?img\b[^>]*>?", re.IGNORECASE)
_SOURCE = re.compile(r'<img src="data:(image/[a-z]+);(base64|asset_id),([^"<>]*)" />')
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Seen:
    """A picture of a request: its bytes, or the asset it names."""

    mime: str
    data: bytes = b""
    asset: str = ""


def breaches_of(model: str, body: Any, seen: list[Seen]) -> Iterator[str]:
    """All that is wrong with `body`; its pictures are added to `seen`."""
    if not isinstance(body, dict):
        yield "the body is no object"
        return
    if model == PALIGEMMA:
        yield from _fields(body, PALIGEMMA_FIELDS, set())
        yield from _paligemma(body.get("messages"), seen)
    elif model == NANO:
        yield from _fields(body, NANO_FIELDS, {"model"})
        yield from _alternating(body.get("messages"))
        yield from _contents(body.get("messages"), seen)
    else:
        yield from _fields(body, OTHER_FIELDS, {"model", "tools", "tool_choice"})
        yield from _contents(body.get("messages"), seen)


def _fields(body: dict[str, Any], fields: dict[str, Any], others: set[str]) -> Iterator[str]:
    for name in body.keys() - fields.keys() - others - {"messages", "stream"}:
        yield f"{name} is not documented for this model"
    if "stream" in body and not isinstance(body["stream"], bool):
        yield "stream is neither true nor false"
    for name, (kind, least, most) in fields.items():
        value = body.get(name, least)
        if isinstance(value, bool) or not isinstance(value, kind) or not least <= value <= most:
            yield f"{name} is not within {least} to {most}"


def _alternating(messages: Any) -> Iterator[str]:
    if not isinstance(messages, list) or not 1 <= len(messages) <= 1024:
        yield "there are not 1 to 1024 messages"
        return
    roles = [message.get("role") if isinstance(message, dict) else None for message in messages]
    if "system" in roles[1:]:
        yield "the system is not first"
    turns = [role for role in roles if role != "system"]
    if any(before == after for before, after in pairwise(turns)):
        yield "user and assistant do not alternate"
    if not turns or turns[-1] not in ("user", "assistant"):
        yield "the last message is neither the user's nor the assistant's"


def _paligemma(messages: Any, seen: list[Seen]) -> Iterator[str]:
    if not isinstance(messages, list) or len(messages) != 1:
        yield "there is not exactly one message"
        return
    yield from _contents(messages, seen)
    if messages[0].get("role") != "user":
        yield "the message is not the user's"
    if not isinstance(messages[0].get("content"), str):
        yield "the picture is not in a string"
    if len(seen) != 1:
        yield f"there are {len(seen)} pictures, not one"


def _contents(messages: Any, seen: list[Seen]) -> Iterator[str]:
    if not isinstance(messages, list) or not messages:
        yield "there are no messages"
        return
    for place, message in enumerate(messages):
        extra = message.keys() - {"role", "content"}
        if extra - ({"tool_calls", "tool_call_id", "name"}):
            yield f"a message has {', '.join(sorted(extra))}"
        role, content = message.get("role"), message.get("content")
        if isinstance(content, list):
            if role != "user":
                yield f"a list as the content of {role}"
            for part in content:
                yield from _part(part, seen)
        elif isinstance(content, str):
            if role == "user":
                yield from _tags(content, seen)
        elif (
            content is not None
            or role != "assistant"
            or (place < len(messages) - 1 and not message.get("tool_calls"))
        ):
            yield "content is neither text nor a list"


def _part(part: Any, seen: list[Seen]) -> Iterator[str]:
    if part.get("type") == "text" and isinstance(part.get("text"), str):
        return
    url = part.get("image_url", {}).get("url") if part.get("type") == "image_url" else None
    found = re.fullmatch(r"data:(image/[a-z]+);base64,(.*)", url or "", re.DOTALL)
    if not found:
        yield "a part is neither text nor a picture in a data URI"
    else:
        yield from _inline(found[1], found[2], seen)


def _tags(text: str, seen: list[Seen]) -> Iterator[str]:
    for tag in _IMG.findall(text):
        found = _SOURCE.fullmatch(tag)
        if not found:
            yield "a tag that is no picture as documented"
        elif found[2] == "base64":
            yield from _inline(found[1], found[3], seen)
        elif not _UUID.fullmatch(found[3]):
            yield "an asset that is no UUID"
        else:
            seen.append(Seen(found[1], asset=found[3]))


def _inline(mime: str, text: str, seen: list[Seen]) -> Iterator[str]:
    if mime not in MAGIC:
        yield f"a picture of type {mime}"
        return
    if len(text) >= INLINE_BASE64:
        yield f"a picture of {len(text)} characters within the request"
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        yield "a picture that is not base64"
        return
    if not data.startswith(MAGIC[mime]):
        yield f"a picture that is not {mime}"
    seen.append(Seen(mime, data))
