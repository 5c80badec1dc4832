"""The answers to one question as they grow, and the events that tell of it. Pure: no I/O, no clock."""

from __future__ import annotations

import msgspec

from app.domain.events import EntitiesReported, Event, ReasoningDelta, TextDelta, TextWasReasoning
from app.net.key import Key
from app.providers.masking import mask_for, masked
from app.providers.openai_shapes import Choice, decoded, entities_of, joined_details
from app.providers.thinking import Kind, Piece, ThoughtSplitter
from app.providers.tool_calls import ToolCalls

MOST_TEXT = 32 * 2**20


class Gathered:
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


class Answer:
    """One of the answers to a question, as far as it has come; what it tells goes to `told`.

    The key is masked before thoughts are looked for, so that a thought that is taken back has as
    many characters as were told. `reason` is the server's word for its end, and `ended_early` whether
    more came behind such a word: it says little then. `silent`: it has no word yet.
    """

    __slots__ = (
        "_key",
        "_number",
        "_of_text",
        "_of_thoughts",
        "_thoughts",
        "_told",
        "calls",
        "ended_early",
        "reason",
        "silent",
    )

    def __init__(self, number: int, told: Gathered, key: Key | None) -> None:
        self.reason: str | None = None
        self.ended_early = False
        self.silent = True
        self.calls = ToolCalls()
        self._key = key
        self._number = number
        self._told = told
        self._thoughts = ThoughtSplitter()
        self._of_text, self._of_thoughts = mask_for(key), mask_for(key)

    def take(self, choice: Choice) -> None:
        """Add what a frame says of this answer."""
        delta = choice.delta or choice.message
        says = False
        if delta is not None:
            thought = delta.reasoning_content or delta.reasoning
            if not thought and delta.reasoning_details:
                thought = joined_details(delta.reasoning_details)
            if thought:
                self._think(thought)
                says = True
            if delta.tool_calls:
                says = self._call(delta.tool_calls) or says
            if delta.entities:
                self._point(delta.entities)
            text = delta.content or delta.refusal
        else:
            text = choice.text
        if text:
            self._say(text if self._of_text is None else self._of_text.feed(text))
            says = True
        if says:
            self._go_on()
        if choice.finish_reason:
            self.reason = choice.finish_reason

    def finish(self) -> None:
        """Tell what was held back because a tag or the rest of the key might have followed."""
        if self._of_thoughts is not None:
            self._tell([Piece(Kind.THOUGHT, self._of_thoughts.rest())])
        if self._of_text is not None:
            self._say(self._of_text.rest())
        self._tell(self._thoughts.finish())

    def _go_on(self) -> None:
        if self.reason is not None:
            self.reason, self.ended_early = None, True

    def _think(self, thought: str) -> None:
        self._tell(self._thoughts.stop_looking())
        if self._of_thoughts is not None:
            thought = self._of_thoughts.feed(thought)
        self._tell([Piece(Kind.THOUGHT, thought)])

    def _say(self, text: str) -> None:
        thoughts = self._thoughts
        if not thoughts.idle or "<" in text or "`" in text:
            self._tell(thoughts.feed(text))
        elif text:
            thoughts.told += len(text)
            self.silent = self.silent and not text.strip()
            self._told.text(text, TextDelta, self._number)

    def _tell(self, pieces: list[Piece]) -> None:
        for kind, text, count in pieces:
            if kind is Kind.TAKEN_BACK:
                self._told.event(TextWasReasoning(characters=count, choice=self._number))
            elif text:
                self.silent = self.silent and not text.strip()
                told_as = TextDelta if kind is Kind.TEXT else ReasoningDelta
                self._told.text(text, told_as, self._number)

    def _point(self, raw: msgspec.Raw) -> None:
        """Tell what it points at beside its text."""
        if entities := masked(entities_of(raw), self._key):
            self._told.grow(len(entities))
            self._told.event(EntitiesReported(entities=entities, choice=self._number))

    def _call(self, raw: msgspec.Raw) -> bool:
        """Add to the calls; whether anything was added."""
        count = self.calls.add(decoded(raw))
        self._told.grow(count)
        self.silent = self.silent and not count
        return count > 0
