"""The open conversation: asking, answering, stopping, and opening another one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.chat.answering import Snapshot
from app.chat.route import Route
from app.chat.service import Exchange
from app.domain.conversation import Conversation, Draft
from app.domain.errors import StoreFailed
from app.domain.message import Message
from app.services import Services
from ui import problems
from ui.controllers.entries import entry_of
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.transcript.stream_buffer import StreamBuffer


@dataclass(slots=True)
class _Running:
    exchange: Exchange
    snapshot: Snapshot

    def messages(self) -> tuple[Message, ...]:
        """The branch with the answer as it is now."""
        *earlier, _ = self.exchange.conversation.branch(self.exchange.answer.id)
        return (*earlier, self.snapshot.message)


class ConversationController(QObject):
    """An answer runs on in its own conversation, whichever one is on the screen."""

    opened = Signal()
    """Another conversation, or a new one, is on the screen."""

    library_changed = Signal()
    """A conversation was created or has changed."""

    question_stored = Signal(object, str)
    """A question is in the library: the id of the conversation it was typed in (None for a
    new one) and its text. The composer need not hold it any more."""

    running_changed = Signal()
    """The open conversation began or ended an answer."""

    def __init__(self, window: MainWindow, services: Services, tasks: TaskOwner) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._tasks = tasks
        self._buffer = StreamBuffer(window.transcript)
        self._conversation: Conversation | None = None
        self._running: dict[str, _Running] = {}
        self._storing = False

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
        branch = self._conversation.branch() if self._conversation else ()
        return [(part.sha256, part.name) for message in branch for part in message.pictures]

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

    def show(self, conversation: Conversation | None) -> None:
        """Put a conversation on the screen, or an empty one, of which nothing is stored before
        its first question."""
        self._conversation = conversation
        running = self._running.get(self.conversation_id or "")
        messages = running.messages() if running else conversation.branch() if conversation else ()
        entries = [entry_of(message) for message in messages]
        if running:
            entries[-1] = entry_of(running.snapshot.message, running.snapshot.progress)
        self._buffer.clear()
        self._window.transcript.set_entries(entries)
        self._window.show_conversation(bool(entries))
        self._window.set_title(conversation.title if conversation else "")
        self.opened.emit()
        self.running_changed.emit()

    def ask(self, draft: Draft, route: Route, title: str = "") -> None:
        """Store the question, then answer it. The draft stays in the composer if storing fails.

        `title` is for a new conversation; without one its first words are taken.
        """
        if not self.asking:
            self._storing = True
            self._tasks.start(self._ask(draft, route, title))
            self.running_changed.emit()

    def stop(self) -> None:
        """End the answer of the open conversation and keep what arrived."""
        if self.conversation_id is not None:
            self._tasks.cancel(_answering(self.conversation_id))

    async def _ask(self, draft: Draft, route: Route, title: str) -> None:
        typed_in = self.conversation_id
        try:
            exchange = await self._services.chat.ask(draft, route, self._conversation, title)
        except StoreFailed as error:
            kept = self.tr("Your question was not sent; it is still below.")
            self._window.show_notice(f"{problems.sentence(error)} {kept}")
            return
        finally:
            self._storing = False
            self.running_changed.emit()
        conversation = exchange.conversation
        self._running[conversation.id] = _Running(exchange, Snapshot(exchange.answer))
        self._tasks.start(self._answer(exchange, route), _answering(conversation.id))
        self.question_stored.emit(typed_in, draft.text)
        if typed_in == self.conversation_id:
            self.show(conversation)
        self.library_changed.emit()

    async def _answer(self, exchange: Exchange, route: Route) -> None:
        conversation_id = exchange.conversation.id
        running = self._running[conversation_id]

        def show(snapshot: Snapshot) -> None:
            running.snapshot = snapshot
            if conversation_id == self.conversation_id:
                self._buffer.put(entry_of(snapshot.message, snapshot.progress))
                if snapshot.unsaved is not None:
                    later = self.tr("The answer is saved as soon as that works again.")
                    self._window.show_notice(f"{problems.sentence(snapshot.unsaved)} {later}")

        try:
            await self._services.chat.answer(exchange, route, show)
        finally:
            self._finished(conversation_id)

    def _finished(self, conversation_id: str) -> None:
        running = self._running.pop(conversation_id)
        if conversation_id == self.conversation_id:
            branch = running.messages()
            kept = {message.id: message for message in branch}
            stored = running.exchange.conversation
            self._conversation = stored.replace(messages=tuple(kept.get(m.id, m) for m in stored.messages))
        self.running_changed.emit()
        self.library_changed.emit()


def _answering(conversation_id: str) -> str:
    return f"answer {conversation_id}"
