"""Going through the index for a query, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import apsw

from app.domain.conversation import ConversationSummary
from app.domain.library import EVERYTHING, Filter, Hit
from app.domain.message import Role
from app.store import filters, snippets, summaries, words
from app.store.indexing import texts_of
from app.store.query import Query
from app.store.values import text_of

MOST_NAMED = 50
"""Conversations that are few enough to be looked up in the index one by one."""

MOST_READ = 250
"""Messages of a shelf that are few enough to look for the beginnings of words in their text."""

_TURNS = (
    "SELECT turn.id, conversation.id, role FROM turn_words CROSS JOIN turn ON turn.number = turn_words.rowid"
    " CROSS JOIN conversation ON conversation.id = turn.conversation_id"
    " WHERE turn_words MATCH ? AND trashed_by IS NULL AND {} ORDER BY turn_words.rowid DESC"
)
_TITLES = (
    "SELECT '', conversation.id, '' FROM title_words"
    " CROSS JOIN conversation ON conversation.number = title_words.rowid"
    " WHERE title_words MATCH ? AND {} ORDER BY title_words.rowid DESC"
)


class Stopped(Exception):
    """Nobody waits for the hits any more."""


class _Scope(NamedTuple):
    """Where to search: a condition with its values, and the terms of the conversations it lets
    through, where they are few."""

    condition: str
    values: tuple[str | bytes, ...]
    named: tuple[str, ...] | None


def find(
    connection: apsw.Connection, query: Query, wanted: Filter, most: int, stopped: Callable[[], bool]
) -> tuple[Hit, ...]:
    """At most `most` hits: those in titles, at most half where there are more in messages, then
    those in messages.

    Raises Stopped soon after `stopped` says so, and apsw.Error.
    """
    if not query.phrases or most <= 0:
        return ()
    finding = _Finding(connection, query, _scope(connection, wanted), stopped)
    if finding.nowhere:
        return ()
    titles = finding.titles(most)
    messages = finding.messages(most)
    kept = titles[: max(most // 2, most - len(messages))]
    return tuple(finding.hit(place) for place in (*kept, *messages[: most - len(kept)]))


class _Place(NamedTuple):
    """A message, or a title, which has no message and no role."""

    message_id: str
    conversation_id: str
    role: str


class _Finding:
    """One search."""

    def __init__(
        self, connection: apsw.Connection, query: Query, scope: _Scope, stopped: Callable[[], bool]
    ) -> None:
        self._connection = connection
        self._query = query
        self._scope = scope
        self._stopped = stopped
        self._summaries: dict[str, ConversationSummary] = {}

    @property
    def nowhere(self) -> bool:
        """Whether the filter lets nothing through."""
        return self._scope.named == ()

    def titles(self, most: int) -> list[_Place]:
        """Conversations with a hit in the title."""
        found: list[_Place] = []
        whole, beginnings = self._query.terms
        for shelf in self._shelves("SELECT max(number) FROM conversation"):
            match = _match(shelf, whole, beginnings)
            found += self._places(_TITLES, match, most - len(found), not self._query.is_plain)
            if len(found) >= most:
                break
        return found

    def messages(self, most: int) -> list[_Place]:
        """Messages that are hits."""
        found: list[_Place] = []
        whole, beginnings = self._query.terms
        named = self._scope.named or ()
        for shelf in self._shelves("SELECT max(number) FROM turn"):
            reads = not self._query.is_plain
            match = _match(shelf, whole, beginnings, named)
            if beginnings and (whole or named):
                sure = _match(shelf, whole, (), named)
                if self._are_few(sure):
                    match, reads = sure, True
            found += self._places(_TURNS, match, most - len(found), reads)
            if len(found) >= most:
                break
        return found

    def hit(self, place: _Place) -> Hit:
        """A place with its line of text."""
        self._check()
        summary, markdown = self._summary(place.conversation_id), place.role == Role.ASSISTANT
        text, marks = snippets.snippet(self._query, self._texts(place), markdown=markdown)
        return Hit(conversation=summary, message_id=place.message_id, text=text, marks=marks)

    def _places(self, statement: str, match: str, most: int, reads: bool) -> list[_Place]:
        found: list[_Place] = []
        rows = self._connection.execute(statement.format(self._scope.condition), (match, *self._scope.values))
        for row in rows:
            self._check()
            place = _Place(*map(str, row))
            if not reads or self._query.occurs(self._texts(place)):
                found.append(place)
            if len(found) >= most:
                break
        return found

    def _are_few(self, match: str) -> bool:
        statement = f"SELECT rowid FROM turn_words WHERE turn_words MATCH ? LIMIT {MOST_READ + 1}"  # noqa: S608 - ours
        return len(self._connection.execute(statement, (match,)).fetchall()) <= MOST_READ

    def _shelves(self, newest: str) -> Iterator[str]:
        """The shelves from the newest to the oldest."""
        number = self._connection.execute(newest).get or 0
        for last in range(int(str(number)), -1, -words.SHELF):
            self._check()
            yield words.shelf_of(last)

    def _texts(self, place: _Place) -> Sequence[str]:
        if place.message_id:
            return texts_of(self._connection, place.message_id)
        return (self._summary(place.conversation_id).title,)

    def _summary(self, conversation_id: str) -> ConversationSummary:
        if conversation_id not in self._summaries:
            row = self._connection.execute(
                f"SELECT {summaries.COLUMNS} FROM conversation WHERE id = ?",  # noqa: S608 - ours
                (conversation_id,),
            ).fetchall()[0]
            self._summaries[conversation_id] = summaries.summary(row)
        return self._summaries[conversation_id]

    def _check(self) -> None:
        if self._stopped():
            raise Stopped


def count_in(
    connection: apsw.Connection, conversation_id: str, text: str, stopped: Callable[[], bool]
) -> tuple[tuple[str, int], ...]:
    """How often messages of a conversation contain a text, whatever its case, in their order.

    Messages without it are left out. Raises Stopped soon after `stopped` says so, and apsw.Error.
    """
    wanted = text.casefold()
    if not wanted:
        return ()
    counts: dict[str, int] = {}
    for turn_id, part in connection.execute(
        "SELECT turn.id, part.text FROM turn CROSS JOIN part ON part.turn_id = turn.id AND kind = 'text'"
        " WHERE conversation_id = ? AND trashed_by IS NULL ORDER BY seq, position",
        (conversation_id,),
    ):
        if stopped():
            raise Stopped
        if count := text_of(part).casefold().count(wanted):
            counts[str(turn_id)] = counts.get(str(turn_id), 0) + count
    return tuple(counts.items())


def _scope(connection: apsw.Connection, wanted: Filter) -> _Scope:
    condition, values = filters.condition(wanted)
    if wanted == EVERYTHING:
        return _Scope(condition, values, None)
    statement = f"SELECT number FROM conversation WHERE {condition} LIMIT {MOST_NAMED + 1}"  # noqa: S608 - ours
    numbers = connection.execute(statement, values).fetchall()
    if len(numbers) > MOST_NAMED:
        return _Scope(condition, values, None)
    return _Scope(condition, values, tuple(words.term_of_conversation(int(str(row[0]))) for row in numbers))


def _match(shelf: str, whole: Sequence[str], beginnings: Sequence[str], named: Sequence[str] = ()) -> str:
    """What to ask the index for on one shelf. No term has a quote in it."""
    terms = [f'"{shelf}{term}"' for term in whole]
    terms += [f'"{shelf}{term}"*' for term in beginnings]
    if named:
        terms.append("(" + " OR ".join(f'"{shelf}{term}"' for term in named) + ")")
    return " AND ".join(terms)
