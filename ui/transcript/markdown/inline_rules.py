"""What the transcript reads within a paragraph beyond CommonMark: formulas and marks of footnotes."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from ui.transcript.markdown.references import References
from ui.transcript.markdown.styled_text import place_signs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

    from app.grounding.marks import Mark

LINKS_KEPT = 256
MATHS = re.compile(
    r"\$\$(?P<block>(?:[^$\\]|\\.){1,1200})\$\$"
    r"|(?<![\\$\w])\$(?![\s$])(?P<line>(?:[^$\\]|\\.){1,1200})(?<!\s)\$(?![\w$])"
    r"|\\\((?P<round>(?:(?!\\[()]).){1,1200})\\\)"
    r"|\\\[(?P<square>(?:(?!\\[\[\]]).){1,1200})\\\]",
    re.DOTALL,
)
_MATHS_SIGN = re.compile(r"[\\^_=<>+*/{}|]")
_PROSE = re.compile(r"[A-Za-z]{3,} | [A-Za-z]{3,}|\n\n")
_FEW_SIGNS = re.compile(r"[A-Za-z]{1,3}|[\d.,]+%?|-?\(?\w(?:, ?\w)*\)?|\w\([\w, ]*\)|\w-\w|\S")
_NOTHING: tuple[str, dict[int, Mark], list[int]] = "", {}, []
_NOTE = re.compile(r"\[\^([^\[\]\s]{1,99})\]")


def is_maths(found: re.Match[str]) -> bool:
    """Whether what stands between marks is a formula rather than, say, two prices."""
    inner = found["line"]
    if inner is None:
        return True
    if "\\" not in inner and _PROSE.search(inner) is not None:
        return False
    return _MATHS_SIGN.search(inner) is not None or _FEW_SIGNS.fullmatch(inner) is not None


@functools.cache
def parser() -> MarkdownIt:
    """The inline parser, made at first use.

    Raw HTML is recognised only so that its characters stay untouched: its tokens are shown as the
    text they are. No token of any kind loads anything.
    """
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import text

    made = MarkdownIt("commonmark", {"html": True}).enable("strikethrough")
    made.inline.ruler.before("escape", "maths", _maths)
    made.inline.ruler.before("link", "note", _note)
    made.inline.ruler.before("maths", "places", _places)
    made.inline.ruler.at("text", functools.partial(_text, text))
    # A growing paragraph is parsed once a frame: its links need not be normalised each time.
    made.normalizeLink = functools.lru_cache(LINKS_KEPT)(made.normalizeLink)  # type: ignore[method-assign]
    return made


def environment(
    references: References | None, source: str = "", marks: Mapping[int, Mark] | None = None
) -> dict[str, object]:
    """What the parser is told of names that are defined elsewhere, and of the marks of places in a text."""
    told: dict[str, object] = {}
    if references:
        told = {"references": _Links(references), "notes": references}
    if marks:
        told["places"] = source, marks, [at for at in marks if source[at] != "<"]
    return told


class _Links:
    """What the parser asks for by name."""

    def __init__(self, references: References) -> None:
        self._references = references

    def get(self, name: str, default: None = None) -> dict[str, str] | None:
        from markdown_it.common.utils import unescapeAll

        found = self._references.link(name)
        if found is None:
            return default
        url = found[1:-1] if found.startswith("<") else found
        # The title can be read where the address is defined.
        return {"href": parser().normalizeLink(unescapeAll(url)), "title": ""}


def _maths(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    found = MATHS.match(state.src, state.pos, state.posMax)
    if found is None or not is_maths(found):
        return False
    if not silent:
        token = state.push("maths", "", 0)
        token.content = found[0]
        token.info = found[found.lastgroup or 0]
    state.pos = found.end()
    return True


def _text(plain: Callable[[StateInline, bool], bool], state: StateInline, silent: bool) -> bool:
    """Plain text, which also ends where a mark of places begins without a sign of Markdown."""
    start = state.pos
    source, _, bare = state.env.get("places", _NOTHING)
    if not bare or state.src != source:
        return plain(state, silent)
    after = bisect_left(bare, start)
    end = bare[after] if after < len(bare) else state.posMax
    if end == start or not plain(state, True):
        return False
    state.pos = min(state.pos, end)
    if not silent:
        state.append_pending(state.src[start : state.pos])
    return True


def _places(state: StateInline, silent: bool) -> bool:
    if "places" not in state.env:
        return False
    source, marks, _ = state.env["places"]
    mark = marks.get(state.pos)
    # The description of a picture is parsed as a text of its own.
    if mark is None or mark.end > state.posMax or state.src != source:
        return False
    if not silent:
        token = state.push("places", "", 0)
        token.content = state.src[state.pos : mark.end]
        before, after = state.src[max(0, state.pos - 1) : state.pos], state.src[mark.end : mark.end + 1]
        token.info = place_signs(len(mark.places), before, after)
    state.pos = mark.end
    return True


def _note(state: StateInline, silent: bool) -> bool:
    found = _NOTE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    own = not state.pos and state.src.startswith(":", found.end())
    notes = state.env.get("notes")
    if not own and not (isinstance(notes, References) and notes.is_note(found[1])):
        return False
    end = found.end() + own
    if not silent:
        token = state.push("note", "", 0)
        token.content = state.src[state.pos : end]
        token.info = f"[{found[1]}]"
        token.hidden = own
    state.pos = end
    return True
