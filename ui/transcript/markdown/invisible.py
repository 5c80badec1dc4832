"""Signs for characters that have no shape, in text with spans and in code."""

from __future__ import annotations

from ui.signs import INVISIBLE, LINE_BREAK, SIGNS, signs
from ui.transcript.markdown.styled_text import Look, Span

TAB = "    "
"""What stands for a tab in code."""
MOST_SIGNS = 200
"""A text with more stretches of them shows one plain character for each."""


def code_line(line: str) -> str:
    """A line of code as it is shown, so that positions in it are columns."""
    return line if line.isprintable() else signs(spaced(line)).replace(LINE_BREAK, "\u2424")


def spaced(line: str) -> str:
    """A line of code with tabs as spaces, and what is invisible left as it is."""
    return line if line.isprintable() else line.rstrip("\r").replace("\t", TAB).replace("\r", " ")


def with_signs(text: str, start: int, look: int, url: str = "", source: str = "") -> tuple[str, list[Span]]:
    """`text` with a sign for each of them, and its spans, as it stands at `start` of a longer text."""
    found = list(INVISIBLE.finditer(text)) if not source else []
    if not found or len(found) > MOST_SIGNS:
        text = signs(text)
        return text, [Span(start, start + len(text), look, url, source)] if look or source else []
    pieces: list[str] = []
    spans: list[Span] = []
    at, done = start, 0
    for control in (*found, None):
        plain = text[done : control.start() if control is not None else len(text)]
        if plain and look:
            spans.append(Span(at, at + len(plain), look, url))
        at += len(plain)
        pieces.append(plain)
        if control is not None:
            sign = control[0].translate(SIGNS)
            muted = look if control[0][0] in "\u2028\u2029" else look | Look.MUTED
            spans.append(Span(at, at + len(sign), muted, url, control[0]))
            at, done = at + len(sign), control.end()
            pieces.append(sign)
    return "".join(pieces), spans
