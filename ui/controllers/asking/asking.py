"""Asking: a question is stored first, then answered, wherever the user goes meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Signal

from app.chat.edits import AnsweredAgain, Asked, Began, Done
from app.chat.exchange import Exchange
from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.errors import FoveaError, InputRefused, StoreFailed
from app.domain.message import Message, Status
from app.domain.region import PictureChoices
from app.providers.registry import UnknownEndpoint
from app.services import Services
from ui import problems
from ui.controllers.asking.running import RunningAnswers
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.thread import Thread
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

Request = tuple[Exchange, Route]
Asking = Callable[[], Awaitable[Request]]
"""Stores what is asked, and says who answers it."""

STORED_WITHIN_S = 5.0
"""What hangs for longer than that is not waited for when the window closes."""


class AskingController(QObject):
    """Starts answers and ends them; what they say is shown by the ConversationController."""

    question_stored = Signal(object, object, str)
    """A question is in the library: the id of the conversation it was typed in (None for a
    new one), its draft, and the id of the conversation it is in now. The composer need not hold it
    any more."""

    asked = Signal(object)
    """Something was stored that can be undone: Began, Asked or AnsweredAgain."""

    answering_changed = Signal()
    """An answer began or ended, wherever."""

    storing_changed = Signal()
    """A question began to be stored, or is."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        running: RunningAnswers,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._conversations = conversations
        self._running = running
        self._tasks = tasks
        self._storing: set[str | None] = set()
        self._stored = asyncio.Event()
        self._stored.set()
        self.choices: Callable[[], PictureChoices | None] = lambda: None
        """What holds for the pictures of the next question; None for what the conversation keeps."""
        running.changed.connect(lambda _: self.answering_changed.emit())

    @property
    def storing(self) -> bool:
        """Whether something is being stored in the open conversation."""
        return self._conversations.conversation_id in self._storing

    @property
    def asking(self) -> bool:
        """Whether the shown branch is being answered, or a question is being stored."""
        return self.storing or self._conversations.shown_running is not None

    async def settled(self) -> None:
        """Wait until no question is being stored, which takes no longer than the disk."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STORED_WITHIN_S):
                await self._stored.wait()

    def runs(self, message_id: str) -> bool:
        """Whether a message is an answer on its way."""
        return self._running.holding(message_id) is not None

    def answers(self, done: Began | Asked | AnsweredAgain) -> bool:
        """Whether what was asked there is still being answered."""
        running = self._running.of(done.conversation_id)
        if isinstance(done, Asked):
            return any(each.exchange.question.id == done.question_id for each in running)
        if isinstance(done, AnsweredAgain):
            return any(each.answer(done.answer_id) is not None for each in running)
        return bool(running)

    def ask(self, draft: Draft, route: Route, title: str = "") -> None:
        """Store the question, then answer it: below what is shown, or beside the question that it
        edits. The draft stays in the composer if storing fails.

        `title` is for a new conversation; without one its first words are taken.
        """
        thread, chat = self._conversations.shown, self._services.chat
        if self.storing or (self.asking and not draft.edits):
            return
        typed_in, below, choices = thread.id if thread else None, below_of(thread, draft), self.choices()

        async def ask() -> Request:
            return await chat.ask(draft, route, typed_in, below, title, choices), route

        def stored(exchange: Exchange) -> Done:
            self.question_stored.emit(typed_in, draft, exchange.conversation_id)
            if thread is None:
                return Began(exchange.conversation_id)
            return Asked(thread.id, exchange.question.id, leaf)

        leaf = thread.leaf if thread else ""
        kept = self.tr("Your question was not sent; it is still below.")
        self._store(ask, kept, stored)

    def ask_with(self, asking: Asking) -> None:
        """Let `asking` store another answer in the open conversation, and answer it; the other
        answers stay."""
        thread = self._conversations.shown
        if thread is not None and not self.storing:
            leaf = thread.leaf
            self._store(asking, "", lambda exchange: AnsweredAgain(thread.id, exchange.answer.id, leaf))

    def stop(self) -> None:
        """End the answer that is on the screen and keep what arrived."""
        if (running := self._conversations.shown_running) is not None:
            self._running.stop(running)

    def stop_below(self, message_id: str) -> None:
        """End the answers of the open conversation that hang below a message, itself included."""
        thread = self._conversations.shown
        for running in self._running.of(thread.id) if thread else ():
            branch = thread.tree.branch(running.exchange.answer.id) if thread else ()
            if any(node.id == message_id for node in branch):
                self._running.stop(running)

    async def resume_pending(self) -> None:
        """Go on fetching the answers that endpoints still made when the program ended.

        Those of an endpoint that is set up no more stay as they are.
        """
        try:
            for conversation_id, answer in await self._services.chat.pending():
                if self._running.holding(answer.id) is None:
                    await self.resume(conversation_id, answer)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))

    async def resume(self, conversation_id: str, answer: Message) -> bool:
        """Go on fetching an answer, unless that runs; False where it has no ticket, or nobody to
        fetch it from.

        Raises StoreFailed.
        """
        run = answer.run
        if run is None or run.ticket is None or answer.parent_id is None:
            return False
        try:
            provider = self._services.registry.provider(run.ticket.endpoint_id)
        except (UnknownEndpoint, InputRefused):
            return False
        question = await self._services.store.conversations.messages([answer.parent_id])
        if not question:
            return False
        if self.runs(answer.id):
            return True
        waiting = answer.replace(status=Status.PENDING, problem=None)
        route, chat = Route(provider, run.model), self._services.chat
        exchange = Exchange(conversation_id, question[0], waiting)
        self._running.start(exchange, lambda show: chat.resume(conversation_id, waiting, route, show))
        return True

    def _store(self, asking: Asking, kept: str, stored: Callable[[Exchange], Done]) -> None:
        thread = self._conversations.shown
        self._storing.add(thread.id if thread else None)
        self._stored.clear()
        left = self._conversations.left_for_new
        self._tasks.start(self._begin(asking, kept, stored, thread, left))
        self.storing_changed.emit()

    async def _begin(
        self,
        asking: Asking,
        kept: str,
        stored: Callable[[Exchange], Done],
        thread: Thread | None,
        left_for_new: int,
    ) -> None:
        """`kept` says what is not lost where storing fails; `stored` is called when it worked, and
        says what that was."""
        asked_in, leaf = (thread.id, thread.leaf) if thread else (None, "")
        try:
            exchange, route = await asking()
            self._running.start(exchange, lambda show: self._services.chat.answer(exchange, route, show))
            if asked_in is None:
                await self._show_new(exchange.conversation_id, left_for_new)
            elif asked_in == self._conversations.conversation_id:
                self._conversations.show_begun(exchange, leaf)
            self._conversations.library_changed.emit((exchange.conversation_id,))
            self.asked.emit(stored(exchange))
        except FoveaError as error:
            self._window.show_notice(" ".join(filter(None, (problems.sentence(error), kept))))
        except KeyError:
            gone = self.tr("What this belongs to is no longer in the library.")
            self._window.show_notice(" ".join(filter(None, (gone, kept))))
        finally:
            self._storing.discard(asked_in)
            if not self._storing:
                self._stored.set()
            self.storing_changed.emit()

    async def _show_new(self, conversation_id: str, left_for_new: int) -> None:
        """Show a conversation that was just begun, unless the user left it: for another, or for a
        new one, which was asked for `left_for_new` times before."""
        shown = self._conversations
        loaded = await shown.fetch(conversation_id) if shown.shown is None else None
        if loaded is not None and shown.shown is None and shown.left_for_new == left_for_new:
            shown.show(loaded)


def below_of(thread: Thread | None, draft: Draft) -> str | None:
    """The id of the message that a question comes below: the last one shown, or what the question
    that it edits follows (empty for the root). None where nothing was asked yet."""
    if thread is None:
        return None
    if draft.edits in thread.tree:
        return thread.tree[draft.edits].parent_id or ""
    return thread.leaf
