"""What is typed but not sent is in the library within a second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.domain.conversation import Draft
from app.domain.errors import StoreFailed
from app.services import Services
from ui.tasks import TaskOwner

log = logging.getLogger(__name__)

SAVE_AFTER_MS = 500
SAVE_AGAIN_MS = 5000


class DraftController(QObject):
    """Saves the draft of the open conversation half a second after the last change."""

    def __init__(
        self,
        services: Services,
        tasks: TaskOwner,
        current: Callable[[], tuple[str | None, Draft]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._tasks = tasks
        self._current = current
        self._saved: tuple[str | None, Draft] | None = None
        self._failing = False
        self._writing = asyncio.Lock()
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self._save_soon)

    def changed(self) -> None:
        """The text or the pictures changed."""
        if not self._timer.isActive():
            self._timer.start(SAVE_AFTER_MS)

    async def load(self, conversation_id: str | None) -> Draft:
        """The saved draft of a conversation, empty where there is none."""
        try:
            draft = await self._services.store.conversations.draft(conversation_id)
        except StoreFailed as error:
            log.error("draft not read: %s", error)
            draft = Draft()
        self._saved = (conversation_id, draft)
        return draft

    async def load_edit(self, conversation_id: str | None) -> Draft | None:
        """The change of an earlier question of a conversation, where one was begun and not sent."""
        if conversation_id is None:
            return None
        try:
            edit = await self._services.store.conversations.edit(conversation_id)
        except StoreFailed as error:
            log.error("draft not read: %s", error)
            return None
        if edit is not None:
            self._saved = (conversation_id, edit)
        return edit

    def drop_edit(self, conversation_id: str, question_id: str) -> None:
        """An earlier question is not being changed any more."""
        self._tasks.start(self._drop_edit(conversation_id, question_id))

    def forget(self, conversation_id: str | None, sent: Draft, *, moved: bool = False) -> None:
        """What was typed in that conversation has become a question; what came later stays, unless
        it `moved` to another conversation."""
        self._saved = None
        self._tasks.start(self._forget(conversation_id, sent, moved=moved))

    async def save(self) -> None:
        """Save now what there is. Failing is logged: the text is still in the window."""
        self._timer.stop()
        async with self._writing:
            current = self._current()
            if current != self._saved:
                await self._store(*current)

    async def _forget(self, conversation_id: str | None, sent: Draft, *, moved: bool) -> None:
        async with self._writing:
            saved = Draft() if moved else await self.load(conversation_id)
            await self._store(conversation_id, sent.left_of(saved))
        if moved:
            self.changed()

    async def _drop_edit(self, conversation_id: str, question_id: str) -> None:
        async with self._writing:
            try:
                await self._services.store.conversations.drop_edit(conversation_id, question_id)
            except StoreFailed as error:
                log.error("draft not saved: %s", error)

    async def _store(self, conversation_id: str | None, draft: Draft) -> None:
        try:
            await self._services.store.conversations.save_draft(conversation_id, draft)
            self._saved = (conversation_id, draft)
            self._failing = False
        except StoreFailed as error:
            if not self._failing:  # said once, not twice a second
                log.error("draft not saved: %s", error)
            self._failing = True
            self._timer.start(SAVE_AGAIN_MS)

    def _save_soon(self) -> None:
        self._tasks.start(self.save())
