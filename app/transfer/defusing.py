"""Markdown of a model for a file that other programs show: nothing in it is loaded or run.

Pictures and HTML become the text they are. Code is left alone where it is sure to be code: in fences that
stand at the beginning of their lines, and between backticks that pair up within a line that nothing before it
can change. Everywhere else a sign too much is better than a picture that somebody's viewer fetches.
"""

from __future__ import annotations

import re

from app.transfer.rendering import sound

_OPENING = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*$")
_BACKTICKS = re.compile("`+")
_HTML = re.compile(r"<(?=[A-Za-z/!?])")


def defused(markdown: str) -> str:
    """The text without anything that a viewer would load or run."""
    lines: list[str] = []
    fence = ""
    balanced = sure = True
    for line in re.split(r"\r\n?|\n", sound(markdown)):
        if fence:
            closing = _CLOSING.match(line)
            if closing and closing[1].startswith(fence):
                fence = ""
            lines.append(line)
            continue
        opening = _OPENING.match(line)
        if opening and "|" in line:
            sure = False  # a fence or the head of a table: from here on nobody knows what is code
        if opening and sure:
            fence = opening[1] or opening[2]
            balanced = True
            lines.append(line)
            continue
        if not line.strip():
            balanced = True
        pieces = _pieces(line) if balanced and sure else None
        balanced = pieces is not None
        lines.append("".join(pieces) if pieces is not None else _harmless(line))
    return "\n".join(lines)


def _pieces(line: str) -> list[str] | None:
    """A line with its code left alone; None where backticks do not pair up within it."""
    if "`" not in line:
        return [_harmless(line)]
    if "|" in line or "\\`" in line:
        return None
    runs = list(_BACKTICKS.finditer(line))
    pieces, done, at = [], 0, 0
    while at < len(runs):
        length = len(runs[at][0])
        partner = next((n for n in range(at + 1, len(runs)) if len(runs[n][0]) == length), None)
        if partner is None:
            return None
        pieces += [_harmless(line[done : runs[at].start()]), line[runs[at].start() : runs[partner].end()]]
        done, at = runs[partner].end(), partner + 1
    return [*pieces, _harmless(line[done:])]


def _harmless(text: str) -> str:
    return _HTML.sub("&lt;", text.replace("![", "!\\["))
