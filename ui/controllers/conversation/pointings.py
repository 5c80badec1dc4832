"""What answers tell of places in pictures, and which of them are shown as they are written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.domain.message import Message
from ui.controllers.conversation.entries import PLACES, Pointing, bare_of


class Pointings(QObject):
    """By the ids of answers, for as long as the window lives."""

    changed = Signal(str)
    """The id of an answer that is to be shown in another way."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known: dict[str, Pointing] = {}
        self._written: set[str] = set()
        self._ready = False

    def of(self, message_id: str) -> Pointing | None:
        """What is known of an answer; None while nobody has read it."""
        return self._known.get(message_id)

    def is_written(self, message_id: str) -> bool:
        """Whether an answer is to be shown as it is written."""
        return message_id in self._written

    def take(self, message_id: str, pointing: Pointing) -> None:
        """An answer was read."""
        if self._known.get(message_id) != pointing:
            self._known[message_id] = pointing
            self.changed.emit(message_id)

    async def get_ready(self, messages: Iterable[Message]) -> None:
        """Load what reads marks of places beside the window's own work, where one of them may have some."""
        if not self._ready and any(map(_may_have_marks, messages)):
            self._ready = True
            await asyncio.to_thread(_prepare)

    def act(self, message_id: str, action: str) -> None:
        """Show an answer as it is written, or no longer so, where that was chosen of it."""
        if action == PLACES:
            self._written ^= {message_id}
            self.changed.emit(message_id)


def _may_have_marks(message: Message) -> bool:
    """Whether an answer about pictures seems to have some, or a question will get one."""
    run = message.run
    if bool(message.pictures) or run is None or not run.prepared:
        return bool(message.pictures)
    return "<" in message.text or bool(bare_of(run.model))


def _prepare() -> None:
    from app.grounding.marks import prepare  # in the thread, as it takes longer than a frame

    prepare()
