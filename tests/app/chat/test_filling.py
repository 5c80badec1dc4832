"""Filling a request with pictures."""

from __future__ import annotations

from app.chat.filling import Filling, Made, Room
from app.chat.picture_policy import Ruling
from app.chat.plan import Cause, Fate, Why
from app.domain.message import PicturePart
from app.domain.model import Limits
from app.domain.picture import Prepared
from app.domain.request import PromptPicture


def shown(original: str, also: tuple[int, ...] = ()) -> PromptPicture:
    prepared = Prepared(
        original=original,
        sha256="f",
        mime="image/jpeg",
        width=10,
        height=10,
        byte_count=1,
        scale_x=1.0,
        scale_y=1.0,
        turn=0,
        also=also,
    )
    return PromptPicture(prepared=prepared, original_width=10, original_height=10, name="a.png", data=b"x")


def repeated(view: PromptPicture) -> list[tuple[Fate, int, Cause | None]]:
    """What becomes of pictures of which the newest went, as its only view says."""
    names = ("a", "b", "a", "a")
    ruled = [
        Ruling(str(n), 0, PicturePart(sha256=name, name=name), Fate.GOES) for n, name in enumerate(names)
    ]
    filling = Filling(ruled, Room(Limits(longest_side=256, most_pictures=8), 0), as_put=True)
    filling.put(3, Made(None, (view,)))
    filling.put_rest()
    return [(picture.fate, len(picture.also), picture.cause) for picture in filling.planned().pictures]


def test_what_a_view_was_not_noted_to_go_for_stays_behind() -> None:
    behind, goes = (Fate.NO_ROOM, 0, Cause(Why.AS_BEFORE)), (Fate.GOES, 0, None)
    assert repeated(shown("a")) == [behind, behind, behind, goes]
    assert repeated(shown("a", (3,))) == [(Fate.GOES, 1, None), behind, behind, goes]


def test_a_note_that_fits_no_picture_of_the_conversation_is_passed_over() -> None:
    behind, goes = (Fate.NO_ROOM, 0, Cause(Why.AS_BEFORE)), (Fate.GOES, 0, None)
    assert repeated(shown("a", (2, 9, -7))) == [behind, behind, behind, goes]
