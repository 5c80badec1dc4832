"""The frames of an OpenAI-style answer as types, read strictly first and leniently where that fails.

Strict reading is what makes a token cheap; a server that bends the format is read through plain
dictionaries, so that no text is lost for a number that should have been one.
"""

from __future__ import annotations

import math
import re
from typing import Any, TypeVar

import msgspec

from app.domain.message import TokenUsage

NOTHING = msgspec.Raw()
MOST_TOKENS = 2**53
MOST_ENTITIES = 2**18
"""Bytes of the list of what an answer points at."""

_T = TypeVar("_T")
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\.",
    re.DOTALL,
)


class Delta(msgspec.Struct, gc=False):
    """What a frame adds to one answer."""

    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None
    reasoning_details: msgspec.Raw = NOTHING
    tool_calls: msgspec.Raw = NOTHING
    entities: msgspec.Raw = NOTHING


class Choice(msgspec.Struct, gc=False):
    """One of the answers to a question. `text` is where plain completions have theirs."""

    index: int | None = 0
    delta: Delta | None = None
    message: Delta | None = None
    finish_reason: str | None = None
    text: str | None = None


class Chunk(msgspec.Struct, gc=False):
    """One frame, or a whole answer. What is not needed for every token stays raw."""

    choices: list[Choice] | None = None
    id: msgspec.Raw = NOTHING
    usage: msgspec.Raw = NOTHING
    error: msgspec.Raw = NOTHING
    prompt_progress: msgspec.Raw = NOTHING
    confidence_score: msgspec.Raw = NOTHING
    confidence: msgspec.Raw = NOTHING


class Reading(msgspec.Struct):
    """How far llama.cpp has read the question."""

    total: float
    processed: float


_chunks = msgspec.json.Decoder(Chunk)
_readings = msgspec.json.Decoder(Reading)
_numbers = msgspec.json.Decoder(float)

strict_chunk = _chunks.decode
"""The frame in `data`. Raises ValueError or RecursionError for what does not fit."""


def lenient_chunk(data: bytes) -> Chunk | None:
    """The frame in `data`, without what does not fit; None where nothing does.

    U+FFFD takes the place of what no text can hold: half a surrogate pair, bytes not UTF-8.
    """
    mended = _ESCAPE.sub(lambda m: b"\\ufffd" if m[1] else m[0], data.decode("utf-8", "replace").encode())
    try:
        return _chunks.decode(mended)
    except (ValueError, RecursionError):
        pass
    try:
        frame = msgspec.json.decode(mended)
        return _chunk(frame) if isinstance(frame, dict) else None
    except (ValueError, RecursionError):
        return None


def decoded(raw: msgspec.Raw) -> Any:
    """The JSON in `raw`, None where there is none; a clause where it cannot be read."""
    if not raw:
        return None
    try:
        return msgspec.json.decode(raw)
    except (ValueError, RecursionError):
        return "it cannot be read"


def reading_of(raw: msgspec.Raw) -> float | None:
    """The part of the question that was read, 0..1."""
    reading = _tolerant(_readings, raw)
    if reading is None or reading.total <= 0:
        return None
    return min(max(reading.processed / reading.total, 0.0), 1.0)


def number_of(raw: msgspec.Raw) -> float | None:
    """A finite number; None for anything else."""
    number = _tolerant(_numbers, raw)
    return number if number is not None and math.isfinite(number) else None


def usage_of(raw: msgspec.Raw) -> TokenUsage | None:
    """The tokens counted; None where no count can be believed."""
    counts = decoded(raw)
    if not isinstance(counts, dict):
        return None
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    usage = TokenUsage(**{name: _count(counts.get(name)) for name in names})
    return usage if usage != TokenUsage() else None


def joined_details(raw: msgspec.Raw) -> str:
    """The text of OpenRouter's `reasoning_details`."""
    details = decoded(raw)
    if not isinstance(details, list):
        return ""
    texts = (item.get("text") or item.get("summary") for item in details if isinstance(item, dict))
    return "".join(text for text in texts if isinstance(text, str))


def entities_of(raw: msgspec.Raw) -> str:
    """The list of what an answer points at, as JSON; empty for anything else and for too much of it."""
    entities = decoded(raw) if len(raw) <= MOST_ENTITIES else None
    return msgspec.json.encode(entities).decode() if isinstance(entities, list) and entities else ""


def error_of_choice(data: bytes) -> Any:
    """What OpenRouter says of a choice that ends in an error; None where it says nothing."""
    frame = decoded(msgspec.Raw(data))
    choices = frame.get("choices") if isinstance(frame, dict) else None
    return next((item["error"] for item in choices or () if isinstance(item, dict) and "error" in item), None)


def _chunk(frame: dict[str, Any]) -> Chunk:
    choices = frame.get("choices")
    found = (
        [_choice(item) for item in choices if isinstance(item, dict)] if isinstance(choices, list) else None
    )
    others = {name: _raw(frame.get(name)) for name in Chunk.__struct_fields__ if name != "choices"}
    return Chunk(choices=found, **others)


def _choice(item: dict[str, Any]) -> Choice:
    return Choice(
        index=_index(item.get("index")),
        delta=_delta(item.get("delta")),
        message=_delta(item.get("message")),
        finish_reason=_text(item.get("finish_reason")),
        text=_text(item.get("text")),
    )


def _delta(item: object) -> Delta | None:
    if not isinstance(item, dict):
        return Delta(content=item) if isinstance(item, str) else None
    return Delta(
        content=_parts(item.get("content")),
        reasoning_content=_text(item.get("reasoning_content")),
        reasoning=_text(item.get("reasoning")),
        refusal=_text(item.get("refusal")),
        reasoning_details=_raw(item.get("reasoning_details")),
        tool_calls=_raw(item.get("tool_calls")),
        entities=_raw(item.get("entities")),
    )


def _parts(content: object) -> str | None:
    """The text of a content that came as a list of parts."""
    if not isinstance(content, list):
        return _text(content)
    texts = (part.get("text") if isinstance(part, dict) else part for part in content)
    return "".join(text for text in texts if isinstance(text, str)) or None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _index(value: object) -> int | None:
    """A choice's number; one written as text or with a point counts too."""
    try:
        return None if value is None or isinstance(value, bool) else int(value)  # type: ignore[call-overload]
    except (ValueError, TypeError, OverflowError):
        return None


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MOST_TOKENS:
        return None
    return int(value)


def _raw(value: object) -> msgspec.Raw:
    return NOTHING if value is None else msgspec.Raw(msgspec.json.encode(value))


def _tolerant(decoder: msgspec.json.Decoder[_T], raw: msgspec.Raw) -> _T | None:
    try:
        return decoder.decode(raw) if raw else None
    except (ValueError, RecursionError):
        return None
