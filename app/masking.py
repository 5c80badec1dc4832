"""Secrets taken out of text: whole or in part, however they are written and cut up. Pure: no I/O.

A secret counts as written where each of its characters stands as it is, in the other case, with a
URL's escape or with JSON's. Its beginning is taken out like the whole of it, as far as the text goes
on with it: that much of a key finds it in any list of keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

MASK = "•••"

SHORTEST = 8
"""A shorter secret is not masked: a key such as EMPTY is none, and its letters are in every text."""

BEGINNING = 12
"""So many first characters are masked as the whole secret is; fewer say little."""

HELD = 4
"""From so many characters of a secret on, the end of a text waits for what follows it."""

_LONGEST_FORM = len("\\u0000")


def masked(text: str, *secrets: str) -> str:
    """`text` without the secrets."""
    for beginning, rests in _grouped(secrets).items():
        mask = Mask(beginning, rests)
        text = mask.feed(text) + mask.rest()
    return text


def mask_for(secret: str) -> Mask | None:
    """What masks `secret` in one text that comes in pieces; None for a secret that is not masked."""
    return next((Mask(beginning, rests) for beginning, rests in _grouped((secret,)).items()), None)


class Mask:
    """Masks secrets that begin alike in a text that comes in pieces.

    Only what holds at least HELD characters of a secret is held back. Of one whose first few came
    in an earlier piece, the rest is masked.
    """

    def __init__(self, beginning: str, rests: tuple[str, ...]) -> None:
        self._search = _pattern(beginning).search
        self._rests = rests
        self._pending = ""
        """The end of the text that a secret may begin with."""
        self._told = 0
        """So many characters of it were told."""
        self._open: tuple[str, ...] = ()
        """How the secret that was masked last may go on."""

    def feed(self, text: str) -> str:
        """What is certain once `text` has come."""
        if not self._pending and not self._open and self._search(text) is None:
            return text
        text, self._pending = self._pending + text, ""
        at, self._told = self._told, 0
        start = 0
        if self._open:
            at = start = self._go_on(self._open, text, 0)
        pieces: list[str] = []
        while (found := self._search(text, start)) is not None:
            if found["whole"] is None:
                begin = found.start()
                end = len(text) if found["held"] is None else begin
                self._pending, self._told = text[begin:], max(at, end) - begin
                return "".join([*pieces, text[at:end]])
            pieces += (text[at : found.start()], MASK)
            at = start = self._go_on(self._rests, text, found.end())
        return "".join([*pieces, text[at:]])

    def rest(self) -> str:
        """What was held back: the text is over."""
        held = self._pending[self._told :]
        self._pending, self._told, self._open = "", 0, ()
        return held

    def _go_on(self, rests: tuple[str, ...], text: str, start: int) -> int:
        """Where the text stops going on with one of `rests`; its end leaves them open."""
        while rests := tuple(filter(None, rests)):
            if plain := _common(text, start, rests):
                start += plain
                rests = tuple(rest[plain:] for rest in rests)
                continue
            written = text[start : start + _LONGEST_FORM].lower()
            ends = {rest: form for rest in rests for form in _forms(rest[0]) if written.startswith(form)}
            if not ends:
                if any(form.startswith(written) for rest in rests for form in _forms(rest[0])):
                    self._open, self._pending = rests, text[start:]
                    return len(text)
                break
            start += len(next(iter(ends.values())))
            rests = tuple(rest[1:] for rest in ends)
        self._open = ()
        return start


def _common(text: str, start: int, rests: tuple[str, ...]) -> int:
    """How far the text goes on as it should without a choice and without escapes."""
    if len(rests) > 1:
        return 0
    written = text[start : start + len(rests[0])].lower()
    pairs = enumerate(zip(written, rests[0], strict=False))
    return next(
        (place for place, (ours, theirs) in pairs if ours != theirs), min(len(written), len(rests[0]))
    )


def _grouped(secrets: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """How the secrets go on, by their beginnings in lower case."""
    groups: dict[str, tuple[str, ...]] = {}
    for secret in map(str.lower, secrets):
        if len(secret) >= SHORTEST:
            beginning, rest = secret[:BEGINNING], secret[BEGINNING:]
            groups[beginning] = (*groups.get(beginning, ()), rest)
    return groups


def _forms(character: str) -> tuple[str, ...]:
    """How a character of a secret can be written, in lower case."""
    code = ord(character)
    forms = (character, f"%{code:02x}", f"\\u{code:04x}")
    return forms if character.isalnum() else (*forms, "\\" + character)


@lru_cache(maxsize=512)
def _pattern(beginning: str) -> re.Pattern[str]:
    """Finds `beginning`, or the part of it with which a text ends.

    The group "whole" tells the one from the other; "held" is there from HELD characters on. Each
    alternative begins with a plain character, so that a text without any is passed over quickly.
    """
    pattern = ""
    for place, character in reversed([*enumerate(beginning)]):
        forms = _forms(character)
        cut = {form[:size] for form in forms for size in range(1, len(form))}
        whole, parts = "|".join(map(_either_case, forms)), "|".join(map(_either_case, sorted(cut)))
        if not pattern:
            pattern = rf"(?:(?:{whole})(?P<whole>)|(?:{parts})\Z)"
            continue
        mark = "(?P<held>)" if place == HELD - 1 else ""
        parts = "|".join(rf"{part}\Z" for part in parts.split("|"))
        pattern = rf"(?:{whole}|{parts}){mark}(?:\Z|{pattern})"
    return re.compile(pattern)


def _either_case(form: str) -> str:
    """A pattern for `form`; what it begins with stays plain."""
    pieces = [f"[{c}{c.upper()}]" if c.isalpha() else re.escape(c) for c in form]
    first = form[0]
    if not first.isalpha():
        return "".join(pieces)
    rest = "".join(pieces[1:])
    return f"{first}{rest}|{first.upper()}{rest}"
