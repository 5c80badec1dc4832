"""Finished messages and titles come into the index.

Triggers of the database note what is new or changed, in the transaction that writes it. The writer
takes it from there when nothing else is to be written, newest first, a few milliseconds at a time;
so a save never waits for more than that, and what was never indexed becomes so bit by bit.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import apsw

from app.store.values import text_of

STEP_S = 0.002
"""For how long one step gathers words, unless one text takes longer; writing them takes as long."""

LEISURE = 4.0
"""How much longer than a step the pause after it is, in which the interpreter is left to others."""

START_S = 1.0
"""How long what was waiting when the library was opened waits on: the window comes first."""

MERGED = 16
"""Pages of the index that are merged at once, so that it does not fall into many small pieces."""

_MOST = 200  # in one step

_Texts = Callable[[apsw.Connection, int], set[str]]


class Indexer:
    """Indexes what is waiting, step by step, on the thread and the connection that write."""

    def __init__(self) -> None:
        self._not_before: float | None = None
        self._to_merge = False

    def __call__(self, connection: apsw.Connection) -> float | None:
        """Do one step. Returns in how many seconds to call again, None where nothing is left."""
        complete = is_complete(connection)
        now = time.monotonic()
        if self._not_before is None:
            self._not_before = now if complete else now + START_S
        if now < self._not_before:
            return self._not_before - now
        if self._to_merge:
            self._to_merge = _transact(connection, _merge)
        elif complete:
            return None
        else:
            self._to_merge = _transact(connection, _index)
        return LEISURE * (time.monotonic() - now)


def is_complete(connection: apsw.Connection) -> bool:
    """Whether everything that is finished is in the index."""
    waiting = "SELECT EXISTS (SELECT 1 FROM unindexed_turn) OR EXISTS (SELECT 1 FROM unindexed_title)"
    return not connection.execute(waiting).get


def _transact(connection: apsw.Connection, job: Callable[[apsw.Connection], bool]) -> bool:
    """Do `job` in a transaction that need not be on the disk at once: what the power takes is still
    waiting."""
    connection.pragma("synchronous", "NORMAL")
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            more = job(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    finally:
        connection.pragma("synchronous", "FULL")
    return more


def _index(connection: apsw.Connection) -> bool:
    """Index the newest that wait; then there may be something to merge."""
    deadline = time.monotonic() + STEP_S
    for kind, terms_of in _KINDS.items():
        _take(connection, kind, terms_of, deadline)
    return True


def _merge(connection: apsw.Connection) -> bool:
    """Merge some of the index, a little at a time where SQLite would do much at once, now and then.

    Returns whether there was anything to merge.
    """
    merged = False
    for kind in _KINDS:
        before = connection.total_changes()
        connection.execute(
            f"INSERT INTO {kind}_words ({kind}_words, rank) VALUES ('merge', {MERGED})"  # noqa: S608 - ours
        )
        merged |= connection.total_changes() - before > 1  # the row itself counts as one
    return merged


def _take(connection: apsw.Connection, kind: str, terms_of: _Texts, deadline: float) -> None:
    """Index the newest of a kind that wait, at least one."""
    from app.store import words  # not before there is something to index

    waiting = connection.execute(
        f"SELECT number FROM unindexed_{kind} ORDER BY number DESC LIMIT {_MOST}"  # noqa: S608 - ours
    ).fetchall()
    for number in (int(str(row[0])) for row in waiting):
        try:
            terms = terms_of(connection, number)
        except ValueError:  # a damaged row, which has no words
            terms = set()
        shelf = words.shelf_of(number)
        connection.execute(
            f"INSERT OR REPLACE INTO {kind}_words (rowid, words) VALUES (?, ?)",  # noqa: S608 - ours
            (number, " ".join(shelf + term for term in terms)),
        )
        connection.execute(f"DELETE FROM unindexed_{kind} WHERE number = ?", (number,))  # noqa: S608 - ours
        if time.monotonic() > deadline:
            break


def _terms_of_turn(connection: apsw.Connection, number: int) -> set[str]:
    rows = connection.execute(
        "SELECT conversation.number, turn.id FROM turn"
        " JOIN conversation ON conversation.id = conversation_id WHERE turn.number = ?",
        (number,),
    ).fetchall()
    ((conversation, turn_id),) = rows
    from app.store import words

    terms = words.terms_of(texts_of(connection, str(turn_id)))
    terms.add(words.term_of_conversation(int(str(conversation))))
    return terms


def _terms_of_title(connection: apsw.Connection, number: int) -> set[str]:
    from app.store import words

    title = connection.execute("SELECT title FROM conversation WHERE number = ?", (number,)).get
    return words.terms_of((text_of(title),))


def texts_of(connection: apsw.Connection, turn_id: str) -> tuple[str, ...]:
    """What is searched of a message: its text and the names of its pictures."""
    rows = connection.execute(
        "SELECT text FROM part WHERE turn_id = ? AND kind IN ('text', 'picture') ORDER BY position",
        (turn_id,),
    )
    return tuple(text_of(row[0]) for row in rows)


_KINDS: dict[str, _Texts] = {"turn": _terms_of_turn, "title": _terms_of_title}
