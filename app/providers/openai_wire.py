"""What all OpenAI-like servers share: the request, and the answer, streamed or in one piece."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

import msgspec

from app.domain.errors import BadAnswer, EndpointFailed, Interrupted, Stalled
from app.domain.events import Event, RequestNamed
from app.domain.message import ToolCall
from app.domain.request import ChatRequest, PromptMessage, PromptPicture
from app.net.gate import Gate, Response
from app.net.key import Key
from app.providers.openai_body import Body
from app.providers.openai_chunks import AnswerReader
from app.providers.refusal import WEB_PAGE_TYPES, plain, refusal, sign_in_page

IDLE_S = 120.0
AFTER_FINISH_S = 0.8
AFTER_DONE_S = 0.25
"""Nugen counts the tokens in a frame behind the end mark."""

ERROR_BODY_BYTES = 64 * 1024
ERROR_BODY_S = 5.0
NOT_RUN = "This tool was not run: no tools can be run here."

_NAMES = ("nvcf-reqid", "x-request-id", "request-id", "x-generation-id")
"""Headers in which endpoints name a request, for their support."""

_EVENT_STREAM = ("text/event-stream", "text/plain", "application/octet-stream", "")


def chat_body(request: ChatRequest, **extra: object) -> bytes:
    """The JSON body that asks for an answer; `extra` fields come on top."""
    body: dict[str, object] = {"model": request.model, "messages": messages_of(request)}
    body["stream"] = request.stream
    if request.stream:
        body["stream_options"] = {"include_usage": True}
    body |= request.parameters.given()
    return msgspec.json.encode(body | extra)


def picture_part(picture: PromptPicture) -> dict[str, Any]:
    """A picture as part of a message, its bytes in a data URI."""
    return {"type": "image_url", "image_url": {"url": data_uri(picture)}}


def data_uri(picture: PromptPicture) -> str:
    """The picture's bytes as an address of their own."""
    return f"data:{picture.prepared.mime};base64,{base64.b64encode(picture.data).decode('ascii')}"


def messages_of(
    request: ChatRequest,
    *,
    picture: Callable[[PromptPicture], dict[str, Any]] = picture_part,
    extras: bool = False,
) -> list[dict[str, Any]]:
    """The conversation as the servers take it; pictures come before the text of their message.

    `picture` writes one picture as a part. A tool call is followed by a `tool` message that says it
    was not run. `extras` sends what a server wants back with its calls (Gemini's thought signature).
    """
    messages: list[dict[str, Any]] = []
    for message in request.messages:
        messages.append(_message(message, picture))
        if message.tool_calls:
            calls = [_call(call, place, extras) for place, call in enumerate(message.tool_calls)]
            messages[-1] |= {"content": messages[-1]["content"] or None, "tool_calls": calls}
            messages += ({"role": "tool", "tool_call_id": call["id"], "content": NOT_RUN} for call in calls)
    return messages


async def stream_chat(
    gate: Gate,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    endpoint_name: str,
    *,
    key: Key | None = None,
    idle_s: float | None = IDLE_S,
    asked: int = 1,
    accept: str = "text/event-stream",
) -> AsyncGenerator[Event, None]:
    """Ask, and yield the answer's events as they arrive, as `events_of` does.

    Raises the EndpointFailed leaves and what `Gate.stream` raises; what was yielded before stays valid.
    """
    exchange = gate.stream(
        "POST",
        url,
        endpoint=endpoint_name,
        headers={"accept": accept, **headers},
        key=key,
        json=body,
        first_byte_s=idle_s,
    )
    async with (
        exchange as response,
        aclosing(events_of(response, endpoint_name, key, idle_s=idle_s, asked=asked)) as events,
    ):
        async for event in events:
            yield event


async def events_of(
    response: Response,
    endpoint_name: str,
    key: Key | None,
    *,
    idle_s: float | None = IDLE_S,
    asked: int = 1,
) -> AsyncGenerator[Event, None]:
    """The events of an answer that has begun; the last one is `Finished`.

    It may be a stream of events or one JSON document. `asked` is how many answers were asked for.
    An answer that makes no progress for `idle_s` seconds is Stalled; keep-alives are no progress.
    None waits for ever. The answer is whole only when the server says so, otherwise Interrupted
    is raised. Raises the EndpointFailed leaves, among them the refusal of a status of 300 and above.
    The key is masked, should the answer repeat it.
    """
    if response.status >= 300:
        raise await refusal_of(response, endpoint_name, key)
    _check_kind(response, endpoint_name)
    reader = AnswerReader(endpoint_name, key, asked)
    name = next((response.headers[name] for name in _NAMES if response.headers.get(name)), "")
    if shown := plain(name, key):
        reader.named = True
        yield RequestNamed(request_id=shown)
    try:
        async with aclosing(_read(response, reader, endpoint_name, idle_s)) as events:
            async for event in events:
                yield event
    except EndpointFailed:
        for event in reader.rest():
            yield event
        raise
    for event in reader.rest():
        yield event
    for event in _endings(reader, endpoint_name):
        yield event


async def refusal_of(response: Response, endpoint_name: str, key: Key | None) -> EndpointFailed:
    """The error for an answer of status 300 and above, read as far as it says something."""
    body = b""
    try:
        async with asyncio.timeout(ERROR_BODY_S), aclosing(response.chunks()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) >= ERROR_BODY_BYTES:
                    break
    except (TimeoutError, EndpointFailed):
        pass  # What came of the reason is used; the status alone says enough.
    body = body[:ERROR_BODY_BYTES]
    kind, headers = response.content_type, response.headers
    return refusal(endpoint_name, response.status, kind, body, response.host, key, headers)


def _check_kind(response: Response, endpoint_name: str) -> None:
    """Raise BadAnswer for an answer that does not come from the endpoint's protocol."""
    kind = response.content_type
    if kind in WEB_PAGE_TYPES:
        raise sign_in_page(endpoint_name, response.host)
    if kind not in _EVENT_STREAM and not _is_json(kind):
        raise BadAnswer(endpoint=endpoint_name, reason="it is neither a stream of events nor JSON")


def _is_json(kind: str) -> bool:
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def _message(message: PromptMessage, picture: Callable[[PromptPicture], dict[str, Any]]) -> dict[str, Any]:
    text = message.text.encode("utf-8", "replace").decode()
    wire: dict[str, Any] = {"role": str(message.role), "content": text}
    if message.pictures:
        parts = [picture(each) for each in message.pictures]
        wire["content"] = [*parts, {"type": "text", "text": text}] if text else parts
    if message.name:
        wire["name"] = message.name
    return wire


def _call(call: ToolCall, place: int, extras: bool) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    wire: dict[str, Any] = {"id": call.id or f"call_{place}", "type": "function", "function": function}
    if extras and call.extra:
        wire["extra_content"] = msgspec.json.decode(call.extra)
    return wire


async def _read(
    response: Response, reader: AnswerReader, endpoint_name: str, idle_s: float | None
) -> AsyncGenerator[Event, None]:
    """The events of the body up to its end, or up to what `reader` tells."""
    stalled = Stalled(endpoint=endpoint_name, seconds=f"{idle_s or 0:g}")
    body = Body(reader, endpoint_name, response.host)
    async with aclosing(response.chunks()) as chunks:
        pace = _Pace(idle_s)
        while reader.failure is None and not (reader.done and reader.counted):
            try:
                async with response.within(pace.begin_wait()):
                    chunk = await anext(chunks, None)
            except (TimeoutError, EndpointFailed) as error:
                silent = isinstance(error, TimeoutError)
                if reader.expects_no_more or (silent and reader.complete and not reader.ended_early):
                    return
                raise stalled if silent else error from error
            waited = pace.waited()
            for event in body.finish() if chunk is None else body.feed(chunk):
                yield event
            if chunk is None:
                return
            pace.go_on(reader, body.heard, waited)


class _Pace:
    """How long the next piece of an answer is waited for, in seconds; None for ever."""

    def __init__(self, idle_s: float | None) -> None:
        self._idle_s = self._left = idle_s
        self._clock = asyncio.get_running_loop().time
        self._asked = 0.0
        self._over = self._done = False

    def begin_wait(self) -> float | None:
        """Note the time; returns how long to wait."""
        self._asked = self._clock()
        return self._left

    def waited(self) -> float:
        """How long it took. What the caller does with the piece is no waiting."""
        return self._clock() - self._asked

    def go_on(self, reader: AnswerReader, progress: bool, waited: float) -> None:
        """Set how long to wait next: the whole span after progress, little once the answer is over."""
        done, over = reader.done, reader.expects_no_more
        if done and not self._done:
            self._left = AFTER_DONE_S
        elif over and not self._over:
            self._left = AFTER_FINISH_S
        elif progress and not over:
            self._left = self._idle_s
        elif self._left is not None:
            self._left = max(self._left - waited, 0.0)
        self._over, self._done = over, done


def _endings(reader: AnswerReader, endpoint_name: str) -> list[Event]:
    if reader.failure is not None:
        raise reader.failure
    if reader.complete:
        return reader.endings()
    if reader.skipped and not reader.frames:
        raise BadAnswer(endpoint=endpoint_name, reason="nothing in it could be understood")
    raise Interrupted(endpoint=endpoint_name, reason="it never said that it was done")
