"""Markdown within a paragraph, as plain text with styled spans."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from app.domain.links import BARE_ADDRESS, is_allowed, trimmed, url_of
from ui.signs import INVISIBLE, LINE_BREAK
from ui.transcript.markdown.inline_rules import MATHS, environment, is_maths, parser
from ui.transcript.markdown.invisible import with_signs
from ui.transcript.markdown.styled_text import Look, Span, StyledText, may_have_marks, place_signs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

    from ui.transcript.markdown.references import References

MOST_MARKS = 400
"""A piece with more markup characters is shown as it was written."""
_MARKS = re.compile(r"[*_~\[\]`<]")
_ANY_MARKUP = re.compile(r"[*_~\[\]`<&\\!$@]|  \n|https?://|www\.")
_OPEN_MATHS = re.compile(r"(?<![\\\w$])\$(?=[^\s$])")
_TEXTS = ("text", "text_special")
SHORTEST_STEP = 24
FORMULAS_KEPT = 256


def literal(text: str) -> StyledText:
    """Text without markup; each line break stays one."""
    shown, spans = with_signs(text.replace("\r\n", "\n").replace("\r", " ").replace("\n", LINE_BREAK), 0, 0)
    return StyledText(shown, tuple(span for span in spans if span.source != LINE_BREAK * len(span.source)))


def muted(text: str) -> StyledText:
    """Text without markup that is there to be seen, if nobody reads it."""
    plain = literal(text)
    spans: list[Span] = []
    at = 0
    for span in (*plain.spans, Span(len(plain.text), len(plain.text), Look.PLAIN)):
        spans += [Span(at, span.start, Look.MUTED)] if span.start > at else []
        spans += [span] if span.source else []
        at = span.end
    return StyledText(plain.text, tuple(spans))


def read_inline(source: str, references: References | None = None, *, growing: bool = False) -> StyledText:
    """Markdown `source` of one paragraph as it is read.

    `growing` closes markup that is still open at the end, so that its marks do not flicker.
    """
    if references is None or not may_have_marks(source, references.places):
        healed = _healed(source) if growing else source
        return _read_inline(source, healed, source, environment(references))
    from app.grounding.marks import begun_at, marks_in, without_marks  # not before there may be one

    bare = references.places
    begun = begun_at(source, bare) if growing else None
    words = source[:begun]
    healed = _healed(words) if growing else words
    marks = marks_in(healed, growing=growing, bare=bare)
    if marks is None:
        read = literal(words)
    else:
        told = environment(references, healed, marks)
        read = _read_inline(words, healed, without_marks(healed, marks), told)
    if begun is None:
        return read
    text = read.text + " " * (words[-1:] == " " and read.text[-1:] != " ")
    signs = place_signs(1, text[-1:])
    span = Span(len(text), len(text) + len(signs), Look.PLACE, "", source[begun:])
    return StyledText(text + signs, (*read.spans, span))


def _read_inline(source: str, healed: str, counted: str, told: dict[str, object]) -> StyledText:
    """What has no unfinished mark of places at its end; the markup of `counted` must not be too much."""
    if _ANY_MARKUP.search(source) is None and "places" not in told:
        plain = " ".join(line.strip() for line in source.split("\n")).replace("\r", " ")
        if INVISIBLE.search(plain) is None:
            return StyledText(plain)
        shown, spans = with_signs(plain, 0, Look.PLAIN)
        return StyledText(shown, tuple(spans))
    marks = len(_MARKS.findall(counted))
    if marks > MOST_MARKS and len(_MARKS.findall(_without_maths(counted))) > MOST_MARKS:
        return literal(source)
    writer = _Writer()
    tokens: list[Token] = []
    parser().inline.parse(healed, parser(), told, tokens)
    writer.write(tokens)
    return StyledText("".join(writer.text), tuple(writer.spans))


def read_maths(source: str, *, growing: bool) -> StyledText:
    """A formula on lines of its own, with its marks; `growing` while the closing one is to come."""
    opening = source[:2]
    closing = "$$" if opening == "$$" else "\\]"
    inner, mark, rest = source[2:].partition(closing)
    text = _formula(inner, lines=True, growing=growing) if mark or growing else None
    if text is None:
        return literal(source)
    shown = text.replace("\n", LINE_BREAK) + rest.strip()
    return StyledText(shown, (Span(0, len(shown), Look.PLAIN, "", source),))


class GrowingText:
    """Reads a paragraph once a frame while it grows, at the cost of its last words.

    What stands before a space at which no markup seems open is read once. The finished paragraph is
    read as a whole by `read_inline`, which has the last word.
    """

    def __init__(self) -> None:
        self._source = ""
        self._text = ""
        self._spans: tuple[Span, ...] = ()

    def read(self, source: str, references: References | None = None) -> StyledText:
        """The paragraph so far."""
        if not source.startswith(self._source):
            self._source, self._text, self._spans = "", "", ()
        self._advance(source, references)
        tail = read_inline(source[len(self._source) :], references, growing=True)
        return StyledText(self._text + tail.text, self._spans + self._shifted(tail))

    def _advance(self, source: str, references: References | None) -> None:
        start = len(self._source)
        end = source.rfind(" ", start, len(source) - 1)
        if end - start < SHORTEST_STEP or source[end - 1].isspace() or source[end + 1].isspace():
            return
        words = source[start:end]
        places = references.places if references is not None else ""
        if _is_balanced(words) and not _is_in_mark(words, places):
            read = read_inline(words, references)
            self._spans += self._shifted(read)
            self._text += read.text + " "
            self._source = source[: end + 1]

    def _shifted(self, read: StyledText) -> tuple[Span, ...]:
        by = len(self._text)
        return tuple(span._replace(start=span.start + by, end=span.end + by) for span in read.spans)


OPEN_FOR = 300
"""A dollar sign that so many characters follow opens no formula."""


def _is_balanced(words: str) -> bool:
    """Whether no markup seems to be open at the end of `words`."""
    if "$" in words or "\\" in words:
        words = _without_maths(words)
        if _OPEN_MATHS.search(words, max(0, len(words) - OPEN_FOR)) is not None:
            return False
    for opening, closing in ("[]", "()", "<>"):
        if words.count(opening) != words.count(closing):
            return False
    for mark in "*_~":
        doubled = words.count(mark * 2)
        if doubled % 2 or (words.count(mark) - 2 * doubled) % 2:
            return False
    return words.count("`") % 2 == 0


def _is_in_mark(words: str, places: str) -> bool:
    """Whether a mark of places seems to go on after `words`."""
    if not may_have_marks(words, places):
        return False
    from app.grounding.marks import is_open  # not before there may be one

    return is_open(words, places)


def _without_maths(words: str) -> str:
    return MATHS.sub(lambda found: "" if is_maths(found) else found[0], words)


def _healed(source: str) -> str:
    for mark in ("`", "**"):
        if source.count(mark) % 2:
            return source.removesuffix(mark) if source.endswith(mark) else source.rstrip("* ") + mark
    return source


@functools.lru_cache(FORMULAS_KEPT)
def _formula(source: str, *, lines: bool = False, growing: bool = False) -> str | None:
    from ui.transcript.maths.readable import readable

    return readable(source, lines=lines, growing=growing)


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
        self._link_start = 0
        self._after_link = ""

    def write(self, tokens: Iterable[Token]) -> None:
        """Append the tokens."""
        for token in tokens:
            if token.type in self._OPENING:
                self._nest(self._OPENING[token.type], 1)
            elif token.type in self._CLOSING:
                self._nest(self._CLOSING[token.type], -1)
            elif token.type in ("softbreak", "hardbreak"):
                self._put(" " if token.type == "softbreak" else LINE_BREAK, self._look)
            elif token.type in _TEXTS and not self._url:
                self._text(token.content)
            else:
                self._SPECIAL.get(token.type, _Writer._plain)(self, token)

    def _nest(self, look: int, step: int) -> None:
        self._depths[look] += step
        self._look = self._look | look if self._depths[look] else self._look & ~look

    def _put(self, text: str, look: int, source: str = "") -> None:
        if not text:
            return
        if text is not LINE_BREAK:
            text, spans = with_signs(
                text.replace("\r", " ").replace("\n", " "), self._length, look, self._url, source
            )
            self.spans += spans
        self._length += len(text)
        self.text.append(text)

    def _plain(self, token: Token) -> None:
        self._put(token.content, self._look)

    def _code(self, token: Token) -> None:
        self._put(token.content, self._look | Look.CODE)

    def _maths(self, token: Token) -> None:
        text = _formula(token.info)
        self._put(text or token.content, self._look, token.content if text else "")

    def _places(self, token: Token) -> None:
        if token.info:
            self._put(token.info, self._look | Look.PLACE, token.content)
        else:
            self.spans.append(Span(self._length, self._length, Look.PLACE, "", token.content))

    def _note(self, token: Token) -> None:
        look = Look.MUTED if token.hidden else Look.MUTED | Look.RAISED
        self._put(token.info, self._look | look, token.content)

    def _text(self, text: str) -> None:
        """Text in which a bare address is a link, too."""
        done = 0
        for found in BARE_ADDRESS.finditer(text):
            address = trimmed(found[0])
            self._put(text[done : found.start()], self._look)
            self._url = url_of(address)
            self._put(address, self._look | Look.LINK)
            self._url = ""
            done = found.start() + len(address)
        self._put(text[done:], self._look)

    def _open_link(self, token: Token) -> None:
        url, title = str(token.attrGet("href") or ""), str(token.attrGet("title") or "")
        self._after_link = f" “{title}”" if title else ""
        self._link_start = self._length
        if is_allowed(url):
            self._url = url
            self._look |= Look.LINK
        elif url:
            self._after_link = f" ({url}{self._after_link})"

    def _close_link(self, _token: Token) -> None:
        if self._link_start == self._length:
            self._put(self._url, self._look)
        self._url = ""
        self._look &= ~Look.LINK
        self._put(self._after_link, self._look | Look.MUTED)
        self._after_link = ""

    def _picture(self, token: Token) -> None:
        """A picture is never loaded: its description, address and title stand in its place."""
        address, title = str(token.attrGet("src") or ""), str(token.attrGet("title") or "")
        described = f"{token.content} " if token.content else ""
        named = f" “{title}”" if title else ""
        self._put(f"{described}({address}{named})", self._look | Look.MUTED)

    _SPECIAL = {
        "code_inline": _code,
        "maths": _maths,
        "note": _note,
        "places": _places,
        "link_open": _open_link,
        "link_close": _close_link,
        "image": _picture,
    }
