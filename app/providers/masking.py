"""Keys that a server echoes, whole or in part, taken out of what is shown."""

from __future__ import annotations

import re
from urllib.parse import quote

from app.net.key import Key

SHORTEST_PART = 12
"""So many first characters of a key are masked as the whole of it is; fewer say little."""

MASK = "•••"


def masked(text: str, key: Key | None) -> str:
    """`text` without the key, and without its beginning where only that is quoted.

    It is found as it is, URL-encoded and with JSON's escapes.
    """
    if key is None:
        return text
    beginning, rest = key.value[:SHORTEST_PART], key.value[SHORTEST_PART:]
    forms = ("(?:" + "|".join(map(re.escape, _forms(character))) + ")" for character in beginning)
    pieces: list[str] = []
    end = 0
    for found in re.finditer("".join(forms), text, re.IGNORECASE):
        if found.start() >= end:
            pieces += (text[end : found.start()], MASK)
            end = _end_of_run(text, found.end(), rest)
    return "".join([*pieces, text[end:]])


def _end_of_run(text: str, start: int, rest: str) -> int:
    """Where the text stops going on with `rest`."""
    for character in rest:
        written = (form for form in _forms(character) if text[start : start + len(form)].lower() == form)
        length = len(next(written, ""))
        if not length:
            break
        start += length
    return start


def _forms(character: str) -> tuple[str, ...]:
    """How a character of a key can be written, in lower case."""
    code = ord(character)
    forms = (character, f"%{code:02x}", f"\\u{code:04x}", f"\\{character}", quote(character, safe=""))
    return tuple(form.lower() for form in forms)
