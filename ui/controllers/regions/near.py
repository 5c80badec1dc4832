"""What was done to the next question, to be undone and done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.chat.history import History


class Near(NamedTuple):
    """Something that was done to the next question."""

    words: str
    """What it is called behind "Undo:"."""
    said: str
    """What a notice says of it, empty for none."""
    undo: Callable[[], object]
    redo: Callable[[], object]
    about: tuple[str, ...]
    """The hashes of the pictures that it was done to."""
    tone: str = "text_muted"
    """Of the notice."""


class _Step(NamedTuple):
    near: Near
    after: object
    """What was done last in the library when this was done, or taken back."""


class NearSteps:
    """Takes its turn with the history of the library: what was done later is taken back sooner."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    @property
    def undoable(self) -> Near | None:
        """What Undo takes back; None where that is something in the library, or nothing."""
        if not self._done:
            return None
        step, newest = self._done[-1], self._history.undoable
        sooner = step.after is None or self._history.undoes(step.after)
        return None if step.after is not newest and sooner else step.near

    @property
    def redoable(self) -> Near | None:
        """What Redo does again; None where that is something in the library, or nothing."""
        if not self._undone:
            return None
        step, newest = self._undone[-1], self._history.undoable
        sooner = step.after is not newest and self._history.redoes(step.after)
        return None if sooner else step.near

    def put(self, near: Near) -> list[Near]:
        """It was done just now. Returns what was done before to the same pictures."""
        before = [step.near for step in self._done if not set(step.near.about).isdisjoint(near.about)]
        self._done.append(_Step(near, self._history.undoable))
        self._undone.clear()
        return before

    def about(self, sha256: str, *, forth: bool) -> Near | None:
        """What was done last to a picture, or (`forth`) taken back last; something that was done later to
        another picture goes before it where both had a part in it."""
        found: Near | None = None
        for near in (step.near for step in (self._undone if forth else self._done)):
            if sha256 in near.about or (found and not set(near.about).isdisjoint(found.about)):
                found = near
        return found

    def move(self, near: Near, *, back: bool) -> None:
        """Take back what was done, or do it again; nothing where that cannot be done any more."""
        source, target = (self._done, self._undone) if back else (self._undone, self._done)
        for step in [step for step in source if step.near is near]:
            source.remove(step)
            target.append(_Step(near, self._history.undoable))
            deed = near.undo if back else near.redo
            deed()

    def library_changed(self) -> None:
        """Something was done there: what was taken back before it cannot be done again."""
        self._undone.clear()

    def clear(self) -> None:
        """The next question is another one: what was done to the one before stays so."""
        self._done.clear()
        self._undone.clear()

    def __iter__(self) -> Iterator[Near]:
        """What can be taken back, the newest last."""
        return iter([step.near for step in self._done])
