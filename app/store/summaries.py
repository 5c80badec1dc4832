"""Rows of the table conversation as the library lists them."""

from __future__ import annotations

import json

import apsw

from app.domain.conversation import ConversationSummary
from app.store.values import text_of, time_of

COLUMNS = (
    "conversation.id, title, conversation.created, changed, conversation.picture, ifnull(folder_id, ''),"
    " (SELECT json_group_array(name) FROM (SELECT name FROM tag WHERE conversation_id = conversation.id"
    " ORDER BY name)), pinned, touched"
)
"""What `summary` reads, from the table conversation."""


def summary(row: apsw.SQLiteValues) -> ConversationSummary:
    """The summary of a row of COLUMNS."""
    conversation_id, title, created, changed, picture, folder, tags, pinned, touched = row
    return ConversationSummary(
        id=str(conversation_id),
        title=text_of(title),
        created=time_of(created),
        changed=time_of(changed),
        picture=None if picture is None else str(picture),
        folder=str(folder),
        tags=() if tags == "[]" else tuple(json.loads(str(tags))),
        pinned=bool(pinned),
        touched=int(str(touched)),
    )
