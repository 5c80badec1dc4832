"""The list of conversations, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence

import apsw

from app.domain.conversation import ConversationSummary
from app.domain.library import EVERYTHING, Answerer, Filter, Page, Place
from app.store import filters, summaries
from app.store.transactions import Transactions
from app.store.values import text_of

PAGE = 200
_ORDER = "pinned DESC, touched DESC, conversation.id"


class Listing:
    """Conversations outside the trash: the pinned ones first, then what changed last, whatever the
    clock said.

    Every method raises the leaves of StoreFailed.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def page(self, wanted: Filter = EVERYTHING, after: Place | None = None, most: int = PAGE) -> Page:
        """At most `most` conversations, from the top or from `after` on.

        A conversation that moves to the top between two pages is met again there and nowhere else;
        no other is left out or met twice.
        """
        condition, values = filters.condition(wanted)
        start: tuple[int | str, ...] = ()
        if after is not None:
            condition += (
                " AND (pinned, touched) <= (?, ?) AND ((pinned, touched) < (?, ?) OR conversation.id > ?)"
            )
            start = (after.pinned, after.touched, after.pinned, after.touched, after.id)

        def job(connection: apsw.Connection) -> Page:
            rows = connection.execute(
                f"SELECT {summaries.COLUMNS} FROM conversation"  # noqa: S608 - ours
                f" WHERE {condition} ORDER BY {_ORDER} LIMIT ?",
                (*values, *start, most + 1),
            )
            found = tuple(summaries.summary(row) for row in rows)
            shown = found[:most]
            return Page(rows=shown, after=place_of(shown[-1]) if len(found) > most > 0 else None)

        return await self._transactions.read(job)

    async def summaries(
        self, ids: Sequence[str], wanted: Filter = EVERYTHING
    ) -> tuple[ConversationSummary, ...]:
        """Those of these conversations that a filter lets through, in the order of the list."""
        condition, values = filters.condition(wanted)

        def job(connection: apsw.Connection) -> tuple[ConversationSummary, ...]:
            rows = connection.execute(
                f"SELECT {summaries.COLUMNS} FROM conversation"  # noqa: S608 - ours
                f" WHERE conversation.id IN (SELECT value FROM json_each(?)) AND {condition}"
                f" ORDER BY {_ORDER}",
                (json.dumps(list(ids)), *values),
            )
            return tuple(summaries.summary(row) for row in rows)

        return await self._transactions.read(job)

    async def count(self, wanted: Filter = EVERYTHING) -> int:
        """How many conversations a filter lets through."""
        condition, values = filters.condition(wanted)

        def job(connection: apsw.Connection) -> int:
            statement = f"SELECT count(*) FROM conversation WHERE {condition}"  # noqa: S608 - ours
            return int(str(connection.execute(statement, values).get))

        return await self._transactions.read(job)

    async def models(self) -> tuple[Answerer, ...]:
        """Who answered, by the names of endpoint and model."""

        def job(connection: apsw.Connection) -> tuple[Answerer, ...]:
            rows = connection.execute(
                "SELECT endpoint_id, endpoint, model, count(*), max(touched) FROM answered_by"
                " JOIN conversation ON conversation.id = conversation_id WHERE trashed IS NULL"
                " GROUP BY endpoint_id, model ORDER BY endpoint COLLATE NOCASE, model COLLATE NOCASE"
            )
            return tuple(
                Answerer(
                    endpoint_id=text_of(endpoint_id),
                    endpoint=text_of(endpoint),
                    model=text_of(model),
                    conversations=int(str(count)),
                )
                for endpoint_id, endpoint, model, count, _ in rows
            )

        return await self._transactions.read(job)

    async def tags(self) -> tuple[tuple[str, int], ...]:
        """Every tag and how many conversations have it, by name."""

        def job(connection: apsw.Connection) -> tuple[tuple[str, int], ...]:
            rows = connection.execute(
                "SELECT name, count(*) FROM tag JOIN conversation ON conversation.id = conversation_id"
                " WHERE trashed IS NULL GROUP BY name ORDER BY name COLLATE NOCASE, name"
            )
            return tuple((text_of(name), int(str(count))) for name, count in rows)

        return await self._transactions.read(job)


def place_of(row: ConversationSummary) -> Place:
    """Where a conversation stands in the list."""
    return Place(pinned=row.pinned, touched=row.touched, id=row.id)
