"""Reads the source of a formula piece by piece."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ui.transcript.maths import symbols as signs
from ui.transcript.maths.layout import Item, Part, joined, scripted

DEEPEST = 24
_TOKEN = re.compile(r"\\([A-Za-z]+)\*?|\\(.)|(\s+)|(.)", re.DOTALL)


class UnreadableMaths(Exception):
    """The source is no formula that could be read to its end."""


class Token(NamedTuple):
    """A command (without its backslash), an escaped or a plain character, or white space."""

    kind: str
    text: str
    start: int
    end: int


def _tokens_of(source: str) -> list[Token]:
    kinds = ("command", "escape", "space", "char")
    found: list[Token] = []
    for match in _TOKEN.finditer(source):
        which = match.lastindex or 4
        found.append(Token(kinds[which - 1], match[which], match.start(), match.end()))
    return found


class MathsReader:
    """Reads items one after another; a command that it does not know stays as written."""

    def __init__(self, source: str, commands: Mapping[str, Command], *, lines: bool, growing: bool) -> None:
        self._source = source
        self._commands = commands
        self._tokens = _tokens_of(source)
        self._at = 0
        self._lines = lines
        self._growing = growing
        self._depth = 0
        self._inner = 0

    @property
    def done(self) -> bool:
        """Whether all was read."""
        return self._at == len(self._tokens)

    # ---- rows

    def row(self, ends: frozenset[str]) -> list[Item]:
        """Items up to one of `ends`, which is left; raises where it never comes."""
        items: list[Item] = []
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableMaths
        while (token := self.peek()) is not None and self._name(token) not in ends:
            if self._name(token) == "}":
                raise UnreadableMaths
            items += self._item()
        self._depth -= 1
        if token is None and ends and not self._growing:
            raise UnreadableMaths
        return items

    def _item(self) -> list[Item]:
        token = self.next()
        if token.kind == "space":
            return []
        base = self._base(token)
        return base if not base or base[-1].part is Part.SPACE else self._scripts(base)

    def _base(self, token: Token) -> list[Item]:
        if token.kind == "char":
            return self._char(token.text)
        if token.kind == "escape":
            if token.text == "\\":
                self.option()
                return [Item("\n" if self._lines and not self._inner else " ", Part.SPACE)]
            if token.text in signs.SPACES:
                return [Item(signs.SPACES[token.text], Part.SPACE)]
            return [_fence(signs.FENCES.get(token.text, token.text))]
        known = _sign(token.text)
        if known is not None:
            return [known] if known.text else []
        command = self._commands.get(token.text)
        return command(self, token.text) if command is not None else self._raw(token)

    def _char(self, char: str) -> list[Item]:
        if char == "{":
            inner = self.row(_CLOSED)
            self.skip("}")
            return inner
        if char in "^_":
            self._at -= 1
            return [Item("", Part.LETTER)]
        if char in "&~":
            return [Item(" ", Part.SPACE)] if char == "~" else []
        following = self.peek()
        if char == ";" or (char == "," and (following is None or not following.text.isdigit())):
            return [Item(char, Part.STOP)]
        if char == ":" and following is not None and following.kind == "space":
            return [Item(char, Part.STOP)]
        return [_CHARS.get(char) or _fence(char)]

    def _scripts(self, base: list[Item]) -> list[Item]:
        """The items with what stands above and below the last of them."""
        above, below, primes, found = "", "", "", False
        while (token := self.peek()) is not None:
            if token.kind == "char" and token.text in "^_":
                self._at += 1
                script = joined(self.argument(), tight=True)
                above, below = (above + script, below) if token.text == "^" else (above, below + script)
            elif token.kind == "char" and token.text == "'":
                self._at += 1
                primes += "′"
            elif token.kind == "space" or (token.kind == "command" and token.text in ("limits", "nolimits")):
                if not self._script_follows():
                    break
                self._at += 1
            else:
                break
            found = True
        if not found:
            return base
        if len(base) == 1:
            return [scripted(base[0], primes, above, below)]
        return [scripted(Item(f"({joined(base)})", Part.CLOSED), primes, above, below)]

    def _script_follows(self) -> bool:
        rest = self._tokens[self._at + 1 : self._at + 3]
        following = next((token for token in rest if token.kind != "space"), None)
        return following is not None and following.kind == "char" and following.text in "^_'"

    # ---- arguments

    def argument(self) -> list[Item]:
        """What a command works on: a group, or the next item."""
        while (token := self.peek()) is not None and token.kind == "space":
            self._at += 1
        if token is None:
            if self._growing:
                return []
            raise UnreadableMaths
        self._inner += 1
        self._depth += 1
        if self._depth > DEEPEST or self._name(token) in ("}", "end"):
            raise UnreadableMaths
        found = self._base(self.next())
        self._depth -= 1
        self._inner -= 1
        return found

    def words(self) -> str:
        """A group as it was written."""
        if not self.skip("{", must=False):
            return joined(self.argument())
        start, depth = self._at, 1
        while (token := self.peek()) is not None:
            if token.kind == "char" and token.text in "{}":
                depth += 1 if token.text == "{" else -1
            self._at += 1
            if not depth:
                return self._source[self._tokens[start].start : token.start]
        if not self._growing:
            raise UnreadableMaths
        return self._source[self._tokens[start].start :] if start < len(self._tokens) else ""

    def option(self) -> str:
        """What stands in square brackets right here, "" where nothing does."""
        token = self.peek()
        if token is None or token.text != "[" or token.kind != "char":
            return ""
        end = self._source.find("]", token.end)
        if end < 0:
            return ""
        while (token := self.peek()) is not None and token.start <= end:
            self._at += 1
        start = self._source.rfind("[", 0, end)
        return self._source[start + 1 : end]

    # ---- commands

    def _raw(self, token: Token) -> list[Item]:
        """An unknown command with its groups, as written."""
        end = token.end
        while (following := self.peek()) is not None and following.text == "{" and following.kind == "char":
            self.words()
            end = self._tokens[self._at - 1].end
        return [Item(self._source[token.start : end], Part.WORD)]

    def rows(self) -> list[list[list[Item]]]:
        """Rows of cells up to the end of an environment."""
        self._inner += 1
        rows: list[list[list[Item]]] = [[]]
        while True:
            rows[-1].append(self.row(_CELL_ENDS))
            token = self.peek()
            if token is None or token.text == "end":
                self._inner -= 1
                return [row for row in rows if any(row)]
            self._at += 1
            if token.text == "\\":
                self.option()
                rows.append([])

    @property
    def outermost(self) -> bool:
        """Whether what is read here may have lines of its own."""
        return self._lines and not self._inner

    # ---- tokens

    def peek(self) -> Token | None:
        """What comes next, None at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def next(self) -> Token:
        """Take what comes next."""
        self._at += 1
        return self._tokens[self._at - 1]

    @staticmethod
    def _name(token: Token) -> str:
        """What a token may end: a bracket or an ampersand, a line break, or the word "end"."""
        if token.kind == "escape":
            return "\\\\" if token.text == "\\" else ""
        return token.text if token.kind == "char" or token.text == "end" else ""

    def skip(self, char: str, *, must: bool = True) -> bool:
        """Take `char` if it comes next, after white space too unless it `must`; whether it did."""
        while not must and (token := self.peek()) is not None and token.kind == "space":
            self._at += 1
        token = self.peek()
        found = token is not None and token.kind == "char" and token.text == char
        self._at += found
        return found


Command = Callable[[MathsReader, str], list[Item]]
"""Reads what belongs to a command, whose name it is told."""
_CELL_ENDS = frozenset(("&", "\\\\", "end"))
_CLOSED = frozenset("}")


def _sign(name: str) -> Item | None:
    """What a command or a character stands for by itself, None where it needs more."""
    for table, part in _TABLES:
        sign = table.get(name)
        if sign is not None:
            return Item(sign, part)
    if name in signs.NAMES:
        return Item(name, Part.NAME)
    if name in signs.FENCES:
        return _fence(signs.FENCES[name])
    if name in signs.SPACES:
        return Item(signs.SPACES[name], Part.SPACE)
    return None


def _fence(text: str) -> Item:
    if text in signs.OPENING:
        return Item(text, Part.OPENING)
    return Item(text, Part.CLOSING if text in signs.CLOSING else Part.LETTER)


_TABLES = (
    (signs.RELATIONS, Part.RELATION),
    (signs.OPERATORS, Part.OPERATOR),
    (signs.LETTERS, Part.LETTER),
    (signs.LARGE, Part.LARGE),
)
_CHARS = {
    **{char: Item(char, Part.RELATION) for char in "=<>"},
    **{char: Item(signs.OPERATORS[char], Part.OPERATOR) for char in "+-"},
}
