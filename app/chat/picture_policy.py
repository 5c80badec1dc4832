"""Which pictures of a conversation go along with a question."""

from __future__ import annotations

from collections.abc import Container, Sequence
from enum import IntEnum
from typing import NamedTuple, Protocol

from app.chat.plan import Cause, Fate, Why
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


_NOTES = {
    Why.NOT_DESCRIBED: "{names} did not go along: there is no description yet to stand in for that.",
    Why.COVERED_SINCE: (
        "{names} did not go along: the words for that were written before something was covered."
    ),
    Why.SEES_NONE: "This model takes no pictures: {names} did not go along.",
    Why.OTHER_TURN: (
        "This model hears one question, with the pictures of one message: {names} did not go along."
    ),
    Why.TOO_MANY: "This model looks at no more than {most} pictures: {names} did not go along.",
    Why.TOO_HEAVY: "A question to this model may weigh {megabytes} MB: {names} did not go along.",
    Why.AS_BEFORE: "{names} did not go along, as before.",
}
"""For the run card. What the user asked for needs no note."""
_ONLY_ONE = "This model looks at no more than 1 picture: {names} did not go along."
_NAMES, _AND_MORE = "{names}", "{names} and {more} more"


def note_of(cause: Cause, names: Sequence[str]) -> Note | None:
    """The note on the pictures of these names; None where nothing is to be said."""
    if cause.why not in _NOTES:
        return None
    what = _NOTES[cause.why]
    different = list(dict.fromkeys(names))
    more = len(different) - _MOST_NAMES
    facts = {"names": ", ".join(different[:_MOST_NAMES] if more > 1 else different)}
    if cause.why is Why.TOO_MANY:
        what, facts["most"] = what if cause.number > 1 else _ONLY_ONE, str(cause.number)
    if cause.why is Why.TOO_HEAVY:
        facts["megabytes"] = str(cause.number // 1_000_000)
    if more > 1:
        what, facts["more"] = what.replace(_NAMES, _AND_MORE), str(more)
    return Note(what=what, facts=facts)


class Ruling(NamedTuple):
    """What becomes of one picture as far as the choices say: its fate, and the `cause` that leaves it out.

    One whose fate is to go has a `claim`; `words` is the description that stands in its place.
    """

    message_id: str
    position: int
    part: PicturePart
    fate: Fate
    claim: Claim = Claim.KEPT
    cause: Cause | None = None
    words: str = ""


def rulings(
    showing: Sequence[Spoken],
    question: str,
    choices: PictureChoices,
    limits: Limits,
    sees: bool | None,
    *,
    then: bool = False,
) -> tuple[Ruling, ...]:
    """A ruling for each picture of the messages that show some, in their order.

    `question` is the id of the newest question: its own pictures are not subject to the rules,
    which are for the questions after it. `sees` False: the model takes no pictures. `then`: they went
    already, before anything was covered since; otherwise words do not tell what is covered by now.
    """
    outdated = frozenset[str]() if then else _outdated(showing, choices)
    ruled = [
        _ruling(message.id, position, part, message.id == question, choices, limits, sees, outdated)
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


def _outdated(showing: Sequence[Spoken], choices: PictureChoices) -> frozenset[str]:
    """The pictures of which something is covered, anywhere, that was not when they were described."""
    if not choices.descriptions:
        return frozenset()
    return frozenset(
        part.sha256
        for message in showing
        for part in message.pictures
        if part.sha256 in choices.descriptions and choices.is_outdated(part.sha256, part.treatment.redactions)
    )


def _ruling(
    message_id: str,
    position: int,
    part: PicturePart,
    is_own: bool,
    choices: PictureChoices,
    limits: Limits,
    sees: bool | None,
    outdated: Container[str],
) -> Ruling:
    ruling = Ruling(message_id, position, part, Fate.GOES)
    rule = choices.rules.get(part.sha256, PictureRule.KEEP)
    if is_own and (sees is not False or rule is not PictureRule.DESCRIBE):
        rule = PictureRule.KEEP
    if rule is PictureRule.DROP:
        return ruling._replace(fate=Fate.DROPPED, cause=Cause(Why.LEFT_OUT))
    if rule is PictureRule.DESCRIBE:
        description = choices.descriptions.get(part.sha256, "").strip()
        if description and part.sha256 in outdated:
            fate = Fate.UNSEEN if sees is False else Fate.DROPPED
            return ruling._replace(fate=fate, cause=Cause(Why.COVERED_SINCE))
        if description and not limits.single_turn:
            return ruling._replace(fate=Fate.DESCRIBED, words=description)
        if sees is not False:
            why = Why.OTHER_TURN if description else Why.NOT_DESCRIBED
            return ruling._replace(fate=Fate.DROPPED, cause=Cause(why))
    if sees is False:
        return ruling._replace(fate=Fate.UNSEEN, cause=Cause(Why.SEES_NONE))
    if is_own:
        return ruling._replace(claim=Claim.OWN)
    return ruling._replace(claim=Claim.PINNED if rule is PictureRule.PIN else Claim.KEPT)


def _keep_last(ruled: list[Ruling], last: int) -> None:
    """Drop what is not among the newest `last`; the question's own count, pinned ones do not. A picture
    that several messages show counts once."""
    counting = [place for place, r in enumerate(ruled) if r.fate is Fate.GOES and r.claim is not Claim.PINNED]
    cause = Cause(Why.NOT_AMONG_THE_NEWEST, last) if last > 0 else Cause(Why.NO_EARLIER)
    newest = list(dict.fromkeys(ruled[place].part.sha256 for place in reversed(counting)))[: max(0, last)]
    for place in counting:
        if ruled[place].claim is not Claim.OWN and ruled[place].part.sha256 not in newest:
            ruled[place] = ruled[place]._replace(fate=Fate.DROPPED, cause=cause)


def _keep_one_turn(ruled: list[Ruling]) -> None:
    """Leave out what is not of the message whose pictures come first."""
    going = in_turn(ruled)
    heard = ruled[going[0]].message_id if going else ""
    for place in going:
        if ruled[place].message_id != heard:
            ruled[place] = ruled[place]._replace(fate=Fate.NO_ROOM, cause=Cause(Why.OTHER_TURN))
