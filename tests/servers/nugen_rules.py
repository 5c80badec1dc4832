"""What Nugen's pages say of a request's body, as rules that list every breach.

A breach is {loc, msg, type}, as FastAPI lists it in a 422. What the pages do not name is a breach
too, so that a field sent by mistake is seen.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Loc = tuple[str | int, ...]
Breach = dict[str, Any]
Rule = Callable[[Any, Loc], Iterator[Breach]]

JPEG_MAGIC = b"\xff\xd8\xff"
DATA_URI = "data:image/jpeg;base64,"


def breach(loc: Loc, message: str, kind: str = "value_error") -> Breach:
    """One entry of a 422's `detail`."""
    return {"loc": ["body", *loc], "msg": message, "type": kind}


def number(least: float | None = None, most: float | None = None, whole: bool = False) -> Rule:
    """A number, an integer where `whole`, between the bounds."""

    def check(value: Any, loc: Loc) -> Iterator[Breach]:
        kinds: tuple[type, ...] = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            yield breach(loc, f"value is not a valid {'integer' if whole else 'number'}", "type_error")
        elif least is not None and value < least:
            yield breach(loc, f"ensure this value is greater than or equal to {least}")
        elif most is not None and value > most:
            yield breach(loc, f"ensure this value is less than or equal to {most}")

    return check


def switch(value: Any, loc: Loc) -> Iterator[Breach]:
    """true or false."""
    if not isinstance(value, bool):
        yield breach(loc, "value is not a valid boolean", "type_error")


def text(pattern: str = r"(?s).*") -> Rule:
    """A string that matches as a whole."""

    def check(value: Any, loc: Loc) -> Iterator[Breach]:
        if not isinstance(value, str):
            yield breach(loc, "str type expected", "type_error")
        elif not re.fullmatch(pattern, value):
            yield breach(loc, f"string does not match {pattern}")

    return check


def one_of(*words: str) -> Rule:
    """One of these strings."""

    def check(value: Any, loc: Loc) -> Iterator[Breach]:
        if value not in words:
            yield breach(loc, f"value is not one of {', '.join(words)}")

    return check


def many(rule: Rule, least: int = 1) -> Rule:
    """A list of at least `least`."""

    def check(value: Any, loc: Loc) -> Iterator[Breach]:
        if not isinstance(value, list):
            yield breach(loc, "value is not a valid list", "type_error")
            return
        if len(value) < least:
            yield breach(loc, f"ensure this value has at least {least} items")
        for position, item in enumerate(value):
            yield from rule(item, (*loc, position))

    return check


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these fields and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, loc: Loc) -> Iterator[Breach]:
        if not isinstance(value, dict):
            yield breach(loc, "value is not a valid object", "type_error")
            return
        for name in required:
            if name not in value:
                yield breach((*loc, name), "field required", "missing")
        for name, item in value.items():
            if name not in known:
                yield breach((*loc, name), "extra fields not permitted", "extra_forbidden")
            else:
                yield from known[name](item, (*loc, name))

    return check


def text_or(other: Rule, pattern: str = r"(?s).*") -> Rule:
    """A string, or what `other` takes."""

    def check(value: Any, loc: Loc) -> Iterator[Breach]:
        yield from (text(pattern) if isinstance(value, str) else other)(value, loc)

    return check


def picture_address(value: Any, loc: Loc) -> Iterator[Breach]:
    """An https address, or a whole JPEG as a data URI."""
    if not isinstance(value, str):
        yield breach(loc, "str type expected", "type_error")
    elif value.startswith(DATA_URI):
        try:
            data = base64.b64decode(value[len(DATA_URI) :], validate=True)
        except binascii.Error:
            data = b""
        if not data.startswith(JPEG_MAGIC):
            yield breach(loc, "the data URI does not hold a JPEG")
    elif not re.fullmatch(r"https://[^\s/]+(/\S*)?", value):
        yield breach(loc, "neither an https address nor a JPEG data URI")


def part(value: Any, loc: Loc) -> Iterator[Breach]:
    """One part of a message's content."""
    kinds = {
        "text": {"text": text()},
        "image_url": {"image_url": record({"url": picture_address})},
    }
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in kinds:
        yield breach((*loc, "type"), "neither text nor image_url")
    else:
        yield from record({"type": text(), **kinds[kind]})(value, loc)


def tool_choice(value: Any, loc: Loc) -> Iterator[Breach]:
    """auto, none, or one tool by name."""
    named = record({"type": one_of("function"), "function": record({"name": text(r"\S+")})})
    yield from (one_of("auto", "none") if isinstance(value, str) else named)(value, loc)


ROLE = one_of("system", "user", "assistant")
MODEL = text(r"\S(.*\S)?")
TOOL = record(
    {
        "type": one_of("function"),
        "function": record(
            {"name": text(r"\S+")},
            {"description": text(), "parameters": lambda value, loc: iter(())},
        ),
    }
)
REASONING = record(
    {},
    {
        "effort": one_of("xhigh", "high", "medium", "low", "minimal", "none"),
        "max_tokens": number(0, whole=True),
        "exclude": switch,
        "enabled": switch,
    },
)
SAMPLING = {"max_tokens": number(0, whole=True), "temperature": number(0, 2)}
CHAT = record(
    {
        "model": MODEL,
        "messages": many(
            record({"role": ROLE, "content": text_or(many(part))}, {"name": text(r"[A-Za-z0-9_]{1,64}")})
        ),
    },
    {
        **SAMPLING,
        "prompt_truncate_len": number(1, whole=True),
        "stream": switch,
        "tools": many(TOOL),
        "tool_choice": tool_choice,
        "top_p": number(0, 1),
        "top_k": number(0, whole=True),
        "n": number(1, whole=True),
        "reasoning": REASONING,
    },
)
LEGACY_FIELDS = {**SAMPLING, "prompt_truncate_len": number(1, whole=True)}
CHAT_TEXT = record(
    {"model": MODEL, "messages": many(record({"role": ROLE, "content": text()}))}, LEGACY_FIELDS
)
CHAT_VISION = record(
    {"model": MODEL, "messages": many(record({"role": ROLE, "content": many(part)}))}, LEGACY_FIELDS
)
PROMPT = {"model": MODEL, "prompt": text_or(many(text()))}
COMPLETION = record(PROMPT, {**SAMPLING, "stream": switch})
LEGACY_COMPLETION = record(PROMPT, SAMPLING)
EMBEDDING = record(
    {"model": MODEL, "input": text_or(many(text(r"(?s).+")), r"(?s).+")},
    {"dimensions": number(1, whole=True)},
)


def named_tools(body: Any, loc: Loc = ()) -> Iterator[Breach]:
    """The choice of a tool needs tools, and may name only one of them."""
    if not isinstance(body, dict) or "tool_choice" not in body:
        return
    names = [tool["function"]["name"] for tool in body.get("tools") or ()]
    choice = body["tool_choice"]
    if not names:
        yield breach(("tool_choice",), "there are no tools to choose from")
    elif isinstance(choice, dict) and choice["function"]["name"] not in names:
        yield breach(("tool_choice",), "it names a tool that was not given")
