"""Where conversations lie: folders, tags and pins."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

import apsw

from app.domain.conversation import Folder
from app.store.transactions import Transactions
from app.store.values import text_column, text_of


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

    async def rename_folder(self, folder_id: str, name: str) -> None:
        """Give a folder another name."""
        await self._write("UPDATE folder SET name = ? WHERE id = ?", text_column(name), folder_id)

    async def remove_folder(self, folder_id: str) -> tuple[str, ...]:
        """Take a folder away; what lay in it lies in none. Returns the ids of those conversations."""

        def job(connection: apsw.Connection) -> tuple[str, ...]:
            rows = connection.execute("SELECT id FROM conversation WHERE folder_id = ?", (folder_id,))
            inside = tuple(str(row[0]) for row in rows)
            connection.execute("DELETE FROM folder WHERE id = ?", (folder_id,))
            return inside

        return await self._transactions.write(job)

    async def file(self, ids: Sequence[str], folder_id: str) -> None:
        """Put conversations into a folder, or (empty) into none."""
        await self._write(
            "UPDATE conversation SET folder_id = nullif(?, '') WHERE id IN (SELECT value FROM json_each(?))",
            folder_id,
            json.dumps(list(ids)),
        )

    async def tags(self) -> tuple[str, ...]:
        """Every tag that a conversation has, by name."""

        def job(connection: apsw.Connection) -> tuple[str, ...]:
            rows = connection.execute("SELECT DISTINCT name FROM tag ORDER BY name COLLATE NOCASE, name")
            return tuple(text_of(row[0]) for row in rows)

        return await self._transactions.read(job)

    async def tag(self, ids: Sequence[str], name: str) -> None:
        """Give conversations a tag."""
        await self._write(
            "INSERT OR IGNORE INTO tag (conversation_id, name)"
            " SELECT id, ? FROM conversation WHERE id IN (SELECT value FROM json_each(?))",
            text_column(name),
            json.dumps(list(ids)),
        )

    async def untag(self, ids: Sequence[str], name: str) -> None:
        """Take a tag from conversations."""
        await self._write(
            "DELETE FROM tag WHERE name = ? AND conversation_id IN (SELECT value FROM json_each(?))",
            text_column(name),
            json.dumps(list(ids)),
        )

    async def pin(self, ids: Sequence[str], pinned: bool) -> None:
        """Keep conversations at the top of the list, or no longer."""
        await self._write(
            "UPDATE conversation SET pinned = ? WHERE id IN (SELECT value FROM json_each(?))",
            int(pinned),
            json.dumps(list(ids)),
        )

    async def _write(self, statement: str, *values: str | bytes | int) -> None:
        await self._transactions.write(lambda connection: connection.execute(statement, values).fetchall())


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
