"""Answers that may point at something, read beside the window's own work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import StoreFailed
from app.domain.message import Message
from app.domain.picture import View
from app.domain.region import PictureChoices
from app.services import Services
from ui.controllers.shapes.found_shapes import State, read_shapes, state_of
from ui.tasks import TaskOwner

PAUSE_MS = 250
"""Between two readings of an answer that grows."""
PAUSES = 4
"""So many times as long as the last reading took is waited at least."""


class ShapeReading(QObject):
    """Reads each state of an answer once, the newest only, and finished answers first."""

    read = Signal(object)
    """What was found in an answer (FoundShapes), which may be nothing."""

    def __init__(
        self, services: Services, choices: Callable[[], PictureChoices], tasks: TaskOwner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._choices = choices
        self._tasks = tasks
        self._known: dict[str, State] = {}
        self._messages: dict[str, Message] = {}
        self._waiting: dict[str, Message] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        self._task = f"read shapes {id(self)}"  # several may read in one window
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._go_on)

    def take(self, message: Message) -> None:
        """Read an answer as it is now, at once or, while it grows, a little later."""
        self._messages[message.id] = message
        if self._known.get(message.id) == state_of(message, self._choices()):
            return
        self._waiting[message.id] = message
        if message.status.finished or not self._pause.isActive():
            self._go_on()

    def take_again(self) -> None:
        """Read anew what is to be read otherwise by now: something else is chosen."""
        for message in tuple(self._messages.values()):
            self.take(message)

    def drop(self, message_id: str) -> None:
        """An answer is shown no more: what is read of it just now is not told."""
        self._known.pop(message_id, None)
        self._messages.pop(message_id, None)
        self._waiting.pop(message_id, None)

    def forget(self) -> None:
        """Another conversation is open."""
        self._known.clear()
        self._messages.clear()
        self._waiting.clear()

    def close(self) -> None:
        """Read nothing any more: who shows it goes."""
        self.forget()
        self._pause.stop()
        self._tasks.cancel(self._task)

    def _go_on(self) -> None:
        if self._waiting and not self._tasks.runs(self._task):
            self._tasks.start(self._read(), self._task)

    async def _read(self) -> None:
        began = time.perf_counter()
        while (message := self._next()) is not None:
            choices = self._choices()
            sizes = await self._sizes_for(message)
            found = await asyncio.to_thread(read_shapes, message, choices, sizes)
            if message.id in self._messages:  # else another conversation is open
                self._known[message.id] = found.state
                self.read.emit(found)
            if not any(each.status.finished for each in self._waiting.values()):
                break
        took_ms = (time.perf_counter() - began) * 1_000
        self._pause.start(max(PAUSE_MS, round(PAUSES * took_ms)))

    def _next(self) -> Message | None:
        """What is to be read next: what is finished, the newest first, else what grows."""
        ordered = sorted(self._waiting.values(), key=lambda each: (each.status.finished, each.seq))
        return self._waiting.pop(ordered[-1].id) if ordered else None

    async def _sizes_for(self, message: Message) -> dict[str, tuple[int, int]]:
        """The sizes of originals of which only parts went along."""
        views = message.run.prepared if message.run is not None else ()
        whole = {view.original for view in views if view.view is View.WHOLE}
        for sha256 in {view.original for view in views} - whole - self._sizes.keys():
            try:
                picture = await self._services.store.pictures.get(sha256)
            except (KeyError, StoreFailed):
                continue  # the parts tell how far they reach
            self._sizes[sha256] = picture.width, picture.height
        return dict(self._sizes)
