"""Conversations as they leave the library."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.domain.conversation import Conversation, Folder
from app.domain.covers import Covers
from app.domain.errors import NoConversation
from app.domain.message import Message, Role
from app.domain.transfer import Heading
from app.domain.tree import Tree
from app.store.database import Store
from app.transfer.document import ExportedConversation, leaving

_ID_BEGINNING = re.compile("[0-9a-f]{4,32}")
_SHORT = 60


class Branch(NamedTuple):
    """Messages that follow one another; `heading` says where they turn off, empty for the shown ones."""

    heading: str
    messages: tuple[Message, ...]


async def gather(store: Store, conversation_id: str) -> ExportedConversation:
    """A conversation with everything that leaves the library. Raises NoConversation, StoreFailed."""
    try:
        heading = await store.arrivals.heading(conversation_id)
        conversation = await store.conversations.get(conversation_id)
    except KeyError as error:
        reason = "there is no such conversation in the library"
        raise NoConversation(name=conversation_id, reason=reason) from error
    tree = Tree(await _covered(store, conversation))
    fields = {name: getattr(heading, name) for name in Heading.__struct_fields__}
    fields["leaf"] = heading.leaf if heading.leaf in tree else ""
    return ExportedConversation(**fields, messages=tuple(leaving(message) for message in tree))


async def _covered(store: Store, conversation: Conversation) -> tuple[Message, ...]:
    """The messages; where some in the trash cover something, which does not leave the library with
    them, that is covered in the others."""
    showing = await store.conversations.showing(conversation.id)
    staying = {message.id for message in conversation.messages}
    trashed = [part for node in showing if node.id not in staying for part in node.pictures]
    if not any(part.treatment.redactions for part in trashed):
        return conversation.messages
    return Covers(showing).in_branch(conversation.messages)


async def folder_names(store: Store) -> dict[str, Folder]:
    """The folders by their ids. Raises StoreFailed."""
    return {folder.id: folder for folder in await store.shelves.folders()}


async def find(store: Store, named: str) -> str:
    """The id of the conversation that is meant: by an id, the beginning of one, or a title.

    Raises NoConversation where that is none or several, StoreFailed.
    """
    found = await store.arrivals.named(named, named if _ID_BEGINNING.fullmatch(named) else "")
    if len(found) == 1:
        return found[0]
    several = "several conversations in the library are called so"
    none = "there is no such conversation in the library"
    raise NoConversation(name=named, reason=several if found else none)


def branches(conversation: ExportedConversation) -> list[Branch]:
    """All messages: the branch that was shown last, then the others, each from where it turns off."""
    tree = Tree(conversation.messages)
    shown = tree.branch(conversation.leaf)
    found = [Branch("", shown)]
    told = {message.id for message in shown}
    for message in conversation.messages:
        if message.id not in told and (message.parent_id is None or message.parent_id in told):
            end = tree.newest_below(message.id)
            path = tree.branch(end)
            rest = path[next(at for at, one in enumerate(path) if one.id == message.id) :]
            found.append(Branch(_turning(tree, message), rest))
            told.update(one.id for one in rest)
    return found


def _turning(tree: Tree[Message], message: Message) -> str:
    if message.role is Role.USER:
        instead = next((one for one in tree.siblings(message) if one.id != message.id), message)
        return f"Another question in place of {_short(instead)}"
    if message.parent_id is None:
        return "Another beginning"
    return f"Another answer to {_short(tree[message.parent_id])}"


def _short(message: Message) -> str:
    words = " ".join(message.text.split())
    if not words:
        return "a picture" if message.pictures else "a message without words"
    return f"“{words}”" if len(words) <= _SHORT else f"“{words[: _SHORT - 1].rstrip()}…”"
