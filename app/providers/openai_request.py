"""What an OpenAI-compatible server is sent: a body that holds what its dialect takes."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from app.domain.errors import NoModel, RequestRefused
from app.domain.message import Note, Role
from app.domain.picture import Detail
from app.domain.request import ChatRequest, Parameters, PromptPicture, Reasoning
from app.providers.openai_dialects import Dialect, Thinking
from app.providers.openai_wire import messages_of, picture_part
from app.providers.ranges import check_ranges
from app.providers.tool_fields import tool_fields

LEFT_OUT = "{endpoint} does not take {names}, so that was left out."

_DETAIL = {Detail.FIT: "auto", Detail.TILES: "high", Detail.ORIGINAL: "high", Detail.UPLOAD: "high"}


class Outgoing(NamedTuple):
    """A body ready to be sent, what the user should know about it, and how many answers it asks for."""

    body: bytes
    notes: tuple[Note, ...]
    asked: int


def outgoing(request: ChatRequest, dialect: Dialect, endpoint: str) -> Outgoing:
    """The request as `dialect` wants it. Raises NoModel and RequestRefused."""
    if not request.model.strip():
        raise NoModel(endpoint=endpoint)
    check_ranges(request.parameters, dialect.parameters, endpoint)
    body: dict[str, Any] = {
        "model": request.model.encode("utf-8", "replace").decode(),
        "messages": messages_of(
            request,
            picture=lambda picture: _picture(picture, request.detail, dialect, endpoint),
            extras=dialect.returns_extras,
        ),
        "stream": request.stream,
    }
    if request.stream and dialect.counts_streams:
        body["stream_options"] = {"include_usage": True}
    if request.stream and dialect.progress:
        body["return_progress"] = True
    if request.messages and request.messages[-1].role is Role.ASSISTANT:
        body |= dialect.continues
    parameters, left_out = _parameters(request, dialect)
    body |= parameters
    if request.tools:
        choice = request.parameters.tool_choice if dialect.takes_tool_choice else None
        body |= tool_fields(request.tools, choice, endpoint)
    notes = (Note(what=LEFT_OUT, facts={"endpoint": endpoint, "names": ", ".join(left_out)}),)
    return Outgoing(msgspec.json.encode(body), notes if left_out else (), body.get("n", 1))


def _parameters(request: ChatRequest, dialect: Dialect) -> tuple[dict[str, Any], list[str]]:
    """The body's fields for the parameters that were set, and the names of those not taken."""
    named = {spec.name for spec in dialect.parameters}
    flat = request.parameters.flat()
    chosen = flat.pop("tool_choice", None) is not None and bool(request.tools)
    left_out = [name for name in flat if name not in named]
    fields = {name: value for name, value in flat.items() if name in named and "." not in name}
    if "max_tokens" in fields:
        fields[dialect.max_tokens] = fields.pop("max_tokens")
    if request.parameters.reasoning is not None and dialect.thinking is not None:
        fields |= _thinking(request.parameters, named, dialect.thinking)
    if chosen and not dialect.takes_tool_choice:
        left_out.append("tool_choice")
    return fields, left_out


def _thinking(parameters: Parameters, named: set[str], style: Thinking) -> dict[str, Any]:
    reasoning = parameters.reasoning or Reasoning()
    told = {name: value for name, value in reasoning.to_plain().items() if f"reasoning.{name}" in named}
    told = {name: value for name, value in told.items() if value is not None}
    if not told:
        return {}
    match style:
        case Thinking.OBJECT:
            return {"reasoning": told}
        case Thinking.EFFORT:
            return {"reasoning_effort": told["effort"]}
        case Thinking.TEMPLATE:
            return {"chat_template_kwargs": {"enable_thinking": told["enabled"]}}


def _picture(picture: PromptPicture, detail: Detail, dialect: Dialect, endpoint: str) -> dict[str, Any]:
    mime = picture.prepared.mime
    if mime not in dialect.formats:
        readable = ", ".join(name.partition("/")[2].upper() for name in dialect.formats)
        raise RequestRefused(endpoint=endpoint, thing=f"{mime} pictures", reason=f"it reads {readable}")
    part = picture_part(picture)
    if dialect.takes_detail:
        part["image_url"]["detail"] = _DETAIL[picture.detail or detail]
    return part
