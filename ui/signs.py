"""Characters that have no shape, or that turn others round: each is shown as a sign of its own."""

from __future__ import annotations

import re

INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+|[\u2028\u2029]+")
LINE_BREAK = "\u2028"
"""Ends a line within one text; a layout breaks there."""
TURNING = {
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
SIGNS: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\u2421",
    **dict.fromkeys(range(128, 160), "�"),
    **{ord(char): f"‹{name}›" for char, name in TURNING.items()},
    0x2028: LINE_BREAK,
    0x2029: LINE_BREAK,
}
_ONE_FOR_ONE = {
    code: sign if len(sign) == 1 else "\ufffd" for code, sign in SIGNS.items() if chr(code) not in "\t\n\r"
}
_BREAKS = dict.fromkeys(map(ord, f"\t\n\r{LINE_BREAK}"), " ")


def signs(text: str) -> str:
    """`text` with one plain character for each of them, line breaks and tabs apart."""
    return text.translate(_ONE_FOR_ONE) if INVISIBLE.search(text) is not None else text


def one_line(text: str) -> str:
    """`text` from outside as it may stand beside other words: on one line, in the order it is written."""
    return text if text.isprintable() else signs(text).translate(_BREAKS)
