"""What the user deleted, for as long as it can be brought back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import apsw

from app.domain.conversation import Trashed
from app.domain.covers import Covers
from app.store import messages
from app.store.transactions import Transactions
from app.store.values import HIDDEN, MOST_BYTES, beginning_of, text_of, time_column, time_of

_BELOW = (
    "WITH RECURSIVE below (id) AS (SELECT id FROM turn WHERE trashed_by = ?"
    " UNION SELECT turn.id FROM turn JOIN below ON turn.parent_id = below.id WHERE trashed_by IS NOT NULL)"
)

BEGINNING = 200
"""Characters of a message that the trash shows."""


class TakenBack(NamedTuple):
    """What came back from the trash: the messages that everything else hung below, the innermost
    first, and the leaf that was shown before."""

    roots: tuple[str, ...]
    leaf: str


class Trash:
    """Conversations, and messages with everything below them, that are out of sight.

    Every method raises the leaves of StoreFailed; ids that are not there are passed over. A method
    that writes is durable when it returns, and has written nothing when it raises.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def put(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Put conversations into the trash; returns the ids of those that were not there."""
        return await self._transactions.change(
            "UPDATE conversation SET trashed = ? WHERE trashed IS NULL"
            " AND id IN (SELECT value FROM json_each(?)) RETURNING id",
            time_column(datetime.now(UTC)),
            json.dumps(list(ids)),
        )

    async def take_back(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Bring conversations back, as they were; returns the ids of those that were in the trash."""
        return await self._transactions.change(
            "UPDATE conversation SET trashed = NULL WHERE trashed IS NOT NULL"
            " AND id IN (SELECT value FROM json_each(?)) RETURNING id",
            json.dumps(list(ids)),
        )

    async def put_branch(
        self, message_id: str, leaf: str | None = None, around: Sequence[str] = ()
    ) -> str | None:
        """Put a message and everything below it into the trash, then, each as a thing of its own,
        the messages `around` it, and show the branch that ends at `leaf`, where that is said.

        Returns the leaf before; None where the message is not there.
        """

        def job(connection: apsw.Connection) -> str | None:
            if not _is_shown(connection, message_id):
                return None
            for root in (message_id, *around):
                if _is_shown(connection, root):
                    _put_branch(connection, root)
            return _show_leaf(connection, message_id, leaf)

        return await self._transactions.write(job)

    async def take_back_branch(self, message_id: str, leaf: str | None = None) -> TakenBack | None:
        """Bring a message back with what was put into the trash together with it, and show the branch
        that ends at `leaf`, where that is said.

        What it hangs below comes back too, where that is in the trash itself. Returns None where
        the message is not in the trash.
        """

        def job(connection: apsw.Connection) -> TakenBack | None:
            there = connection.execute("SELECT 1 FROM trashed_branch WHERE turn_id = ?", (message_id,))
            if not there.fetchall():
                return None
            roots: list[str] = []
            wanted: str | None = message_id
            while wanted is not None:
                roots.append(wanted)
                row = connection.execute(
                    "SELECT above.trashed_by FROM turn JOIN turn AS above ON above.id = turn.parent_id"
                    " WHERE turn.id = ?",
                    (wanted,),
                ).fetchone()
                connection.execute("UPDATE turn SET trashed_by = NULL WHERE trashed_by = ?", (wanted,))
                connection.execute("DELETE FROM trashed_branch WHERE turn_id = ?", (wanted,))
                wanted = None if row is None or row[0] is None else str(row[0])
            return TakenBack(tuple(roots), _show_leaf(connection, message_id, leaf))

        return await self._transactions.write(job)

    async def spares(self, message_id: str) -> bool:
        """Whether a message is there and not in the trash; whatever becomes of its conversation."""
        return await self._transactions.read(lambda connection: _is_shown(connection, message_id))

    async def contents(self) -> tuple[Trashed, ...]:
        """Everything in the trash, what was put there last first.

        Messages of a conversation that is in the trash itself are not listed beside it.
        """

        def job(connection: apsw.Connection) -> tuple[Trashed, ...]:
            rows = connection.execute(
                "SELECT id, '', title, x'', trashed FROM conversation"
                " WHERE trashed IS NOT NULL AND trashed != ?"
                " UNION ALL SELECT conversation.id, turn.id, title,"
                " ifnull((SELECT substr(CAST(text AS BLOB), 1, ?) FROM part WHERE part.turn_id = turn.id"
                " AND kind = 'text' ORDER BY position LIMIT 1), x''), trashed_branch.trashed"
                " FROM trashed_branch JOIN turn ON turn.id = trashed_branch.turn_id"
                " JOIN conversation ON conversation.id = turn.conversation_id"
                " WHERE conversation.trashed IS NULL ORDER BY 5 DESC",
                (HIDDEN, BEGINNING * MOST_BYTES),
            )
            return tuple(
                Trashed(
                    conversation_id=str(conversation_id),
                    message_id=str(message_id),
                    title=text_of(title),
                    text=beginning_of(text, BEGINNING),
                    trashed=time_of(trashed),
                )
                for conversation_id, message_id, title, text, trashed in rows
            )

        return await self._transactions.read(job)

    async def purge(self, items: Sequence[Trashed]) -> None:
        """Delete things for good that are in the trash, with what lies in the trash below them;
        pictures stay where they are, and what was covered on them stays covered in what is left."""

        def job(connection: apsw.Connection) -> None:
            for item in items:
                if item.message_id:
                    _hand_on_covers(connection, item)
                    connection.execute(
                        f"{_BELOW} DELETE FROM turn WHERE id IN (SELECT id FROM below)",  # noqa: S608 - ours
                        (item.message_id,),
                    )
                else:
                    connection.execute(
                        "DELETE FROM conversation WHERE id = ? AND trashed IS NOT NULL",
                        (item.conversation_id,),
                    )

        await self._transactions.write(job)


def _hand_on_covers(connection: apsw.Connection, item: Trashed) -> None:
    """Cover on the pictures of what stays what is covered on them in messages that go for good."""
    rows = connection.execute(f"{_BELOW} SELECT id FROM below", (item.message_id,))  # noqa: S608 - ours
    going = {str(row[0]) for row in rows}
    showing = messages.showing(connection, item.conversation_id)
    staying = [node for node in showing if node.id not in going]
    if any(part.treatment.redactions for node in showing if node.id in going for part in node.pictures):
        for before, now in zip(staying, Covers(showing).in_branch(staying), strict=True):
            if now != before:
                messages.set_treatments(connection, now)


def _put_branch(connection: apsw.Connection, message_id: str) -> None:
    connection.execute(
        "WITH RECURSIVE below (id) AS (SELECT id FROM turn WHERE id = ?1 AND trashed_by IS NULL"
        " UNION ALL SELECT turn.id FROM turn JOIN below ON turn.parent_id = below.id"
        " WHERE trashed_by IS NULL)"
        " UPDATE turn SET trashed_by = ?1 WHERE id IN (SELECT id FROM below)",
        (message_id,),
    )
    connection.execute(
        "INSERT OR REPLACE INTO trashed_branch (turn_id, trashed) VALUES (?, ?)",
        (message_id, time_column(datetime.now(UTC))),
    )


def _is_shown(connection: apsw.Connection, message_id: str) -> bool:
    rows = connection.execute("SELECT 1 FROM turn WHERE id = ? AND trashed_by IS NULL", (message_id,))
    return bool(rows.fetchall())


def _show_leaf(connection: apsw.Connection, message_id: str, leaf: str | None) -> str:
    """Keep which branch of the conversation of a message is shown; returns the leaf before."""
    rows = connection.execute(
        "SELECT id, leaf FROM conversation WHERE id = (SELECT conversation_id FROM turn WHERE id = ?)",
        (message_id,),
    ).fetchall()
    if leaf is not None:
        connection.execute("UPDATE conversation SET leaf = ? WHERE id = ?", (leaf, rows[0][0]))
    return str(rows[0][1])
