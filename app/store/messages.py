"""Messages as rows of the tables turn and part."""

from __future__ import annotations

import apsw

from app.domain.message import (
    Message,
    Part,
    PicturePart,
    Problem,
    Role,
    RunCard,
    Status,
    TextPart,
    ToolCall,
)
from app.store.values import record_column, record_of, text_column, text_of, time_column, time_of


def insert(connection: apsw.Connection, conversation_id: str, message: Message) -> None:
    """Add a message with its parts. Raises KeyError for a parent of another conversation."""
    if message.parent_id is not None:
        _require_parent(connection, conversation_id, message.parent_id)
    connection.execute(
        "INSERT INTO turn (id, conversation_id, parent_id, seq, role, status, created, run,"
        " problem, reasoning) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            message.id,
            conversation_id,
            message.parent_id,
            message.seq,
            message.role.value,
            message.status.value,
            time_column(message.created),
            record_column(message.run),
            record_column(message.problem),
            text_column(message.reasoning),
        ),
    )
    _write_parts(connection, message)


def update(connection: apsw.Connection, message: Message) -> str:
    """Replace what can change of a message; returns the id of its conversation.

    Raises KeyError for an unknown message.
    """
    row = connection.execute(
        "UPDATE turn SET status = ?, run = ?, problem = ?, reasoning = ? WHERE id = ?"
        " RETURNING conversation_id",
        (
            message.status.value,
            record_column(message.run),
            record_column(message.problem),
            text_column(message.reasoning),
            message.id,
        ),
    ).fetchall()
    if not row:
        raise KeyError(message.id)
    _write_parts(connection, message)
    connection.execute(
        "DELETE FROM part WHERE turn_id = ? AND position >= ?", (message.id, len(message.parts))
    )
    return str(row[0][0])


def seq_of(connection: apsw.Connection, message_id: str) -> int | None:
    """The `seq` of a message; None where it is not stored."""
    rows = connection.execute("SELECT seq FROM turn WHERE id = ?", (message_id,)).fetchall()
    return int(str(rows[0][0])) if rows else None


def next_seq(connection: apsw.Connection, conversation_id: str) -> int:
    """The `seq` of the next message of a conversation."""
    rows = connection.execute(
        "SELECT ifnull(max(seq), -1) + 1 FROM turn WHERE conversation_id = ?", (conversation_id,)
    ).fetchall()
    return int(str(rows[0][0]))


def select(connection: apsw.Connection, conversation_id: str) -> tuple[Message, ...]:
    """All messages of a conversation, in the order of their `seq`."""
    parts: dict[str, list[Part]] = {}
    for turn_id, kind, picture, text, link in connection.execute(
        "SELECT part.turn_id, part.kind, part.picture, part.text, part.link FROM turn"
        " JOIN part ON part.turn_id = turn.id WHERE turn.conversation_id = ?"
        " ORDER BY turn.seq, part.position",
        (conversation_id,),
    ):
        part = _part(kind, picture, text_of(text), str(link))
        if part is not None:
            parts.setdefault(turn_id, []).append(part)
    rows = connection.execute(
        "SELECT id, parent_id, seq, role, status, created, run, problem, reasoning FROM turn"
        " WHERE conversation_id = ? ORDER BY seq",
        (conversation_id,),
    )
    return tuple(_message(row, tuple(parts.get(row[0], ()))) for row in rows)


def pending(connection: apsw.Connection) -> tuple[tuple[str, Message], ...]:
    """The pending messages of all conversations with the ids of those."""
    conversations = connection.execute(
        "SELECT DISTINCT conversation_id FROM turn JOIN conversation ON conversation.id = conversation_id"
        " WHERE status = 'pending' ORDER BY touched"
    ).fetchall()
    return tuple(
        (str(conversation_id), message)
        for (conversation_id,) in conversations
        for message in select(connection, str(conversation_id))
        if message.status is Status.PENDING
    )


def settle(connection: apsw.Connection) -> int:
    """Call interrupted what nobody works on any more; returns how many messages that were.

    What an endpoint works on stays pending where there is a ticket to fetch it with.
    """
    connection.execute("UPDATE turn SET status = 'interrupted' WHERE status IN ('sending', 'streaming')")
    interrupted = connection.changes()
    lost = [
        (message_id,)
        for message_id, run in connection.execute(
            "SELECT id, run FROM turn WHERE status = 'pending'"
        ).fetchall()
        if (card := record_of(RunCard, run)) is None or card.ticket is None
    ]
    connection.executemany("UPDATE turn SET status = 'interrupted' WHERE id = ?", lost)
    return interrupted + len(lost)


def _write_parts(connection: apsw.Connection, message: Message) -> None:
    """Write the parts that differ from what is stored: of a growing answer, the last one."""
    connection.executemany(
        "INSERT INTO part (turn_id, position, kind, picture, text, link) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET kind = excluded.kind, picture = excluded.picture,"
        " text = excluded.text, link = excluded.link WHERE (kind, picture, text, link)"
        " IS NOT (excluded.kind, excluded.picture, excluded.text, excluded.link)",
        [(message.id, position, *_part_columns(part)) for position, part in enumerate(message.parts)],
    )


def _part_columns(part: Part) -> tuple[str, str | None, str | bytes | None, str]:
    match part:
        case PicturePart():
            return part.kind, part.sha256, text_column(part.name), part.link
        case ToolCall():
            return part.kind, None, record_column(part), ""
        case TextPart():
            return part.kind, None, text_column(part.text), ""


def _part(kind: str, picture: str | None, text: str, link: str) -> Part | None:
    """The part of a row; None for a tool call that cannot be read."""
    if kind == "picture" and picture is not None:
        return PicturePart(sha256=picture, name=text, link=link)
    if kind == "tool_call":
        return record_of(ToolCall, text)
    return TextPart(text=text)


def _message(row: apsw.SQLiteValues, parts: tuple[Part, ...]) -> Message:
    message_id, parent_id, seq, role, status, created, run, problem, reasoning = row
    return Message(
        id=str(message_id),
        parent_id=None if parent_id is None else str(parent_id),
        seq=int(str(seq)),
        role=Role(str(role)),
        status=Status(str(status)),
        created=time_of(created),
        parts=parts,
        reasoning=text_of(reasoning),
        run=record_of(RunCard, run),
        problem=record_of(Problem, problem),
    )


def _require_parent(connection: apsw.Connection, conversation_id: str, parent_id: str) -> None:
    found = connection.execute(
        "SELECT 1 FROM turn WHERE id = ? AND conversation_id = ?", (parent_id, conversation_id)
    ).fetchall()
    if not found:
        raise KeyError(parent_id)
