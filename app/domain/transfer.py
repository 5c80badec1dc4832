"""What conversations bring along when they leave the library or arrive in it."""

from __future__ import annotations

from datetime import datetime

from app.domain.conversation import Draft
from app.domain.record import Record
from app.domain.region import PictureChoices


class Heading(Record, frozen=True):
    """A conversation besides its messages.

    `leaf` is the end of the branch that was shown last, empty for the newest; `folder` the id of
    the folder it lies in, empty for none. `choices` are those for its pictures.
    """

    id: str
    title: str
    created: datetime
    changed: datetime
    leaf: str = ""
    folder: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False
    draft: Draft = Draft()
    choices: PictureChoices = PictureChoices()


class Arrived(Record, frozen=True):
    """What an import changed: the ids of conversations that are new, that got messages they did not
    have, and that came back from the trash; and how many messages were added or known already."""

    new: tuple[str, ...] = ()
    grown: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    added: int = 0
    known: int = 0
