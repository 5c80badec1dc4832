"""What becomes of pictures with the next question, as far as it is known without preparing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from app.chat.picture_policy import Claim, in_turn, rulings
from app.chat.plan import Fate
from app.domain.conversation import Node
from app.domain.message import PicturePart
from app.domain.model import Limits
from app.domain.region import PictureChoices, Treatment

PINNED, DESCRIBED, DROPPED = "pinned", "described", "dropped"


class Question(NamedTuple):
    """One that was not asked yet."""

    pictures: tuple[PicturePart, ...]
    id: str = ""


def marks(
    branch: Iterable[Node],
    attached: Sequence[tuple[str, str]],
    choices: PictureChoices,
    limits: Limits,
    sees: bool | None,
    treatments: Mapping[str, Treatment] = MappingProxyType({}),
) -> dict[str, str]:
    """PINNED, DESCRIBED or DROPPED by the hashes of the pictures of which one of these is true; where a
    picture was asked about several times, the newest counts. `treatments` are those of attached ones."""
    question = Question(
        tuple(
            PicturePart(sha256=sha256, name=name, treatment=treatments.get(sha256, Treatment()))
            for sha256, name in attached
        )
    )
    showing: list[Node | Question] = [*(node for node in branch if node.pictures), question]
    ruled = rulings(showing, question.id, choices, limits, sees)
    order = in_turn(ruled)
    most = max(0, limits.most_pictures)
    roomy = list(dict.fromkeys(ruled[place].part.sha256 for place in order))[:most]
    no_room = {place for place in order if ruled[place].part.sha256 not in roomy}
    marked: dict[str, str] = {}
    for place, ruling in enumerate(ruled):
        sha256 = ruling.part.sha256
        marked.pop(sha256, None)
        if ruling.fate is Fate.DESCRIBED:
            marked[sha256] = DESCRIBED
        elif ruling.fate is not Fate.GOES or place in no_room:
            marked[sha256] = DROPPED
        elif ruling.claim is Claim.PINNED:
            marked[sha256] = PINNED
    return marked
