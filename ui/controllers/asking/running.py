"""The answers that are on their way, in whichever conversation and on whichever branch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, Signal

from app.chat.answering import Show, Snapshot
from app.chat.exchange import Exchange
from app.domain.message import Message, Status
from ui.tasks import TaskOwner

Work = Callable[[Show], Awaitable[Message]]
"""Answers, and shows each snapshot on the way."""


class Running:
    """An answer, with those that came of the same request."""

    def __init__(self, exchange: Exchange, snapshot: Snapshot) -> None:
        self.exchange = exchange
        self.snapshot = snapshot

    @property
    def conversation_id(self) -> str:
        """Where it belongs."""
        return self.exchange.conversation_id

    @property
    def answers(self) -> tuple[Message, ...]:
        """The first answer and its siblings as they are now."""
        return (self.snapshot.message, *self.snapshot.siblings)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The question as answered, and the answers as they are now."""
        return (self.exchange.question.replace(status=Status.DONE), *self.answers)

    def answer(self, message_id: str) -> Message | None:
        """One of the answers."""
        return next((answer for answer in self.answers if answer.id == message_id), None)


class RunningAnswers(QObject):
    """Each runs on until it is whole, stopped, or the program ends, whatever is on the screen."""

    grew = Signal(object)
    """A Running of which there is more."""

    changed = Signal(object)
    """A Running that has begun, or has ended."""

    conversations_changed = Signal(object)
    """The ids of the conversations in which something is being answered (set)."""

    def __init__(self, tasks: TaskOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._running: dict[str, Running] = {}
        self._unsaved: dict[str, Message] = {}
        self._changes: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._running)

    def of(self, conversation_id: str) -> list[Running]:
        """Those of a conversation, in the order in which they were begun."""
        return [running for running in self._running.values() if running.conversation_id == conversation_id]

    def holding(self, message_id: str) -> Running | None:
        """The one that a message is an answer of."""
        return next((r for r in self._running.values() if r.answer(message_id) is not None), None)

    def now(self, message: Message) -> Message:
        """A message of the library as it is by now, also where the disk did not take it."""
        for running in self._running.values():
            for known in running.messages:
                if known.id == message.id:
                    return known
        return self._unsaved.get(message.id, message)

    def forget_unsaved(self) -> None:
        """The library has everything again."""
        self._unsaved.clear()

    def changes(self, conversation_id: str) -> int:
        """Grows with each answer of a conversation that begins or ends."""
        return self._changes[conversation_id]

    @property
    def conversations(self) -> set[str]:
        """The ids of those in which something is being answered."""
        return {running.conversation_id for running in self._running.values()}

    def start(self, exchange: Exchange, work: Work) -> Running:
        """Let `work` answer a question."""
        running = Running(exchange, Snapshot(exchange.answer))
        self._running[exchange.answer.id] = running
        self._tasks.start(self._run(running, work), _task(running))
        self._tell(running)
        return running

    def stop(self, running: Running) -> None:
        """End an answer and keep what arrived."""
        self._tasks.cancel(_task(running))

    async def _run(self, running: Running, work: Work) -> None:
        def show(snapshot: Snapshot) -> None:
            running.snapshot = snapshot
            self.grew.emit(running)

        try:
            await work(show)
        finally:
            del self._running[running.exchange.answer.id]
            if running.snapshot.unsaved is not None:
                self._unsaved.update((answer.id, answer) for answer in running.answers)
            self._tell(running)

    def _tell(self, running: Running) -> None:
        self._changes[running.conversation_id] += 1
        self.changed.emit(running)
        self.conversations_changed.emit(self.conversations)


def _task(running: Running) -> str:
    return f"answer {running.exchange.answer.id}"
