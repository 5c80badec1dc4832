"""Undo and redo in the window: what it is called, where it is shown, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject

from app.chat.edits import (
    AnsweredAgain,
    Asked,
    Began,
    BranchedOff,
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
from app.domain.errors import StoreFailed
from app.domain.message import Message, Role
from app.services import Services
from ui import problems
from ui.controllers.asking import AskingController
from ui.controllers.composing import ComposingController
from ui.controllers.conversation import ConversationController
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

NAMES: dict[type, object] = {
    Rename: QT_TRANSLATE_NOOP("History", "rename"),
    File: QT_TRANSLATE_NOOP("History", "move to another folder"),
    Tag: QT_TRANSLATE_NOOP("History", "tag"),
    Untag: QT_TRANSLATE_NOOP("History", "take a tag away"),
    Pin: QT_TRANSLATE_NOOP("History", "pin"),
    TrashConversations: QT_TRANSLATE_NOOP("History", "delete conversation"),
    TakeBackConversations: QT_TRANSLATE_NOOP("History", "take back from the trash"),
    TrashBranch: QT_TRANSLATE_NOOP("History", "delete message"),
    TakeBackBranch: QT_TRANSLATE_NOOP("History", "take back from the trash"),
    MakeFolder: QT_TRANSLATE_NOOP("History", "new folder"),
    RenameFolder: QT_TRANSLATE_NOOP("History", "rename folder"),
    RemoveFolder: QT_TRANSLATE_NOOP("History", "remove folder"),
    Began: QT_TRANSLATE_NOOP("History", "ask"),
    Asked: QT_TRANSLATE_NOOP("History", "ask"),
    AnsweredAgain: QT_TRANSLATE_NOOP("History", "answer again"),
    BranchedOff: QT_TRANSLATE_NOOP("History", "branch off"),
    Imported: QT_TRANSLATE_NOOP("History", "import"),
}
"""What can be undone, as it is called behind "Undo:"."""

DELETE_NAMES = {
    Role.USER: QT_TRANSLATE_NOOP("History", "delete question"),
    Role.ASSISTANT: QT_TRANSLATE_NOOP("History", "delete answer"),
}
IN_A_CONVERSATION = (TrashBranch, TakeBackBranch, Asked, AnsweredAgain)
"""They change what is shown of one conversation."""


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
        self._names: dict[Edit | Done, object] = {}
        asking.asked.connect(self.record)
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
        self._show()

    def undo(self) -> None:
        """Take back what was done last."""
        self._tasks.start(self._move(self._history.undo, self._history.undoable))

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._tasks.start(self._move(self._history.redo, self._history.redoable))

    def delete(self, message: Message) -> None:
        """Put a message of the open conversation into the trash, with everything below it."""
        conversation_id = self._conversations.conversation_id
        if conversation_id is None:
            return
        edit = TrashBranch(conversation_id, message.id)
        self._names[edit] = DELETE_NAMES[message.role]
        question = message.role is Role.USER
        self._asking.stop_below(message.id)
        self.do(
            edit,
            self.tr("The question and what follows it are in the trash for 30 days.")
            if question
            else self.tr("The answer is in the trash for 30 days."),
        )

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
        self._show()
        if done:
            await self._show_changed(edit)
        if done and said:
            self._window.show_notice(said, "text_muted", self.tr("Undo"), self._undo_if(edit))

    def _undo_if(self, edit: Edit) -> Callable[[], None]:
        """Takes an edit back, unless something else was done since, which would be taken back instead."""

        def undo() -> None:
            if self._history.undoable == edit:
                self.undo()

        return undo

    async def _move(
        self, move: Callable[[], Awaitable[Edit | Done | None]], what: Edit | Done | None
    ) -> None:
        if what is None:
            return
        if isinstance(what, Asked | AnsweredAgain):
            self._asking.stop_below(what.question_id if isinstance(what, Asked) else what.answer_id)
        self._window.notice.hide()
        try:
            moved = await move()
        except (StoreFailed, ValueError) as error:
            self._window.show_notice(_sentence(error))
            return
        finally:
            self._show()
        if moved is not None:
            await self._show_changed(moved)

    async def _show_changed(self, what: Edit | Done) -> None:
        """Show the open conversation as it is now, and go to where something changed."""
        shown = self._conversations
        touched = _conversations_of(what)
        if shown.conversation_id in touched:
            if not await shown.reload():
                self._composing.open(None)
        elif isinstance(what, IN_A_CONVERSATION):
            self._composing.open(what.conversation_id)
        shown.library_changed.emit(touched)

    def _show(self) -> None:
        actions, history = self._window.actions_table, self._history
        for name, what, words, nothing in (
            ("undo", history.undoable, self.tr("Undo: {what}"), self.tr("There is nothing to undo.")),
            ("redo", history.redoable, self.tr("Redo: {what}"), self.tr("There is nothing to redo.")),
        ):
            known = None if what is None else self._names.get(what, NAMES.get(type(what)))
            called = QCoreApplication.translate("History", str(known)) if known else ""
            actions.say(name, words.format(what=called) if called else "")
            actions.forbid(name, "" if what is not None else nothing)


def _conversations_of(what: Edit | Done) -> tuple[str, ...]:
    """The ids of the conversations that look different after it."""
    if isinstance(what, TrashConversations | TakeBackConversations | Imported | Tag | Untag | Pin):
        return what.ids
    if isinstance(what, BranchedOff):
        return (what.new_id,)
    if isinstance(what, Rename | Began | Asked | AnsweredAgain | TrashBranch | TakeBackBranch):
        return (what.conversation_id,)
    if isinstance(what, File):
        return tuple(conversation_id for conversation_id, _ in what.places)
    return ()


def _sentence(error: Exception) -> str:
    if isinstance(error, StoreFailed):
        return problems.sentence(error)
    return QCoreApplication.translate("History", "The folder is not there any more.")
