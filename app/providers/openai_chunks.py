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
    RequestNamed,
    ToolCalled,
    UsageReported,
)
from app.domain.message import Note, TokenUsage
from app.net.key import Key
from app.net.sse import MAX_EVENT, MAX_LINE, SseEvent, SseSplitter, SseTooLarge
from app.providers.openai_answers import MOST_TEXT, Answer, Gathered
from app.providers.openai_shapes import (
    Choice,
    Chunk,
    decoded,
    error_of_choice,
    lenient_chunk,
    number_of,
    reading_of,
    strict_chunk,
    usage_of,
)
from app.providers.refusal import error_in_stream, plain, said
from app.providers.tool_calls import without_key

MOST_CHOICES = 128
CALL_LEFT_OUT = "The model began to ask for the tool {name} but did not finish, so nothing came of it."
WITHOUT_A_WORD = "{endpoint} answered without a word."


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
        self._told = Gathered()
        self._broken = False
        self._answers: dict[int, Answer] = {}
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
        """Whether all answers are whole: as many as were asked for, and all that were begun."""
        if self.done:
            return True
        awaited = max(self._asked, len(self._answers))
        return self._finished >= awaited and not self.ended_early

    @property
    def ended_early(self) -> bool:
        """Whether an answer went on behind its end, so that its next end may be none either."""
        return any(answer.ended_early for answer in self._answers.values())

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
        """What was held back, as a tag or more of the key might have followed. Nothing is fed any more."""
        for answer in self._answers.values():
            answer.finish()
        return self._told.take()

    def endings(self) -> list[Event]:
        """The whole tool calls and the ends of all answers, in their order."""
        answers = sorted(self._answers.items())
        for number, answer in answers:
            for call in answer.calls.whole():
                self._told.event(ToolCalled(call=without_key(call, self._key), choice=number))
            for name in answer.calls.broken():
                facts = {"name": plain(name, self._key) or "without a name"}
                self._told.event(Noted(note=Note(what=CALL_LEFT_OUT, facts=facts)))
        first = self._answers.get(0)
        if first is None or first.silent:
            note = Note(what=WITHOUT_A_WORD, facts={"endpoint": self._endpoint})
            self._told.event(Noted(note=note))
        for number, answer in answers:
            self._told.event(Finished(reason=plain(answer.reason or "", self._key), choice=number))
        return self._told.take() if answers else [*self._told.take(), Finished(reason="")]

    def _no_answer(self, body: bytes) -> EndpointFailed:
        """The error for a document without choices: its own reason, where it gives one."""
        reason = said(body) if body[:1] in (b"{", b"[") and len(body) <= MAX_LINE else ""
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
            lenient = lenient_chunk(data) if len(data) <= MAX_EVENT else None
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
            answer = self._answers[number] = Answer(number, self._told, self._key)
        answer.take(choice)
        self._broken = self._broken or answer.reason == "error"

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
