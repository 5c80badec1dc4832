"""What Nugen is sent: bodies that hold what its pages document, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from app.domain.errors import NoModel, RequestRefused
from app.domain.message import Note, Role
from app.domain.model import ParameterKind, ParameterSpec
from app.domain.request import ChatRequest, Parameters, PromptMessage, PromptPicture
from app.providers import openai_wire
from app.providers.ranges import check_ranges, taken
from app.providers.tool_fields import tool_fields

EFFORTS = ("xhigh", "high", "medium", "low", "minimal", "none")
JPEG = "image/jpeg"

_AUTHOR = re.compile(r"[A-Za-z0-9_]{1,64}", re.ASCII)
_SESSION = re.compile(r"[\x21-\x7e]{1,200}")

MAX_TOKENS = ParameterSpec(name="max_tokens", kind=ParameterKind.INTEGER, least=1)
TEMPERATURE = ParameterSpec(name="temperature", kind=ParameterKind.NUMBER, least=0, most=2, default=1)
TRUNCATE = ParameterSpec(
    name="prompt_truncate_len",
    kind=ParameterKind.INTEGER,
    least=1,
    default=1500,
    note="How many tokens of a long conversation the model is shown.",
)
CHAT_PARAMETERS = (
    TEMPERATURE,
    ParameterSpec(name="top_p", kind=ParameterKind.NUMBER, least=0, most=1),
    ParameterSpec(name="top_k", kind=ParameterKind.INTEGER, least=1),
    MAX_TOKENS,
    TRUNCATE,
    ParameterSpec(name="n", kind=ParameterKind.INTEGER, least=1, default=1, note="How many answers."),
    ParameterSpec(name="reasoning.effort", kind=ParameterKind.CHOICE, choices=EFFORTS),
    ParameterSpec(name="reasoning.max_tokens", kind=ParameterKind.INTEGER, least=1),
    ParameterSpec(name="reasoning.exclude", kind=ParameterKind.SWITCH, note="Think, but do not show it."),
    ParameterSpec(name="reasoning.enabled", kind=ParameterKind.SWITCH),
)
"""The body of the v3 chat page. It gives ranges for the temperature alone; the others are their meaning."""

LEGACY_PARAMETERS = (TEMPERATURE, MAX_TOKENS, TRUNCATE)
"""The body of the legacy chat pages."""

COMPLETION_PARAMETERS = (
    TEMPERATURE,
    ParameterSpec(name="max_tokens", kind=ParameterKind.INTEGER, least=0, default=16),
)
"""The body of the completions pages, v3 and legacy."""


class Outgoing(NamedTuple):
    """A request ready to be sent, what the user should know about it, and how many answers it asks for."""

    body: bytes
    notes: tuple[Note, ...] = ()
    headers: Mapping[str, str] = {}
    asked: int = 1


def chat(request: ChatRequest, endpoint: str) -> Outgoing:
    """The v3 chat request. Raises NoModel and RequestRefused."""
    check_model(request.model, endpoint)
    check_ranges(request.parameters, CHAT_PARAMETERS, endpoint)
    body: dict[str, object] = {
        "model": request.model,
        "messages": _messages(request, endpoint, names=True),
        "stream": request.stream,
    }
    body |= taken(request.parameters, CHAT_PARAMETERS)
    if request.tools:
        body |= tool_fields(request.tools, request.parameters.tool_choice, endpoint)
    also = ("tool_choice",) if request.tools else ()
    notes = [*_left_out(request.parameters, CHAT_PARAMETERS, endpoint, also), *_turn_notes(request, endpoint)]
    asked = request.parameters.n or 1
    return Outgoing(msgspec.json.encode(body), tuple(notes), _session(request, endpoint), asked)


def legacy_chat(request: ChatRequest, endpoint: str, *, seeing: bool) -> Outgoing:
    """The legacy chat request, with parts for chat_vision (`seeing`), plain text for chat_text.

    Raises NoModel and RequestRefused.
    """
    check_model(request.model, endpoint)
    check_ranges(request.parameters, LEGACY_PARAMETERS, endpoint)
    messages = _messages(request, endpoint, names=False)
    for message in messages:
        if seeing and isinstance(message["content"], str):
            message["content"] = [{"type": "text", "text": message["content"]}]
    body: dict[str, object] = {"model": request.model, "messages": messages}
    body |= taken(request.parameters, LEGACY_PARAMETERS)
    also = {
        "tools": bool(request.tools),
        "session": bool(request.session),
        "name": any(turn.name for turn in request.messages),
    }
    unknown = [name for name, said in also.items() if said]
    notes = [
        *_left_out(request.parameters, LEGACY_PARAMETERS, endpoint, unknown=unknown),
        *_turn_notes(request, endpoint),
    ]
    return Outgoing(msgspec.json.encode(body), tuple(notes))


def completion(
    model: str, prompt: str, parameters: Parameters, endpoint: str, *, stream: bool | None
) -> Outgoing:
    """The request that goes on with a prompt; `stream` None where there is no such field.

    Raises NoModel and RequestRefused.
    """
    check_model(model, endpoint)
    check_ranges(parameters, COMPLETION_PARAMETERS, endpoint)
    body: dict[str, object] = {"model": model, "prompt": prompt.encode("utf-8", "replace").decode()}
    body |= {} if stream is None else {"stream": stream}
    body |= taken(parameters, COMPLETION_PARAMETERS)
    notes = _left_out(parameters, COMPLETION_PARAMETERS, endpoint)
    return Outgoing(msgspec.json.encode(body), tuple(notes))


def check_model(model: str, endpoint: str) -> None:
    """Raise NoModel where none is named."""
    if not model.strip():
        raise NoModel(endpoint=endpoint)


def _left_out(
    parameters: Parameters,
    specs: Sequence[ParameterSpec],
    endpoint: str,
    also: Sequence[str] = (),
    unknown: Sequence[str] = (),
) -> list[Note]:
    known = {*taken(parameters, specs), *also}
    names = [*(name for name in parameters.given() if name not in known), *unknown]
    if not names:
        return []
    what = "{endpoint} documents no place for {names} here, so that was not sent."
    return [Note(what=what, facts={"endpoint": endpoint, "names": ", ".join(names)})]


def _turn_notes(request: ChatRequest, endpoint: str) -> list[Note]:
    """What becomes of turns that Nugen's three roles have no form for."""
    whats = []
    if any(message.tool_calls for message in request.messages):
        whats.append("Earlier calls of tools went to {endpoint} as text: it documents no other form.")
    if request.messages and request.messages[-1].role is Role.ASSISTANT:
        whats.append("{endpoint} does not say whether it goes on with the beginning of an answer.")
    return [Note(what=what, facts={"endpoint": endpoint}) for what in whats]


def _session(request: ChatRequest, endpoint: str) -> dict[str, str]:
    if not request.session:
        return {}
    if not _SESSION.fullmatch(request.session):
        reason = "it goes into a header, so it is up to 200 letters, digits and signs without spaces"
        raise RequestRefused(endpoint=endpoint, thing="this name of a session", reason=reason)
    return {"X-Session-ID": request.session}


def _messages(request: ChatRequest, endpoint: str, *, names: bool) -> list[dict[str, Any]]:
    """The conversation in Nugen's three roles. Raises RequestRefused for an author's name."""

    def part(picture: PromptPicture) -> dict[str, Any]:
        return {"type": "image_url", "image_url": {"url": _address(picture, endpoint)}}

    plain = []
    for message in request.messages:
        if names and message.name and not _AUTHOR.fullmatch(message.name):
            reason = "it takes up to 64 letters, digits and underscores"
            raise RequestRefused(endpoint=endpoint, thing=f"the author's name {message.name}", reason=reason)
        text, name = _text(message), message.name if names else ""
        plain.append(message.replace(text=text, tool_calls=(), name=name))
    return openai_wire.messages_of(request.replace(messages=tuple(plain)), picture=part)


def _address(picture: PromptPicture, endpoint: str) -> str:
    """The link, for the server to fetch, or the bytes. The pages show https links and JPEG data."""
    if picture.link:
        if not picture.link.startswith("https://") or not picture.link.isprintable() or " " in picture.link:
            reason = "it fetches pictures from https addresses only"
            raise RequestRefused(endpoint=endpoint, thing=f"the link of {picture.name}", reason=reason)
        return picture.link
    if picture.prepared.mime != JPEG:
        raise RequestRefused(endpoint=endpoint, thing=picture.name, reason="its pages show JPEG only")
    return openai_wire.data_uri(picture)


def _text(message: PromptMessage) -> str:
    """What was said, and which tools were called."""
    calls = [f"[Called {call.name} with {call.arguments}]" for call in message.tool_calls]
    return "\n\n".join([part for part in (message.text, *calls) if part])
