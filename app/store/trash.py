"""What the user deleted, for as long as it can be brought back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import apsw

from app.domain.conversation import Trashed
from app.store.transactions import Transactions
from app.store.values import text_of, time_column, time_of

BEGINNING = 200
"""Characters of a message that the trash shows."""


class Trash:
    """Conversations, and messages with everything below them, that are out of sight.

    Every method raises the leaves of StoreFailed; ids that are not there are passed over. A method
    that writes is durable when it returns, and has written nothing when it raises.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def put(self, ids: Sequence[str]) -> None:
        """Put conversations into the trash."""
        await self._write(
            "UPDATE conversation SET trashed = ? WHERE trashed IS NULL"
            " AND id IN (SELECT value FROM json_each(?))",
            time_column(datetime.now(UTC)),
            json.dumps(list(ids)),
        )

    async def take_back(self, ids: Sequence[str]) -> None:
        """Bring conversations back, as they were."""
        await self._write(
            "UPDATE conversation SET trashed = NULL WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(ids)),
        )

    async def put_branch(self, message_id: str) -> None:
        """Put a message and everything below it into the trash."""

        def job(connection: apsw.Connection) -> None:
            connection.execute(
                "WITH RECURSIVE below (id) AS (SELECT id FROM turn WHERE id = ?1 AND trashed_by IS NULL"
                " UNION ALL SELECT turn.id FROM turn JOIN below ON turn.parent_id = below.id"
                " WHERE trashed_by IS NULL)"
                " UPDATE turn SET trashed_by = ?1 WHERE id IN (SELECT id FROM below)",
                (message_id,),
            )
            if connection.changes():
                connection.execute(
                    "INSERT OR REPLACE INTO trashed_branch (turn_id, trashed) VALUES (?, ?)",
                    (message_id, time_column(datetime.now(UTC))),
                )

        await self._transactions.write(job)

    async def take_back_branch(self, message_id: str) -> None:
        """Bring a message back with what was put into the trash together with it.

        What it hangs below comes back too, where that is in the trash itself.
        """

        def job(connection: apsw.Connection) -> None:
            wanted: str | None = message_id
            while wanted is not None:
                row = connection.execute(
                    "SELECT above.trashed_by FROM turn JOIN turn AS above ON above.id = turn.parent_id"
                    " WHERE turn.id = ?",
                    (wanted,),
                ).fetchone()
                connection.execute("UPDATE turn SET trashed_by = NULL WHERE trashed_by = ?", (wanted,))
                connection.execute("DELETE FROM trashed_branch WHERE turn_id = ?", (wanted,))
                wanted = None if row is None or row[0] is None else str(row[0])

        await self._transactions.write(job)

    async def contents(self) -> tuple[Trashed, ...]:
        """Everything in the trash, what was put there last first.

        Messages of a conversation that is in the trash itself are not listed beside it.
        """

        def job(connection: apsw.Connection) -> tuple[Trashed, ...]:
            rows = connection.execute(
                "SELECT id, '', title, '', trashed FROM conversation WHERE trashed IS NOT NULL"
                " UNION ALL SELECT conversation.id, turn.id, title,"
                " ifnull((SELECT substr(CAST(text AS TEXT), 1, ?) FROM part WHERE part.turn_id = turn.id"
                " AND kind = 'text' ORDER BY position LIMIT 1), ''), trashed_branch.trashed"
                " FROM trashed_branch JOIN turn ON turn.id = trashed_branch.turn_id"
                " JOIN conversation ON conversation.id = turn.conversation_id"
                " WHERE conversation.trashed IS NULL ORDER BY 5 DESC",
                (BEGINNING,),
            )
            return tuple(
                Trashed(
                    conversation_id=str(conversation_id),
                    message_id=str(message_id),
                    title=text_of(title),
                    text=text_of(text),
                    trashed=time_of(trashed),
                )
                for conversation_id, message_id, title, text, trashed in rows
            )

        return await self._transactions.read(job)

    async def purge(self, items: Sequence[Trashed]) -> None:
        """Delete things for good that are in the trash; pictures stay where they are."""

        def job(connection: apsw.Connection) -> None:
            for item in items:
                if item.message_id:
                    connection.execute("DELETE FROM turn WHERE trashed_by = ?", (item.message_id,))
                else:
                    connection.execute(
                        "DELETE FROM conversation WHERE id = ? AND trashed IS NOT NULL",
                        (item.conversation_id,),
                    )

        await self._transactions.write(job)

    async def _write(self, statement: str, *values: str) -> None:
        await self._transactions.write(lambda connection: connection.execute(statement, values).fetchall())
