"""What all OpenAI-like servers share: the request, the streamed answer, the list of models."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import msgspec

from app.domain.errors import BadAnswer, EndpointFailed, Interrupted, Stalled
from app.domain.events import Event, Finished
from app.domain.model import Capability, ModelInfo
from app.domain.request import ChatRequest, PromptMessage, PromptPicture
from app.net.gate import Gate, Response
from app.net.key import Key
from app.providers.openai_chunks import AnswerReader
from app.providers.refusal import refusal

IDLE_S = 120.0
AFTER_FINISH_S = 0.8
ERROR_BODY_BYTES = 64 * 1024
ERROR_BODY_S = 5.0

_EVENT_STREAM = ("text/event-stream", "text/plain", "application/octet-stream", "")


def chat_body(request: ChatRequest, **extra: object) -> bytes:
    """The JSON body that asks for a streamed answer; `extra` fields come on top."""
    body: dict[str, object] = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    body |= request.parameters.given()
    return msgspec.json.encode(body | extra)


async def stream_chat(
    gate: Gate,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    endpoint_name: str,
    *,
    key: Key | None = None,
    idle_s: float | None = IDLE_S,
) -> AsyncGenerator[Event, None]:
    """Ask, and yield the answer's events as they arrive; the last one is `Finished`.

    An answer that makes no progress for `idle_s` seconds is Stalled; keep-alives are no progress.
    None waits for ever. The answer is whole only when the server says so, otherwise Interrupted
    is raised. Raises the EndpointFailed leaves and what `Gate.stream` raises; what was yielded
    before stays valid.
    """
    async with gate.stream(
        "POST",
        url,
        endpoint=endpoint_name,
        headers={"accept": "text/event-stream", **headers},
        key=key,
        json=body,
        first_byte_s=idle_s,
    ) as response:
        if response.status >= 400:
            raise await _refusal(response, endpoint_name, key)
        _check_address(response, endpoint_name)
        reader = AnswerReader(endpoint_name, key)
        if response.content_type == "application/json":
            for event in reader.whole(await _document(response, endpoint_name, idle_s)):
                yield event
        else:
            async with aclosing(_read(response, reader, endpoint_name, idle_s)) as events:
                async for event in events:
                    yield event
        yield _ending(reader, endpoint_name)


def models_from(body: bytes, endpoint_name: str = "The server") -> list[ModelInfo]:
    """The models of a /v1/models answer, in the server's order. Raises BadAnswer."""
    try:
        listing = msgspec.json.decode(body, type=_Listing)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(endpoint=endpoint_name, reason="it is not a list of models") from error
    return [_model(model, endpoint_name) for model in listing.data]


class _Modalities(msgspec.Struct):
    input_modalities: list[str] | None = None


class _Meta(msgspec.Struct):
    n_ctx: int | None = None


class _Model(msgspec.Struct):
    id: str
    architecture: _Modalities | None = None
    meta: _Meta | None = None


class _Listing(msgspec.Struct):
    data: list[_Model]


def _model(model: _Model, endpoint_name: str) -> ModelInfo:
    modalities = model.architecture.input_modalities if model.architecture else None
    vision = Capability(value=None, source="")
    if modalities is not None:
        vision = Capability(value="image" in modalities, source=f"{endpoint_name} says so")
    context = model.meta.n_ctx if model.meta else None
    detail = f"{context:,} tokens of context" if context else ""
    return ModelInfo(id=model.id, name=model.id, vision=vision, detail=detail)


def _message(message: PromptMessage) -> dict[str, object]:
    text = message.text.encode("utf-8", "replace").decode()
    if not message.pictures:
        return {"role": str(message.role), "content": text}
    parts: list[dict[str, Any]] = [_picture(picture) for picture in message.pictures]
    if text:
        parts.append({"type": "text", "text": text})
    return {"role": str(message.role), "content": parts}


def _picture(picture: PromptPicture) -> dict[str, Any]:
    data = base64.b64encode(picture.data).decode("ascii")
    return {"type": "image_url", "image_url": {"url": f"data:{picture.prepared.mime};base64,{data}"}}


async def _read(
    response: Response, reader: AnswerReader, endpoint_name: str, idle_s: float | None
) -> AsyncGenerator[Event, None]:
    """The events of the stream up to its end, or up to what `reader` tells."""
    clock = asyncio.get_running_loop().time
    patience = idle_s
    async with aclosing(response.chunks()) as chunks:
        while not reader.done and reader.failure is None:
            complete = reader.complete
            asked = clock()
            try:
                async with asyncio.timeout(patience):
                    chunk = await anext(chunks, None)
            except (TimeoutError, EndpointFailed) as error:
                if complete:
                    return
                if isinstance(error, TimeoutError):
                    raise Stalled(endpoint=endpoint_name, seconds=f"{idle_s:g}") from error
                raise
            waited = clock() - asked
            events = reader.finish() if chunk is None else reader.feed(chunk)
            for event in events:
                yield event
            if chunk is None:
                return
            if reader.complete and not complete:
                patience = AFTER_FINISH_S
            elif events and not complete:
                patience = idle_s
            elif patience is not None:
                patience = max(patience - waited, 0.0)


async def _document(response: Response, endpoint_name: str, idle_s: float | None) -> bytes:
    """The whole body of a server that does not stream, though it was asked to."""
    try:
        async with asyncio.timeout(idle_s):
            return await response.body()
    except TimeoutError as error:
        raise Stalled(endpoint=endpoint_name, seconds=f"{idle_s:g}") from error


def _ending(reader: AnswerReader, endpoint_name: str) -> Finished:
    if reader.failure is not None:
        raise reader.failure
    if reader.complete:
        return Finished(reason=reader.reason or "")
    if reader.skipped and not reader.frames:
        raise BadAnswer(endpoint=endpoint_name, reason="nothing in it could be understood")
    raise Interrupted(endpoint=endpoint_name, reason="it never said that it was done")


def _check_address(response: Response, endpoint_name: str) -> None:
    """Raise BadAnswer for an answer that does not come from the endpoint's protocol."""
    if 300 <= response.status < 400:
        reason = f"{response.host} sends its visitors elsewhere; this may be a sign-in page"
        raise BadAnswer(endpoint=endpoint_name, reason=reason)
    kind = response.content_type
    if kind in ("text/html", "application/xhtml+xml"):
        raise BadAnswer(endpoint=endpoint_name, reason=f"it looks like a sign-in page at {response.host}")
    if kind not in _EVENT_STREAM and kind != "application/json":
        raise BadAnswer(endpoint=endpoint_name, reason="it is neither a stream of events nor JSON")


async def _refusal(response: Response, endpoint_name: str, key: Key | None) -> EndpointFailed:
    body = b""
    try:
        async with asyncio.timeout(ERROR_BODY_S), aclosing(response.chunks()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) >= ERROR_BODY_BYTES:
                    break
    except (TimeoutError, EndpointFailed):
        pass  # What came of the reason is used; the status alone says enough.
    return refusal(
        endpoint_name, response.status, response.content_type, body[:ERROR_BODY_BYTES], response.host, key
    )
