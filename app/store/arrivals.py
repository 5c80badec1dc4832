"""Conversations that come into the library as a whole, and what goes with one that leaves."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import apsw

from app.domain.conversation import Folder
from app.domain.message import Message
from app.domain.picture import Picture
from app.domain.transfer import Arrived, Heading
from app.store import arriving, conversations, messages, ranks, shelves
from app.store.pictures import insert_row
from app.store.ranks import Order, Ranks
from app.store.transactions import Job, Transactions
from app.store.values import HIDDEN, text_column, text_of, time_column, time_of

Contents = Callable[[], Iterator[Heading | Message]]
"""Tells each conversation and then its messages, once; asked for more on some other thread."""

Item = TypeVar("Item")

_AT_ONCE = 100
_CHARACTERS_AT_ONCE = 1_000_000


class Arrivals:
    """Adds conversations with their ids, dates, folders, tags and pictures: all of them, or none.

    They come in bit by bit, out of sight (see arriving.py), and into sight in one transaction; a save
    never waits for more than a bit. Every method raises the leaves of StoreFailed.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def room(self) -> AbstractAsyncContextManager[Path]:
        """See arriving.room: what `add` is called in where another program may import, too."""
        return arriving.room(self._transactions)

    async def heading(self, conversation_id: str) -> Heading:
        """A conversation besides its messages. Raises KeyError for one that is not there or in the trash."""
        draft = await conversations.Conversations(self._transactions).draft(conversation_id)
        (found,) = await self.headings((conversation_id,))
        return found.replace(draft=draft)

    async def headings(self, ids: Sequence[str] | None = None) -> tuple[Heading, ...]:
        """The conversations outside the trash, what changed last first, without their drafts.

        With `ids` only those, in their order. Raises KeyError for one that is not there.
        """
        if ids is None:
            return await self._transactions.read(lambda connection: _headings(connection, "1"))
        chosen = "id IN (SELECT value FROM json_each(?))"
        found = await self._transactions.read(
            lambda connection: _headings(connection, chosen, json.dumps(list(ids)))
        )
        by_id = {heading.id: heading for heading in found}
        return tuple(by_id[one] for one in ids)

    async def named(self, title: str, beginning: str = "") -> tuple[str, ...]:
        """The ids of the conversations outside the trash that are called `title`; where none is, of
        those whose id begins with `beginning`, empty for none. No more than two are told."""

        def job(connection: apsw.Connection) -> tuple[str, ...]:
            found = connection.execute(
                "SELECT id FROM conversation WHERE trashed IS NULL AND title = ? LIMIT 2",
                (text_column(title),),
            ).fetchall()
            if not found and beginning:
                found = connection.execute(
                    "SELECT id FROM conversation WHERE trashed IS NULL AND id GLOB ? LIMIT 2",
                    (f"{beginning}*",),
                ).fetchall()
            return tuple(str(row[0]) for row in found)

        return await self._transactions.read(job)

    async def missing(self, items: Sequence[Heading | Message]) -> list[Heading | Message]:
        """Those of `items` that are not there yet, not even in the trash: `add` would add them."""

        def job(connection: apsw.Connection) -> list[Heading | Message]:
            return [item for item in items if not _is_there(connection, item)]

        return await self._transactions.read(job)

    async def add(
        self, contents: Contents, folders: Sequence[Folder] = (), pictures: Sequence[Picture] = ()
    ) -> Arrived:
        """Add what is not there yet, all of it or nothing.

        A conversation or message whose id is there stays as it is; one in the trash comes back.
        Folders are known by their ids, else by their names. The files of `pictures` are there. What
        is added takes its place in the list by its own date. Raises ValueError where the contents
        do not fit together or into the library.
        """
        adding = _Adding(folders)
        unplaced = deque(pictures)
        try:
            await self._hidden(arriving.begin)
            while unplaced:
                await self._hidden(lambda connection: _in_time(unplaced, partial(insert_row, connection)))
            told = contents()
            while some := await asyncio.to_thread(_some, told):
                while some:
                    await self._hidden(partial(adding.take, some))
            places = Ranks(await self._transactions.read(adding.order))
            while places.is_due:
                await self._hidden(places.number_some)
            return await self._transactions.write(partial(adding.finish, places))
        except BaseException:
            adding.is_given_up = True
            await arriving.drop(self._transactions)
            raise

    async def _hidden(self, job: Job[None]) -> None:
        """A write that changes nothing for the user."""
        await self._transactions.write(job, counts=False)
        await asyncio.sleep(arriving.PAUSE_S)


class _Adding:
    """One import, over many transactions."""

    def __init__(self, folders: Sequence[Folder]) -> None:
        self.is_given_up = False
        self._folders = {folder.id: folder for folder in folders}
        self._heading: Heading | None = None
        self._is_new = False
        self._filed: dict[str, str] = {}
        self._new: list[str] = []
        self._grown: dict[str, None] = {}
        self._restored: dict[str, None] = {}
        self._branches: dict[str, None] = {}
        self._changed: dict[str, datetime] = {}
        self._notes: dict[tuple[str, str, str, bool], Message] = {}
        self._added = 0
        self._known = 0
        self._hidden_turns = 0

    def take(self, items: deque[Heading | Message], connection: apsw.Connection) -> None:
        """Add some of what comes: conversations, and messages to the one before."""
        if not self.is_given_up:
            _in_time(items, partial(self._take, connection))

    def order(self, connection: apsw.Connection) -> Order:
        """Where everything is to stand in the list."""
        return ranks.merged(connection, self._changed, frozenset(self._new))

    def finish(self, places: Ranks, connection: apsw.Connection) -> Arrived:
        """Bring into sight what came, and back what came and was in the trash."""
        if self.is_given_up:
            raise ValueError("it was given up")
        self._end_conversation(connection)
        hidden = connection.execute("SELECT count(*) FROM turn WHERE trashed_by = ?", (HIDDEN,)).get
        if hidden != self._hidden_turns:
            raise ValueError("a conversation was deleted meanwhile")
        self._take_back(connection)
        arriving.show(connection)
        for (conversation_id, *_), message in self._notes.items():
            messages.note(connection, conversation_id, message)
        there = {one: _folder(connection, self._folders[one]) for one in sorted({*self._filed.values()})}
        connection.executemany(
            "UPDATE conversation SET folder_id = ? WHERE id = ?",
            [(there[folder_id], one) for one, folder_id in self._filed.items()],
        )
        places.finish(connection)
        return Arrived(
            new=tuple(self._new),
            grown=tuple(self._grown),
            restored=tuple(self._restored),
            added=self._added,
            known=self._known,
        )

    def _take_back(self, connection: apsw.Connection) -> None:
        connection.executemany(
            "UPDATE conversation SET trashed = NULL WHERE id = ?", [(one,) for one in self._restored]
        )
        branches = {*self._branches, *_trashed_above_hidden(connection)}
        while branches:
            for message_id in branches:
                connection.execute("UPDATE turn SET trashed_by = NULL WHERE trashed_by = ?", (message_id,))
                connection.execute("DELETE FROM trashed_branch WHERE turn_id = ?", (message_id,))
            branches = _trashed_above_hidden(connection)

    def _take(self, connection: apsw.Connection, item: Heading | Message) -> None:
        if isinstance(item, Heading):
            self._end_conversation(connection)
            self._begin(connection, item)
        else:
            self._add(connection, item)

    def _begin(self, connection: apsw.Connection, heading: Heading) -> None:
        self._heading = heading
        found = connection.execute("SELECT trashed FROM conversation WHERE id = ?", (heading.id,)).fetchall()
        self._is_new = not found
        if self._is_new:
            self._new.append(heading.id)
            self._changed[heading.id] = heading.changed
            if heading.folder in self._folders:
                self._filed[heading.id] = heading.folder
            _insert(connection, heading)
            return
        trashed = found[0][0]
        if trashed == HIDDEN:
            raise ValueError("a conversation comes twice")
        if trashed is not None:
            self._restored[heading.id] = None

    def _end_conversation(self, connection: apsw.Connection) -> None:
        """The draft comes last: it may change a message."""
        heading, self._heading = self._heading, None
        if heading is not None and self._is_new:
            conversations.insert_draft(connection, heading.id, heading.draft)

    def _add(self, connection: apsw.Connection, message: Message) -> None:
        if self._heading is None:
            raise ValueError("a message without a conversation")
        conversation_id = self._heading.id
        found = connection.execute(
            "SELECT conversation_id, trashed_by FROM turn WHERE id = ?", (message.id,)
        ).fetchall()
        if found:
            if found[0][0] != conversation_id:
                raise ValueError("a message of another conversation")
            self._known += 1
            if found[0][1] is not None:
                self._branches[str(found[0][1])] = None
                self._restored[conversation_id] = None
            return
        if not self._is_new:
            message = message.replace(seq=messages.next_seq(connection, conversation_id))
            self._note_grown(self._heading, message)
        try:
            messages.insert(connection, conversation_id, message, None if self._is_new else HIDDEN)
        except KeyError as error:
            raise ValueError("a message without the one that it follows") from error
        self._added += 1

    def _note_grown(self, heading: Heading, message: Message) -> None:
        self._hidden_turns += 1
        self._grown[heading.id] = None
        self._changed[heading.id] = heading.changed
        told = message.replace(parts=message.pictures[:1], reasoning="")
        who = (message.run.endpoint_id, message.run.model) if message.run else ("", "")
        self._notes.setdefault((heading.id, *who, bool(message.pictures)), told)


def _is_there(connection: apsw.Connection, item: Heading | Message) -> bool:
    table = "conversation" if isinstance(item, Heading) else "turn"
    found = connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (item.id,))  # noqa: S608 - ours
    return bool(found.fetchall())


def _some(told: Iterator[Heading | Message]) -> deque[Heading | Message]:
    """The next ones; so few that holding them costs little."""
    some: deque[Heading | Message] = deque()
    characters = 0
    for item in told:
        some.append(item)
        if isinstance(item, Message):
            characters += len(item.text) + len(item.reasoning)
        if len(some) >= _AT_ONCE or characters > _CHARACTERS_AT_ONCE:
            break
    return some


def _in_time(items: deque[Item], do: Callable[[Item], None]) -> None:
    """Do something with some of `items`, and take those away; a rollback gives the import up."""
    end = time.monotonic() + arriving.SLICE_S
    while items and time.monotonic() < end:
        do(items.popleft())


def _trashed_above_hidden(connection: apsw.Connection) -> set[str]:
    """What was put into the trash, perhaps meanwhile, and has something that arrives below it."""
    rows = connection.execute(
        "SELECT DISTINCT above.trashed_by FROM turn JOIN turn AS above ON above.id = turn.parent_id"
        " WHERE turn.trashed_by = ?1 AND above.trashed_by != ?1",
        (HIDDEN,),
    )
    return {str(row[0]) for row in rows}


def _insert(connection: apsw.Connection, heading: Heading) -> None:
    connection.execute(
        "INSERT INTO conversation (id, title, created, changed, touched, leaf, pinned, trashed, choices)"
        " VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?)",
        (
            heading.id,
            text_column(heading.title),
            time_column(heading.created),
            time_column(heading.changed),
            heading.leaf,
            int(heading.pinned),
            HIDDEN,
            conversations.choices_column(heading.choices),
        ),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO tag (conversation_id, name) VALUES (?, ?)",
        [(heading.id, text_column(tag)) for tag in heading.tags],
    )


def _headings(connection: apsw.Connection, condition: str, *values: str) -> tuple[Heading, ...]:
    tags: dict[str, list[str]] = {}
    for conversation_id, name in connection.execute(
        "SELECT conversation_id, name FROM tag WHERE conversation_id IN"  # noqa: S608 - ours
        f" (SELECT id FROM conversation WHERE trashed IS NULL AND {condition}) ORDER BY name",
        values,
    ):
        tags.setdefault(str(conversation_id), []).append(text_of(name))
    rows = connection.execute(
        "SELECT id, title, created, changed, leaf, ifnull(folder_id, ''), pinned, choices"  # noqa: S608 - ours
        f" FROM conversation WHERE trashed IS NULL AND {condition} ORDER BY touched DESC",
        values,
    )
    return tuple(
        Heading(
            id=str(conversation_id),
            title=text_of(title),
            created=time_of(created),
            changed=time_of(changed),
            leaf=str(leaf),
            folder=str(folder),
            tags=tuple(tags.get(str(conversation_id), ())),
            pinned=bool(pinned),
            choices=conversations.choices_of(choices),
        )
        for conversation_id, title, created, changed, leaf, folder, pinned, choices in rows
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
