"""Thoughts that a model writes between <think> and </think> into its answer, told apart as they arrive.

Chat templates often write the opening tag themselves, so that the answer begins inside the thought
and only its end is seen. An answer that speaks of the tags, in prose or as code, keeps them: an opening
tag counts at its very beginning only, and a closing one neither behind another nor in code. Pure: no I/O.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

OPENING = "<think>"
CLOSING = "</think>"

_TAG = re.compile(f"{OPENING}|{CLOSING}")
_MARKDOWN = re.compile("`+|\n|[^`\n]+")
_FENCE = 3

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


class _Code:
    """Whether a text that is read piece by piece is between backticks, or in a fence of them."""

    def __init__(self) -> None:
        self._open = 0
        """How many backticks began the code; 0 outside of it."""
        self._run = 0
        """How many backticks came last."""

    @property
    def is_plain(self) -> bool:
        """Whether text without backticks changes nothing here."""
        return not self._run and not 0 < self._open < _FENCE

    def read(self, text: str) -> None:
        """Go on with `text`. A single line's code ends with its line, should its backticks not come."""
        if self.is_plain and "`" not in text:
            return
        for part in _MARKDOWN.findall(text):
            if part[0] == "`":
                self._run += len(part)
                continue
            self._end_run()
            if part == "\n" and self._open < _FENCE:
                self._open = 0

    def holds(self) -> bool:
        """Whether what follows now, no backtick, is code."""
        self._end_run()
        return self._open > 0

    def _end_run(self) -> None:
        run, self._run = self._run, 0
        if run and not self._open:
            self._open = run
        elif run == self._open or run > self._open >= _FENCE:
            self._open = 0


class ThoughtSplitter:
    """Splits one answer. Nothing of it is lost but the tags and the white space before and after them.

    `told` counts the characters told as text. A caller that tells text of its own accord, because
    `idle` is true and it holds neither "<" nor "`", keeps it up to date.
    """

    def __init__(self) -> None:
        self.told = 0
        self.idle = False
        self._place = _Place.BEGINNING
        self._held = ""
        self._code = _Code()

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
            elif kind is Kind.TAKEN_BACK:
                self.told = 0
        plain = self._place is _Place.PLAIN or (self._place is _Place.ANSWER and self._code.is_plain)
        self.idle = plain and not self._held

    def _step(self, rest: str, pieces: list[Piece]) -> str:
        """Take the beginning of `rest`; returns what is left of it."""
        if self._place in (_Place.BEGINNING, _Place.AFTER):
            return self._begin(rest)
        if self._place is _Place.PLAIN:
            pieces.append(Piece(Kind.TEXT, rest))
            return ""
        if self._place is _Place.ANSWER:
            return self._look_for_the_end(rest, pieces)
        at = rest.find(CLOSING)
        if at < 0:
            return self._hold(rest, _unfinished(rest, CLOSING), Kind.THOUGHT, pieces)
        return self._end_thought(rest, at, pieces)

    def _look_for_the_end(self, rest: str, pieces: list[Piece]) -> str:
        """Take an answer that may turn out to be a thought, up to the next tag."""
        tag = _TAG.search(rest)
        if tag is None:
            count = max(_unfinished(rest, OPENING), _unfinished(rest, CLOSING))
            self._code.read(rest[: len(rest) - count])
            return self._hold(rest, count, Kind.TEXT, pieces)
        if tag[0] == OPENING:
            self._place = _Place.PLAIN
            return rest
        self._code.read(rest[: tag.start()])
        if self._code.holds():
            pieces.append(Piece(Kind.TEXT, rest[: tag.end()]))
            return rest[tag.end() :]
        told = self.told + sum(len(piece.text) for piece in pieces if piece.kind is Kind.TEXT)
        if told:
            pieces.append(Piece(Kind.TAKEN_BACK, "", told))
        return self._end_thought(rest, tag.start(), pieces)

    def _end_thought(self, rest: str, at: int, pieces: list[Piece]) -> str:
        if at:
            pieces.append(Piece(Kind.THOUGHT, rest[:at]))
        self._place = _Place.AFTER
        return rest[at + len(CLOSING) :]

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


def _unfinished(text: str, tag: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
