"""The file format of a complete export: what `fovea.json` in the archive holds.

`resources/fovea-export.schema.json` describes it; a test keeps the two in step. A change that an older
Fovea cannot read raises VERSION.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from app.domain.conversation import Folder
from app.domain.message import Message, RunCard, Status
from app.domain.picture import Revealed
from app.domain.record import Record
from app.domain.transfer import Heading

FORMAT = "fovea"
VERSION = 1
MAIN = "fovea.json"
PICTURES = "pictures"

ID = re.compile("[0-9a-f]{32}")
SHA256 = re.compile("[0-9a-f]{64}")

RUN_FIELDS = (
    *("endpoint", "endpoint_id", "model", "parameters", "prepared", "usage", "first_token_s", "total_s"),
    *("finish_reason", "request_id", "confidence", "notes", "choice", "system", "detail", "projector"),
    *("tools", "stream", "prefill", "author", "sees", "reasoning_s", "continues", "begun", "in_words"),
    *("replays", "choices", "entities"),
)
"""What of a run card leaves the library. A field that is not listed here stays."""

RUN_FIELDS_LEFT_OUT = {
    "session": "whoever has it may go on with the conversation that an endpoint keeps",
    "ticket": "it fetches an answer from an endpoint",
}


class ExportedConversation(Heading, frozen=True):
    """A conversation with all its messages, each after the one it follows."""

    messages: tuple[Message, ...] = ()


class ExportedPicture(Record, frozen=True):
    """An original. `file` is its name in the archive, empty where the library had lost it."""

    sha256: str
    format: str
    width: int
    height: int
    byte_count: int
    revealed: Revealed = Revealed()
    file: str = ""


class Document(Record, frozen=True):
    """All of `fovea.json`. `program` wrote it, `exported` is when."""

    format: str
    version: int
    program: str
    exported: datetime
    folders: tuple[Folder, ...] = ()
    conversations: tuple[ExportedConversation, ...] = ()
    pictures: tuple[ExportedPicture, ...] = ()


def leaving(message: Message) -> Message:
    """A message as it may leave the library."""
    if message.run is None:
        return message
    card = RunCard(**{name: getattr(message.run, name) for name in RUN_FIELDS})
    return message.replace(run=card)


def arriving(message: Message) -> Message:
    """A message as it comes in: nobody works on it any more, and no endpoint keeps it."""
    message = leaving(message)
    return message if message.status.finished else message.replace(status=Status.INTERRUPTED)


def pictures_of(conversation: ExportedConversation) -> Iterator[tuple[str, str]]:
    """The (sha256, name) of every picture that a conversation and its draft name."""
    for message in conversation.messages:
        for part in message.pictures:
            yield part.sha256, part.name
    yield from conversation.draft.pictures
