"""Positions in a Python string against positions in Qt's UTF-16."""

from __future__ import annotations

from bisect import bisect_left, bisect_right


class Utf16Offsets:
    """Translates between code points (Python) and UTF-16 units (Qt) of one text."""

    __slots__ = ("_wide",)

    def __init__(self, text: str) -> None:
        plain = not text or text.isascii() or max(text) <= "\uffff"
        self._wide = [] if plain else [i for i, char in enumerate(text) if char > "\uffff"]

    def to_qt(self, index: int) -> int:
        """The UTF-16 position of code point `index`."""
        return index + bisect_left(self._wide, index) if self._wide else index

    def from_qt(self, position: int) -> int:
        """The code point at UTF-16 `position`; the inside of a pair counts as after it."""
        wide = self._wide
        if not wide:
            return position
        return position - bisect_right(range(len(wide)), position, key=lambda k: wide[k] + k + 2)
