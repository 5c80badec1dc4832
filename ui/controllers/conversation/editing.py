"""An earlier question in the composer, to be asked in other words or with other pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.chat.exchange import draft_of
from app.domain.conversation import Draft
from app.domain.message import Message
from ui.controllers.asking.drafts import DraftController
from ui.main_window import MainWindow
from ui.tasks import TaskOwner


class EditingController(QObject):
    """What was being typed waits in the library, and comes back when the change is sent or left.

    `put` shows a draft in the composer, `shown` is what is there now and the conversation it is
    written in.
    """

    changed = Signal()
    """Another question, or none any more, is being edited."""

    draft_of: Callable[[Message], Draft] = staticmethod(draft_of)
    """What a question of the open conversation was made of, with what was covered since."""

    def __init__(
        self,
        window: MainWindow,
        drafts: DraftController,
        tasks: TaskOwner,
        shown: Callable[[], tuple[str | None, Draft]],
        put: Callable[[Draft], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._drafts = drafts
        self._tasks = tasks
        self._shown = shown
        self._put = put
        self._original = Draft()
        self._waiting = Draft()
        self.question_id = ""
        """The question that is being edited; empty for none."""
        window.composer.editing_left.connect(self.leave)

    def begin(self, question: Message) -> None:
        """Put a question of the open conversation into the composer."""
        if self.question_id == question.id:
            self._window.composer.focus_text()
            return
        self.leave()
        edit = self.draft_of(question).replace(edits=question.id)
        self._tasks.start(self._begin(edit, edit), "edit")

    def begin_with(self, edit: Draft) -> None:
        """Put a change of the question `edit.edits` of the open conversation into the composer, where it
        is looked at before it is sent."""
        self.leave()
        self._tasks.start(self._begin(edit, Draft()), "edit")

    def restore(self, waiting: Draft, edit: Draft | None) -> None:
        """Show what was written in the conversation that is on the screen now: the change of a
        question where one was begun, else the next question."""
        self._waiting, self._original = waiting, Draft()
        self._show(edit or waiting)

    def leave(self) -> None:
        """Leave the question as it was; what was changed can be had back."""
        conversation_id, written = self._shown()
        if not self.question_id or conversation_id is None:
            return
        self._drafts.drop_edit(conversation_id, self.question_id)
        original, self._original = self._original, Draft()
        self._show(self._waiting)
        if written not in (original, Draft(edits=written.edits)):

            def resume() -> None:
                if self._shown()[0] == conversation_id:
                    self._tasks.start(self._begin(written, original), "edit")

            words = self.tr("The question stays as it was. What you changed is not kept.")
            self._window.show_notice(words, "text_muted", self.tr("Go on editing"), resume, here=True)

    def next_sent(self, sent: Draft) -> None:
        """While a question is edited, the one that was typed before was stored."""
        self._waiting = sent.left_of(self._waiting)
        edit = self._shown()[1]
        if (covered := _covered_as_in(sent, edit)) != edit:
            self._put(covered)

    def sent(self, conversation_id: str | None, draft: Draft) -> None:
        """The change is a question of its own now."""
        if conversation_id is None:
            return
        self._drafts.drop_edit(conversation_id, draft.edits)
        if self.question_id == draft.edits and self._shown()[0] == conversation_id:
            self._show(_covered_as_in(draft, self._waiting))

    async def _begin(self, edit: Draft, original: Draft) -> None:
        """What was being typed is kept in the library first."""
        conversation_id = self._shown()[0]
        self._window.composer.editing_line.ensurePolished()  # made before all that follows in one go
        await self._drafts.save()
        if conversation_id != self._shown()[0] or conversation_id is None:
            return  # another conversation was opened meanwhile
        self._waiting = self._shown()[1]
        self._original = original
        self._show(edit)
        await self._drafts.save()

    def _show(self, draft: Draft) -> None:
        self.question_id = draft.edits
        self._window.composer.set_editing(bool(draft.edits))
        self._put(draft)
        self.changed.emit()


def _covered_as_in(sent: Draft, draft: Draft) -> Draft:
    """`draft`, begun before `sent` was asked, with what that covers on the same pictures."""
    from app.domain.covers import together  # not before something is edited

    treatments = {
        sha256: done.replace(redactions=together(done.redactions, sent.treatments[sha256].redactions))
        if sha256 in sent.treatments
        else done
        for sha256, done in draft.treatments.items()
    }
    return draft.replace(treatments=treatments)
