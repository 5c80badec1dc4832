"""Domain values as database columns, and back.

A column that cannot be read costs its own value and nothing else: whatever is damaged in one
row, the rest of the conversation and of the library is shown.
"""

from __future__ import annotations

import contextlib
import json
import logging
from datetime import UTC, datetime
from typing import TypeVar

from app.domain.record import Record
from app.domain.region import HIDES_ALL, Treatment

log = logging.getLogger(__name__)

RecordType = TypeVar("RecordType", bound=Record)

HIDDEN = "arriving"
"""What stands in `conversation.trashed` while a conversation arrives: see arriving.py."""

MOST_BYTES = 4
"""A character takes no more of them."""

_NO_TIME = datetime.fromtimestamp(0, UTC)


def text_column(text: str) -> str | bytes:
    """Text, or its bytes where UTF-8 cannot say it (half a surrogate pair, as servers send)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def text_of(column: object) -> str:
    """The text of a column that `text_column` made."""
    if isinstance(column, bytes):
        return column.decode("utf-8", "surrogatepass")
    return str(column)


def beginning_of(column: object, most: int) -> str:
    """The first `most` characters of the bytes of a text, which may be cut within a character."""
    data = column if isinstance(column, bytes) else b""
    for end in range(len(data), max(len(data) - MOST_BYTES, -1), -1):
        with contextlib.suppress(UnicodeDecodeError):
            return text_of(data[:end])[:most]
    return data.decode("utf-8", "replace")[:most]


def record_column(record: Record | None) -> str | None:
    """A record as ASCII JSON; None stays None."""
    return None if record is None else json.dumps(record.to_plain())


def record_of(kind: type[RecordType], column: object) -> RecordType | None:
    """The record of a column that `record_column` made; None where it cannot be read."""
    if column is None:
        return None
    try:
        return kind.from_plain(json.loads(str(column)))
    except (ValueError, RecursionError) as error:
        log.warning("a stored %s cannot be read: %s", kind.__name__, type(error).__name__)
        return None


def treatment_of(column: object) -> Treatment:
    """The treatment of a column that `record_column` made, NULL for none; one that cannot be read
    hides all."""
    if column is None:
        return Treatment()
    done = record_of(Treatment, column)
    return done if done is not None and done.is_sound else HIDES_ALL


def time_column(time: datetime) -> str:
    """ISO 8601 with the offset the time has."""
    return time.isoformat()


def time_of(column: object) -> datetime:
    """The time of a column that `time_column` made; 1970 where it cannot be read."""
    try:
        return datetime.fromisoformat(str(column))
    except ValueError:
        log.warning("a stored time cannot be read")
        return _NO_TIME
