"""Words in the messages of the open conversation that the transcript has not loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject

from app.domain.errors import StoreFailed
from app.domain.message import Message, Role
from app.services import Services
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.entries import notice_of, places_of
from ui.tasks import TaskOwner
from ui.transcript.entry import Entry, EntryTool
from ui.transcript.view import TranscriptView

AT_ONCE = 100
"""Messages that are read together."""


class FindController(QObject):
    """Counts in a thread; newer words end the count of those before."""

    def __init__(
        self,
        view: TranscriptView,
        services: Services,
        conversations: ConversationController,
        tasks: TaskOwner,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._services = services
        self._conversations = conversations
        view.find_wanted.connect(lambda words: tasks.start(self._find(words), "find"))

    async def _find(self, words: str) -> None:
        thread = self._conversations.shown
        ids = [node.id for node in thread.branch] if thread else []
        found: list[tuple[str, int]] = []
        try:
            for start in range(0, len(ids), AT_ONCE):
                messages = await self._services.store.conversations.messages(ids[start : start + AT_ONCE])
                found += await asyncio.to_thread(_counts, messages, words)
        except StoreFailed:
            found = []  # what is loaded can still be found
        self._view.set_found(words, found)


def _counts(messages: Sequence[Message], words: str) -> list[tuple[str, int]]:
    from ui.transcript.finding.shown import Sought  # reads Markdown, which nothing else here does

    sought = Sought(words)
    counts = ((message.id, sought.count_in(_searched(message))) for message in messages)
    return [(message_id, count) for message_id, count in counts if count]


def _searched(message: Message) -> Entry:
    """What is searched of a message that is not loaded."""
    return Entry(
        id=message.id,
        role="user" if message.role is Role.USER else "assistant",
        text=message.text,
        notice=notice_of(message),
        reasoning=message.reasoning,
        tools=tuple(EntryTool(call.name, call.arguments) for call in message.tool_calls),
        places=places_of(message),
    )
