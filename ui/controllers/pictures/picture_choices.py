"""Which pictures of the open conversation go along with the next question, as the user chose."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.chat.edits import Chose
from app.domain.errors import StoreFailed
from app.domain.region import PictureChoices, PictureRule, Redaction
from app.services import Services
from ui import problems
from ui.controllers.asking.drafts import DraftController
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.thread import Thread
from ui.controllers.regions.near import Near
from ui.main_window import MainWindow
from ui.tasks import TaskOwner


class PictureChoicesController(QObject):
    """Changes the choices of the open conversation, or those that wait with the draft of one that is not
    begun until its first question takes them along."""

    changed = Signal()
    """Other choices hold, or another conversation is open."""

    kept = Signal(object)
    """The library has what was chosen, which can be undone (Chose)."""

    chosen_before = Signal(object)
    """It was chosen for a conversation that is not begun, which can be undone (Near)."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        drafts: DraftController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._store = services.store
        self._conversations = conversations
        self._tasks = tasks
        self._drafts = drafts
        conversations.opened.connect(self.changed)
        drafts.choices_changed.connect(self.changed)

    @property
    def choices(self) -> PictureChoices:
        """Those that hold for the next question."""
        thread = self._conversations.shown
        return self._drafts.choices if thread is None else thread.choices

    def rule(self, sha256: str) -> PictureRule:
        """That of a picture."""
        return self.choices.rules.get(sha256, PictureRule.KEEP)

    def set_rule(self, sha256: str, rule: PictureRule) -> None:
        """Let a picture go along so from now on."""
        rules = {known: kept for known, kept in self.choices.rules.items() if known != sha256}
        self.change(rules=rules if rule is PictureRule.KEEP else {**rules, sha256: rule})

    def describe(self, sha256: str, words: str, redactions: Sequence[Redaction] = ()) -> None:
        """Let `words`, written with `redactions` covered, stand in the place of a picture from now on."""
        covers = {known: kept for known, kept in self.choices.covers.items() if known != sha256}
        if redactions:
            covers[sha256] = tuple(redaction.digest for redaction in redactions)
        self.change(
            rules={**self.choices.rules, sha256: PictureRule.DESCRIBE},
            descriptions={**self.choices.descriptions, sha256: words},
            covers=covers,
        )

    def change(self, **changes: Any) -> None:
        """Choose by the names of the fields of PictureChoices; it holds at once, and is kept and can
        be undone."""
        before, thread = self.choices, self._conversations.shown
        after = before.replace(**changes)
        if after == before:
            return
        if thread is None:
            choose, words = self._drafts.choose, self.tr("choose which pictures go along")
            choose(after)
            self.chosen_before.emit(Near(words, "", partial(choose, before), partial(choose, after), ()))
            return
        thread.choices = after
        self._tasks.start(self._keep(thread, before, after))
        self.changed.emit()

    async def _keep(self, thread: Thread, before: PictureChoices, after: PictureChoices) -> None:
        try:
            await self._store.conversations.set_choices(thread.id, after)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            if thread.choices == after:
                thread.choices = before
                self.changed.emit()
        except KeyError:
            return  # it was deleted meanwhile
        else:
            self.kept.emit(Chose(thread.id, before, after))
