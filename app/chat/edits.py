"""What can be done with conversations and be undone, as values.

Each edit does one thing in one transaction and returns the edit that takes it back, or None where
there was nothing to do. Raises StoreFailed; then nothing was changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.conversation import Node, Outline
from app.domain.record import Record
from app.domain.region import PictureChoices
from app.store.database import Store
from app.store.shelves import RemovedFolder


class Edit(Protocol):
    """Something to do."""

    async def do(self, store: Store) -> Edit | None:
        """Do it; returns what takes it back, None where it changed nothing."""
        ...


class Rename(Record, frozen=True):
    """A conversation gets another title."""

    conversation_id: str
    title: str

    async def do(self, store: Store) -> Edit | None:
        """Rename it."""
        try:
            before = await store.conversations.rename(self.conversation_id, self.title)
        except KeyError:
            return None
        return Rename(self.conversation_id, before) if before != self.title else None


class File(Record, frozen=True):
    """Conversations are put into folders, each (conversation id, folder id or empty)."""

    places: tuple[tuple[str, str], ...]

    @classmethod
    def into(cls, ids: Sequence[str], folder_id: str) -> File:
        """All of them into one folder, or (empty) into none."""
        return cls(tuple((conversation_id, folder_id) for conversation_id in ids))

    async def do(self, store: Store) -> Edit | None:
        """File them. Raises ValueError for a folder that is not there."""
        before = await store.shelves.place(dict(self.places))
        return File(tuple(before.items())) if before else None


class Tag(Record, frozen=True):
    """Conversations get a tag."""

    ids: tuple[str, ...]
    name: str

    async def do(self, store: Store) -> Edit | None:
        """Tag those that do not have it."""
        changed = await store.shelves.tag(self.ids, self.name)
        return Untag(changed, self.name) if changed else None


class Untag(Record, frozen=True):
    """Conversations lose a tag."""

    ids: tuple[str, ...]
    name: str

    async def do(self, store: Store) -> Edit | None:
        """Untag those that have it."""
        changed = await store.shelves.untag(self.ids, self.name)
        return Tag(changed, self.name) if changed else None


class Pin(Record, frozen=True):
    """Conversations are kept at the top of the list, or no longer."""

    ids: tuple[str, ...]
    pinned: bool

    async def do(self, store: Store) -> Edit | None:
        """Pin or unpin those that are not yet."""
        changed = await store.shelves.pin(self.ids, self.pinned)
        return Pin(changed, not self.pinned) if changed else None


class TrashConversations(Record, frozen=True):
    """Conversations go to the trash."""

    ids: tuple[str, ...]

    async def do(self, store: Store) -> Edit | None:
        """Put those into the trash that are not there."""
        changed = await store.trash.put(self.ids)
        return TakeBackConversations(changed) if changed else None


class TakeBackConversations(Record, frozen=True):
    """Conversations come back from the trash."""

    ids: tuple[str, ...]

    async def do(self, store: Store) -> Edit | None:
        """Take those back that are there."""
        changed = await store.trash.take_back(self.ids)
        return TrashConversations(changed) if changed else None


class TrashBranch(Record, frozen=True):
    """A message goes to the trash with everything below it.

    `leaf` is the end of the branch that is shown then; None where that is to be found: what was
    shown, where it stays, else what is nearest. The messages `around` it, if any, follow it there,
    the innermost first, each as a thing of its own.
    """

    conversation_id: str
    message_id: str
    leaf: str | None = None
    around: tuple[str, ...] = ()

    async def do(self, store: Store) -> Edit | None:
        """Put it into the trash."""
        leaf = self.leaf
        if leaf is None:
            try:
                leaf = leaf_without(await store.conversations.outline(self.conversation_id), self.message_id)
            except KeyError:
                return None
        before = await store.trash.put_branch(self.message_id, leaf, self.around)
        return None if before is None else TakeBackBranch(self.conversation_id, self.message_id, before)


class TakeBackBranch(Record, frozen=True):
    """A message comes back from the trash with what went there with it.

    `leaf` is the end of the branch that is shown then; None leaves it as it is.
    """

    conversation_id: str
    message_id: str
    leaf: str | None = None

    async def do(self, store: Store) -> Edit | None:
        """Take it back."""
        back = await store.trash.take_back_branch(self.message_id, self.leaf)
        if back is None:
            return None
        return TrashBranch(self.conversation_id, self.message_id, back.leaf, back.roots[1:])


class MakeFolder(Record, frozen=True):
    """A new folder; `folder_id` is chosen by who makes it, to know it by."""

    folder_id: str
    name: str

    async def do(self, store: Store) -> Edit | None:
        """Make it."""
        await store.shelves.add_folder(self.name, self.folder_id)
        return RemoveFolder(self.folder_id)


class RenameFolder(Record, frozen=True):
    """A folder gets another name."""

    folder_id: str
    name: str

    async def do(self, store: Store) -> Edit | None:
        """Rename it."""
        before = await store.shelves.rename_folder(self.folder_id, self.name)
        return RenameFolder(self.folder_id, before) if before not in (None, self.name) else None


class RemoveFolder(Record, frozen=True):
    """A folder goes; what lies in it stays, in none."""

    folder_id: str

    async def do(self, store: Store) -> Edit | None:
        """Take it away."""
        removed = await store.shelves.take_folder(self.folder_id)
        return PutFolderBack(removed) if removed else None


class PutFolderBack(Record, frozen=True):
    """A folder comes back to its place, with what lay in it."""

    removed: RemovedFolder

    async def do(self, store: Store) -> Edit | None:
        """Bring it back."""
        await store.shelves.put_folder_back(self.removed)
        return RemoveFolder(self.removed.folder.id)


class Chose(Record, frozen=True):
    """The user chose anew for the pictures of a conversation: `after` holds instead of `before`.

    It can be done, and be recorded where it was done already.
    """

    conversation_id: str
    before: PictureChoices
    after: PictureChoices

    async def do(self, store: Store) -> Edit | None:
        """Keep `after`."""
        try:
            before = await store.conversations.set_choices(self.conversation_id, self.after)
        except KeyError:
            return None
        return Chose(self.conversation_id, self.after, before) if before != self.after else None

    @property
    def undoing(self) -> Edit:
        """`before` holds again."""
        return Chose(self.conversation_id, self.after, self.before)


class Done(Protocol):
    """Something that was done already, which can be taken back all the same."""

    @property
    def undoing(self) -> Edit:
        """What takes it back."""
        ...


class Began(Record, frozen=True):
    """A conversation began with its first question."""

    conversation_id: str

    @property
    def undoing(self) -> Edit:
        """It goes to the trash."""
        return TrashConversations((self.conversation_id,))


class Asked(Record, frozen=True):
    """A question was stored in a conversation; before it the branch that ends at `leaf` was shown."""

    conversation_id: str
    question_id: str
    leaf: str

    @property
    def undoing(self) -> Edit:
        """It goes to the trash with its answers, and what was shown before is."""
        return TrashBranch(self.conversation_id, self.question_id, self.leaf)


class AnsweredAgain(Record, frozen=True):
    """Another answer was asked for: anew, to go on with one, or to repeat one. `leaf` as of Asked."""

    conversation_id: str
    answer_id: str
    leaf: str

    @property
    def undoing(self) -> Edit:
        """It goes to the trash, and what was shown before is."""
        return TrashBranch(self.conversation_id, self.answer_id, self.leaf)


class BranchedOff(Record, frozen=True):
    """A conversation was made of a branch of another one."""

    conversation_id: str
    new_id: str

    @property
    def undoing(self) -> Edit:
        """It goes to the trash."""
        return TrashConversations((self.new_id,))


class Imported(Record, frozen=True):
    """Conversations came into the library."""

    ids: tuple[str, ...]

    @property
    def undoing(self) -> Edit:
        """They go to the trash."""
        return TrashConversations(self.ids)


def leaf_without(outline: Outline, message_id: str) -> str:
    """The end of the branch to show once a message and all below it is gone: the one that is shown,
    where it stays, else that of a sibling, else what the message follows; empty for the newest."""
    tree = outline.tree
    node = tree[message_id]
    shown = tree.branch(outline.leaf if outline.leaf in tree else "")
    if node not in shown:
        return outline.leaf
    beside = [other for other in tree.siblings(node) if other.id != message_id]
    if not beside:
        return node.parent_id or ""
    return tree.newest_below(_nearest(beside, node).id)


def _nearest(beside: Sequence[Node], node: Node) -> Node:
    """The newest of those that are older, else the oldest."""
    older = [other for other in beside if other.seq < node.seq]
    return older[-1] if older else beside[0]
