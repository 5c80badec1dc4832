"""Messages as rows of the tables turn and part."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import apsw

from app.domain.conversation import Node, node_of
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
from app.domain.region import Treatment
from app.store.values import (
    record_column,
    record_of,
    text_column,
    text_of,
    time_column,
    time_of,
    treatment_of,
)

_ROLES = {role.value: role for role in Role}
_STATUSES = {status.value: status for status in Status}
_NOTHING_DONE = Treatment()


def insert(
    connection: apsw.Connection, conversation_id: str, message: Message, hidden_by: str | None = None
) -> None:
    """Add a message with its parts; below one in the trash, to what is in the trash with that.

    With `hidden_by` it is out of sight with the message of that id, and `note` is left to do.
    Raises KeyError for a parent of another conversation.
    """
    if message.parent_id is not None:
        _require_parent(connection, conversation_id, message.parent_id)
    node = node_of(message)
    connection.execute(
        "INSERT INTO turn (id, conversation_id, parent_id, seq, role, status, created, run,"
        " problem, reasoning, choice, characters, lines, trashed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " ?, ?, ifnull(?, (SELECT trashed_by FROM turn WHERE id = ?)))",
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
            node.choice,
            node.characters,
            node.lines,
            hidden_by,
            message.parent_id,
        ),
    )
    _write_parts(connection, message)
    if hidden_by is None:
        note(connection, conversation_id, message)


def update(connection: apsw.Connection, message: Message) -> str:
    """Replace what can change of a message; returns the id of its conversation.

    Raises KeyError for an unknown message.
    """
    node = node_of(message)
    row = connection.execute(
        "UPDATE turn SET status = ?, run = ?, problem = ?, reasoning = ?, choice = ?, characters = ?,"
        " lines = ? WHERE id = ? RETURNING conversation_id",
        (
            message.status.value,
            record_column(message.run),
            record_column(message.problem),
            text_column(message.reasoning),
            node.choice,
            node.characters,
            node.lines,
            message.id,
        ),
    ).fetchall()
    if not row:
        raise KeyError(message.id)
    _write_parts(connection, message)
    connection.execute(
        "DELETE FROM part WHERE turn_id = ? AND position >= ?", (message.id, len(message.parts))
    )
    note(connection, str(row[0][0]), message)
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
    """All messages of a conversation that are not in the trash, in the order of their `seq`."""
    chosen = "SELECT id FROM turn WHERE conversation_id = ? AND trashed_by IS NULL"
    return _select(connection, chosen, (conversation_id,))


def select_ids(connection: apsw.Connection, ids: Sequence[str]) -> tuple[Message, ...]:
    """The messages with these ids that there are, in the order of their `seq`."""
    return _select(connection, "SELECT value FROM json_each(?)", (json.dumps(list(ids)),))


def select_branch(connection: apsw.Connection, leaf_id: str) -> tuple[Message, ...]:
    """The messages from the root to `leaf_id`; none for an unknown one."""
    path = (
        "WITH RECURSIVE path (id, parent_id) AS (SELECT id, parent_id FROM turn WHERE id = ?"
        " UNION ALL SELECT turn.id, turn.parent_id FROM turn JOIN path ON turn.id = path.parent_id)"
        " SELECT id FROM path"
    )
    return _select(connection, path, (leaf_id,))


def _select(connection: apsw.Connection, chosen: str, arguments: tuple[str, ...]) -> tuple[Message, ...]:
    parts: dict[str, list[Part]] = {}
    for turn_id, kind, picture, text, link, treatment in connection.execute(
        "SELECT turn_id, kind, picture, text, link, treatment FROM part"  # noqa: S608 - ours
        f" WHERE turn_id IN ({chosen}) ORDER BY turn_id, position",
        arguments,
    ):
        part = _part(kind, picture, text_of(text), str(link), treatment)
        if part is not None:
            parts.setdefault(turn_id, []).append(part)
    rows = connection.execute(
        "SELECT id, parent_id, seq, role, status, created, run, problem, reasoning"  # noqa: S608 - ours
        f" FROM turn WHERE id IN ({chosen}) ORDER BY seq",
        arguments,
    )
    return tuple(_message(row, tuple(parts.get(row[0], ()))) for row in rows)


def nodes(connection: apsw.Connection, conversation_id: str) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The messages of a conversation without their words, in the order of their `seq`; and those in the
    trash that show pictures."""
    pictures = _pictures(connection, conversation_id)
    shown = _nodes(connection, "conversation_id = ? AND trashed_by IS NULL", conversation_id, pictures)
    trashed = "id IN (SELECT value FROM json_each(?)) AND trashed_by IS NOT NULL"
    return shown, _nodes(connection, trashed, json.dumps(list(pictures)), pictures)


def showing(connection: apsw.Connection, conversation_id: str) -> tuple[Node, ...]:
    """The messages of a conversation that show pictures, those in the trash too, in the order of their
    `seq`."""
    pictures = _pictures(connection, conversation_id)
    return _nodes(connection, "id IN (SELECT value FROM json_each(?))", json.dumps(list(pictures)), pictures)


def _pictures(connection: apsw.Connection, conversation_id: str) -> dict[str, list[PicturePart]]:
    """The pictures of a conversation by the ids of their messages, those in the trash too."""
    pictures: dict[str, list[PicturePart]] = {}
    for turn_id, picture, name, link, treatment in connection.execute(
        "SELECT part.turn_id, part.picture, part.text, part.link, part.treatment FROM turn JOIN part"
        " ON part.turn_id = turn.id AND part.picture IS NOT NULL WHERE turn.conversation_id = ?"
        " ORDER BY turn.seq, part.position",
        (conversation_id,),
    ):
        shown = _picture(picture, text_of(name), link, treatment)
        pictures.setdefault(turn_id, []).append(shown)
    return pictures


def _nodes(
    connection: apsw.Connection, which: str, argument: str, pictures: Mapping[str, list[PicturePart]]
) -> tuple[Node, ...]:
    rows = connection.execute(
        "SELECT id, parent_id, seq, role, status, choice, characters, lines FROM turn"  # noqa: S608 - ours
        f" WHERE {which} ORDER BY seq",
        (argument,),
    )
    return tuple(
        Node(
            id=turn_id,
            parent_id=parent_id,
            seq=seq,
            role=_ROLES[role],
            status=_STATUSES[status],
            choice=choice,
            characters=characters,
            lines=lines,
            pictures=tuple(pictures.get(turn_id, ())),
        )
        for turn_id, parent_id, seq, role, status, choice, characters, lines in rows
    )


def pending(connection: apsw.Connection) -> tuple[tuple[str, Message], ...]:
    """The pending messages of all conversations with the ids of those."""
    conversations = connection.execute(
        "SELECT DISTINCT conversation_id FROM turn JOIN conversation ON conversation.id = conversation_id"
        " WHERE status = 'pending' AND trashed_by IS NULL AND trashed IS NULL ORDER BY touched"
    ).fetchall()
    return tuple(
        (str(conversation_id), message)
        for (conversation_id,) in conversations
        for message in select(connection, str(conversation_id))
        if message.status is Status.PENDING
    )


def settle(connection: apsw.Connection) -> int:
    """Call interrupted what nobody works on any more; returns how many messages that were.

    What an endpoint works on stays pending where there is a ticket to fetch it with. The answers
    among them are noted as cut off.
    """
    connection.execute(
        "INSERT OR IGNORE INTO cut_off SELECT id FROM turn"
        " WHERE status IN ('sending', 'streaming') AND role = 'assistant' AND trashed_by IS NULL"
    )
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
        "INSERT INTO part (turn_id, position, kind, picture, text, link, treatment)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET kind = excluded.kind,"
        " picture = excluded.picture, text = excluded.text, link = excluded.link,"
        " treatment = excluded.treatment WHERE (kind, picture, text, link, treatment)"
        " IS NOT (excluded.kind, excluded.picture, excluded.text, excluded.link, excluded.treatment)",
        [(message.id, position, *_part_columns(part)) for position, part in enumerate(message.parts)],
    )


def note(connection: apsw.Connection, conversation_id: str, message: Message) -> None:
    """Keep what the list of conversations shows of a message: who answered, and the first picture."""
    if message.run is not None:
        connection.execute(
            "INSERT OR IGNORE INTO answered_by (conversation_id, endpoint_id, model, endpoint)"
            " VALUES (?, ?, ?, ?)",
            (
                conversation_id,
                *map(text_column, (message.run.endpoint_id, message.run.model, message.run.endpoint)),
            ),
        )
    if message.pictures:
        connection.execute(
            "UPDATE conversation SET picture = ? WHERE id = ? AND picture IS NULL",
            (message.pictures[0].sha256, conversation_id),
        )


def _part_columns(part: Part) -> tuple[str, str | None, str | bytes | None, str, str | None]:
    match part:
        case PicturePart():
            done = record_column(part.treatment) if part.treatment != _NOTHING_DONE else None
            return part.kind, part.sha256, text_column(part.name), part.link, done
        case ToolCall():
            return part.kind, None, record_column(part), "", None
        case TextPart():
            return part.kind, None, text_column(part.text), "", None


def set_treatments(connection: apsw.Connection, node: Node) -> None:
    """Replace what is done with the pictures of a stored message."""
    rows = connection.execute(
        "SELECT position FROM part WHERE turn_id = ? AND picture IS NOT NULL ORDER BY position", (node.id,)
    ).fetchall()
    connection.executemany(
        "UPDATE part SET treatment = ? WHERE turn_id = ? AND position = ?",
        [
            (record_column(part.treatment) if part.treatment != _NOTHING_DONE else None, node.id, *row)
            for row, part in zip(rows, node.pictures, strict=True)
        ],
    )


def _picture(sha256: str, name: str, link: str, treatment: object) -> PicturePart:
    return PicturePart(sha256=sha256, name=name, link=link, treatment=treatment_of(treatment))


def _part(kind: str, picture: str | None, text: str, link: str, treatment: object) -> Part | None:
    """The part of a row; None for a tool call that cannot be read."""
    if kind == "picture" and picture is not None:
        return _picture(picture, text, link, treatment)
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
