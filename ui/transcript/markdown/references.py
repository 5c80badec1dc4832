"""What an answer defines in one place and names in another: addresses of links, and footnotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.transcript.markdown.block import Block

MOST_DEFINED = 1_000
"""Further definitions are shown as all are, and lead nowhere."""
MOST_NAMES = 5_000
"""So many names are remembered that are not defined yet."""
_NAME = re.compile(r"\[([^\[\]\\\n][^\[\]\\]{0,199})\]")


class References:
    """Grows with the answer; a name may be used before it is defined."""

    def __init__(self, *, places: str = "") -> None:
        self.places = places
        """Which markup of places is read as what it marks, as `marks` of an entry's Places."""
        self._links: dict[str, str] = {}
        self._notes: set[str] = set()
        self._used: dict[str, list[int]] = {}
        self._count = 0
        self._scanned = 0
        self._new: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._links or self._notes)

    def link(self, name: str) -> str | None:
        """Where a name leads; None where nobody said."""
        return self._links.get(_key(name))

    def is_note(self, name: str) -> bool:
        """Whether there is a footnote of that name (without its circumflex)."""
        return _key(name) in self._notes

    def define_link(self, name: str, url: str) -> None:
        """Say where a name leads; the first word on it stands."""
        key = _key(name)
        if key and key not in self._links and len(self._links) < MOST_DEFINED:
            self._links[key] = url
            self._new.append(key)

    def define_note(self, name: str) -> None:
        """Say that there is a footnote."""
        key = _key(name)
        if key not in self._notes and len(self._notes) < MOST_DEFINED:
            self._notes.add(key)
            self._new.append("^" + key)

    def resolve(self, blocks: list[Block]) -> int:
        """Mark the finished `blocks` that name what was defined since; return the first's index.

        Each block is looked through once, and only where anything is defined at all.
        """
        new, self._new = self._new, []
        if not new:
            return len(blocks)
        self._scan(blocks)
        first = len(blocks)
        for key in new:
            for index in self._used.pop(key, ()):
                blocks[index].version += 1
                blocks[index].resolved += 1
                first = min(first, index)
        return first

    def _scan(self, blocks: list[Block]) -> None:
        from ui.transcript.markdown.block import Kind

        texts = (Kind.PARAGRAPH, Kind.HEADING, Kind.TABLE)
        for index in range(self._scanned, len(blocks)):
            block = blocks[index]
            if not block.closed or self._count > MOST_NAMES:
                break
            self._scanned = index + 1
            if block.kind not in texts:
                continue
            for found in _NAME.finditer(block.source):
                self._used.setdefault(_key(found[1]), []).append(index)
                self._count += 1


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
