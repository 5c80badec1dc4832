"""A conversation is a tree of messages; what is shown is one branch of it."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from app.domain.message import Message, PicturePart, Role, Status
from app.domain.record import Record
from app.domain.region import PictureChoices, Treatment
from app.domain.tree import Tree


class ConversationSummary(Record, frozen=True):
    """A row of the library list. `picture` is the hash of the first picture, if any; `folder` the
    id of the folder it lies in, empty for none. `touched` grows with every change in the library."""

    id: str
    title: str
    created: datetime
    changed: datetime
    picture: str | None = None
    folder: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False
    touched: int = 0


class Folder(Record, frozen=True):
    """A place for conversations; each lies in one or in none."""

    id: str
    name: str


class Trashed(Record, frozen=True):
    """What lies in the trash: a conversation, or a message with everything below it.

    `message_id` is empty for a whole conversation. `text` is the beginning of the message.
    """

    conversation_id: str
    message_id: str
    title: str
    text: str
    trashed: datetime


class CutOff(Record, frozen=True):
    """An answer that the end of the program cut off, and where it stands."""

    conversation_id: str
    title: str
    message_id: str


class Node(Record, frozen=True):
    """A message without its words: what a conversation of any length is drawn from.

    `characters` and `lines` are those of its text, for a guess of its height.
    """

    id: str
    parent_id: str | None
    seq: int
    role: Role
    status: Status
    choice: int = 0
    characters: int = 0
    lines: int = 0
    pictures: tuple[PicturePart, ...] = ()


class Outline(Record, frozen=True, dict=True):
    """A conversation without its words, in the order of `seq`.

    `leaf` is the end of the branch that was shown last, empty for the newest. `choices` are those
    for its pictures. `trashed` are the messages in the trash that show pictures: what they cover
    stays covered.
    """

    id: str
    title: str
    created: datetime
    session: str = ""
    leaf: str = ""
    folder: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False
    choices: PictureChoices = PictureChoices()
    nodes: tuple[Node, ...] = ()
    trashed: tuple[Node, ...] = ()

    @cached_property
    def tree(self) -> Tree[Node]:
        """The nodes by their places."""
        return Tree(self.nodes)

    @property
    def showing(self) -> list[Node]:
        """All that show pictures, those in the trash too, in the order of `seq`."""
        nodes = (node for node in (*self.nodes, *self.trashed) if node.pictures)
        return sorted(nodes, key=lambda node: node.seq)


def node_of(message: Message) -> Node:
    """The place of a message and the size of its text."""
    text = message.text
    return Node(
        id=message.id,
        parent_id=message.parent_id,
        seq=message.seq,
        role=message.role,
        status=message.status,
        choice=message.choice,
        characters=len(text),
        lines=text.count("\n") + 1 if text else 0,
        pictures=message.pictures,
    )


class Conversation(Record, frozen=True, dict=True):
    """All messages of a conversation, in the order of their `seq`.

    `session` is the id under which endpoints that can are asked to keep it, empty for none.
    """

    id: str
    title: str
    created: datetime
    messages: tuple[Message, ...] = ()
    session: str = ""

    @cached_property
    def tree(self) -> Tree[Message]:
        """The messages by their places."""
        return Tree(self.messages)

    def branch(self, leaf_id: str = "") -> tuple[Message, ...]:
        """The path from the root to `leaf_id`, by default to the newest message."""
        return self.tree.branch(leaf_id)


class Draft(Record, frozen=True):
    """A question before it is sent: the text and the (sha256, name) of each picture.

    `links` holds, by the hash of their pictures, the https addresses to send instead of pixels, and
    `treatments` what is done with the pictures on their way: all of it, so that a cover that one of
    them goes without is off. A picture without one is covered as it is in the conversation.
    `edits` is the id of the question that this one is to stand beside, empty for a new one.
    """

    text: str = ""
    pictures: tuple[tuple[str, str], ...] = ()
    links: dict[str, str] = {}
    edits: str = ""
    treatments: dict[str, Treatment] = {}

    def left_of(self, draft: Draft) -> Draft:
        """What `draft` holds beyond this one, which was sent."""
        sent = {sha256 for sha256, _ in self.pictures}
        text = "" if draft.text.strip() in (self.text.strip(), "") else draft.text
        return Draft(
            text=text,
            pictures=tuple(picture for picture in draft.pictures if picture[0] not in sent),
            links={sha256: link for sha256, link in draft.links.items() if sha256 not in sent},
            treatments={sha256: done for sha256, done in draft.treatments.items() if sha256 not in sent},
        )
