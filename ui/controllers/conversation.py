"""The open conversation: asking, answering, stopping, and opening another one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.chat.answering import Show, Snapshot
from app.chat.exchange import Exchange
from app.chat.route import Route
from app.domain.conversation import Conversation, Draft
from app.domain.errors import InputRefused, StoreFailed
from app.domain.message import Message, Status
from app.providers.registry import UnknownEndpoint
from app.services import Services
from ui import problems
from ui.controllers.entries import AGAIN, ENTER_KEY, NEXT, PREVIOUS, Place, entry_of
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.transcript.announcer import announce
from ui.transcript.entry import Entry
from ui.transcript.stream_buffer import StreamBuffer

Answering = Callable[[], Awaitable[Message]]


@dataclass(slots=True)
class _Running:
    exchange: Exchange
    stored: Conversation
    snapshot: Snapshot

    @property
    def leaf(self) -> str:
        """The id of the answer that is shown while it grows: the first of those asked for."""
        return self.exchange.answer.id

    @property
    def conversation(self) -> Conversation:
        """The conversation with its question as answered and the answers as they are now."""
        stored, question = self.stored, self.exchange.question.replace(status=Status.DONE)
        now = {message.id: message for message in (question, self.snapshot.message, *self.snapshot.siblings)}
        known = tuple(now.pop(message.id, message) for message in stored.messages)
        return stored.replace(messages=(*known, *now.values()))


class ConversationController(QObject):
    """An answer runs on in its own conversation, whichever one is on the screen."""

    opened = Signal()
    """Another conversation, or a new one, is on the screen."""

    library_changed = Signal()
    """A conversation was created or has changed."""

    question_stored = Signal(object, object)
    """A question is in the library: the id of the conversation it was typed in (None for a
    new one) and its draft. The composer need not hold it any more."""

    running_changed = Signal()
    """The open conversation began or ended an answer."""

    again_requested = Signal(str)
    """The id of a question that the user wants answered once more."""

    key_requested = Signal(str)
    """The id of an endpoint whose key the user wants to enter."""

    def __init__(self, window: MainWindow, services: Services, tasks: TaskOwner) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._tasks = tasks
        self._buffer = StreamBuffer(window.transcript)
        self._conversation: Conversation | None = None
        self._leaf: str | None = None
        self._running: dict[str, _Running] = {}
        self._storing = False
        window.transcript.action_requested.connect(self._act)

    @property
    def conversation_id(self) -> str | None:
        """The open conversation; None for a new one that has no question yet."""
        return self._conversation.id if self._conversation else None

    @property
    def session(self) -> str:
        """The id under which endpoints are asked to keep the open conversation; empty for none."""
        return self._conversation.session if self._conversation else ""

    @property
    def asking(self) -> bool:
        """Whether the open conversation is being answered, or a question is being stored."""
        return self._storing or self.conversation_id in self._running

    @property
    def pictures(self) -> list[tuple[str, str]]:
        """The (sha256, name) of the pictures on the shown branch, oldest first."""
        branch = self._conversation.branch(self._leaf or "") if self._conversation else ()
        return [(part.sha256, part.name) for message in branch for part in message.pictures]

    def has_pictures(self, question_id: str) -> bool:
        """Whether pictures come with a question of the open conversation."""
        messages = self._conversation.messages if self._conversation else ()
        return any(message.pictures for message in messages if message.id == question_id)

    async def fetch(self, conversation_id: str | None) -> Conversation | None:
        """A conversation of the library. None for a new one, and, after saying so in the window,
        for one that cannot be read."""
        if conversation_id is None:
            return None
        try:
            return await self._services.store.conversations.get(conversation_id)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
        except KeyError:
            self._window.show_notice(self.tr("This conversation is no longer in the library."))
        return None

    def show(self, conversation: Conversation | None, leaf: str | None = None) -> None:
        """Put a conversation on the screen, by default its newest branch; or an empty one (None),
        of which nothing is stored before its first question."""
        running = self._running.get(conversation.id) if conversation else None
        if running is not None and leaf is None:
            leaf = running.leaf
        self._conversation = running.conversation if running else conversation
        self._leaf = leaf
        entries = self._entries()
        self._buffer.clear()
        self._window.transcript.set_entries(entries)
        self._window.show_conversation(bool(entries))
        self._window.set_title(conversation.title if conversation else "")
        self.opened.emit()
        self.running_changed.emit()

    def _entries(self) -> list[Entry]:
        """The shown branch as rows."""
        conversation = self._conversation
        return (
            [self._entry(message) for message in conversation.branch(self._leaf or "")]
            if conversation
            else []
        )

    def _entry(self, message: Message) -> Entry:
        assert self._conversation is not None
        beside = [answer.id for answer in self._conversation.tree.siblings(message)]
        running = self._running.get(self._conversation.id)
        if running is not None and message.id == running.leaf:
            snapshot = running.snapshot
            return entry_of(snapshot.message, snapshot.progress, running=True)
        if running is not None and message.id in [sibling.id for sibling in running.snapshot.siblings]:
            return entry_of(message, running=True)
        return entry_of(message, place=Place(beside.index(message.id) + 1, len(beside)))

    def ask(self, draft: Draft, route: Route, title: str = "") -> None:
        """Store the question, then answer it. The draft stays in the composer if storing fails.

        `title` is for a new conversation; without one its first words are taken.
        """
        if not self.asking:
            self._storing = True
            self._tasks.start(self._ask(draft, route, title, self._conversation, self._leaf))
            self.running_changed.emit()

    def ask_again(self, question_id: str, route: Route) -> None:
        """Answer a stored question of the open conversation once more; the other answers stay."""
        if not self.asking and self._conversation is not None:
            self._storing = True
            self._tasks.start(self._ask_again(self._conversation, question_id, route))
            self.running_changed.emit()

    async def resume_pending(self) -> None:
        """Go on fetching the answers that endpoints still made when the program ended.

        Those of an endpoint that is set up no more stay as they are.
        """
        try:
            for conversation_id, answer in await self._services.chat.pending():
                conversation = await self._services.store.conversations.get(conversation_id)
                if conversation_id not in self._running:
                    self._resume(conversation, answer)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))

    def _resume(self, conversation: Conversation, answer: Message) -> bool:
        """Go on fetching an answer; False where it has no ticket, or nobody to fetch it from."""
        run = answer.run
        if run is None or run.ticket is None or answer.parent_id is None:
            return False
        try:
            provider = self._services.registry.provider(run.ticket.endpoint_id)
        except (UnknownEndpoint, InputRefused):
            return False
        question = conversation.branch(answer.parent_id)[-1]
        waiting = answer.replace(status=Status.PENDING, problem=None)
        exchange, route = Exchange(conversation.id, question, waiting), Route(provider, run.model)
        show = self._showing(exchange)
        self._start(
            exchange, conversation, lambda: self._services.chat.resume(conversation.id, waiting, route, show)
        )
        if conversation.id == self.conversation_id:
            self._buffer.put(entry_of(waiting, running=True))
        return True

    def stop(self) -> None:
        """End the answer of the open conversation and keep what arrived."""
        if self.conversation_id is not None:
            self._tasks.cancel(_answering(self.conversation_id))

    async def _ask(
        self, draft: Draft, route: Route, title: str, conversation: Conversation | None, leaf: str | None
    ) -> None:
        typed_in = conversation.id if conversation else None
        try:
            below = conversation.branch(leaf or "")[-1].id if conversation else None
            exchange = await self._services.chat.ask(draft, route, typed_in, below, title)
            grown = await self._services.store.conversations.get(exchange.conversation_id)
        except StoreFailed as error:
            kept = self.tr("Your question was not sent; it is still below.")
            self._window.show_notice(f"{problems.sentence(error)} {kept}")
            return
        finally:
            self._storing = False
            self.running_changed.emit()
        self._answer(exchange, grown, route)
        self.question_stored.emit(typed_in, draft)
        self._show_begun(grown, typed_in)

    async def _ask_again(self, conversation: Conversation, question_id: str, route: Route) -> None:
        try:
            exchange = await self._services.chat.ask_again(conversation.id, question_id, route)
            grown = await self._services.store.conversations.get(conversation.id)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        finally:
            self._storing = False
            self.running_changed.emit()
        self._answer(exchange, grown, route)
        self._show_begun(grown, conversation.id)

    def _show_begun(self, grown: Conversation, asked_in: str | None) -> None:
        if asked_in == self.conversation_id:
            self.show(grown)
        self.library_changed.emit()

    def _answer(self, exchange: Exchange, stored: Conversation, route: Route) -> None:
        show = self._showing(exchange)
        self._start(exchange, stored, lambda: self._services.chat.answer(exchange, route, show))

    def _start(self, exchange: Exchange, stored: Conversation, answering: Answering) -> None:
        conversation_id = exchange.conversation_id
        self._running[conversation_id] = _Running(exchange, stored, Snapshot(exchange.answer))
        self._tasks.start(self._run(conversation_id, answering), _answering(conversation_id))
        if conversation_id == self.conversation_id:
            self.running_changed.emit()

    def _showing(self, exchange: Exchange) -> Show:
        conversation_id = exchange.conversation_id

        def show(snapshot: Snapshot) -> None:
            self._running[conversation_id].snapshot = snapshot
            if conversation_id == self.conversation_id:
                self._buffer.put(entry_of(snapshot.message, snapshot.progress, running=True))
                for sibling in snapshot.siblings:
                    self._buffer.put(entry_of(sibling, running=True))
                if snapshot.unsaved is not None:
                    later = self.tr("The answer is saved as soon as that works again.")
                    self._window.show_notice(f"{problems.sentence(snapshot.unsaved)} {later}")

        return show

    async def _run(self, conversation_id: str, answering: Answering) -> None:
        try:
            await answering()
        finally:
            self._finished(conversation_id)

    def _finished(self, conversation_id: str) -> None:
        running = self._running.pop(conversation_id)
        if conversation_id == self.conversation_id:
            self._conversation = running.conversation
            for answer in (running.snapshot.message, *running.snapshot.siblings):
                self._buffer.put(self._entry(answer))
        self.running_changed.emit()
        self.library_changed.emit()

    def act_on_last(self, action: str) -> None:
        """Do what is offered below the last answer, where `action` is."""
        entries = self._entries()
        if entries and action in [offered.id for offered in entries[-1].actions]:
            self._act(entries[-1].id, action)
            if action in (PREVIOUS, NEXT):
                announce(self._window.transcript, self._entries()[-1])

    def _act(self, message_id: str, action: str) -> None:
        """Do what was chosen below a message."""
        conversation = self._conversation
        message = (
            next((m for m in conversation.messages if m.id == message_id), None) if conversation else None
        )
        if conversation is None or message is None:
            return
        if action in (PREVIOUS, NEXT):
            beside = [answer.id for answer in conversation.tree.siblings(message)]
            step = 1 if action == NEXT else -1
            wanted = beside[(beside.index(message_id) + step) % len(beside)]
            self.show(conversation, conversation.tree.newest_below(wanted))
        elif action == AGAIN and message.parent_id is not None and not self.asking:
            if not self._resume(conversation, message):
                self.again_requested.emit(message.parent_id)
        elif action == ENTER_KEY and message.run is not None:
            self.key_requested.emit(message.run.endpoint_id)


def _answering(conversation_id: str) -> str:
    return f"answer {conversation_id}"
