"""What a model is told of the regions and parts of pictures."""

from __future__ import annotations

import pytest

from app.chat.picture_words import before_text, description, with_words
from app.chat.plan import Fate, PlannedPicture
from app.chat.repeats import key_of
from app.domain.geometry import Point
from app.domain.message import PicturePart
from app.domain.picture import Prepared, View
from app.domain.region import Region, RegionKind, Treatment
from app.domain.request import PromptPicture

BOX = Region(id="00000001", kind=RegionKind.RECTANGLE, points=(Point(680, 520), Point(240, 160)))


def view(shows: View = View.WHOLE, *, region: str = "", at: tuple[float, float] = (0, 0)) -> PromptPicture:
    """A picture of 1536 x 1024 pixels, each twice as wide and high in the original."""
    size = (1536, 1024) if shows is View.WHOLE else (100, 50)
    prepared = Prepared(
        original="a",
        sha256="b",
        mime="image/jpeg",
        width=size[0],
        height=size[1],
        byte_count=1,
        scale_x=2.0,
        scale_y=2.0,
        left=at[0],
        top=at[1],
        view=shows,
        region=region,
    )
    return PromptPicture(
        prepared=prepared, original_width=3072, original_height=2048, name="a.png", data=b"x"
    )


def going(*views: PromptPicture, regions: tuple[Region, ...] = ()) -> PlannedPicture:
    part = PicturePart(sha256="a", name="a.png", treatment=Treatment(regions=regions))
    return PlannedPicture("m", 0, part, None, Fate.GOES, views)


def staying(fate: Fate, words: str = "") -> PlannedPicture:
    return going()._replace(fate=fate, words=words)


def said(*pictures: PlannedPicture) -> str:
    return "\n".join(before_text(with_words(pictures), again=False))


@pytest.mark.parametrize(
    ("region", "words"),
    [
        (
            BOX,
            "Region 1 of the picture (a rectangle) reaches from (120, 80) to (340, 260)"
            " in the picture as you see it, 1536 x 1024 pixels.",
        ),
        (
            BOX.replace(name="the  {red}\nsign"),
            "Region 1, “the {red} sign”, of the picture (a rectangle) reaches from (120, 80) to (340, 260)"
            " in the picture as you see it, 1536 x 1024 pixels.",
        ),
        (
            BOX.replace(kind=RegionKind.LASSO, points=(Point(2, 40), Point(-8, 9000), Point(10, 20))),
            "Region 1 of the picture (a free outline) reaches from (0, 10) to (5, 1024)"
            " in the picture as you see it, 1536 x 1024 pixels.",
        ),
        (
            BOX.replace(kind=RegionKind.POINT, points=(Point(101, 50),)),
            "Region 1 of the picture (a point) is at (50, 25)"
            " in the picture as you see it, 1536 x 1024 pixels.",
        ),
        (
            BOX.replace(kind=RegionKind.ARROW, points=(Point(200, 100), Point(20, 10))),
            "Region 1 of the picture (an arrow) points from (100, 50) to (10, 5)"
            " in the picture as you see it, 1536 x 1024 pixels.",
        ),
    ],
    ids=["rectangle", "named", "lasso", "point", "arrow"],
)
def test_a_region_is_placed_in_the_picture_as_it_is_sent(region: Region, words: str) -> None:
    assert said(going(view(), regions=(region,))) == words


def test_what_is_cut_out_beside_the_whole_picture_is_numbered_as_it_is_sent() -> None:
    other = BOX.replace(id="00000002", kind=RegionKind.POINT, points=(Point(4, 4),))
    cut = [view(View.REGION, region=region.id) for region in (BOX, other)]
    assert said(going(view()), going(view(), *cut, regions=(BOX, other))) == (
        "The pictures of this message are numbered in their order. Region 1 of picture 2 (a rectangle)"
        " reaches from (120, 80) to (340, 260) in the picture as you see it, 1536 x 1024 pixels."
        " Picture 3 shows it cut out. Region 2 of picture 2 (a point) is at (2, 2) in the picture as you see"
        " it, 1536 x 1024 pixels. Picture 4 shows it cut out."
    )


def test_what_is_cut_out_alone_tells_no_place_in_what_is_not_seen() -> None:
    cut = view(View.REGION, region=BOX.id, at=(240, 160))
    assert said(going(cut, regions=(BOX,))) == "The picture shows region 1, cut out of a larger picture."
    other = BOX.replace(id="00000002", name="sign")
    assert said(going(cut, view(View.REGION, region=other.id), regions=(BOX, other))).endswith(
        "Picture 2 shows region 2, “sign”, cut out of a larger picture."
    )


def test_parts_in_full_size_are_placed_in_the_whole_picture() -> None:
    assert said(going(view(), view(View.TILE, at=(0, 0)), view(View.TILE, at=(200, 100)))) == (
        "The pictures of this message are numbered in their order."
        " Picture 2 shows the part from (0, 0) to (100, 50) of picture 1 in more detail."
        " Picture 3 shows the part from (100, 50) to (200, 100) of picture 1 in more detail."
    )


def test_pictures_are_numbered_on_from_those_of_earlier_messages() -> None:
    def told(*pictures: PlannedPicture) -> str:
        return "\n".join(before_text(with_words(pictures, 4), 4, again=False))

    one = going(view(), regions=(BOX,))
    assert told(one).startswith(
        "The pictures of this conversation are numbered in their order; this message has picture 4."
        " Region 1 of picture 4 (a rectangle) reaches"
    )
    assert told(going(view()), going(view(), view(View.REGION, region=BOX.id), regions=(BOX,))).startswith(
        "The pictures of this conversation are numbered in their order; this message has pictures 4 to 6."
        " Region 1 of picture 5 (a rectangle) reaches"
    )
    assert told(going(view())) == ""


@pytest.mark.parametrize(
    ("first", "of_others", "words"),
    [
        (1, {"a": 1}, "The picture came with this message too."),
        (1, {"a": 1, "c": 2}, "Picture 1 came with this message too."),
        (2, {"a": 1, "c": 2}, "The picture came with this message too."),
    ],
    ids=["the only one", "one that comes later", "the only one so far"],
)
def test_what_went_with_another_message_is_named_by_its_number_among_several(
    first: int, of_others: dict[str, int], words: str
) -> None:
    there = view()
    others = {name: there.replace(prepared=there.prepared.replace(original=name)) for name in of_others}
    numbers = {key_of(others[name]): number for name, number in of_others.items()}
    (told,) = with_words([going()._replace(also=(there,))], first, numbers)
    assert told.words == words


def test_of_pictures_that_just_go_nothing_is_said() -> None:
    assert said(going(view()), going(view())) == ""


def test_what_is_missing_is_counted_and_what_is_described_is_told() -> None:
    dropped, no_room = staying(Fate.DROPPED), staying(Fate.NO_ROOM)
    described = staying(Fate.DESCRIBED, description("A red\n cup. "))
    pictures = [dropped, described, no_room, going(view())]
    assert before_text(pictures, again=True) == [
        "[2 pictures that came with this are not sent again]",
        "[A picture that came with this, described: A red cup.]",
    ]
    assert before_text([dropped], again=False) == ["[1 picture that came with this is not sent]"]
