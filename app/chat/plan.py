"""What goes along with a question, picture by picture, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from app.domain.message import Note, PicturePart
from app.domain.model import Endpoint
from app.domain.picture import Picture
from app.domain.request import PromptPicture

if TYPE_CHECKING:
    from app.domain.errors import PictureRefused

CHARACTERS_A_TOKEN = 4
"""About so many characters of a text are a token. Each model counts in its own way; this is the usual
rule of thumb for English."""


class Fate(StrEnum):
    """What becomes of a picture of the conversation.

    It goes as pixels or as a link; its description stands in its place; the user left it out; there
    is no room for it; the model sees no pictures; or it cannot be prepared.
    """

    GOES = "goes"
    LINK = "link"
    DESCRIBED = "described"
    DROPPED = "dropped"
    NO_ROOM = "no_room"
    UNSEEN = "unseen"
    REFUSED = "refused"


class Why(StrEnum):
    """Why a picture stays behind.

    The user chose to leave it out, to send only the newest ones, or no earlier ones; there is no
    description yet to stand in its place, or it was written before something was covered; the model takes
    no pictures, hears one question with the pictures of one message, or looks at no more of them; the
    question would be too heavy; it did not go when the question was sent first; or it cannot be prepared.
    """

    LEFT_OUT = "left_out"
    NOT_AMONG_THE_NEWEST = "not_among_the_newest"
    NO_EARLIER = "no_earlier"
    NOT_DESCRIBED = "not_described"
    COVERED_SINCE = "covered_since"
    SEES_NONE = "sees_none"
    OTHER_TURN = "other_turn"
    TOO_MANY = "too_many"
    TOO_HEAVY = "too_heavy"
    AS_BEFORE = "as_before"
    REFUSED = "refused"


class Cause(NamedTuple):
    """Why a picture stays behind, with what that says.

    `number` is how many of the newest go (NOT_AMONG_THE_NEWEST), how many pictures the model looks at
    (TOO_MANY), or how many bytes a question may weigh (TOO_HEAVY); `refused` is what refused it (REFUSED).
    """

    why: Why
    number: int = 0
    refused: PictureRefused | None = None


class PlannedPicture(NamedTuple):
    """A picture of the branch and what becomes of it.

    `message_id` and `position` say which picture of which message; the id is empty for a question
    that was not asked yet. `picture` is None where the library does not know the original. `views`
    are what goes with it, in the order of sending; the `data` of one is empty where only its recipe is
    left. `also` are those of it that go with another message, once for both.
    `words` are what is said in its place, or of the regions and parts that go. `cause` is why it stays
    behind, None where it goes or is described. `tokens` is about what the views cost the model, None where
    its formula is not known.
    """

    message_id: str
    position: int
    part: PicturePart
    picture: Picture | None
    fate: Fate
    views: tuple[PromptPicture, ...] = ()
    words: str = ""
    cause: Cause | None = None
    tokens: int | None = None
    also: tuple[PromptPicture, ...] = ()

    @property
    def goes(self) -> bool:
        """Whether the model sees it."""
        return self.fate in (Fate.GOES, Fate.LINK)

    @property
    def seen(self) -> tuple[PromptPicture, ...]:
        """What the model sees of it: what goes with it, or where that is nothing, what goes with another
        message."""
        return self.views or self.also


class Plan(NamedTuple):
    """What a question is made of, in the order of the conversation.

    `endpoint` is who receives it. `text_tokens` is about what all its words cost, at
    CHARACTERS_A_TOKEN; `picture_tokens` the pictures, None where the formula of the model is not
    known. `byte_count` is what the pictures weigh, before they are written into a request. `notes` are
    what the answer will say of how its question was sent.
    """

    pictures: tuple[PlannedPicture, ...]
    endpoint: Endpoint
    text_tokens: int
    picture_tokens: int | None
    byte_count: int
    notes: tuple[Note, ...] = ()


def tokens_of_text(characters: int) -> int:
    """About how many tokens so many characters are."""
    return -(-characters // CHARACTERS_A_TOKEN)


def plan_of(
    pictures: tuple[PlannedPicture, ...], endpoint: Endpoint, characters: int, notes: tuple[Note, ...] = ()
) -> Plan:
    """The plan of `pictures` and `characters` of text."""
    going = [picture for picture in pictures if picture.goes]
    weighing = [picture for picture in going if picture.views]
    known = [picture.tokens for picture in weighing if picture.tokens is not None]
    return Plan(
        pictures=pictures,
        endpoint=endpoint,
        text_tokens=tokens_of_text(characters),
        picture_tokens=sum(known) if len(known) == len(weighing) else None,
        byte_count=sum(view.prepared.byte_count for picture in going for view in picture.views),
        notes=notes,
    )
