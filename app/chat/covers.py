"""What was covered on a picture stays covered wherever that picture is sent again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from app.chat.picture_policy import Spoken
from app.domain.conversation import Node
from app.domain.message import Message, PicturePart
from app.domain.region import Redaction

Turn = TypeVar("Turn", bound=Message | Node)
_Covers = dict[str, tuple[Redaction, ...]]


def covered(branch: Sequence[Turn], messages: Sequence[Spoken] = ()) -> tuple[Turn, ...]:
    """The branch with what later questions covered on its pictures covered there, too.

    `messages` are those of the whole conversation, oldest first, where later ones may stand on other
    branches; by default the branch's own.
    """
    later: dict[str, _Covers] = {}
    seen: _Covers = {}
    for message in reversed(messages or branch):
        if message.pictures:
            later[message.id] = dict(seen)
            for part in message.pictures:
                seen[part.sha256] = _together(part.treatment.redactions, seen.get(part.sha256, ()))
    return tuple(_with(turn, later[turn.id]) if later.get(turn.id) else turn for turn in branch)


def _with(turn: Turn, covers: _Covers) -> Turn:
    if isinstance(turn, Node):
        return turn.replace(pictures=tuple(_part(part, covers) for part in turn.pictures))
    parts = (_part(part, covers) if isinstance(part, PicturePart) else part for part in turn.parts)
    return turn.replace(parts=tuple(parts))


def _part(part: PicturePart, covers: _Covers) -> PicturePart:
    all_of_them = _together(part.treatment.redactions, covers.get(part.sha256, ()))
    return part.replace(treatment=part.treatment.replace(redactions=all_of_them))


def _together(first: tuple[Redaction, ...], then: tuple[Redaction, ...]) -> tuple[Redaction, ...]:
    return (*first, *(cover for cover in then if cover not in first))
