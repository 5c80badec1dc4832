"""Colours of code, resumable in the middle of a text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ui.transcript.blocks.lexers import lexer_for

if TYPE_CHECKING:
    from pygments.lexer import Lexer, RegexLexer
    from pygments.token import _TokenType

LineTokens = list[tuple[int, int, "_TokenType"]]
"""(start, end, token type) of the stretches of one line."""
Step = tuple[int, "_TokenType | None", str, tuple[str, ...]]

LONGEST_LINE = 5_000
LONGEST_CODE = 200_000
LONGEST_TAIL = 6_000
"""Code that no checkpoint divides is left plain while it grows beyond this."""
LONGEST_WHOLE = 4_000
"""As LONGEST_TAIL, for lexers that cannot resume."""
_SLICE_CHECK = 32


class Highlighter:
    """Tokens by line. `grow` follows code that streams in; `catch_up` reads finished code lazily.

    While code grows, tokens are those of the text so far, read from the last line start at which
    the lexer's state was certain, by its rules alone. Finished code is read again from its start,
    in slices, so that it looks the same whether it streamed in or came from history.
    """

    def __init__(self, info: str) -> None:
        words = info.split()
        self._lexer = lexer_for(words[0].strip("{}.")) if words else None
        self.lines: list[LineTokens] = []
        self._start = 0
        self._stack: tuple[str, ...] = ("root",)
        self._reader: Iterator[int] | None = None
        self._read_lines = 0
        self._fresh: list[LineTokens] = []

    def grow(self, lines: list[str]) -> int:
        """Read on, `lines` being all lines so far; return the first line whose tokens changed."""
        if self._lexer is None:
            return len(lines)
        tail = lines[self._start :]
        text = "\n".join(tail)
        resumable = _is_resumable(self._lexer)
        del self.lines[self._start :]
        first = self._start
        if len(text) > (LONGEST_TAIL if resumable else LONGEST_WHOLE) or len(tail[-1]) > LONGEST_LINE:
            if resumable:
                self._start = len(lines) - 1
                self.lines.extend([] for _ in tail[:-1])
            return first
        self.lines.extend([] for _ in tail)
        starts = _line_starts(tail)
        row, known = 0, {start: index for index, start in enumerate(starts)}
        for position, kind, value, stack in _steps(self._lexer, text, self._stack):
            if position < len(text) and position in known and stack:
                self._start, self._stack = first + known[position], stack
            if kind is not None:
                row = _put(self.lines, first, row, starts, position, value, kind)
        return first

    def catch_up(self, lines: list[str], until: int, deadline: float) -> range:
        """Read finished code until line `until` is known or time.perf_counter() passes `deadline`.

        Returns the lines whose tokens changed by it.
        """
        first = self._read_lines
        if self._lexer is None or not self.behind(until, len(lines)):
            return range(0)
        if self._reader is None:
            self._reader = self._read(lines)
        for line in self._reader:
            self._read_lines = line
            if line > until or time.perf_counter() > deadline:
                break
        else:
            self._read_lines = len(lines)
        return self._adopt(first, self._read_lines)

    def behind(self, until: int, count: int) -> bool:
        """Whether finished code of `count` lines is still to be read to know line `until`."""
        return self._lexer is not None and self._read_lines <= min(until, count - 1)

    def restart(self) -> None:
        """The code has ended: `catch_up` reads it from its start; the colours so far stay until then."""
        self._reader, self._read_lines, self._fresh = None, 0, []

    def _adopt(self, first: int, end: int) -> range:
        """Take the lines that were read; return the range of those that differ from before."""
        low, high = end, first
        self.lines.extend([] for _ in range(end - len(self.lines)))
        for line in range(first, end):
            fresh = self._fresh[line] if line < len(self._fresh) else []
            if fresh != self.lines[line]:
                self.lines[line] = fresh
                low, high = min(low, line), line + 1
        return range(low, high)

    def _read(self, lines: list[str]) -> Iterator[int]:
        text = "\n".join(lines)
        assert self._lexer is not None
        if len(text) > LONGEST_CODE or max(map(len, lines), default=0) > LONGEST_LINE:
            return
        self._fresh = [[] for _ in lines]
        starts, row = _line_starts(lines), 0
        for count, (position, kind, value) in enumerate(self._lexer.get_tokens_unprocessed(text + "\n")):
            row = _put(self._fresh, 0, row, starts, position, value, kind)
            if count % _SLICE_CHECK == 0:
                yield row


def _put(
    lines: list[LineTokens],
    first: int,
    row: int,
    starts: list[int],
    position: int,
    value: str,
    kind: _TokenType,
) -> int:
    """Note a token in `lines` from `first` on, divided at line ends; return the row it starts in."""
    row = at = _row_at(starts, row, position)
    offset = position - starts[at]
    for piece in value.split("\n"):
        if first + at >= len(lines):
            break
        if piece:
            lines[first + at].append((offset, offset + len(piece), kind))
        at, offset = at + 1, 0
    return row


def _row_at(starts: list[int], row: int, position: int) -> int:
    while row + 1 < len(starts) and starts[row + 1] <= position:
        row += 1
    return row


def _line_starts(lines: list[str]) -> list[int]:
    starts, position = [], 0
    for line in lines:
        starts.append(position)
        position += len(line) + 1
    return starts


def _is_resumable(lexer: Lexer) -> bool:
    from pygments.lexer import ExtendedRegexLexer, RegexLexer

    return isinstance(lexer, RegexLexer) and not isinstance(lexer, ExtendedRegexLexer)


def _steps(lexer: Lexer, text: str, stack: tuple[str, ...]) -> Iterator[Step]:
    """Tokens with the state before each; the state is () where the lexer cannot resume."""
    if _is_resumable(lexer):
        yield from _regex_steps(lexer, text, stack)
        return
    for position, kind, value in lexer.get_tokens_unprocessed(text):
        yield position, kind, value, ()


def _regex_steps(lexer: RegexLexer, text: str, stack: tuple[str, ...]) -> Iterator[Step]:
    """The loop of RegexLexer.get_tokens_unprocessed with its stack of states in the open."""
    from pygments.token import Error, Whitespace, _TokenType

    rules = lexer._tokens
    states, position, size = list(stack), 0, len(text)
    while position < size:
        yield position, None, "", tuple(states)
        for match, action, change in rules[states[-1]]:
            found = match(text, position)
            if not found:
                continue
            if action is not None:
                if type(action) is _TokenType:
                    yield position, action, found.group(), ()
                else:
                    for start, kind, value in action(lexer, found):
                        yield start, kind, value, ()
            position = found.end()
            if change is not None:
                _change_state(states, change)
            break
        else:
            newline = text[position] == "\n"
            if newline:
                states = ["root"]
            yield position, Whitespace if newline else Error, text[position], ()
            position += 1


def _change_state(states: list[str], change: tuple[str, ...] | int | str) -> None:
    if isinstance(change, int):
        del states[max(1, len(states) + change) :]
        return
    for state in (change,) if isinstance(change, str) else change:
        if state == "#pop":
            if len(states) > 1:
                states.pop()
        elif state == "#push":
            states.append(states[-1])
        else:
            states.append(state)
