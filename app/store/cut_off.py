"""The answers that the end of the program cut off."""

from __future__ import annotations

import json
from collections.abc import Sequence

import apsw

from app.domain.conversation import CutOff
from app.store.transactions import Transactions
from app.store.values import text_of


class CutOffAnswers:
    """Remembered from one start of the program to the next, also after a crash.

    Every method raises the leaves of StoreFailed.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def note(self, ids: Sequence[str]) -> None:
        """Remember those of these answers that are interrupted; the others are passed over."""

        def job(connection: apsw.Connection) -> None:
            connection.execute(
                "INSERT OR IGNORE INTO cut_off SELECT id FROM turn WHERE status = 'interrupted'"
                " AND id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )

        await self._transactions.write(job)

    async def take(self) -> tuple[CutOff, ...]:
        """What was remembered and is not in the trash, newest first; from now on it is forgotten."""

        def job(connection: apsw.Connection) -> tuple[CutOff, ...]:
            rows = connection.execute(
                "SELECT conversation.id, title, turn.id FROM cut_off JOIN turn ON turn.id = turn_id"
                " JOIN conversation ON conversation.id = turn.conversation_id"
                " WHERE status = 'interrupted' AND trashed IS NULL AND trashed_by IS NULL"
                " ORDER BY touched DESC, seq"
            ).fetchall()
            connection.execute("DELETE FROM cut_off")
            return tuple(
                CutOff(conversation_id=str(conversation), title=text_of(title), message_id=str(message))
                for conversation, title, message in rows
            )

        return await self._transactions.write(job)
