"""Conversations and the drafts of questions not sent yet."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime

import apsw

from app.domain.conversation import Conversation, ConversationSummary, Draft, Node, Outline
from app.domain.message import Message
from app.domain.region import HIDES_ALL, NOTHING_CHOSEN, PictureChoices
from app.store import messages, schema, shelves, summaries
from app.store.transactions import Transactions
from app.store.values import record_column, record_of, text_column, text_of, time_column, time_of

_DRAFT = "text, pictures, links, edits, treatments"
_CHOSEN_BEFORE = "choices"
"""The fact what was chosen for the pictures of a conversation that is not begun."""


class Conversations:
    """The conversations of a library.

    Every method raises the leaves of StoreFailed. A method that writes is durable when it
    returns, and has written nothing when it raises.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def create(
        self,
        title: str,
        *first: Message,
        session: str = "",
        choices: PictureChoices = NOTHING_CHOSEN,
    ) -> Conversation:
        """A new conversation that begins with `first`, with the choices for its pictures, all in one
        transaction.

        Raises what `add` raises.
        """
        conversation = Conversation(
            id=os.urandom(16).hex(), title=title, created=datetime.now(UTC), session=session
        )

        def job(connection: apsw.Connection) -> Conversation:
            created = time_column(conversation.created)
            connection.execute(
                "INSERT INTO conversation (id, title, created, changed, touched, session, choices)"
                " VALUES (?, ?, ?, ?, 0, ?, ?)",
                (
                    *(conversation.id, text_column(title), created, created, text_column(session)),
                    choices_column(choices),
                ),
            )
            return conversation.replace(messages=_add(connection, conversation.id, first))

        return await self._transactions.write(job)

    async def add(self, conversation_id: str, *new: Message) -> tuple[Message, ...]:
        """Add messages in one transaction; returns them with the `seq` they got.

        Raises KeyError for an unknown conversation or parent, ValueError for a message that is
        there already or shows a picture that is not stored.
        """
        return await self._transactions.write(lambda connection: _add(connection, conversation_id, new))

    async def save(self, message: Message) -> None:
        """Replace status, parts, reasoning, run and problem of a stored message.

        Raises KeyError for an unknown message.
        """

        def job(connection: apsw.Connection) -> None:
            _touch(connection, messages.update(connection, message))

        await self._transactions.write(job)

    async def keep(self, conversation_id: str, message: Message) -> Message:
        """Save a message, or add it where it is not stored yet; returns it with its `seq`.

        Raises what `add` raises.
        """

        def job(connection: apsw.Connection) -> Message:
            seq = messages.seq_of(connection, message.id)
            if seq is None:
                return _add(connection, conversation_id, (message,))[0]
            _touch(connection, messages.update(connection, message))
            return message.replace(seq=seq)

        return await self._transactions.write(job)

    async def pending(self) -> tuple[tuple[str, Message], ...]:
        """The messages that an endpoint still works on, each with the id of its conversation,
        oldest first."""
        return await self._transactions.read(messages.pending)

    async def get(self, conversation_id: str) -> Conversation:
        """A conversation with all its messages. Raises KeyError for an unknown one."""

        def job(connection: apsw.Connection) -> Conversation:
            row = connection.execute(
                "SELECT title, created, session FROM conversation WHERE id = ?", (conversation_id,)
            ).fetchone()
            if row is None:
                raise KeyError(conversation_id)
            return Conversation(
                id=conversation_id,
                title=text_of(row[0]),
                created=time_of(row[1]),
                messages=messages.select(connection, conversation_id),
                session=text_of(row[2]),
            )

        return await self._transactions.read(job)

    async def outline(self, conversation_id: str) -> Outline:
        """A conversation without its words. Raises KeyError for one that is not there or in the trash."""

        def job(connection: apsw.Connection) -> Outline:
            row = connection.execute(
                "SELECT title, created, session, leaf, ifnull(folder_id, ''), pinned, choices"
                " FROM conversation WHERE id = ? AND trashed IS NULL",
                (conversation_id,),
            ).fetchone()
            if row is None:
                raise KeyError(conversation_id)
            nodes, trashed = messages.nodes(connection, conversation_id)
            return Outline(
                id=conversation_id,
                title=text_of(row[0]),
                created=time_of(row[1]),
                session=text_of(row[2]),
                leaf=str(row[3]),
                folder=str(row[4]),
                tags=shelves.tags_of(connection, conversation_id),
                pinned=bool(row[5]),
                choices=choices_of(row[6]),
                nodes=nodes,
                trashed=trashed,
            )

        return await self._transactions.read(job)

    async def showing(self, conversation_id: str) -> tuple[Node, ...]:
        """The messages that show pictures, without their words, of every branch and those in the trash
        too, in the order of their `seq`; none for an unknown conversation."""
        return await self._transactions.read(lambda connection: messages.showing(connection, conversation_id))

    async def messages(self, ids: Sequence[str]) -> tuple[Message, ...]:
        """The messages with these ids, as far as they are there, in the order of their `seq`."""
        return await self._transactions.read(lambda connection: messages.select_ids(connection, ids))

    async def branch(self, leaf_id: str) -> tuple[Message, ...]:
        """The messages from the root to `leaf_id`; none for an unknown one."""
        return await self._transactions.read(lambda connection: messages.select_branch(connection, leaf_id))

    async def list(self) -> tuple[ConversationSummary, ...]:
        """All conversations outside the trash, the one that changed last first, whatever the
        clock said."""

        def job(connection: apsw.Connection) -> tuple[ConversationSummary, ...]:
            rows = connection.execute(
                f"SELECT {summaries.COLUMNS} FROM conversation"  # noqa: S608 - ours
                " WHERE trashed IS NULL ORDER BY touched DESC"
            )
            return tuple(summaries.summary(row) for row in rows)

        return await self._transactions.read(job)

    async def rename(self, conversation_id: str, title: str) -> str:
        """Give a conversation another title; it keeps its place. Returns the one before.

        Raises KeyError.
        """

        def job(connection: apsw.Connection) -> str:
            found = connection.execute("SELECT title FROM conversation WHERE id = ?", (conversation_id,))
            row = found.fetchone()
            if row is None:
                raise KeyError(conversation_id)
            update = "UPDATE conversation SET title = ? WHERE id = ?"
            connection.execute(update, (text_column(title), conversation_id))
            return text_of(row[0])

        return await self._transactions.write(job)

    async def set_session(self, conversation_id: str, session: str) -> None:
        """The id under which endpoints may keep a conversation, empty for none. Raises KeyError."""
        await self._say(
            conversation_id, "UPDATE conversation SET session = ? WHERE id = ?", text_column(session)
        )

    async def set_leaf(self, conversation_id: str, leaf_id: str) -> None:
        """The end of the branch that is shown when the conversation is opened again. Raises KeyError."""
        await self._say(conversation_id, "UPDATE conversation SET leaf = ? WHERE id = ?", leaf_id)

    async def choices(self, conversation_id: str | None) -> PictureChoices:
        """What was chosen for the pictures, or (None) for those of a conversation that is not begun.
        Raises KeyError for an unknown conversation."""
        return await self._transactions.read(lambda connection: _choices(connection, conversation_id))

    async def set_choices(self, conversation_id: str | None, choices: PictureChoices) -> PictureChoices:
        """Keep what was chosen for the pictures, or (None) for those of a conversation that is not begun;
        returns what was before.

        Raises KeyError for an unknown conversation.
        """

        def job(connection: apsw.Connection) -> PictureChoices:
            before = _choices(connection, conversation_id)
            if conversation_id is None:
                schema.set_meta(connection, _CHOSEN_BEFORE, choices_column(choices) or "")
                return before
            update = "UPDATE conversation SET choices = ? WHERE id = ?"
            connection.execute(update, (choices_column(choices), conversation_id))
            return before

        return await self._transactions.write(job)

    async def _say(self, conversation_id: str, update: str, column: str | bytes) -> None:
        def job(connection: apsw.Connection) -> None:
            connection.execute(update, (column, conversation_id))
            if not connection.changes():
                raise KeyError(conversation_id)

        await self._transactions.write(job)

    async def save_draft(self, conversation_id: str | None, draft: Draft) -> None:
        """Keep what is typed in a conversation, or (None) in one that is not begun.

        The next question and a change of an earlier one are kept beside each other. Raises
        KeyError for an unknown conversation.
        """

        def job(connection: apsw.Connection) -> None:
            _forget_draft(connection, conversation_id, draft.edits)
            if conversation_id is not None:
                _require(connection, conversation_id)
            insert_draft(connection, conversation_id, draft)

        await self._transactions.write(job)

    async def draft(self, conversation_id: str | None) -> Draft:
        """The next question as typed and not sent; an empty draft where nothing was."""

        def job(connection: apsw.Connection) -> Draft:
            rows = connection.execute(
                f"SELECT {_DRAFT} FROM draft WHERE conversation_id IS ? AND edits IS NULL",  # noqa: S608 - ours
                (conversation_id,),
            )
            return next((_draft(row) for row in rows), Draft())

        return await self._transactions.read(job)

    async def edit(self, conversation_id: str) -> Draft | None:
        """The change of an earlier question that was not sent, the last one begun; None without any."""

        def job(connection: apsw.Connection) -> Draft | None:
            rows = connection.execute(
                f"SELECT {_DRAFT} FROM draft JOIN turn ON turn.id = edits"  # noqa: S608 - ours
                " WHERE draft.conversation_id = ? AND trashed_by IS NULL ORDER BY draft.rowid DESC LIMIT 1",
                (conversation_id,),
            )
            return next((_draft(row) for row in rows), None)

        return await self._transactions.read(job)

    async def drop_edit(self, conversation_id: str, question_id: str) -> None:
        """Forget how a question was to be changed."""
        await self._transactions.write(
            lambda connection: _forget_draft(connection, conversation_id, question_id)
        )


def insert_draft(connection: apsw.Connection, conversation_id: str | None, draft: Draft) -> None:
    """Keep a draft where there is none yet; an empty one is none."""
    if draft != Draft():
        connection.execute(
            f"INSERT INTO draft (conversation_id, {_DRAFT}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608 - ours
            (
                conversation_id,
                text_column(draft.text),
                json.dumps(draft.pictures),
                json.dumps(draft.links),
                draft.edits or None,
                json.dumps({sha256: done.to_plain() for sha256, done in draft.treatments.items()}),
            ),
        )


def _forget_draft(connection: apsw.Connection, conversation_id: str | None, edits: str) -> None:
    connection.execute(
        "DELETE FROM draft WHERE conversation_id IS ? AND edits IS ?", (conversation_id, edits or None)
    )


def choices_column(choices: PictureChoices) -> str | None:
    """Choices as a column; NULL where nothing was chosen."""
    return None if choices == NOTHING_CHOSEN else record_column(choices)


def choices_of(column: object) -> PictureChoices:
    """The choices of a column that `choices_column` made."""
    return record_of(PictureChoices, column) or NOTHING_CHOSEN


def _choices(connection: apsw.Connection, conversation_id: str | None) -> PictureChoices:
    if conversation_id is None:
        return choices_of(schema.meta(connection, _CHOSEN_BEFORE) or None)
    found = connection.execute("SELECT choices FROM conversation WHERE id = ?", (conversation_id,)).fetchall()
    if not found:
        raise KeyError(conversation_id)
    return choices_of(found[0][0])


def _draft(row: apsw.SQLiteValues) -> Draft:
    text, pictures, links, edits, treatments = row
    shown = record_of(Draft, f'{{"pictures": {pictures}}}') or Draft()
    linked = record_of(Draft, f'{{"links": {links}}}') or Draft()
    treated = record_of(Draft, f'{{"treatments": {treatments}}}')
    if treated is None or not all(done.is_sound for done in treated.treatments.values()):
        treated = Draft(treatments=dict.fromkeys((sha256 for sha256, _ in shown.pictures), HIDES_ALL))
    return Draft(
        text=text_of(text),
        pictures=shown.pictures,
        links=linked.links,
        edits="" if edits is None else str(edits),
        treatments=treated.treatments,
    )


def _add(connection: apsw.Connection, conversation_id: str, new: tuple[Message, ...]) -> tuple[Message, ...]:
    _touch(connection, conversation_id)
    first = messages.next_seq(connection, conversation_id)
    added = tuple(message.replace(seq=seq) for seq, message in enumerate(new, first))
    for message in added:
        messages.insert(connection, conversation_id, message)
    return added


def _require(connection: apsw.Connection, conversation_id: str) -> None:
    found = connection.execute("SELECT 1 FROM conversation WHERE id = ?", (conversation_id,)).fetchall()
    if not found:
        raise KeyError(conversation_id)


def _touch(connection: apsw.Connection, conversation_id: str) -> None:
    """Move a conversation to the top of the list. Raises KeyError for an unknown one."""
    connection.execute(
        "UPDATE conversation SET changed = ?,"
        " touched = (SELECT max(touched) + 1 FROM conversation) WHERE id = ?",
        (time_column(datetime.now(UTC)), conversation_id),
    )
    if not connection.changes():
        raise KeyError(conversation_id)
