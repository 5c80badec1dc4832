"""Formulas of TeX as text that can be read: Unicode where it has the signs, the source where not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ui.transcript import maths_symbols as signs
from ui.transcript.maths_layout import (
    THIN_SPACE,
    Item,
    Part,
    fraction,
    joined,
    matrix,
    root,
    scripted,
)

LONGEST = 1_200
"""Characters of a formula; a longer one is shown as it was written."""
DEEPEST = 24
CONTINUED = "\u2003\u2003"
"""Before a line of aligned equations that has nothing left of its sign."""
_TOKEN = re.compile(r"\\([A-Za-z]+)\*?|\\(.)|(\s+)|(.)", re.DOTALL)


class _Unreadable(Exception):
    """The source is no formula that could be read to its end."""


class _Token(NamedTuple):
    """A command (without its backslash), an escaped or a plain character, or white space."""

    kind: str
    text: str
    start: int
    end: int


def readable(source: str, *, lines: bool = False, growing: bool = False) -> str | None:
    """A formula as text, None where only its source says what it means.

    Args:
        source: What stands between the marks.
        lines: Whether the text may have several lines, for matrices and aligned equations.
        growing: Whether more of it is expected, so that what is open may stay so.
    """
    if len(source) > LONGEST or not source.strip():
        return None
    reader = _Reader(source, lines=lines, growing=growing)
    try:
        text = joined(reader.row(frozenset()))
    except _Unreadable:
        return None
    if not reader.done:
        return None
    shown = (line.strip(f" {THIN_SPACE}") for line in text.split("\n") if line.strip())
    return "\n".join(shown) or None


def _tokens(source: str) -> list[_Token]:
    kinds = ("command", "escape", "space", "char")
    found: list[_Token] = []
    for match in _TOKEN.finditer(source):
        which = match.lastindex or 4
        found.append(_Token(kinds[which - 1], match[which], match.start(), match.end()))
    return found


class _Reader:
    """Reads items one after another; a command that it does not know stays as written."""

    def __init__(self, source: str, *, lines: bool, growing: bool) -> None:
        self._source = source
        self._tokens = _tokens(source)
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
            raise _Unreadable
        while (token := self._peek()) is not None and self._name(token) not in ends:
            if self._name(token) == "}":
                raise _Unreadable
            items += self._item()
        self._depth -= 1
        if token is None and ends and not self._growing:
            raise _Unreadable
        return items

    def _item(self) -> list[Item]:
        token = self._next()
        if token.kind == "space":
            return []
        base = self._base(token)
        return base if not base or base[-1].part is Part.SPACE else self._scripts(base)

    def _base(self, token: _Token) -> list[Item]:
        if token.kind == "char":
            return self._char(token.text)
        if token.kind == "escape":
            if token.text == "\\":
                self._option()
                return [Item("\n" if self._lines and not self._inner else " ", Part.SPACE)]
            if token.text in signs.SPACES:
                return [Item(signs.SPACES[token.text], Part.SPACE)]
            return [_fence(signs.FENCES.get(token.text, token.text))]
        known = _sign(token.text)
        if known is not None:
            return [known] if known.text else []
        command = _COMMANDS.get(token.text)
        return command(self, token.text) if command is not None else self._raw(token)

    def _char(self, char: str) -> list[Item]:
        if char == "{":
            inner = self.row(_CLOSED)
            self._skip("}")
            return inner
        if char in "^_":
            self._at -= 1
            return [Item("", Part.LETTER)]
        if char in "&~":
            return [Item(" ", Part.SPACE)] if char == "~" else []
        following = self._peek()
        if char == ";" or (char == "," and (following is None or not following.text.isdigit())):
            return [Item(char, Part.STOP)]
        if char == ":" and following is not None and following.kind == "space":
            return [Item(char, Part.STOP)]
        return [_CHARS.get(char) or _fence(char)]

    def _scripts(self, base: list[Item]) -> list[Item]:
        """The items with what stands above and below the last of them."""
        above, below, primes, found = "", "", "", False
        while (token := self._peek()) is not None:
            if token.kind == "char" and token.text in "^_":
                self._at += 1
                script = joined(self._argument(), tight=True)
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

    def _argument(self) -> list[Item]:
        """What a command works on: a group, or the next item."""
        while (token := self._peek()) is not None and token.kind == "space":
            self._at += 1
        if token is None:
            if self._growing:
                return []
            raise _Unreadable
        self._inner += 1
        self._depth += 1
        if self._depth > DEEPEST or self._name(token) in ("}", "end"):
            raise _Unreadable
        found = self._base(self._next())
        self._depth -= 1
        self._inner -= 1
        return found

    def _words(self) -> str:
        """A group as it was written."""
        if not self._skip("{", must=False):
            return joined(self._argument())
        start, depth = self._at, 1
        while (token := self._peek()) is not None:
            if token.kind == "char" and token.text in "{}":
                depth += 1 if token.text == "{" else -1
            self._at += 1
            if not depth:
                return self._source[self._tokens[start].start : token.start]
        if not self._growing:
            raise _Unreadable
        return self._source[self._tokens[start].start :] if start < len(self._tokens) else ""

    def _option(self) -> str:
        """What stands in square brackets right here, "" where nothing does."""
        token = self._peek()
        if token is None or token.text != "[" or token.kind != "char":
            return ""
        end = self._source.find("]", token.end)
        if end < 0:
            return ""
        while (token := self._peek()) is not None and token.start <= end:
            self._at += 1
        start = self._source.rfind("[", 0, end)
        return self._source[start + 1 : end]

    # ---- commands

    def _raw(self, token: _Token) -> list[Item]:
        """An unknown command with its groups, as written."""
        end = token.end
        while (following := self._peek()) is not None and following.text == "{" and following.kind == "char":
            self._words()
            end = self._tokens[self._at - 1].end
        return [Item(self._source[token.start : end], Part.WORD)]

    def _fraction(self, _name: str) -> list[Item]:
        above = joined(self._argument())
        return [fraction(above, joined(self._argument()))]

    def _binomial(self, _name: str) -> list[Item]:
        above = joined(self._argument())
        return [Item(f"C({above}, {joined(self._argument())})", Part.CLOSED)]

    def _root(self, _name: str) -> list[Item]:
        degree = self._option()
        return [root(degree, joined(self._argument()))]

    def _text(self, name: str) -> list[Item]:
        words = self._words()
        return [Item(words, Part.NAME if name == "operatorname" else Part.WORD)]

    def _alphabet(self, name: str) -> list[Item]:
        text = signs.in_alphabet(joined(self._argument()), signs.ALPHABETS[name])
        return [Item(text, Part.LETTER)]

    def _accent(self, name: str) -> list[Item]:
        text, mark = joined(self._argument()), signs.ACCENTS[name]
        if name in signs.EVERY_LETTER:
            return [Item("".join(char + mark for char in text), Part.LETTER)]
        return [Item(text + mark if len(text) <= 2 else f"({text}){mark}", Part.LETTER)]

    def _over(self, name: str) -> list[Item]:
        script = joined(self._argument(), tight=True)
        base = self._argument()
        item = base[0] if len(base) == 1 else Item(joined(base), Part.LETTER)
        return [scripted(item, "", "", script) if name == "underset" else scripted(item, "", script, "")]

    def _arrow(self, name: str) -> list[Item]:
        below = self._option()
        arrow = "⟶" if "right" in name else "⟵"
        return [scripted(Item(arrow, Part.RELATION), "", joined(self._argument(), tight=True), below)]

    def _plain(self, name: str) -> list[Item]:
        if name in ("color", "textcolor"):
            self._words()
        return self._argument() if name != "color" else []

    def _boxed(self, _name: str) -> list[Item]:
        return [Item(f"[{joined(self._argument())}]", Part.CLOSED)]

    def _tag(self, _name: str) -> list[Item]:
        return [Item("\u2003", Part.SPACE), Item(f"({self._words()})", Part.WORD)]

    def _not(self, _name: str) -> list[Item]:
        items = self._argument()
        return [Item(items[0].text[:1] + "\u0338" + items[0].text[1:], items[0].part)] if items else []

    def _modulo(self, name: str) -> list[Item]:
        if name == "bmod":
            return [Item("mod", Part.RELATION)]
        inner = f"mod {joined(self._argument())}"
        return [Item(" ", Part.SPACE), Item(f"({inner})" if name == "pmod" else inner, Part.CLOSED)]

    def _fitted(self, name: str) -> list[Item]:
        """Brackets that fit what they hold; a full stop stands for none."""
        while (token := self._peek()) is not None and token.kind == "space":
            self._at += 1
        if token is not None and token.text == "." and name in ("left", "right"):
            self._at += 1
        return []

    def _environment(self, _name: str) -> list[Item]:
        name = self._words().rstrip("*")
        if name not in signs.BRACKETS and name not in signs.LINED:
            raise _Unreadable
        if name in ("array", "alignat"):
            self._words()
        self._option()
        outer = not self._inner and self._lines
        self._inner += 1
        rows = self._rows()
        self._inner -= 1
        if self._peek() is not None:
            self._at += 1
            if self._words().rstrip("*") != name:
                raise _Unreadable
        if name in signs.LINED:
            lines = [
                ("" if row[0] or not outer else CONTINUED) + joined([item for cell in row for item in cell])
                for row in rows
            ]
            return [Item(("\n" if outer else "; ").join(filter(None, lines)), Part.WORD)]
        cells = [[joined(cell) for cell in row] for row in rows]
        return [matrix(cells, *signs.BRACKETS[name], lines=outer)]

    def _rows(self) -> list[list[list[Item]]]:
        rows: list[list[list[Item]]] = [[]]
        while True:
            rows[-1].append(self.row(_CELL_ENDS))
            token = self._peek()
            if token is None or token.text == "end":
                return [row for row in rows if any(row)]
            self._at += 1
            if token.text == "\\":
                self._option()
                rows.append([])

    # ---- tokens

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    @staticmethod
    def _name(token: _Token) -> str:
        """What a token may end: a bracket or an ampersand, a line break, or the word "end"."""
        if token.kind == "escape":
            return "\\\\" if token.text == "\\" else ""
        return token.text if token.kind == "char" or token.text == "end" else ""

    def _skip(self, char: str, *, must: bool = True) -> bool:
        while not must and (token := self._peek()) is not None and token.kind == "space":
            self._at += 1
        token = self._peek()
        found = token is not None and token.kind == "char" and token.text == char
        self._at += found
        return found


_CLOSED = frozenset("}")
_CELL_ENDS = frozenset(("&", "\\\\", "end"))


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
_Command = Callable[[_Reader, str], list[Item]]
_COMMANDS: dict[str, _Command] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac", "sfrac"), _Reader._fraction),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _Reader._binomial),
    **dict.fromkeys(signs.TEXTS | {"textbf", "textit", "emph"}, _Reader._text),
    **dict.fromkeys(signs.ALPHABETS, _Reader._alphabet),
    **dict.fromkeys(signs.ACCENTS, _Reader._accent),
    **dict.fromkeys(("overset", "stackrel", "underset"), _Reader._over),
    **dict.fromkeys(("xrightarrow", "xleftarrow"), _Reader._arrow),
    **dict.fromkeys(("color", "textcolor", "mathop", "mathrel", "mathbin", "mathord"), _Reader._plain),
    **dict.fromkeys(("underbrace", "overbrace", "substack", "mathclose", "mathopen"), _Reader._plain),
    **dict.fromkeys(("pmod", "bmod", "mod"), _Reader._modulo),
    **dict.fromkeys(signs.SILENT, _Reader._fitted),
    "sqrt": _Reader._root,
    "boxed": _Reader._boxed,
    "tag": _Reader._tag,
    "not": _Reader._not,
    "begin": _Reader._environment,
}
