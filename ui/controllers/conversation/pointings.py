"""What answers tell of places in pictures, and which of them are shown as they are written."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ui.controllers.conversation.entries import PLACES, Pointing


class Pointings(QObject):
    """By the ids of answers, for as long as the window lives."""

    changed = Signal(str)
    """The id of an answer that is to be shown in another way."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known: dict[str, Pointing] = {}
        self._written: set[str] = set()

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

    def act(self, message_id: str, action: str) -> None:
        """Show an answer as it is written, or no longer so, where that was chosen of it."""
        if action == PLACES:
            self._written ^= {message_id}
            self.changed.emit(message_id)
