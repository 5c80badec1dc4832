"""Which pictures of a conversation go along with a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple, Protocol

from app.chat.plan import Fate
from app.domain.message import Note, PicturePart
from app.domain.model import Limits
from app.domain.region import PictureChoices, PictureRule

_MOST_NAMES = 5
"""So many pictures are named in a note; of more it says how many."""


class Spoken(Protocol):
    """A message, with or without its words."""

    @property
    def id(self) -> str:
        """Unlike that of any other message."""
        ...

    @property
    def pictures(self) -> tuple[PicturePart, ...]:
        """The message's pictures in order."""
        ...


class Claim(IntEnum):
    """Who comes first where there is no room for all: the newest question's own pictures, those that
    the user pinned, the others."""

    OWN = 0
    PINNED = 1
    KEPT = 2


class Cause(NamedTuple):
    """Why a picture does not go along: `why` of one, and the note on all of them, empty where it is
    just what the user asked for. Both are templates; `note` has a place for {names}."""

    why: str
    note: str = ""


class Left(NamedTuple):
    """A cause with the facts of its templates."""

    cause: Cause
    facts: Mapping[str, str] = {}

    @property
    def why(self) -> str:
        """The sentence of one picture."""
        return self.cause.why.format_map(self.facts)

    def note(self, names: Sequence[str]) -> Note:
        """The note on the pictures of these names."""
        return Note(what=self.cause.note, facts={**self.facts, "names": listed(names)})


LEFT_OUT = Cause("You chose to leave it out.")
NOT_AMONG_THE_LAST = Cause("You chose to send only the newest {last}.")
NO_EARLIER = Cause("You chose to send no earlier pictures.")
NOT_DESCRIBED = Cause(
    "There is no description yet to stand in its place.",
    "{names} did not go along: there is no description yet to stand in for that.",
)
SEES_NONE = Cause("This model takes no pictures.", "This model takes no pictures: {names} did not go along.")
OTHER_TURN = Cause(
    "This model hears one question, with the pictures of one message.",
    "This model hears one question, with the pictures of one message: {names} did not go along.",
)
TOO_MANY = Cause(
    "This model looks at no more than {most}.",
    "This model looks at no more than {most}: {names} did not go along.",
)
TOO_HEAVY = Cause(
    "A question to this model may weigh {weight}.",
    "A question to this model may weigh {weight}: {names} did not go along.",
)
AS_BEFORE = Cause("It did not go along then.", "{names} did not go along, as before.")


class Ruling(NamedTuple):
    """What becomes of one picture as far as the choices say: its fate, and what `left` it out.

    One whose fate is to go has a `claim`; `words` is the description that stands in its place.
    """

    message_id: str
    position: int
    part: PicturePart
    fate: Fate
    claim: Claim = Claim.KEPT
    left: Left | None = None
    words: str = ""


def rulings(
    showing: Sequence[Spoken], question: str, choices: PictureChoices, limits: Limits, sees: bool | None
) -> tuple[Ruling, ...]:
    """A ruling for each picture of the messages that show some, in their order.

    `question` is the id of the newest question: its own pictures are not subject to the rules,
    which are for the questions after it. `sees` False: the model takes no pictures.
    """
    ruled = [
        _ruling(message.id, position, part, message.id == question, choices, limits, sees)
        for message in showing
        for position, part in enumerate(message.pictures)
    ]
    if choices.last is not None:
        _keep_last(ruled, choices.last)
    if limits.single_turn:
        _keep_one_turn(ruled)
    return tuple(ruled)


def in_turn(ruled: Sequence[Ruling]) -> list[int]:
    """The places in `ruled` of those that go while there is room, first the one that comes first:
    by their claims, the newest first."""
    going = [place for place, ruling in enumerate(ruled) if ruling.fate is Fate.GOES]
    return sorted(going, key=lambda place: (ruled[place].claim, -place))


def counted(count: int) -> str:
    """So many pictures, in words."""
    return {0: "no picture", 1: "1 picture"}.get(count, f"{count} pictures")


def listed(names: Sequence[str]) -> str:
    """The names of pictures, each once; of many the first, and how many more there are."""
    different = list(dict.fromkeys(names))
    more = len(different) - _MOST_NAMES
    if more <= 1:
        return ", ".join(different)
    return f"{', '.join(different[:_MOST_NAMES])} and {more} more"


def _ruling(
    message_id: str,
    position: int,
    part: PicturePart,
    is_own: bool,
    choices: PictureChoices,
    limits: Limits,
    sees: bool | None,
) -> Ruling:
    ruling = Ruling(message_id, position, part, Fate.GOES)
    rule = choices.rules.get(part.sha256, PictureRule.KEEP)
    if is_own and (sees is not False or rule is not PictureRule.DESCRIBE):
        rule = PictureRule.KEEP
    if rule is PictureRule.DROP:
        return ruling._replace(fate=Fate.DROPPED, left=Left(LEFT_OUT))
    if rule is PictureRule.DESCRIBE:
        description = choices.descriptions.get(part.sha256, "").strip()
        if description and not limits.single_turn:
            return ruling._replace(fate=Fate.DESCRIBED, words=description)
        if sees is not False:
            return ruling._replace(fate=Fate.DROPPED, left=Left(OTHER_TURN if description else NOT_DESCRIBED))
    if sees is False:
        return ruling._replace(fate=Fate.UNSEEN, left=Left(SEES_NONE))
    if is_own:
        return ruling._replace(claim=Claim.OWN)
    return ruling._replace(claim=Claim.PINNED if rule is PictureRule.PIN else Claim.KEPT)


def _keep_last(ruled: list[Ruling], last: int) -> None:
    """Drop what is not among the newest `last`; the question's own count, pinned ones do not."""
    counting = [place for place, r in enumerate(ruled) if r.fate is Fate.GOES and r.claim is not Claim.PINNED]
    newest = "picture" if last == 1 else f"{last} pictures"
    left = Left(NOT_AMONG_THE_LAST, {"last": newest}) if last > 0 else Left(NO_EARLIER)
    for place in counting[: max(0, len(counting) - last)]:
        if ruled[place].claim is not Claim.OWN:
            ruled[place] = ruled[place]._replace(fate=Fate.DROPPED, left=left)


def _keep_one_turn(ruled: list[Ruling]) -> None:
    """Leave out what is not of the message whose pictures come first."""
    going = in_turn(ruled)
    heard = ruled[going[0]].message_id if going else ""
    for place in going:
        if ruled[place].message_id != heard:
            ruled[place] = ruled[place]._replace(fate=Fate.NO_ROOM, left=Left(OTHER_TURN))
