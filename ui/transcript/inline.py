"""Markdown within a paragraph, as plain text with styled spans."""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from ui.transcript.links import is_allowed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MOST_MARKS = 400
"""A piece with more markup characters is shown as it was written."""
_MARKS = re.compile(r"[*_~\[\]`<]")
_ANY_MARKUP = re.compile(r"[*_~\[\]`<&\\!]|  \n|https?://")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'`\[\]{}|\\^]+")
_TEXTS = ("text", "text_special")
LINKS_KEPT = 256
SHORTEST_STEP = 24
_LINE_BREAK = "\u2028"


class Look:
    """How a span is set: bits of an int, since enum flags cost as much as the parsing."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    CODE = 4
    STRUCK = 8
    LINK = 16
    MUTED = 32


class Span(NamedTuple):
    """A stretch of text in one look; `url` where a click leads on."""

    start: int
    end: int
    look: int
    url: str = ""


class StyledText(NamedTuple):
    """Text as it is read, and the spans that differ from plain."""

    text: str
    spans: tuple[Span, ...] = ()


def agreement(one: StyledText, other: StyledText) -> int:
    """How many characters from the start read and look the same in both."""
    same = min(len(one.text), len(other.text))
    if one.text[:same] != other.text[:same]:
        same = next(n for n in range(same) if one.text[n] != other.text[n])
    for ours, theirs in itertools.zip_longest(one.spans, other.spans):
        if ours != theirs:
            return min(same, *(span.start for span in (ours, theirs) if span is not None))
    return same


@functools.cache
def parser() -> MarkdownIt:
    """The inline parser, made at first use.

    Raw HTML is recognised only so that its characters stay untouched: its tokens are shown as the
    text they are. No token of any kind loads anything.
    """
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": True}).enable("strikethrough")
    # A growing paragraph is parsed once a frame: its links need not be normalised each time.
    made.normalizeLink = functools.lru_cache(LINKS_KEPT)(made.normalizeLink)  # type: ignore[method-assign]
    return made


def _parse(source: str) -> list[Token]:
    """The inline tokens of a paragraph, without the passes that a whole document needs."""
    tokens: list[Token] = []
    parser().inline.parse(source.replace("\0", "\ufffd"), parser(), {}, tokens)
    return tokens


def literal(text: str) -> StyledText:
    """Text without markup; each line break stays one."""
    return StyledText(text.replace("\n", _LINE_BREAK).replace("\r", " "))


def read_inline(source: str, *, growing: bool = False) -> StyledText:
    """Markdown `source` of one paragraph as it is read.

    `growing` closes markup that is still open at the end, so that its marks do not flicker.
    """
    if _ANY_MARKUP.search(source) is None:
        return StyledText(" ".join(line.strip() for line in source.split("\n")).replace("\r", " "))
    if len(_MARKS.findall(source)) > MOST_MARKS:
        return literal(source)
    writer = _Writer()
    writer.write(_parse(_healed(source) if growing else source))
    return StyledText("".join(writer.text), tuple(writer.spans))


class GrowingText:
    """Reads a paragraph once a frame while it grows, at the cost of its last words.

    What stands before a space at which no markup seems open is read once. The finished paragraph is
    read as a whole by `read_inline`, which has the last word.
    """

    def __init__(self) -> None:
        self._source = ""
        self._text = ""
        self._spans: tuple[Span, ...] = ()

    def read(self, source: str) -> StyledText:
        """The paragraph so far."""
        if not source.startswith(self._source):
            self._source, self._text, self._spans = "", "", ()
        self._advance(source)
        tail = read_inline(source[len(self._source) :], growing=True)
        return StyledText(self._text + tail.text, self._spans + self._shifted(tail))

    def _advance(self, source: str) -> None:
        start = len(self._source)
        end = source.rfind(" ", start, len(source) - 1)
        if end - start < SHORTEST_STEP or source[end - 1].isspace() or source[end + 1].isspace():
            return
        words = source[start:end]
        if _is_balanced(words):
            read = read_inline(words)
            self._spans += self._shifted(read)
            self._text += read.text + " "
            self._source = source[: end + 1]

    def _shifted(self, read: StyledText) -> tuple[Span, ...]:
        by = len(self._text)
        return tuple(Span(span.start + by, span.end + by, span.look, span.url) for span in read.spans)


def _is_balanced(words: str) -> bool:
    """Whether no markup seems to be open at the end of `words`."""
    for opening, closing in ("[]", "()", "<>"):
        if words.count(opening) != words.count(closing):
            return False
    for mark in "*_~":
        doubled = words.count(mark * 2)
        if doubled % 2 or (words.count(mark) - 2 * doubled) % 2:
            return False
    return words.count("`") % 2 == 0


def _healed(source: str) -> str:
    for mark in ("`", "**"):
        if source.count(mark) % 2:
            return source.removesuffix(mark) if source.endswith(mark) else source.rstrip("* ") + mark
    return source


class _Writer:
    """Turns inline tokens into text and spans."""

    _OPENING = {"strong_open": Look.BOLD, "em_open": Look.ITALIC, "s_open": Look.STRUCK}
    _CLOSING = {"strong_close": Look.BOLD, "em_close": Look.ITALIC, "s_close": Look.STRUCK}

    def __init__(self) -> None:
        self.text: list[str] = []
        self.spans: list[Span] = []
        self._length = 0
        self._look = Look.PLAIN
        self._depths = dict.fromkeys(self._CLOSING.values(), 0)
        self._url = ""
        self._refused = ""

    def write(self, tokens: Iterable[Token]) -> None:
        """Append the tokens."""
        for token in tokens:
            if token.type in self._OPENING:
                self._nest(self._OPENING[token.type], 1)
            elif token.type in self._CLOSING:
                self._nest(self._CLOSING[token.type], -1)
            elif token.type == "link_open":
                self._open_link(str(token.attrGet("href") or ""))
            elif token.type == "link_close":
                self._close_link()
            elif token.type == "image":
                self._picture(token)
            elif token.type in ("softbreak", "hardbreak"):
                self._put(" " if token.type == "softbreak" else _LINE_BREAK, self._look)
            elif token.type == "code_inline":
                self._put(token.content, self._look | Look.CODE)
            elif token.type in _TEXTS and not self._url:
                self._text(token.content)
            else:
                self._put(token.content, self._look)

    def _nest(self, look: int, step: int) -> None:
        self._depths[look] += step
        self._look = self._look | look if self._depths[look] else self._look & ~look

    def _put(self, text: str, look: int) -> None:
        if not text:
            return
        text = text.replace("\r", " ").replace("\n", " ")
        start, self._length = self._length, self._length + len(text)
        self.text.append(text)
        if look:
            self.spans.append(Span(start, self._length, look, self._url))

    def _text(self, text: str) -> None:
        """Text in which a bare web address is a link, too."""
        done = 0
        for found in _WEB_ADDRESS.finditer(text):
            url = found[0].rstrip(".,;:!?)*_~")
            self._put(text[done : found.start()], self._look)
            self._url = url
            self._put(url, self._look | Look.LINK)
            self._url = ""
            done = found.start() + len(url)
        self._put(text[done:], self._look)

    def _open_link(self, url: str) -> None:
        if is_allowed(url):
            self._url = url
            self._look |= Look.LINK
        else:
            self._refused = url

    def _close_link(self) -> None:
        if self._refused:
            self._put(f" ({self._refused})", self._look | Look.MUTED)
        self._url = self._refused = ""
        self._look &= ~Look.LINK

    def _picture(self, token: Token) -> None:
        """A picture is never loaded: its description and address stand in its place."""
        address = str(token.attrGet("src") or "")
        described = f"{token.content} " if token.content else ""
        self._put(f"{described}({address})", self._look | Look.MUTED)
