"""Undo and redo."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple

from app.chat.edits import Done, Edit
from app.store.database import Store

MOST = 200
"""So many steps can be undone."""


class _Step(NamedTuple):
    what: Edit | Done
    way: Edit
    """Takes it back, or does it again."""


class History:
    """What was done since the program began, the newest MOST of it, to be undone and done again.

    One thing is done after the other. Every method that changes the library raises StoreFailed;
    then nothing was changed, and the same can be tried again.
    """

    def __init__(self, store: Store, most: int = MOST) -> None:
        self._store = store
        self._undoable: deque[_Step] = deque(maxlen=most)
        self._redoable: deque[_Step] = deque(maxlen=most)
        self._turn = asyncio.Lock()
        self._remembered = 0

    @property
    def undoable(self) -> Edit | Done | None:
        """What `undo` would take back; None where there is nothing."""
        return self._undoable[-1].what if self._undoable else None

    @property
    def redoable(self) -> Edit | Done | None:
        """What `redo` would do again; None where there is nothing."""
        return self._redoable[-1].what if self._redoable else None

    def undoes(self, what: object) -> bool:
        """Whether `undo` comes to this, perhaps after others."""
        return any(step.what is what for step in self._undoable)

    def redoes(self, what: object) -> bool:
        """Whether `redo` comes to this, perhaps after others."""
        return any(step.what is what for step in self._redoable)

    async def do(self, edit: Edit) -> bool:
        """Do something; False where that changed nothing, which is not remembered."""
        async with self._turn:
            undoing = await edit.do(self._store)
            if undoing is None:
                return False
            self._remember(_Step(edit, undoing))
            return True

    def record(self, done: Done) -> None:
        """Remember what was done elsewhere."""
        self._remember(_Step(done, done.undoing))

    async def undo(self) -> Edit | Done | None:
        """Take back what was done last; returns what that was, None where there is nothing.

        What somebody else took back, or what is gone for good, is passed over.
        """
        return await self._move(self._undoable, self._redoable)

    async def redo(self) -> Edit | Done | None:
        """Do again what was taken back last; returns what that was, None where there is nothing."""
        return await self._move(self._redoable, self._undoable)

    def _remember(self, step: _Step) -> None:
        self._undoable.append(step)
        self._redoable.clear()
        self._remembered += 1

    async def _move(self, source: deque[_Step], target: deque[_Step]) -> Edit | Done | None:
        async with self._turn:
            while source:
                step, remembered = source.pop(), self._remembered
                try:
                    back = await step.way.do(self._store)
                except BaseException:
                    source.append(step)
                    raise
                if back is None:
                    continue
                if target is self._undoable or remembered == self._remembered:
                    target.append(_Step(step.what, back))  # else something newer was done meanwhile
                return step.what
            return None
