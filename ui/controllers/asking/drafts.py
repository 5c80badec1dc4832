"""What is typed but not sent is in the library within a second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.conversation import Draft
from app.domain.errors import StoreFailed
from app.domain.region import NOTHING_CHOSEN, PictureChoices
from app.services import Services
from ui.tasks import TaskOwner

log = logging.getLogger(__name__)

SAVE_AFTER_MS = 500
SAVE_AGAIN_MS = 5000


class DraftController(QObject):
    """Saves the draft of the open conversation half a second after the last change.

    What the disk does not take is kept in memory, of each conversation the newest, and saved later.
    What was chosen for the pictures of a conversation that is not begun belongs to its draft.
    """

    choices_changed = Signal()
    """Something else is chosen for the conversation that is not begun."""

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
        self._waiting: dict[tuple[str | None, str], Draft] = {}
        self.choices = self._saved_choices = NOTHING_CHOSEN
        """What is chosen for the pictures of the conversation that is not begun."""
        self._brought = NOTHING_CHOSEN
        self.failing: StoreFailed | None = None
        """Why what is typed could not be saved the last time, where that is so."""
        self._writing = asyncio.Lock()
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self._save_soon)

    def changed(self) -> None:
        """The text or the pictures changed."""
        if not self._timer.isActive() and not self._services.store.read_only:
            self._timer.start(SAVE_AFTER_MS)

    def choose(self, choices: PictureChoices) -> None:
        """Choose this for the pictures of the conversation that is not begun."""
        if choices != self.choices:
            self.choices = choices
            self.choices_changed.emit()
            self.changed()

    def bring(self, choices: PictureChoices) -> None:
        """Let what was chosen for a conversation wait with its first question again, unless something
        else does; what was brought before is with its conversation again."""
        if self.choices in (self._brought, NOTHING_CHOSEN):
            self._brought = choices
            self.choose(choices)

    @property
    def unsaved(self) -> tuple[Draft, ...]:
        """What is written that the library does not hold."""
        self._keep()
        return tuple(draft for draft in self._waiting.values() if draft.text.strip())

    async def load(self, conversation_id: str | None) -> Draft:
        """The draft of a conversation, empty where there is none."""
        try:
            draft = await self._services.store.conversations.draft(conversation_id)
        except StoreFailed as error:
            log.error("draft not read: %s", error)
            draft = Draft()
        return self._waiting.get((conversation_id, ""), draft)

    async def load_edit(self, conversation_id: str | None) -> Draft | None:
        """The change of an earlier question of a conversation, where one was begun and not sent."""
        if conversation_id is None:
            return None
        if (waiting := self._edit_of(conversation_id)) is not None:
            return waiting
        try:
            return await self._services.store.conversations.edit(conversation_id)
        except StoreFailed as error:
            log.error("draft not read: %s", error)
            return None

    async def begin(self) -> Draft:
        """Load what was written and chosen for the conversation that is not begun; that is shown first."""
        draft = await self.load(None)
        self._saved = (None, draft)
        try:
            self.choices = self._saved_choices = await self._services.store.conversations.choices(None)
        except StoreFailed as error:
            log.error("choices not read: %s", error)
        return draft

    def turn_to(
        self, conversation_id: str | None, draft: Draft, edit: Draft | None = None
    ) -> tuple[Draft, Draft | None]:
        """What was loaded for a conversation is shown now, in place of what is written.

        Returns what is to be shown: more may have been written in it since it was loaded.
        """
        self._keep()
        draft = self._waiting.get((conversation_id, ""), draft)
        if conversation_id is not None:
            edit = self._edit_of(conversation_id) or edit
        shown = edit or draft
        self._saved = None if (conversation_id, shown.edits) in self._waiting else (conversation_id, shown)
        if self._waiting:
            self.changed()
        return draft, edit

    def drop_edit(self, conversation_id: str, question_id: str) -> None:
        """An earlier question is not being changed any more."""
        self._waiting.pop((conversation_id, question_id), None)
        self._tasks.start(self._drop_edit(conversation_id, question_id))

    def forget(self, conversation_id: str | None, sent: Draft, *, moved: bool = False) -> None:
        """What was typed in that conversation has become a question; what came later stays, unless
        it `moved` to another conversation."""
        self._saved = None
        self._tasks.start(self._forget(conversation_id, sent, moved=moved))

    async def save(self) -> None:
        """Save now what there is. Failing is logged: the text is still in memory."""
        self._timer.stop()
        async with self._writing:
            self._keep()
            for place in tuple(self._waiting):
                if (draft := self._waiting.get(place)) is not None:
                    await self._store(place[0], draft)
            await self._store_choices()

    def _keep(self) -> None:
        """What is written is not lost with the composer's text."""
        conversation_id, draft = current = self._current()
        saved_id, saved = self._saved or (None, Draft())
        place = (conversation_id, draft.edits)
        if self._services.store.read_only and place not in self._waiting:
            changed = (conversation_id, draft.text) != (saved_id, saved.text)
        else:
            changed = current != self._saved
        if changed:
            self._waiting[place] = draft
        elif current == self._saved:
            self._waiting.pop(place, None)

    def _edit_of(self, conversation_id: str) -> Draft | None:
        waiting = [
            draft for place, draft in self._waiting.items() if place[0] == conversation_id and place[1]
        ]
        return waiting[-1] if waiting else None

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
        place = (conversation_id, draft.edits)
        self._waiting[place] = draft
        if self._services.store.read_only:
            return
        try:
            await self._services.store.conversations.save_draft(conversation_id, draft)
        except StoreFailed as error:
            self._try_later(error)
            return
        except (KeyError, ValueError):  # what it belongs to was deleted for good meanwhile
            log.info("draft let go")
        current_id, current = self._current()
        if (current_id, current.edits) == place:
            self._saved = (conversation_id, draft)
        if self._waiting.get(place) == draft:
            del self._waiting[place]
        if not self._waiting:
            self.failing = None

    async def _store_choices(self) -> None:
        chosen = self.choices
        if chosen == self._saved_choices or self._services.store.read_only:
            return
        try:
            await self._services.store.conversations.set_choices(None, chosen)
        except StoreFailed as error:
            self._try_later(error)
            return
        self._saved_choices = chosen
        if not self._waiting:
            self.failing = None

    def _try_later(self, error: StoreFailed) -> None:
        if self.failing is None:  # said once, not twice a second
            log.error("draft not saved: %s", error)
        self.failing = error
        self._timer.start(SAVE_AGAIN_MS)

    def _save_soon(self) -> None:
        self._tasks.start(self.save())
