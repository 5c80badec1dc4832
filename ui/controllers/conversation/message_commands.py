"""What can be done with a message: by its words, its menu, and by commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.chat.edits import BranchedOff
from app.chat.route import Route
from app.domain.errors import StoreFailed
from app.domain.message import Message, Role, Status
from app.services import Services
from ui import problems
from ui.controllers.asking.asking import AskingController, Request
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.entries import (
    AGAIN,
    BRANCH_OFF,
    CARD,
    COMPARE,
    COPY,
    DELETE,
    EDIT,
    ENTER_KEY,
    GO_ON,
    NEXT,
    OTHER_QUESTION,
    PREVIOUS,
    REPLAY,
    SWAP,
    can_go_on,
)
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from app.domain.conversation import Node

OF_A_QUESTION = (EDIT, *OTHER_QUESTION.values())
OF_EITHER = (COPY, DELETE, BRANCH_OFF, SWAP, COMPARE)
OF_A_WHOLE_ANSWER = (AGAIN, GO_ON, REPLAY)
COMMANDS = (EDIT, COPY, AGAIN, GO_ON, BRANCH_OFF, REPLAY, CARD, DELETE, PREVIOUS, NEXT, SWAP, COMPARE)
NEED_A_MESSAGE = (
    *COMMANDS,
    *OTHER_QUESTION.values(),
    *("find", "find-next", "find-previous", "export"),
)


class MessageCommands(QObject):
    """An action that is not possible (any more) does nothing."""

    edit_requested = Signal(object)
    """A question (Message) is to be edited."""

    delete_requested = Signal(object)
    """A Message is to go to the trash with what follows."""

    branched_off = Signal(object)
    """A branch was copied to a conversation of its own (BranchedOff)."""

    comparison_requested = Signal(object, bool)
    """The same as a Message, a question or an answer, is to be asked of other pictures: of one, or
    (True) in a table."""

    key_requested = Signal(str)
    """The id of an endpoint whose key the user wants to enter."""

    sent_requested = Signal(object)
    """What was sent for an answer (Message) is to be shown."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        asking: AskingController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._conversations = conversations
        self._asking = asking
        self._tasks = tasks
        self.route: Callable[[], Route]
        """Who answers what is asked again."""
        self.blocked: Callable[[bool], str]
        """Why nobody can, given whether pictures go along; empty when somebody can."""
        self._deeds: dict[str, Callable[[Message], Awaitable[None]]] = {
            EDIT: self._edit,
            COPY: self._copy,
            AGAIN: self._again,
            GO_ON: self._go_on,
            BRANCH_OFF: self._branch_off,
            REPLAY: self._replay,
            CARD: self._show_card,
            SWAP: self._swap,
            COMPARE: self._compare,
            DELETE: self._delete,
            ENTER_KEY: self._enter_key,
        }
        window.talk.when_made(lambda transcript: transcript.action_requested.connect(self.act))
        for name in COMMANDS:
            window.actions_table[name].triggered.connect(lambda _=False, name=name: self.act_on_current(name))
        for step, name in OTHER_QUESTION.items():
            action = window.actions_table[name]
            action.triggered.connect(lambda _=False, step=step: self._step_question(step))
        conversations.branch_shown.connect(self._show_possible)
        conversations.running_changed.connect(self._show_possible)

    def act(self, message_id: str, action: str) -> None:
        """Do what was chosen of a message of the open conversation."""
        if action in (PREVIOUS, NEXT):
            self._step(message_id, action)
        elif action in self._deeds:
            self._tasks.start(self._do(message_id, action))

    def act_on_current(self, action: str) -> None:
        """Do something with the message with the ring, the answer below it or the question above it,
        whichever it suits; without a ring with the last one."""
        if (node := self.meant_by(action)) is not None:
            self.act(node.id, action)

    def _show_possible(self) -> None:
        """Forbid the commands that would do nothing now."""
        thread, actions = self._conversations.shown, self._window.actions_table
        nothing = "" if thread and thread.branch else self.tr("Nothing has been asked here yet.")
        running = self._conversations.shown_running is not None
        grows = self.tr("It is still being answered. Stop the answer first.") if running else ""
        for name in NEED_A_MESSAGE:
            actions.forbid(name, nothing or (grows if name in OF_A_WHOLE_ANSWER else ""))

    # ---- which message

    def meant_by(self, action: str) -> Node | None:
        """The message that a command is about now."""
        current = self._current()
        role = Role.USER if action in OF_A_QUESTION else Role.ASSISTANT
        if current is None:
            return self._last(role)
        if action in OF_EITHER or current.role is role:
            return current
        if action in (PREVIOUS, NEXT) and self._has_siblings(current):
            return current
        return self._beside(current, role)

    def _beside(self, node: Node, role: Role) -> Node | None:
        """The shown answer to a question, or the question of an answer."""
        thread = self._conversations.shown
        branch = thread.branch if thread is not None else ()
        if role is Role.USER:
            return next((other for other in branch if other.id == node.parent_id), None)
        return next((other for other in branch if other.parent_id == node.id), None)

    def _current(self) -> Node | None:
        thread = self._conversations.shown
        if thread is None:
            return None
        current = self._window.transcript.current_message
        return thread.tree[current] if thread.shows(current) else None

    def _last(self, role: Role) -> Node | None:
        thread = self._conversations.shown
        branch = thread.branch if thread else ()
        return next((node for node in reversed(branch) if node.role is role), None)

    def _has_siblings(self, node: Node) -> bool:
        thread = self._conversations.shown
        return thread is not None and len(thread.tree.siblings(node)) > 1

    def _step_question(self, step: str) -> None:
        """Go to another version of the current question, or of the last one that has some."""
        node, thread = self._current(), self._conversations.shown
        if node is None or node.role is not Role.USER or not self._has_siblings(node):
            branch = reversed(thread.branch if thread else ())
            node = next((n for n in branch if n.role is Role.USER and self._has_siblings(n)), None)
        if node is not None:
            self._step(node.id, step)

    def _step(self, message_id: str, step: str) -> None:
        thread = self._conversations.shown
        if thread is None or message_id not in thread.tree:
            return
        beside = thread.beside(message_id)
        if len(beside) > 1:
            wanted = beside[(beside.index(message_id) + (1 if step == NEXT else -1)) % len(beside)]
            self._conversations.show_branch(wanted, spoken=True)

    # ---- what is done

    async def _do(self, message_id: str, action: str) -> None:
        thread = self._conversations.shown
        if thread is None or message_id not in thread.tree:
            return
        message = await self._conversations.message(message_id)
        if message is not None and thread is self._conversations.shown:
            await self._deeds[action](message)

    async def _edit(self, message: Message) -> None:
        if message.role is Role.USER:
            self.edit_requested.emit(message)

    async def _copy(self, message: Message) -> None:
        QGuiApplication.clipboard().setText(message.text)

    async def _delete(self, message: Message) -> None:
        self.delete_requested.emit(message)

    async def _swap(self, message: Message) -> None:
        self.comparison_requested.emit(message, False)

    async def _compare(self, message: Message) -> None:
        self.comparison_requested.emit(message, True)

    async def _enter_key(self, message: Message) -> None:
        if message.run is not None:
            self.key_requested.emit(message.run.endpoint_id)

    async def _again(self, message: Message) -> None:
        """Fetch an answer that can still be fetched, else have its question answered anew by whoever
        is chosen now."""
        conversation_id, question_id = self._conversations.conversation_id, message.parent_id
        if conversation_id is None or question_id is None or self._asking.runs(message.id):
            return
        whole = message.status is Status.DONE
        try:
            resumed = not whole and await self._asking.resume(conversation_id, message)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        if not resumed and (route := self._route(question_id)) is not None:
            self._ask_again(conversation_id, question_id, route)

    def _ask_again(self, conversation_id: str, question_id: str, route: Route) -> None:
        chat = self._services.chat

        async def ask() -> Request:
            return await chat.ask_again(conversation_id, question_id, route), route

        self._asking.ask_with(ask)

    async def _go_on(self, message: Message) -> None:
        conversation_id = self._conversations.conversation_id
        if conversation_id is None or message.parent_id is None:
            return
        if not can_go_on(message):
            self._window.show_notice(self.tr("The answer was not cut off; there is nothing to go on with."))
            return
        route, chat = self._route(message.parent_id), self._services.chat
        if route is None:
            return

        async def ask() -> Request:
            return await chat.go_on(conversation_id, message.id, route), route

        self._asking.ask_with(ask)

    async def _replay(self, message: Message) -> None:
        conversation_id, chat = self._conversations.conversation_id, self._services.chat
        if conversation_id is None or message.run is None or not message.status.finished:
            return

        async def ask() -> Request:
            return await chat.replay(conversation_id, message.id)

        self._asking.ask_with(ask)

    def _route(self, question_id: str) -> Route | None:
        """Who is asked now; None, after saying why, where nobody can be."""
        if why := self.blocked(self._conversations.has_pictures(question_id)):
            self._window.show_notice(why)
            return None
        return self.route()

    async def _branch_off(self, message: Message) -> None:
        thread = self._conversations.shown
        if thread is None:
            return
        title = self.tr("{title} (branch)").format(title=thread.title)
        try:
            new_id = await self._services.chat.branch_off(thread.id, message.id, title)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
        except KeyError:
            self._window.show_notice(self.tr("This message is no longer in the library."))
        else:
            self.branched_off.emit(BranchedOff(thread.id, new_id))

    async def _show_card(self, message: Message) -> None:
        if message.run is not None:
            from ui.controllers.conversation.run_card import (
                card_of,  # not needed before the first card is opened
            )
            from ui.run_card_dialog import RunCardDialog

            dialog = RunCardDialog(card_of(message, dict(self._conversations.pictures)), self._window)
            if message.run.prepared:
                dialog.offer_sent(lambda: self.sent_requested.emit(message))
            dialog.open()
