"""A conversation is a tree of messages; what is shown is one branch of it."""

from __future__ import annotations

from datetime import datetime

from app.domain.message import Message, Role
from app.domain.record import Record


class ConversationSummary(Record, frozen=True):
    """A row of the library list. `picture` is the hash of the first picture, if any."""

    id: str
    title: str
    created: datetime
    changed: datetime
    picture: str | None = None


class Conversation(Record, frozen=True):
    """All messages of a conversation, in the order of their `seq`.

    `session` is the id under which endpoints that can are asked to keep it, empty for none.
    """

    id: str
    title: str
    created: datetime
    messages: tuple[Message, ...] = ()
    session: str = ""

    def children(self, parent_id: str | None) -> tuple[Message, ...]:
        """The messages that follow `parent_id` (None: the first ones), oldest first."""
        return tuple(m for m in self.messages if m.parent_id == parent_id)

    def answers_beside(self, message: Message) -> tuple[Message, ...]:
        """The answers to the same question, `message` among them; it alone for a question."""
        if message.role is not Role.ASSISTANT:
            return (message,)
        return tuple(m for m in self.children(message.parent_id) if m.role is Role.ASSISTANT)

    def newest_below(self, message_id: str) -> str:
        """The id of the last message of the newest branch through `message_id`."""
        while below := self.children(message_id):
            message_id = below[-1].id
        return message_id

    def branch(self, leaf_id: str | None = None) -> tuple[Message, ...]:
        """The path from the root to `leaf_id`, by default to the newest message; of several
        answers to one request, to the first.

        Raises KeyError for an unknown id.
        """
        if not self.messages:
            return ()
        by_id = {message.id: message for message in self.messages}
        message: Message | None = by_id[leaf_id] if leaf_id else self._newest()
        path: list[Message] = []
        while message is not None:
            path.append(message)
            message = by_id[message.parent_id] if message.parent_id else None
        return tuple(reversed(path))

    def _newest(self) -> Message:
        newest = self.messages[-1]
        if newest.run is None or newest.run.choice == 0:
            return newest
        siblings = self.children(newest.parent_id)
        return next((m for m in reversed(siblings) if m.run and m.run.choice == 0), newest)


class Draft(Record, frozen=True):
    """A question before it is sent: the text and the (sha256, name) of each picture.

    `links` holds, by the hash of their pictures, the https addresses to send instead of pixels.
    """

    text: str = ""
    pictures: tuple[tuple[str, str], ...] = ()
    links: dict[str, str] = {}

    def left_of(self, draft: Draft) -> Draft:
        """What `draft` holds beyond this one, which was sent."""
        sent = {sha256 for sha256, _ in self.pictures}
        text = "" if draft.text.strip() in (self.text.strip(), "") else draft.text
        return Draft(
            text=text,
            pictures=tuple(picture for picture in draft.pictures if picture[0] not in sent),
            links={sha256: link for sha256, link in draft.links.items() if sha256 not in sent},
        )
