"""What is new of a text that grows, and sometimes begins anew."""

from __future__ import annotations

from typing import NamedTuple


class New(NamedTuple):
    """`text` to be printed next. `anew`: it takes the place of all that was printed before, because
    that turned out to be a thought."""

    text: str
    anew: bool = False


class Growth:
    """Remembers what was printed of each answer."""

    def __init__(self) -> None:
        self._printed: dict[int, str] = {}

    @property
    def begun(self) -> bool:
        """Whether anything was printed."""
        return any(self._printed.values())

    def new(self, text: str, choice: int = 0) -> New:
        """What `text` has that was not printed yet; it counts as printed from now on."""
        before = self._printed.get(choice, "")
        self._printed[choice] = text
        if text.startswith(before):
            return New(text[len(before) :])
        return New(text, anew=True)
