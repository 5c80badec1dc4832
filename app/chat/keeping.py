"""Saving messages as they grow, on a disk that may be full."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.errors import StoreFailed
from app.domain.message import Message
from app.store.database import Store


class Keeping:
    """What a full disk refuses is kept in memory and saved later, the newest of each message.

    A message that the user deleted for good while it grew is let go.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unsaved: dict[str, Message] = {}
        self._newest: dict[str, Message] = {}
        self._not_added: dict[str, str] = {}  # message id -> conversation id

    @property
    def unsaved(self) -> tuple[Message, ...]:
        """The messages that wait for room on the disk, as they are by now."""
        return tuple(self._newest.get(message_id, message) for message_id, message in self._unsaved.items())

    async def save(self, message: Message) -> None:
        """Save a message. Raises StoreFailed; then it is kept in memory."""
        await self._keep(message)

    async def add(self, conversation_id: str, message: Message) -> Message:
        """Add a message to a conversation; returns it with its place.

        Raises StoreFailed; then it is kept in memory and added when it is saved.
        """
        self._not_added[message.id] = conversation_id
        return await self._keep(message)

    async def settle(self, message_id: str) -> None:
        """See to it that the library knows a message that waits to be added.

        Raises StoreFailed when it still cannot.
        """
        if message_id in self._not_added and (message := self._newest.get(message_id)) is not None:
            await self._keep(message)

    async def save_unsaved(self) -> None:
        """Try again to save what a full disk refused. Raises StoreFailed when it still does."""
        for message_id in tuple(self._unsaved):
            if (message := self._unsaved.get(message_id)) is not None:
                await self._keep(message)

    def as_known(self, stored: Sequence[Message]) -> tuple[Message, ...]:
        """Messages of the library, those that wait for the disk as they are in memory."""
        newest = self._newest
        return tuple(newest.get(each.id, each) for each in stored) if newest else tuple(stored)

    async def _keep(self, message: Message) -> Message:
        self._newest[message.id] = message
        if message.id in self._unsaved:
            self._unsaved[message.id] = message
        try:
            stored = await self._put(message)
        except StoreFailed:
            if self._newest.get(message.id) is message:
                self._unsaved[message.id] = message
            raise
        except KeyError:  # deleted for good meanwhile
            stored = message
        if self._newest.get(message.id) is message:  # else a newer one is on its way
            del self._newest[message.id]
            self._unsaved.pop(message.id, None)
        return stored

    async def _put(self, message: Message) -> Message:
        conversation_id = self._not_added.get(message.id)
        if conversation_id is None:
            await self._store.conversations.save(message)
            return message
        stored = await self._store.conversations.keep(conversation_id, message)
        self._not_added.pop(message.id, None)
        return stored
