"""What NVIDIA's models are sent: bodies that hold what a model's page documents, and nothing else.

Everything is checked here before anything leaves the computer, uploads included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from app.domain.errors import RequestRefused
from app.domain.message import Note, Role
from app.domain.picture import Detail
from app.domain.request import ChatRequest, PromptMessage, PromptPicture, Reasoning
from app.providers import openai_wire
from app.providers.nvidia_models import (
    INLINE_BYTES,
    MOST_BODY_BYTES,
    PALIGEMMA,
    NvidiaModel,
    PictureForm,
    model_of,
)
from app.providers.paligemma import single_turn
from app.providers.ranges import check_ranges, taken
from app.providers.refusal import plain
from app.providers.tool_fields import tool_fields

PICTURE_TYPES = ("image/png", "image/jpeg")

MOST_UPLOADS = 10
"""So many UUIDs fit into the 370 characters of NVCF-INPUT-ASSET-REFERENCES (API page)."""

_TAG = re.compile(r"<(?=\s*/?\s*img\b)", re.IGNORECASE)


class Order(NamedTuple):
    """A checked request: `uploads` have to be uploaded before the body can be written."""

    endpoint: str
    model: NvidiaModel
    messages: tuple[PromptMessage, ...]
    fields: dict[str, Any]
    uploads: tuple[PromptPicture, ...] = ()
    notes: tuple[Note, ...] = ()

    def body(self, assets: Mapping[str, str]) -> bytes:
        """The JSON to send; `assets` names the upload of a picture by the SHA-256 of what was sent.

        Raises RequestRefused for a body larger than the gateway takes.
        """
        body = msgspec.json.encode({"messages": self._messages(assets), **self.fields})
        if len(body) > MOST_BODY_BYTES:
            reason = f"it takes at most {MOST_BODY_BYTES:,} bytes, pictures included"
            thing = f"a question of {len(body):,} bytes"
            raise RequestRefused(endpoint=self.endpoint, thing=thing, reason=reason)
        return body

    @property
    def writes_tags(self) -> bool:
        """Whether pictures are tags in the text; an uploaded one can be nothing else."""
        return self.model.form is PictureForm.TAG or bool(self.uploads)

    def _messages(self, assets: Mapping[str, str]) -> list[dict[str, Any]]:
        if not self.writes_tags:
            wire = openai_wire.messages_of(ChatRequest(model="", messages=self.messages))
            return [_without_tags(message) for message in wire]
        first = self.model.form is PictureForm.PART
        return [_tagged(message, assets, pictures_first=first) for message in self.messages]


def order_of(request: ChatRequest, endpoint: str) -> Order:
    """What to send for `request`. Raises RequestRefused for what the model is documented not to take."""
    model = model_of(request.model)
    check_ranges(request.parameters, model.parameters, endpoint)
    notes = _left_out(request, model, endpoint)
    messages = tuple(filter(None, (_spoken(message, model) for message in request.messages)))
    if model.id == PALIGEMMA:
        turn = single_turn(messages, endpoint)
        messages = (turn.message,)
        notes += turn.notes
    elif model.alternating:
        messages, repairs = _alternating(messages, model.id)
        notes += repairs
    if model.thinks_as_told:
        messages = _told_to_think(messages, request.parameters.reasoning)
    _check(messages, model, endpoint)
    uploads = _uploads(messages, model, request.detail, endpoint)
    fields: dict[str, Any] = {"model": request.model} if model.named else {}
    fields |= taken(request.parameters, model.parameters) | {"stream": request.stream}
    fields.pop("reasoning", None)
    if model.tools and request.tools:
        fields |= tool_fields(request.tools, request.parameters.tool_choice, endpoint)
    order = Order(endpoint, model, messages, fields, uploads, tuple(notes))
    if order.writes_tags and any(m.role is Role.USER and _TAG.search(m.text) for m in messages):
        what = "{endpoint} reads <img> as a picture here, so a space was put into yours: < img."
        order = order._replace(notes=(*notes, Note(what=what, facts={"endpoint": endpoint})))
    return order


def _spoken(message: PromptMessage, model: NvidiaModel) -> PromptMessage | None:
    """The message in the forms the model knows; None where nothing is left of it."""
    if not model.tools:
        message = message.replace(tool_calls=(), name="")
    if message.role is not Role.USER:
        message = message.replace(pictures=())
    text = message.text.encode("utf-8", "replace").decode()
    said = text or message.pictures or message.tool_calls
    return message.replace(text=text) if said else None


def _left_out(request: ChatRequest, model: NvidiaModel, endpoint: str) -> list[Note]:
    known = {spec.name for spec in model.parameters}
    known |= {"tool_choice"} if model.tools and request.tools else set()
    names = [name for name in request.parameters.flat() if name not in known]
    names += ["tools"] if request.tools and not model.tools else []
    if not model.tools and any(message.tool_calls for message in request.messages):
        names.append("earlier calls of tools")
    if not names:
        return []
    what = "{endpoint} documents no {names} for this model, so that was not sent."
    return [Note(what=what, facts={"endpoint": endpoint, "names": ", ".join(names)})]


def _told_to_think(
    messages: Sequence[PromptMessage], reasoning: Reasoning | None
) -> tuple[PromptMessage, ...]:
    """The system text begins with /think or /no_think (langchain-nvidia-ai-endpoints)."""
    if reasoning is None or reasoning.enabled is None or not messages:
        return tuple(messages)
    word = "/think" if reasoning.enabled else "/no_think"
    first, *others = messages
    if first.role is not Role.SYSTEM:
        return (PromptMessage(role=Role.SYSTEM, text=word), *messages)
    return (first.replace(text=f"{word}\n{first.text}"), *others)


def _alternating(
    messages: Sequence[PromptMessage], model: str
) -> tuple[tuple[PromptMessage, ...], list[Note]]:
    """The system first, then user and assistant in turns: neighbours of one role become one message."""
    systems = [message for message in messages if message.role is Role.SYSTEM]
    turns = [message for message in messages if message.role is not Role.SYSTEM]
    joined: list[PromptMessage] = []
    for turn in turns:
        if joined and joined[-1].role is turn.role:
            joined[-1] = _joined(joined[-1], turn)
        else:
            joined.append(turn)
    whats = []
    if len(joined) < len(turns):
        whats.append("{model} wants question and answer in turns, so messages in a row became one.")
    if systems and (messages[0] is not systems[0] or len(systems) > 1):
        whats.append("{model} wants the system text once and first, so it was moved there.")
    if systems:
        text = "\n\n".join(message.text for message in systems)
        joined.insert(0, PromptMessage(role=Role.SYSTEM, text=text))
    return tuple(joined), [Note(what=what, facts={"model": model}) for what in whats]


def _joined(first: PromptMessage, second: PromptMessage) -> PromptMessage:
    text = "\n\n".join(filter(None, (first.text, second.text)))
    return first.replace(text=text, pictures=first.pictures + second.pictures)


def _check(messages: Sequence[PromptMessage], model: NvidiaModel, endpoint: str) -> None:
    pictures = [picture for message in messages for picture in message.pictures]
    thing = reason = ""
    if not any(message.role is not Role.SYSTEM for message in messages):
        thing, reason = "an empty question", "there is nothing in it to answer"
    elif model.most_messages is not None and len(messages) > model.most_messages:
        thing, reason = f"{len(messages):,} messages", f"this model takes at most {model.most_messages:,}"
    elif model.most_pictures is not None and len(pictures) > model.most_pictures:
        thing, reason = f"{len(pictures)} pictures", f"this model takes at most {model.most_pictures}"
    for picture in pictures:
        if picture.prepared.mime not in PICTURE_TYPES:
            thing, reason = plain(picture.name), "it takes PNG and JPEG only"
    if thing:
        raise RequestRefused(endpoint=endpoint, thing=thing, reason=reason)


def _uploads(
    messages: Sequence[PromptMessage], model: NvidiaModel, detail: Detail, endpoint: str
) -> tuple[PromptPicture, ...]:
    """The pictures too large for a message, each once. Raises RequestRefused where they may not go up."""
    if model.most_base64 is None:
        return ()
    large: dict[str, PromptPicture] = {}
    for picture in (picture for message in messages for picture in message.pictures):
        if (len(picture.data) + 2) // 3 * 4 < model.most_base64:
            continue
        if (picture.detail or detail) is not Detail.UPLOAD or not model.limits.takes_uploads:
            other = ", or upload it to keep its detail" if model.limits.takes_uploads else ""
            reason = f"within a question it takes {INLINE_BYTES:,} bytes, so let it be made smaller{other}"
            thing = f"{plain(picture.name)} with {len(picture.data):,} bytes"
            raise RequestRefused(endpoint=endpoint, thing=thing, reason=reason)
        large[picture.prepared.sha256] = picture
    if len(large) > MOST_UPLOADS:
        reason = f"a question can name at most {MOST_UPLOADS} of them"
        raise RequestRefused(endpoint=endpoint, thing=f"{len(large)} uploaded pictures", reason=reason)
    return tuple(large.values())


def _without_tags(message: dict[str, Any]) -> dict[str, Any]:
    """An <img> that the user typed stays text: in a part of type text tags are not read (API page)."""
    content = message["content"]
    if message["role"] == "user" and isinstance(content, str) and _TAG.search(content):
        return message | {"content": [{"type": "text", "text": content}]}
    return message


def _tagged(message: PromptMessage, assets: Mapping[str, str], *, pictures_first: bool) -> dict[str, Any]:
    if message.role is not Role.USER:
        return {"role": str(message.role), "content": message.text}
    tags = [f'<img src="{_source(picture, assets)}" />' for picture in message.pictures]
    text = [_TAG.sub("< ", message.text)] if message.text else []
    pieces = [*tags, *text] if pictures_first else [*text, *tags]
    return {"role": "user", "content": " ".join(pieces)}


def _source(picture: PromptPicture, assets: Mapping[str, str]) -> str:
    asset = assets.get(picture.prepared.sha256)
    return f"data:{picture.prepared.mime};asset_id,{asset}" if asset else openai_wire.data_uri(picture)
