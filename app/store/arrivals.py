"""Conversations that come into the library as a whole, and what goes with one that leaves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import apsw

from app.domain.conversation import Folder
from app.domain.message import Message
from app.domain.picture import Picture
from app.domain.transfer import Arrived, Heading
from app.store import conversations, messages, shelves
from app.store.pictures import insert_row
from app.store.transactions import Transactions
from app.store.values import text_column, text_of, time_column, time_of

Contents = Callable[[], Iterator[Heading | Message]]
"""Tells each conversation and then its messages, once; called on the store's writer thread."""


class Stopped(Exception):
    """Adding was stopped on the way; nothing was added."""


class Arrivals:
    """Adds conversations with their ids, dates, folders, tags and pictures in one transaction.

    Every method raises the leaves of StoreFailed.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def heading(self, conversation_id: str) -> Heading:
        """A conversation besides its messages. Raises KeyError for one that is not there or in the trash."""
        draft = await conversations.Conversations(self._transactions).draft(conversation_id)
        (found,) = await self.headings((conversation_id,))
        return found.replace(draft=draft)

    async def headings(self, ids: Sequence[str] | None = None) -> tuple[Heading, ...]:
        """The conversations outside the trash, what changed last first, without their drafts.

        With `ids` only those, in their order. Raises KeyError for one that is not there.
        """

        def job(connection: apsw.Connection) -> tuple[Heading, ...]:
            if ids is None:
                found = connection.execute(
                    "SELECT id FROM conversation WHERE trashed IS NULL ORDER BY touched DESC"
                )
                return tuple(_heading(connection, str(row[0])) for row in found.fetchall())
            return tuple(_heading(connection, one) for one in ids)

        return await self._transactions.read(job)

    async def add(
        self,
        contents: Contents,
        folders: Sequence[Folder] = (),
        pictures: Sequence[Picture] = (),
        stop: threading.Event | None = None,
    ) -> Arrived:
        """Add what is not there yet, all of it or nothing.

        A conversation or message whose id is there stays as it is; one in the trash comes back.
        Folders are known by their ids, else by their names. The files of `pictures` are there. What
        is added takes its place in the list by its own date. Raises ValueError where the contents
        do not fit together or into the library, Stopped once `stop` is set.
        """

        def job(connection: apsw.Connection) -> Arrived:
            for picture in pictures:
                insert_row(connection, picture)
            adding = _Adding(connection, {folder.id: _folder(connection, folder) for folder in folders})
            for item in contents():
                if stop is not None and stop.is_set():
                    raise Stopped
                adding.take(item)
            return adding.finish()

        return await self._transactions.write(job)


class _Adding:
    """One import, in the midst of its transaction."""

    def __init__(self, connection: apsw.Connection, folders: dict[str, str]) -> None:
        self._connection = connection
        self._folders = folders
        self._heading: Heading | None = None
        self._is_new = False
        self._next_seq = 0
        self._new: list[str] = []
        self._grown: dict[str, None] = {}
        self._restored: dict[str, None] = {}
        self._branches: set[str] = set()
        self._changed: dict[str, datetime] = {}
        self._added = 0
        self._known = 0

    def take(self, item: Heading | Message) -> None:
        """Add a conversation, or a message to the one before."""
        if isinstance(item, Heading):
            self._begin(item)
        else:
            self._add(item)

    def finish(self) -> Arrived:
        """Bring back what came and was in the trash, and give everything its place in the list."""
        for message_id in self._branches:
            self._connection.execute("UPDATE turn SET trashed_by = NULL WHERE trashed_by = ?", (message_id,))
            self._connection.execute("DELETE FROM trashed_branch WHERE turn_id = ?", (message_id,))
        if self._changed:
            _place(self._connection, self._changed)
        return Arrived(
            new=tuple(self._new),
            grown=tuple(self._grown),
            restored=tuple(self._restored),
            added=self._added,
            known=self._known,
        )

    def _begin(self, heading: Heading) -> None:
        self._heading = heading
        found = self._connection.execute(
            "SELECT trashed, changed FROM conversation WHERE id = ?", (heading.id,)
        ).fetchall()
        self._is_new = not found
        if self._is_new:
            self._new.append(heading.id)
            self._changed[heading.id] = heading.changed
            self._insert(heading)
            return
        self._next_seq = messages.next_seq(self._connection, heading.id)
        latest = max(heading.changed, time_of(found[0][1]), key=_aware)
        self._heading = heading.replace(changed=latest)
        if found[0][0] is not None:
            self._restored[heading.id] = None
            self._connection.execute("UPDATE conversation SET trashed = NULL WHERE id = ?", (heading.id,))

    def _insert(self, heading: Heading) -> None:
        self._connection.execute(
            "INSERT INTO conversation (id, title, created, changed, touched, leaf, folder_id, pinned)"
            " VALUES (?, ?, ?, ?, 0, ?, nullif(?, ''), ?)",
            (
                heading.id,
                text_column(heading.title),
                time_column(heading.created),
                time_column(heading.changed),
                heading.leaf,
                self._folders.get(heading.folder, ""),
                int(heading.pinned),
            ),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO tag (conversation_id, name) VALUES (?, ?)",
            [(heading.id, text_column(tag)) for tag in heading.tags],
        )
        conversations.insert_draft(self._connection, heading.id, heading.draft)

    def _add(self, message: Message) -> None:
        if self._heading is None:
            raise ValueError("a message without a conversation")
        found = self._connection.execute(
            "SELECT conversation_id, trashed_by FROM turn WHERE id = ?", (message.id,)
        ).fetchall()
        if found:
            if found[0][0] != self._heading.id:
                raise ValueError("a message of another conversation")
            self._known += 1
            if found[0][1] is not None:
                self._branches.add(str(found[0][1]))
                self._restored[self._heading.id] = None
            return
        if not self._is_new:
            message = message.replace(seq=self._next_seq)
            self._next_seq += 1
            self._grown[self._heading.id] = None
            self._changed[self._heading.id] = self._heading.changed
        try:
            messages.insert(self._connection, self._heading.id, message)
        except KeyError as error:
            raise ValueError("a message without the one that it follows") from error
        self._added += 1


def _heading(connection: apsw.Connection, conversation_id: str) -> Heading:
    row = connection.execute(
        "SELECT title, created, changed, leaf, ifnull(folder_id, ''), pinned FROM conversation"
        " WHERE id = ? AND trashed IS NULL",
        (conversation_id,),
    ).fetchone()
    if row is None:
        raise KeyError(conversation_id)
    return Heading(
        id=conversation_id,
        title=text_of(row[0]),
        created=time_of(row[1]),
        changed=time_of(row[2]),
        leaf=str(row[3]),
        folder=str(row[4]),
        tags=shelves.tags_of(connection, conversation_id),
        pinned=bool(row[5]),
    )


def _folder(connection: apsw.Connection, folder: Folder) -> str:
    """The id of a folder that is there, or is now."""
    found = connection.execute(
        "SELECT id FROM folder WHERE id = ?1 OR name = ?2 ORDER BY id = ?1 DESC, position LIMIT 1",
        (folder.id, text_column(folder.name)),
    ).fetchall()
    if found:
        return str(found[0][0])
    shelves.insert_folder(connection, folder)
    return folder.id


def _place(connection: apsw.Connection, changed: dict[str, datetime]) -> None:
    """Put conversations into the list where their dates belong, leaving the order of the others."""
    rows = connection.execute(
        "SELECT id, changed, touched FROM conversation ORDER BY touched, rowid"
    ).fetchall()
    touched = {str(row[0]): int(str(row[2])) for row in rows}
    others = [(str(row[0]), _aware(time_of(row[1]))) for row in rows if row[0] not in changed]
    order: list[str] = []
    for one in sorted(changed, key=lambda one: _aware(changed[one]), reverse=True):
        while others and others[-1][1] > _aware(changed[one]):
            order.append(others.pop()[0])
        order.append(one)
    order.extend(one for one, _ in reversed(others))
    order.reverse()
    connection.executemany(
        "UPDATE conversation SET touched = ? WHERE id = ?",
        [(number, one) for number, one in enumerate(order, 1) if touched[one] != number],
    )
    connection.executemany(
        "UPDATE conversation SET changed = ? WHERE id = ?",
        [(time_column(time), one) for one, time in changed.items()],
    )


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
