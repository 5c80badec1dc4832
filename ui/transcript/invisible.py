"""Characters that have no shape, or that turn others round: each is shown as a sign of its own."""

from __future__ import annotations

import re

from ui.transcript.styled_text import LINE_BREAK, Look, Span

TAB = "    "
"""What stands for a tab in code."""
MOST_SIGNS = 200
"""A text with more stretches of them shows one plain character for each."""
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+|[\u2028\u2029]+")
_TURNING = {
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
"""They would reorder what stands around them, so that it reads as something else than it is."""
_SIGNS: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\u2421",
    **dict.fromkeys(range(128, 160), "�"),
    **{ord(char): f"‹{name}›" for char, name in _TURNING.items()},
    0x2028: LINE_BREAK,
    0x2029: LINE_BREAK,
}
_ONE_FOR_ONE = {
    code: sign if len(sign) == 1 else "\ufffd" for code, sign in _SIGNS.items() if chr(code) not in "\t\n\r"
}


def signs(text: str) -> str:
    """`text` with one plain character for each of them, line breaks and tabs apart."""
    return text.translate(_ONE_FOR_ONE) if INVISIBLE.search(text) is not None else text


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
            sign = control[0].translate(_SIGNS)
            muted = look if control[0][0] in "\u2028\u2029" else look | Look.MUTED
            spans.append(Span(at, at + len(sign), muted, url, control[0]))
            at, done = at + len(sign), control.end()
            pieces.append(sign)
    return "".join(pieces), spans
