"""Where conversations lie: folders, tags and pins."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import apsw

from app.domain.conversation import Folder
from app.store.transactions import Transactions
from app.store.values import HIDDEN, text_column, text_of


class RemovedFolder(NamedTuple):
    """A folder that is no longer there: its place among the others, and the ids of what lay in it."""

    folder: Folder
    position: int
    inside: tuple[str, ...]


class Shelves:
    """Folders, tags and pins. None of them changes the order of the conversations.

    Every method raises the leaves of StoreFailed; ids that are not there are passed over. A method
    that writes is durable when it returns, and has written nothing when it raises.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def folders(self) -> tuple[Folder, ...]:
        """All folders, in the order in which they were made."""

        def job(connection: apsw.Connection) -> tuple[Folder, ...]:
            rows = connection.execute("SELECT id, name FROM folder ORDER BY position, id")
            return tuple(Folder(id=str(folder_id), name=text_of(name)) for folder_id, name in rows)

        return await self._transactions.read(job)

    async def add_folder(self, name: str, folder_id: str = "") -> Folder:
        """A new folder; `folder_id` brings one back that was removed."""
        folder = Folder(id=folder_id or os.urandom(16).hex(), name=name)
        await self._transactions.write(lambda connection: insert_folder(connection, folder))
        return folder

    async def rename_folder(self, folder_id: str, name: str) -> str | None:
        """Give a folder another name; returns the one before, None where it is not there."""

        def job(connection: apsw.Connection) -> str | None:
            rows = connection.execute("SELECT name FROM folder WHERE id = ?", (folder_id,)).fetchall()
            connection.execute("UPDATE folder SET name = ? WHERE id = ?", (text_column(name), folder_id))
            return text_of(rows[0][0]) if rows else None

        return await self._transactions.write(job)

    async def remove_folder(self, folder_id: str) -> tuple[str, ...]:
        """Take a folder away; what lay in it lies in none. Returns the ids of those conversations."""
        removed = await self.take_folder(folder_id)
        return removed.inside if removed else ()

    async def take_folder(self, folder_id: str) -> RemovedFolder | None:
        """As `remove_folder`; returns what `put_folder_back` wants, None where it is not there."""

        def job(connection: apsw.Connection) -> RemovedFolder | None:
            found = connection.execute("SELECT name, position FROM folder WHERE id = ?", (folder_id,))
            row = found.fetchone()
            if row is None:
                return None
            rows = connection.execute("SELECT id FROM conversation WHERE folder_id = ?", (folder_id,))
            inside = tuple(str(row[0]) for row in rows)
            connection.execute("DELETE FROM folder WHERE id = ?", (folder_id,))
            return RemovedFolder(Folder(id=folder_id, name=text_of(row[0])), int(str(row[1])), inside)

        return await self._transactions.write(job)

    async def put_folder_back(self, removed: RemovedFolder) -> None:
        """Bring a folder back to its place, and what lay in it and lies in none now into it."""

        def job(connection: apsw.Connection) -> None:
            folder = removed.folder
            connection.execute(
                "INSERT INTO folder (id, name, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (folder.id, text_column(folder.name), removed.position),
            )
            connection.execute(
                "UPDATE conversation SET folder_id = ?"
                " WHERE folder_id IS NULL AND id IN (SELECT value FROM json_each(?))",
                (folder.id, json.dumps(removed.inside)),
            )

        await self._transactions.write(job)

    async def file(self, ids: Sequence[str], folder_id: str) -> dict[str, str]:
        """Put conversations into a folder, or (empty) into none; returns where those lay that moved."""
        return await self.place(dict.fromkeys(ids, folder_id))

    async def place(self, folders: Mapping[str, str]) -> dict[str, str]:
        """Put each conversation into its folder, or (empty) into none; returns where those lay that
        moved. Raises ValueError for a folder that is not there."""

        def job(connection: apsw.Connection) -> dict[str, str]:
            rows = connection.execute(
                "SELECT id, ifnull(folder_id, '') FROM conversation"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(folders)),),
            )
            before = {str(row[0]): str(row[1]) for row in rows if folders[str(row[0])] != row[1]}
            connection.executemany(
                "UPDATE conversation SET folder_id = nullif(?, '') WHERE id = ?",
                [(folders[conversation_id], conversation_id) for conversation_id in before],
            )
            return before

        return await self._transactions.write(job)

    async def tags(self) -> tuple[str, ...]:
        """Every tag that a conversation has, by name."""

        def job(connection: apsw.Connection) -> tuple[str, ...]:
            rows = connection.execute(
                "SELECT DISTINCT name FROM tag JOIN conversation ON conversation.id = conversation_id"
                " WHERE trashed IS NOT ? ORDER BY name COLLATE NOCASE, name",
                (HIDDEN,),
            )
            return tuple(text_of(row[0]) for row in rows)

        return await self._transactions.read(job)

    async def tag(self, ids: Sequence[str], name: str) -> tuple[str, ...]:
        """Give conversations a tag; returns the ids of those that did not have it."""
        return await self._transactions.change(
            "INSERT OR IGNORE INTO tag (conversation_id, name)"
            " SELECT id, ? FROM conversation WHERE id IN (SELECT value FROM json_each(?))"
            " RETURNING conversation_id",
            text_column(name),
            json.dumps(list(ids)),
        )

    async def untag(self, ids: Sequence[str], name: str) -> tuple[str, ...]:
        """Take a tag from conversations; returns the ids of those that had it."""
        return await self._transactions.change(
            "DELETE FROM tag WHERE name = ? AND conversation_id IN (SELECT value FROM json_each(?))"
            " RETURNING conversation_id",
            text_column(name),
            json.dumps(list(ids)),
        )

    async def pin(self, ids: Sequence[str], pinned: bool) -> tuple[str, ...]:
        """Keep conversations at the top of the list, or no longer; returns the ids of those that
        were not where they are now."""
        return await self._transactions.change(
            "UPDATE conversation SET pinned = ?1 WHERE pinned != ?1"
            " AND id IN (SELECT value FROM json_each(?2)) RETURNING id",
            int(pinned),
            json.dumps(list(ids)),
        )


def insert_folder(connection: apsw.Connection, folder: Folder) -> None:
    """Add a folder after the others, where its id is not there yet."""
    connection.execute(
        "INSERT INTO folder (id, name, position)"
        " VALUES (?, ?, (SELECT ifnull(max(position) + 1, 0) FROM folder)) ON CONFLICT DO NOTHING",
        (folder.id, text_column(folder.name)),
    )


def tags_of(connection: apsw.Connection, conversation_id: str) -> tuple[str, ...]:
    """The tags of a conversation, by name."""
    rows = connection.execute(
        "SELECT name FROM tag WHERE conversation_id = ? ORDER BY name", (conversation_id,)
    )
    return tuple(text_of(row[0]) for row in rows)
