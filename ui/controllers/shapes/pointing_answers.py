"""Answers that may point at something, and the way to what reads them, which is loaded with the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject

from app.domain.message import Message, Role
from ui.widgets.steps import Steps

SIGNS = ("{", "<loc", "<box>", "_start|>", "<|det|>", "<patch_index_", "<x_", "<point", "begin_of_box", "[[")
"""One of these is in every answer that points at something; only Molmo's may be without."""
TAIL = 2_000
"""Characters at the end of an answer that grows in which a new sign is looked for."""


class PointingAnswers(QObject):
    """Keeps them, the newest state of each, until there is somebody to read them."""

    def __init__(self, load: Callable[[], Iterator[None]], parent: QObject) -> None:
        """`load` makes, in steps of a few milliseconds, what reads answers, and gives it to `read_with`."""
        super().__init__(parent)
        self._load = load
        self._loading = Steps(self)
        self._read: Callable[[Message], object] | None = None
        self._pointing: set[str] = set()
        self._waiting: dict[str, Message] = {}
        self._closed = False

    def take(self, answer: Message) -> None:
        """An answer is as it is now: it is read where it points at something, or did so before."""
        if self._closed or (answer.id not in self._pointing and not may_point(answer)):
            return
        self._pointing.add(answer.id)
        if self._read is not None:
            self._read(answer)
            return
        self._waiting[answer.id] = answer
        if not self._loading.busy:
            self._loading.run(self._load())

    def drop(self, message_id: str) -> None:
        """Nobody waits for an answer any more."""
        self._waiting.pop(message_id, None)

    def read_with(self, read: Callable[[Message], object]) -> None:
        """All are read by this from now on, beginning with those that wait."""
        self._read = read
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            read(answer)

    def close(self) -> None:
        """Nothing is read or loaded any more."""
        self._closed = True
        self._waiting.clear()
        self._loading.run(iter(()))


def may_point(message: Message) -> bool:
    """Whether it is worth reading an answer. While it grows, only its end is looked at."""
    run = message.run
    if message.role is not Role.ASSISTANT or run is None or not run.prepared:
        return False
    if run.entities or "molmo" in run.model.casefold():
        return True
    text = message.text if message.status.finished else message.text[-TAIL:]
    return any(sign in text for sign in SIGNS)
