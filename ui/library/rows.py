"""What the library shows, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

Key = tuple[bool, int, str, int]
"""Where a row stands: rows are in ascending order of it."""


class LibraryRow(NamedTuple):
    """A conversation: `changed` knows its time zone, `picture` is the hash of its first picture, and
    `touched` grows with every change in the library."""

    id: str
    title: str
    changed: datetime
    picture: str | None = None
    tags: tuple[str, ...] = ()
    pinned: bool = False
    touched: int = 0
    folder: str = ""

    @property
    def key(self) -> Key:
        """The pinned ones come first, and then what changed last."""
        return (not self.pinned, -self.touched, self.id, 1)


class Heading(NamedTuple):
    """The words above the first row of a group, and where they stand: before that row."""

    text: str
    key: Key


class Line(NamedTuple):
    """A row of two parts: a place found by a search, or a thing in the trash.

    `marks` are the (start, end) in `text`, or where that is empty in `title`, of what was searched
    for, in Unicode characters. A row of the trash whose `message_id` is empty is a whole conversation.
    """

    conversation_id: str
    message_id: str
    title: str
    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    when: str = ""
    picture: str = ""
    icon: str = "message-square"


class Shelf(NamedTuple):
    """A folder."""

    id: str
    name: str


class Wanted(NamedTuple):
    """Which conversations are listed. `endpoint` is what `endpoint_id` is called."""

    folder: str = ""
    tag: str = ""
    endpoint_id: str = ""
    endpoint: str = ""
    model: str = ""
    has_pictures: bool = False
    pinned: bool = False

    @property
    def filtered(self) -> bool:
        """Whether more is asked for than a folder."""
        return self != Wanted(folder=self.folder)


class Answerer(NamedTuple):
    """Somebody who answered, to filter by."""

    endpoint_id: str
    endpoint: str
    model: str
