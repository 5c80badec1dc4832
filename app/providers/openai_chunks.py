"""The bytes of a streamed OpenAI-style answer, as events. Pure: no I/O, no clock.

Servers are not trusted to keep to the format: what cannot be read is counted and skipped.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from app.domain.errors import BadAnswer, EndpointFailed, Interrupted
from app.domain.events import Event, Progress, ReasoningDelta, TextDelta, UsageReported
from app.domain.message import TokenUsage
from app.net.key import Key
from app.net.sse import SseEvent, SseSplitter, SseTooLarge
from app.providers.refusal import error_in_stream

MOST_TEXT = 32 * 2**20

_T = TypeVar("_T")
_NOTHING = msgspec.Raw()
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\.",
    re.DOTALL,
)


class _Delta(msgspec.Struct, gc=False):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class _Choice(msgspec.Struct, gc=False):
    index: int | None = 0
    delta: _Delta | None = None
    message: _Delta | None = None
    finish_reason: str | None = None


class _Chunk(msgspec.Struct, gc=False):
    choices: list[_Choice] | None = None
    usage: msgspec.Raw = _NOTHING
    error: msgspec.Raw = _NOTHING
    prompt_progress: msgspec.Raw = _NOTHING


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Reading(msgspec.Struct):
    total: float
    processed: float


_chunks = msgspec.json.Decoder(_Chunk)
_usages = msgspec.json.Decoder(_Usage)
_readings = msgspec.json.Decoder(_Reading)


class AnswerReader:
    """Reads one answer.

    `done`: the stream said it is over; nothing after that is read. `reason` is the finish reason,
    None until one came. `failure` is set when the answer broke; what was read before it is
    valid. `frames` counts the frames understood, `skipped` those that were not.
    """

    def __init__(self, endpoint: str, key: Key | None = None) -> None:
        self.done = False
        self.reason: str | None = None
        self.failure: EndpointFailed | None = None
        self.frames = 0
        self.skipped = 0
        self._endpoint = endpoint
        self._key = key
        self._sse = SseSplitter()
        self._length = 0
        self._events: list[Event] = []
        self._pieces: list[str] = []
        self._kind: type[TextDelta | ReasoningDelta] = TextDelta

    @property
    def complete(self) -> bool:
        """Whether the server said that the answer is whole."""
        return self.done or self.reason is not None

    def feed(self, data: bytes) -> list[Event]:
        """What `data` adds to the answer; text that came together is one event."""
        try:
            frames = self._sse.feed(data)
        except SseTooLarge as error:
            self.failure = BadAnswer(endpoint=self._endpoint, reason=str(error))
            return []
        return self._read_all(frames)

    def finish(self) -> list[Event]:
        """What the end of the stream adds: a last event of which only the end is missing."""
        return self._read_all(self._sse.finish())

    def whole(self, body: bytes) -> list[Event]:
        """The events of an answer that came as one JSON document."""
        events = self._read_all([SseEvent(None, body)])
        self.done = self.frames > 0
        return events

    def _read_all(self, frames: list[SseEvent]) -> list[Event]:
        for name, data in frames:
            if self.done or self.failure is not None:
                break
            if name is None or name in ("message", "error"):
                self._read(data, is_error=name == "error")
            else:
                self.skipped += 1
        self._join()
        events, self._events = self._events, []
        return events

    def _read(self, data: bytes, is_error: bool) -> None:
        try:
            chunk = _chunks.decode(data)
        except (ValueError, RecursionError):
            if data.strip().startswith(b"[DONE]"):
                self.done = True
                return
            mended = _mended(data)
            if mended is None:
                self._skip(data, is_error)
                return
            chunk = mended
        self.frames += 1
        error = _decoded(chunk.error) if chunk.error else None
        if error or is_error:
            self._fail(error or _decoded(msgspec.Raw(data)))
            return
        for choice in chunk.choices or ():
            if not choice.index:
                self._read_choice(choice)
        if chunk.prompt_progress:
            self._read_progress(chunk.prompt_progress)
        if chunk.usage:
            self._read_usage(chunk.usage)

    def _skip(self, data: bytes, is_error: bool) -> None:
        self.skipped += 1
        if is_error:
            self._fail(data.decode("utf-8", "replace"))

    def _fail(self, error: Any) -> None:
        self.failure = error_in_stream(self._endpoint, error, self._key)

    def _read_choice(self, choice: _Choice) -> None:
        delta = choice.delta or choice.message
        if delta is not None:
            thought = delta.reasoning_content or delta.reasoning
            if thought:
                self._add(thought, ReasoningDelta)
            if delta.content:
                self._add(delta.content, TextDelta)
        if choice.finish_reason:
            self.reason = choice.finish_reason

    def _add(self, text: str, kind: type[TextDelta | ReasoningDelta]) -> None:
        self._length += len(text)
        if self._length > MOST_TEXT:
            reason = f"it grew past {MOST_TEXT // 2**20} million characters"
            self.failure = Interrupted(endpoint=self._endpoint, reason=reason)
            return
        if kind is not self._kind:
            self._join()
            self._kind = kind
        self._pieces.append(text)

    def _join(self) -> None:
        if self._pieces:
            self._events.append(self._kind(text="".join(self._pieces)))
            self._pieces.clear()

    def _read_progress(self, raw: msgspec.Raw) -> None:
        reading = _tolerant(_readings, raw)
        if reading is not None and reading.total > 0:
            fraction = min(max(reading.processed / reading.total, 0.0), 1.0)
            self._join()
            self._events.append(Progress(stage="reading", fraction=fraction))

    def _read_usage(self, raw: msgspec.Raw) -> None:
        usage = _tolerant(_usages, raw)
        if usage is not None and (usage.prompt_tokens, usage.completion_tokens) != (None, None):
            self._join()
            counted = TokenUsage(prompt_tokens=usage.prompt_tokens, completion_tokens=usage.completion_tokens)
            self._events.append(UsageReported(usage=counted))


def _mended(data: bytes) -> _Chunk | None:
    """The chunk with U+FFFD for what no text can hold: half a surrogate pair, bytes not UTF-8."""
    text = data.decode("utf-8", "replace").encode()
    try:
        return _chunks.decode(_ESCAPE.sub(lambda m: b"\\ufffd" if m[1] else m[0], text))
    except (ValueError, RecursionError):
        return None


def _tolerant(decoder: msgspec.json.Decoder[_T], raw: msgspec.Raw) -> _T | None:
    try:
        return decoder.decode(raw)
    except (ValueError, RecursionError):
        return None


def _decoded(raw: msgspec.Raw) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (ValueError, RecursionError):
        return "it cannot be read"
