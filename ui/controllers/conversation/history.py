"""Undo and redo in the window: what it is called, where it is shown, and the way back."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject

from app.chat.edits import (
    AnsweredAgain,
    Asked,
    Began,
    BranchedOff,
    Chose,
    Done,
    Edit,
    File,
    Imported,
    MakeFolder,
    Pin,
    RemoveFolder,
    Rename,
    RenameFolder,
    Tag,
    TakeBackBranch,
    TakeBackConversations,
    TrashBranch,
    TrashConversations,
    Untag,
)
from app.chat.exchange import draft_of, title_of
from app.chat.history import History
from app.domain.conversation import Draft
from app.domain.errors import StoreFailed
from app.domain.message import Message, Role
from app.domain.region import NOTHING_CHOSEN
from app.services import Services
from ui import problems
from ui.controllers.asking.asking import AskingController
from ui.controllers.asking.composing import NOTHING, ComposingController
from ui.controllers.conversation.conversation import ConversationController
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.controllers.asking.attachments import Deed
    from ui.controllers.regions.near import Near, NearSteps


class TrashQuestion(TrashBranch, frozen=True):
    """A question goes to the trash with what follows it."""


class TrashAnswer(TrashBranch, frozen=True):
    """An answer goes to the trash with what follows it."""


class TrashOnlyQuestion(TrashConversations, frozen=True):
    """The question that a conversation begins with goes to the trash, and the conversation with it."""

    @property
    def conversation_id(self) -> str:
        """The conversation."""
        return self.ids[0]


NAMES: dict[type, object] = {
    Rename: QT_TRANSLATE_NOOP("History", "rename"),
    File: QT_TRANSLATE_NOOP("History", "move to another folder"),
    Tag: QT_TRANSLATE_NOOP("History", "tag"),
    Untag: QT_TRANSLATE_NOOP("History", "take a tag away"),
    Pin: QT_TRANSLATE_NOOP("History", "pin"),
    TrashConversations: QT_TRANSLATE_NOOP("History", "delete conversation"),
    TakeBackConversations: QT_TRANSLATE_NOOP("History", "take back from the trash"),
    TrashBranch: QT_TRANSLATE_NOOP("History", "delete message"),
    TrashQuestion: QT_TRANSLATE_NOOP("History", "delete question"),
    TrashAnswer: QT_TRANSLATE_NOOP("History", "delete answer"),
    TrashOnlyQuestion: QT_TRANSLATE_NOOP("History", "delete question"),
    TakeBackBranch: QT_TRANSLATE_NOOP("History", "take back from the trash"),
    MakeFolder: QT_TRANSLATE_NOOP("History", "new folder"),
    RenameFolder: QT_TRANSLATE_NOOP("History", "rename folder"),
    RemoveFolder: QT_TRANSLATE_NOOP("History", "remove folder"),
    Began: QT_TRANSLATE_NOOP("History", "ask"),
    Asked: QT_TRANSLATE_NOOP("History", "ask"),
    AnsweredAgain: QT_TRANSLATE_NOOP("History", "answer again"),
    BranchedOff: QT_TRANSLATE_NOOP("History", "branch off"),
    Imported: QT_TRANSLATE_NOOP("History", "import"),
    Chose: QT_TRANSLATE_NOOP("History", "choose which pictures go along"),
}
"""What can be undone, as it is called behind "Undo:"."""

IN_A_CONVERSATION = (TrashBranch, TakeBackBranch, Asked, AnsweredAgain)
"""They change what is shown of one conversation."""


class _Offer(NamedTuple):
    """A notice with a way back, or forth again, that is right as long as `what` is next in line."""

    words: str
    what: Edit | Done
    back: bool


class HistoryController(QObject):
    """Whoever changes the library does it here, so that it can be taken back."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        asking: AskingController,
        composing: ComposingController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._conversations = conversations
        self._asking = asking
        self._composing = composing
        self._tasks = tasks
        self._history = History(services.store)
        self._offer: _Offer | None = None
        self._brought_back = NOTHING
        self._open_id = conversations.conversation_id

        def take(deed: Deed) -> None:
            from ui.controllers.pictures.removal import near_of  # not before something is done

            self.put_near(near_of(deed, composing.attachments, conversations))

        composing.attachments.done.connect(take)
        composing.attachments.taking.connect(lambda: self._hide_near(warnings=False))
        composing.editing.changed.connect(self._forget_near)
        conversations.opened.connect(self._turn)
        conversations.branch_left.connect(self._hide_near)
        asking.question_stored.connect(self._take_stored)
        asking.asked.connect(self.record)
        asking.answering_changed.connect(self._show)
        window.top_bar.renamed.connect(self.rename)
        actions = window.actions_table
        actions["undo"].triggered.connect(lambda: self.undo())
        actions["redo"].triggered.connect(lambda: self.redo())
        self._show()

    def do(self, edit: Edit, said: str = "") -> None:
        """Do something; `said` is what a notice says of it, with the way back, empty for none."""
        self._tasks.start(self._do(edit, said))

    def record(self, done: Done) -> None:
        """Something was done already that can be taken back."""
        self._history.record(done)
        self._near.library_changed()
        self._hide_near(warnings=False)
        self._show()

    def undo(self) -> None:
        """Take back what was done last."""
        if (near := self._nearest(back=True)) is not None:
            self._move_near(near, back=True)
        elif not self._waits_for_an_answer():
            self._tasks.start(self._move(self._history.undoable, back=True))

    def redo(self) -> None:
        """Do again what was taken back last."""
        if (near := self._nearest(back=False)) is not None:
            self._move_near(near, back=False)
        else:
            self._tasks.start(self._move(self._history.redoable, back=False))

    def put_near(self, near: Near) -> None:
        """Something was done to the next question: it is what Undo takes back first."""
        for before in self._near.put(near):
            self._window.notice.unsay(before.said)  # it would be taken back after this
        self._hide_near(warnings=False)
        if near.said:
            do = partial(self._move_near, near, back=True)
            self._window.show_notice(near.said, near.tone, self.tr("Undo"), do)
        self._show()

    def step_near(self, sha256: str, *, forth: bool) -> None:
        """Take back, or (`forth`) do again, what was done last to one picture of the next question."""
        if (near := self._near.about(sha256, forth=forth)) is not None:
            self._move_near(near, back=not forth)

    def delete(self, message: Message) -> None:
        """Put a message of the open conversation into the trash, with everything below it; where
        nothing would be left, the conversation."""
        thread = self._conversations.shown
        if thread is None or message.id not in thread.tree:
            return
        self._asking.stop_below(message.id)
        whole = message.parent_id is None and len(thread.beside(message.id)) == 1
        if whole:
            self.do(TrashOnlyQuestion((thread.id,)), self.tr("The conversation is in the trash for 30 days."))
        elif message.role is Role.USER:
            said = self.tr("The question and what follows it are in the trash for 30 days.")
            self.do(TrashQuestion(thread.id, message.id), said)
        else:
            self.do(TrashAnswer(thread.id, message.id), self.tr("The answer is in the trash for 30 days."))

    def rename(self, title: str) -> None:
        """Give the open conversation a title; without one, that of its first question."""
        shown = self._conversations.shown
        if shown is not None and title:
            self.do(Rename(shown.id, title))
        elif shown is not None and shown.branch:
            self._tasks.start(self._name_by_question(shown.id, shown.branch[0].id))

    async def _name_by_question(self, conversation_id: str, question_id: str) -> None:
        question = await self._conversations.message(question_id)
        if question is not None:
            await self._do(Rename(conversation_id, title_of(draft_of(question))), "")

    async def _do(self, edit: Edit, said: str) -> None:
        try:
            done = await self._history.do(edit)
        except (StoreFailed, ValueError) as error:
            self._window.show_notice(_sentence(error))
            return
        self._near.library_changed()
        self._hide_near(warnings=False)
        self._show()
        if done:
            await self._show_changed(edit)
        if done and said:
            self._tell(_Offer(said, edit, back=True))

    def _tell(self, offer: _Offer) -> None:
        """Say what was done, with the way back or forth."""

        def do() -> None:  # itself, whatever was done to the next question since
            self._tasks.start(self._move(offer.what, back=offer.back))

        words = self.tr("Undo") if offer.back else self.tr("Redo")
        self._window.show_notice(offer.words, "text_muted", words, do)
        self._offer = offer
        self._drop_stale_offer()

    def _drop_stale_offer(self) -> None:
        """Take the notice away once its button would take something else back."""
        offer = self._offer
        if offer is None:
            return
        following = self._history.undoable if offer.back else self._history.redoable
        if following is not offer.what:
            self._offer = None
            self._window.notice.unsay(offer.words)

    @cached_property
    def _near(self) -> NearSteps:
        """What was done to the next question."""
        from ui.controllers.regions.near import NearSteps  # not before something is

        return NearSteps(self._history)

    def _nearest(self, *, back: bool) -> Near | None:
        """What Undo, or Redo, comes to before anything in the library."""
        if "_near" not in self.__dict__:
            return None
        return self._near.undoable if back else self._near.redoable

    def _move_near(self, near: Near, *, back: bool) -> None:
        """Undo what was done to the next question, or do it again; perhaps after something else."""
        self._window.notice.unsay(near.said)
        self._near.move(near, back=back)
        self._show()

    def _hide_near(self, *, warnings: bool = True) -> None:
        """What was said of it is not true of another branch, or of another question. Where something
        else is done, Undo still comes to it, but nobody expects that of the button any more; what is
        seen again because of it (`warnings`) is still to be read."""
        for near in self._near if "_near" in self.__dict__ else ():
            if warnings or near.tone != "warning":
                self._window.notice.unsay(near.said)

    def _forget_near(self) -> None:
        """Another question is being written: what was done to the one before stays so."""
        if "_near" in self.__dict__:
            self._hide_near()
            self._near.clear()
            self._show()

    def _turn(self) -> None:
        """A conversation was opened, perhaps the same once more."""
        before, self._open_id = self._open_id, self._conversations.conversation_id
        if before != self._open_id:
            self._forget_near()

    def _take_stored(self, typed_in: str | None, _draft: Draft, stored_in: str) -> None:
        if self._open_id in (typed_in, stored_in):
            self._forget_near()

    async def _move(self, what: Edit | Done | None, *, back: bool) -> None:
        if what is None:
            return
        question = await self._question_of(what) if back else None
        chosen = self._asking.choices() if question is not None and isinstance(what, Began) else None
        try:
            moved = await (self._history.undo() if back else self._history.redo())
        except (StoreFailed, ValueError) as error:
            self._window.show_notice(_sentence(error))
            return
        finally:
            self._show()
        if moved is None:
            return
        asked = isinstance(moved, Began | Asked)
        if asked:
            self._composing.take_out(self._brought_back)
            self._brought_back = draft_of(question) if question is not None else NOTHING
            self._composing.drafts.bring(chosen or NOTHING_CHOSEN)
        await self._show_changed(moved, self._brought_back if asked else NOTHING, back=back)
        if asked and back:
            said = self.tr("The question and its answer are in the trash for 30 days.")
            self._tell(_Offer(said, moved, back=False))

    async def _question_of(self, what: Edit | Done) -> Message | None:
        """The question that comes back into the composer when its asking is undone; that of an
        edited question does not, as the one it was edited from is shown again."""
        thread = self._conversations.shown
        if thread is None or not isinstance(what, Began | Asked) or thread.id != what.conversation_id:
            return None
        question_id = what.question_id if isinstance(what, Asked) else thread.branch[0].id
        if question_id not in thread.tree or len(thread.beside(question_id)) > 1:
            return None
        return await self._conversations.message(question_id)

    def _waits_for_an_answer(self) -> bool:
        """Whether undoing would take away what is being answered."""
        what = self._history.undoable
        return isinstance(what, Began | Asked | AnsweredAgain) and self._asking.answers(what)

    async def _show_changed(
        self, what: Edit | Done, question: Draft = NOTHING, *, back: bool = False
    ) -> None:
        """Show the open conversation as it is now, and go to where something changed; `question` is
        to be typed again."""
        shown = self._conversations
        touched = _conversations_of(what)
        if shown.conversation_id in touched:
            if await shown.reload():
                self._composing.put_in(question)
            else:
                self._composing.open(None, bring=question)
        elif isinstance(what, (*IN_A_CONVERSATION, TrashOnlyQuestion if back else Began)):
            self._composing.open(what.conversation_id)
        shown.library_changed.emit(touched)

    def _show(self) -> None:
        actions, history = self._window.actions_table, self._history
        for name, what, words, nothing in (
            ("undo", history.undoable, self.tr("Undo: {what}"), self.tr("There is nothing to undo.")),
            ("redo", history.redoable, self.tr("Redo: {what}"), self.tr("There is nothing to redo.")),
        ):
            known = None if what is None else NAMES.get(type(what))
            called = QCoreApplication.translate("History", str(known)) if known else ""
            near = self._nearest(back=name == "undo")
            called = near.words if near else called
            actions.say(name, words.format(what=called) if called else "")
            actions.forbid(name, "" if near or what is not None else nothing)
        if self._nearest(back=True) is None and self._waits_for_an_answer():
            actions.forbid("undo", self.tr("It is still being answered. Stop the answer first."))
        self._drop_stale_offer()


def _conversations_of(what: Edit | Done) -> tuple[str, ...]:
    """The ids of the conversations that look different after it."""
    if isinstance(what, TrashConversations | TakeBackConversations | Imported | Tag | Untag | Pin):
        return what.ids
    if isinstance(what, BranchedOff):
        return (what.new_id,)
    if isinstance(what, Rename | Began | Asked | AnsweredAgain | TrashBranch | TakeBackBranch | Chose):
        return (what.conversation_id,)
    if isinstance(what, File):
        return tuple(conversation_id for conversation_id, _ in what.places)
    return ()


def _sentence(error: Exception) -> str:
    if isinstance(error, StoreFailed):
        return problems.sentence(error)
    return QCoreApplication.translate("History", "The folder is not there any more.")
