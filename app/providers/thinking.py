"""Thoughts that a model writes between <think> and </think> into its answer, told apart as they arrive.

Chat templates often write the opening tag themselves, so that the answer begins inside the thought
and only its end is seen. Pure: no I/O.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

OPENING = "<think>"
CLOSING = "</think>"

MOST_BLANK = 256
"""So much white space before an answer is waited out for an opening tag."""


class Kind(Enum):
    """What a piece is. TAKEN_BACK has no text of its own: all text so far was a thought."""

    TEXT = "text"
    THOUGHT = "thought"
    TAKEN_BACK = "taken back"


class Piece(NamedTuple):
    """A piece of an answer; `taken` is how many characters are taken back."""

    kind: Kind
    text: str
    taken: int = 0


class _Place(Enum):
    BEGINNING = "where an opening tag may come"
    ANSWER = "in an answer that may turn out to be a thought"
    THOUGHT = "in a thought"
    AFTER = "behind a thought, before the answer's first word"
    PLAIN = "in an answer that stays one"


class ThoughtSplitter:
    """Splits one answer. Nothing of it is lost but the tags and the white space before and after them.

    `told` counts the characters told as text; `last` is what was told last. A caller that tells
    text of its own accord, because `idle` is true and it holds no "<", keeps both up to date.
    """

    def __init__(self) -> None:
        self.told = 0
        self.last = ""
        self.idle = False
        self._place = _Place.BEGINNING
        self._held = ""

    def feed(self, text: str) -> list[Piece]:
        """What is certain once `text` has come; a tag of which the rest may follow is held back."""
        pieces: list[Piece] = []
        rest, self._held = self._held + text, ""
        while rest:
            rest = self._step(rest, pieces)
        self._note(pieces)
        return pieces

    def finish(self) -> list[Piece]:
        """What was held back: the answer is over."""
        held, self._held = self._held, ""
        if self._place is _Place.AFTER:
            held = held.lstrip()
        kind = Kind.THOUGHT if self._place is _Place.THOUGHT else Kind.TEXT
        pieces = [Piece(kind, held)] if held else []
        self._note(pieces)
        return pieces

    def stop_looking(self) -> list[Piece]:
        """Take all that follows as text: the thoughts arrive in a field of their own."""
        if self._place is _Place.PLAIN:
            return []
        pieces = self.finish()
        self._place, self.idle = _Place.PLAIN, True
        return pieces

    def _note(self, pieces: list[Piece]) -> None:
        for kind, text, _ in pieces:
            if kind is Kind.TEXT:
                self.told += len(text)
                self.last = text
            elif kind is Kind.TAKEN_BACK:
                self.told = 0
        self.idle = not self._held and self._place in (_Place.ANSWER, _Place.PLAIN)

    def _step(self, rest: str, pieces: list[Piece]) -> str:
        """Take the beginning of `rest`; returns what is left of it."""
        if self._place in (_Place.BEGINNING, _Place.AFTER):
            return self._begin(rest)
        if self._place is _Place.PLAIN:
            pieces.append(Piece(Kind.TEXT, rest))
            return ""
        thinking = self._place is _Place.THOUGHT
        kind = Kind.THOUGHT if thinking else Kind.TEXT
        at = rest.find(CLOSING)
        if at < 0:
            return self._hold(rest, _unfinished(rest, CLOSING), kind, pieces)
        end = at + len(CLOSING)
        if not thinking and self._is_quoted(rest[:at], pieces):
            pieces.append(Piece(kind, rest[:end]))
            return rest[end:]
        told = 0 if thinking else self.told + sum(len(p.text) for p in pieces if p.kind is Kind.TEXT)
        if told:
            pieces.append(Piece(Kind.TAKEN_BACK, "", told))
        if at:
            pieces.append(Piece(Kind.THOUGHT, rest[:at]))
        self._place = _Place.AFTER
        return rest[end:]

    def _begin(self, rest: str) -> str:
        text = rest.lstrip()
        if text.startswith(OPENING):
            self._place = _Place.THOUGHT
            return text[len(OPENING) :]
        if OPENING.startswith(text) and len(rest) < MOST_BLANK:
            self._held = rest
            return ""
        first = self._place is _Place.BEGINNING
        self._place = _Place.ANSWER if first else _Place.PLAIN
        return rest if first else text

    def _hold(self, rest: str, count: int, kind: Kind, pieces: list[Piece]) -> str:
        certain = rest[: len(rest) - count]
        if certain:
            pieces.append(Piece(kind, certain))
        self._held = rest[len(rest) - count :]
        return ""

    def _is_quoted(self, before: str, pieces: list[Piece]) -> bool:
        """Whether the answer speaks of the tag, as `code`, instead of using it."""
        return (before or (pieces[-1].text if pieces else self.last)).endswith("`")


def _unfinished(text: str, tag: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
