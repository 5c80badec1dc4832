"""What arrives takes its place in the list by its date, among conversations that keep their order."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import apsw

from app.store.arriving import SLICE_S
from app.store.values import HIDDEN, time_column, time_of


class Rank(NamedTuple):
    """A place in the list. `touched` is what kept a conversation in its place so far; `waits`: it goes
    to this one when all have arrived."""

    id: str
    touched: int
    waits: bool = False


class Order(NamedTuple):
    """The places to give, from the top down to the last one that something takes. Nothing had a
    `touched` above `top` when this was found. `changed` says when what was there changed last."""

    top: int
    changed: dict[str, datetime]
    places: list[Rank]


def merged(connection: apsw.Connection, changed: Mapping[str, datetime], new: frozenset[str]) -> Order:
    """The places to give to the conversations of `changed`, and to those that keep theirs above.

    `new` are those that nobody sees yet. One that was there has two places: its own, and the one it
    will take.
    """
    rows = connection.execute(
        "SELECT id, changed, touched FROM conversation WHERE trashed IS NOT ? ORDER BY touched, rowid",
        (HIDDEN,),
    )
    others = [(Rank(str(row[0]), int(str(row[2]))), aware(time_of(row[1]))) for row in rows]
    top = others[-1][0].touched if others else 0
    order: list[Rank] = []
    moving = changed.keys() - new
    latest = {one: aware(when) for one, when in changed.items()}
    latest |= {rank.id: max(when, latest[rank.id]) for rank, when in others if rank.id in moving}
    for one in sorted(latest, key=lambda one: latest[one], reverse=True):
        while others and others[-1][1] > latest[one]:
            order.append(others.pop()[0])
        order.append(Rank(one, 0, waits=one in moving))
    kept = {one: latest[one] for one in moving}
    moving -= {rank.id for rank in order if not rank.waits}
    while others and moving:
        order.append(others.pop()[0])
        moving.discard(order[-1].id)
    return Order(top, kept, order)


class Ranks:
    """Gives places, a few at a time: whoever looks meanwhile finds all in their order."""

    def __init__(self, order: Order) -> None:
        self._top, self._changed, self._order = order
        self._count = len(self._order)
        self._done = 0
        self._waiting: dict[str, int] = {}
        self._kept: dict[str, int] = {}

    @property
    def is_due(self) -> bool:
        """Whether there are places to give."""
        return self._done < self._count

    def number_some(self, connection: apsw.Connection) -> None:
        """Give some places."""
        if self._done == 0:  # what was written in since the order was found stays on top
            connection.execute(
                "UPDATE conversation SET touched = touched + ? WHERE touched > ?", (self._count, self._top)
            )
        end = time.monotonic() + SLICE_S
        while self.is_due and time.monotonic() < end:
            rank = self._order[self._done]
            number = self._top + self._count - self._done
            self._done += 1
            if rank.waits:
                self._waiting[rank.id] = number
                continue
            connection.execute(
                "UPDATE conversation SET touched = ? WHERE id = ? AND touched = ?",
                (number, rank.id, rank.touched),
            )
            self._kept[rank.id] = number

    def finish(self, connection: apsw.Connection) -> None:
        """Those that waited go to their places, unless somebody wrote in them meanwhile."""
        connection.executemany(
            "UPDATE conversation SET touched = ?, changed = ? WHERE id = ? AND touched = ?",
            [
                (self._waiting[one], time_column(when), one, self._kept[one])
                for one, when in self._changed.items()
                if one in self._kept
            ],
        )


def aware(time: datetime) -> datetime:
    """A time with a zone: one without is UTC."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)
