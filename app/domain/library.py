"""What is asked of the library, and what it answers."""

from __future__ import annotations

from app.domain.conversation import ConversationSummary
from app.domain.record import Record


class Filter(Record, frozen=True):
    """Which conversations are meant; what is empty or False is not asked for.

    `folder` is the id of a folder. `endpoint_id` and `model` name who answered in the conversation:
    both, where both are given, in one answer.
    """

    folder: str = ""
    tag: str = ""
    endpoint_id: str = ""
    model: str = ""
    has_pictures: bool = False
    pinned: bool = False


EVERYTHING = Filter()
"""Lets every conversation through that is not in the trash."""


class Place(Record, frozen=True):
    """Where a conversation stands in the list, which shows the pinned ones first and then those of
    the greatest `touched`."""

    pinned: bool
    touched: int
    id: str


class Page(Record, frozen=True):
    """A piece of the list. `after` is where the next one begins, None at the end."""

    rows: tuple[ConversationSummary, ...]
    after: Place | None = None


class Answerer(Record, frozen=True):
    """Somebody who answered: `endpoint` is what the endpoint was called then, and `conversations`
    counts those in which it answered."""

    endpoint_id: str
    endpoint: str
    model: str
    conversations: int


class Hit(Record, frozen=True):
    """A place where all that was searched for occurs.

    `message_id` is empty for a hit in the title. `text` is one line around the place, with an ellipsis
    where more comes before or after; `marks` are the (start, end) in it of what was searched for,
    counted in Unicode characters.
    """

    conversation: ConversationSummary
    message_id: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()
