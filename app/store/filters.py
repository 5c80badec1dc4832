"""Filters of the library as SQL."""

from __future__ import annotations

from app.domain.library import Filter
from app.store.values import text_column

_ANSWERED = "EXISTS (SELECT 1 FROM answered_by WHERE conversation_id = conversation.id AND {})"


def condition(wanted: Filter) -> tuple[str, tuple[str | bytes, ...]]:
    """What holds for the rows of the table conversation that a filter lets through, and its values.

    What lies in the trash is never let through.
    """
    terms = ["conversation.trashed IS NULL"]
    values: list[str | bytes] = []
    if wanted.folder:
        terms.append("conversation.folder_id = ?")
        values.append(wanted.folder)
    if wanted.tag:
        terms.append("EXISTS (SELECT 1 FROM tag WHERE conversation_id = conversation.id AND name = ?)")
        values.append(text_column(wanted.tag))
    who = {"endpoint_id = ?": wanted.endpoint_id, "model = ?": wanted.model}
    if answered := [term for term, value in who.items() if value]:
        terms.append(_ANSWERED.format(" AND ".join(answered)))
        values.extend(text_column(value) for value in who.values() if value)
    if wanted.has_pictures:
        terms.append("conversation.picture IS NOT NULL")
    if wanted.pinned:
        terms.append("conversation.pinned")
    return " AND ".join(terms), tuple(values)
