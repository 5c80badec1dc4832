"""The bytes of an OpenAI-style answer, as events. Pure: no I/O, no clock.

Servers are not trusted to keep to the format: what cannot be read is counted and skipped.
"""

from __future__ import annotations

import msgspec

from app.domain.errors import BadAnswer, EndpointFailed, Interrupted
from app.domain.events import (
    ConfidenceReported,
    Event,
    Finished,
    Noted,
    Progress,
    ReasoningDelta,
    RequestNamed,
    TextDelta,
    TextWasReasoning,
    ToolCalled,
    UsageReported,
)
from app.domain.message import Note, TokenUsage
from app.net.key import Key
from app.net.sse import SseEvent, SseSplitter, SseTooLarge
from app.providers.openai_shapes import (
    Choice,
    Chunk,
    decoded,
    error_of_choice,
    joined_details,
    lenient_chunk,
    number_of,
    reading_of,
    strict_chunk,
    usage_of,
)
from app.providers.refusal import error_in_stream, plain, said
from app.providers.thinking import Kind, Piece, ThoughtSplitter
from app.providers.tool_calls import ToolCalls

MOST_TEXT = 32 * 2**20
MOST_CHOICES = 128
CALL_LEFT_OUT = "The model began to ask for the tool {name} but did not finish, so nothing came of it."


class _Answer:
    """One of the answers to a question, as far as it has come."""

    __slots__ = ("calls", "reason", "thoughts")

    def __init__(self) -> None:
        self.reason: str | None = None
        self.calls: ToolCalls | None = None
        self.thoughts = ThoughtSplitter()


class _Gathered:
    """Events in their order. Text of one kind that came together is one event; there is a most of it."""

    def __init__(self) -> None:
        self.too_long = False
        self._length = 0
        self._events: list[Event] = []
        self._pieces: list[str] = []
        self._kind: type[TextDelta | ReasoningDelta] = TextDelta
        self._number = 0

    def grow(self, count: int) -> bool:
        """Count so many characters more; whether there is room for them."""
        self._length += count
        if self._length > MOST_TEXT:
            self.too_long = True
        return not self.too_long

    def text(self, text: str, kind: type[TextDelta | ReasoningDelta], number: int) -> None:
        """Add to the answer of that number."""
        if not self.grow(len(text)):
            return
        if kind is not self._kind or number != self._number:
            self._join()
            self._kind, self._number = kind, number
        self._pieces.append(text)

    def event(self, event: Event) -> None:
        """Add an event behind all text so far."""
        self._join()
        self._events.append(event)

    def take(self) -> list[Event]:
        """All of them; none are left."""
        self._join()
        events, self._events = self._events, []
        return events

    def _join(self) -> None:
        if self._pieces:
            self._events.append(self._kind(text="".join(self._pieces), choice=self._number))
            self._pieces.clear()


class AnswerReader:
    """Reads the answers to one question; `asked` is how many were asked for.

    `done`: the stream said it is over; after that only the tokens it counted are read. `failure` is
    set when the answer broke; what was read before it is valid. `frames` counts the frames
    understood, `skipped` those that were not. `counted`: the tokens were told. `named`: so was the
    endpoint's own name for the request, or it is not wanted.
    """

    def __init__(self, endpoint: str, key: Key | None = None, asked: int = 1) -> None:
        self.done = False
        self.failure: EndpointFailed | None = None
        self.frames = 0
        self.skipped = 0
        self.named = False
        self._endpoint = endpoint
        self._key = key
        self._asked = asked
        self._sse = SseSplitter()
        self._told = _Gathered()
        self._broken = False
        self._answers: dict[int, _Answer] = {}
        self._usage: TokenUsage | None = None
        self._confidence: float | None = None

    @property
    def counted(self) -> bool:
        """Whether the tokens were told."""
        return self._usage is not None

    @property
    def complete(self) -> bool:
        """Whether the server said that the answers it began are whole, or as many as were asked for."""
        return self.done or 0 < min(self._asked, len(self._answers)) <= self._finished

    @property
    def expects_no_more(self) -> bool:
        """Whether as many answers are whole as were asked for."""
        return self.done or self._finished >= self._asked

    @property
    def _finished(self) -> int:
        return sum(answer.reason is not None for answer in self._answers.values())

    def feed(self, data: bytes) -> list[Event]:
        """What `data` adds to the answers; text that came together is one event."""
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
        self.done = bool(self._answers)
        if not self.done and self.failure is None:
            self.failure = self._no_answer(body)
        return events

    def rest(self) -> list[Event]:
        """What was held back because a tag might have followed. Ask once no more will be fed."""
        for number, answer in self._answers.items():
            self._tell(answer.thoughts.finish(), number)
        return self._told.take()

    def endings(self) -> list[Event]:
        """The whole tool calls and the ends of all answers, in their order."""
        answers = sorted(self._answers.items())
        for number, answer in answers:
            calls = answer.calls or ToolCalls()
            for call in calls.whole():
                self._told.event(ToolCalled(call=call, choice=number))
            for name in calls.broken():
                facts = {"name": plain(name, self._key) or "without a name"}
                self._told.event(Noted(note=Note(what=CALL_LEFT_OUT, facts=facts)))
        for number, answer in answers:
            self._told.event(Finished(reason=plain(answer.reason or "", self._key), choice=number))
        return self._told.take() if answers else [Finished(reason="")]

    def _no_answer(self, body: bytes) -> EndpointFailed:
        """The error for a document without choices: its own reason, where it gives one."""
        reason = said(body) if body.lstrip().startswith((b"{", b"[")) else ""
        if reason and not reason.startswith(("{", "[")):
            return error_in_stream(self._endpoint, reason, self._key, "200")
        return BadAnswer(endpoint=self._endpoint, reason="there is no answer in it")

    def _read_all(self, frames: list[SseEvent]) -> list[Event]:
        for name, data in frames:
            if self.failure is not None:
                break
            if self.done:
                self._read_late(data)
            elif name is None or name in ("message", "error"):
                self._read(data, is_error=name == "error")
            else:
                self.skipped += 1
            if self._told.too_long:
                reason = f"it grew past {MOST_TEXT // 2**20} million characters"
                self.failure = Interrupted(endpoint=self._endpoint, reason=reason)
        return self._told.take()

    def _read(self, data: bytes, is_error: bool) -> None:
        try:
            chunk = strict_chunk(data)
        except (ValueError, RecursionError):
            if data.strip().startswith(b"[DONE]"):
                self.done = True
                return
            lenient = lenient_chunk(data)
            if lenient is None:
                self._skip(data, is_error)
                return
            chunk = lenient
        self.frames += 1
        if not self.named and chunk.id:
            self._read_name(chunk.id)
        for choice in chunk.choices or ():
            self._read_choice(choice)
        if chunk.prompt_progress or chunk.confidence_score or chunk.confidence:
            self._read_measures(chunk)
        if len(chunk.usage) > len("null"):
            self._read_usage(chunk.usage)
        if chunk.error or is_error or self._broken:
            self._read_error(chunk, data, is_error)

    def _read_late(self, data: bytes) -> None:
        """Read a frame behind the end: some servers count only there."""
        chunk = lenient_chunk(data)
        if chunk is not None and chunk.usage:
            self._read_usage(chunk.usage)

    def _read_error(self, chunk: Chunk, data: bytes, is_error: bool) -> None:
        error = decoded(chunk.error)
        if error or is_error or self._broken:
            self._fail(error or (error_of_choice(data) if self._broken else decoded(msgspec.Raw(data))))

    def _skip(self, data: bytes, is_error: bool) -> None:
        self.skipped += 1
        if is_error:
            self._fail(data.decode("utf-8", "replace"))

    def _fail(self, error: object) -> None:
        self.failure = error_in_stream(self._endpoint, error, self._key)

    def _read_choice(self, choice: Choice) -> None:
        number = choice.index or 0
        answer = self._answers.get(number)
        if answer is None:
            if not 0 <= number < MOST_CHOICES:
                self.skipped += 1
                return
            answer = self._answers[number] = _Answer()
        delta = choice.delta or choice.message
        if delta is not None:
            thought = delta.reasoning_content or delta.reasoning
            if not thought and delta.reasoning_details:
                thought = joined_details(delta.reasoning_details)
            if thought:
                self._tell(answer.thoughts.stop_looking(), number)
                self._told.text(thought, ReasoningDelta, number)
            if delta.tool_calls:
                self._read_calls(delta.tool_calls, answer)
            text = delta.content or delta.refusal
        else:
            text = choice.text
        if text:
            self._read_text(text, answer, number)
        if choice.finish_reason:
            answer.reason = choice.finish_reason
            self._broken = answer.reason == "error"

    def _read_text(self, text: str, answer: _Answer, number: int) -> None:
        thoughts = answer.thoughts
        if thoughts.idle and "<" not in text:
            thoughts.told += len(text)
            thoughts.last = text
            self._told.text(text, TextDelta, number)
        else:
            self._tell(thoughts.feed(text), number)

    def _tell(self, pieces: list[Piece], number: int) -> None:
        for kind, text, count in pieces:
            if kind is Kind.TAKEN_BACK:
                self._told.event(TextWasReasoning(characters=count, choice=number))
            else:
                self._told.text(text, TextDelta if kind is Kind.TEXT else ReasoningDelta, number)

    def _read_calls(self, raw: msgspec.Raw, answer: _Answer) -> None:
        answer.calls = answer.calls or ToolCalls()
        self._told.grow(answer.calls.add(decoded(raw)))

    def _read_name(self, raw: msgspec.Raw) -> None:
        name = decoded(raw)
        if isinstance(name, str | int) and (shown := plain(str(name), self._key)):
            self.named = True
            self._told.event(RequestNamed(request_id=shown))

    def _read_measures(self, chunk: Chunk) -> None:
        fraction = reading_of(chunk.prompt_progress)
        if fraction is not None:
            self._told.event(Progress(stage="reading", fraction=fraction))
        confidence = number_of(chunk.confidence_score)
        confidence = number_of(chunk.confidence) if confidence is None else confidence
        if confidence is not None and confidence != self._confidence:
            self._confidence = confidence
            self._told.event(ConfidenceReported(value=confidence))

    def _read_usage(self, raw: msgspec.Raw) -> None:
        usage = usage_of(raw)
        if usage is not None and usage != self._usage:
            self._usage = usage
            self._told.event(UsageReported(usage=usage))
