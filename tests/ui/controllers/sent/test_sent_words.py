from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.chat.plan import Cause, Fate, Plan, PlannedPicture, Why
from app.domain.errors import PictureRefused
from app.domain.geometry import Point
from app.domain.message import Note, PicturePart
from app.domain.model import Endpoint, Limits, PictureEncoding
from app.domain.picture import Detail, Picture, Prepared, Revealed, View
from app.domain.region import PictureRule, Region, RegionKind, Treatment
from app.domain.request import PromptPicture
from app.pictures.formulas import Counting
from app.pictures.prepare import LINK
from app.pictures.tokens import estimate
from tests.app.pictures.test_tokens import PUBLISHED
from ui.controllers.sent.sent_facts import Asked
from ui.controllers.sent.sent_words import metered, shown_plan
from ui.inspector.shown import ShownPicture, ShownPlan

FAR = Endpoint(id="far", name="Far", on_this_computer=False, host="pictures.example")
LIMITS = Limits(longest_side=512, most_pictures=8)
ASKED = Asked("some-model", LIMITS, Detail.FIT)
PAST = ASKED._replace(sent=True)
ONE = Cause(Why.TOO_MANY, 1)
ORIGINAL = Picture("a" * 64, "jpeg", 4000, 3000, 2_500_000)


def sent(**changes: Any) -> Prepared:
    made = Prepared(
        original="a" * 64,
        sha256="b" * 64,
        mime="image/jpeg",
        width=512,
        height=384,
        byte_count=31_000,
        scale_x=7.8125,
        scale_y=7.8125,
    )
    return made.replace(**changes)


def view(prepared: Prepared, data: bytes = b"jpeg", link: str = "") -> PromptPicture:
    return PromptPicture(
        prepared=prepared, original_width=4000, original_height=3000, name="cat.jpg", data=data, link=link
    )


def picture(*prepared: Prepared, fate: Fate = Fate.GOES, **changes: Any) -> PlannedPicture:
    part = changes.pop("part", PicturePart(sha256="a" * 64, name="cat.jpg"))
    views = tuple(view(one) for one in prepared)
    return PlannedPicture("", 0, part, ORIGINAL, fate, views)._replace(**changes)


def plan(*pictures: PlannedPicture, endpoint: Endpoint = FAR, tokens: int | None = None) -> Plan:
    count = sum(one.prepared.byte_count for each in pictures for one in each.views)
    return Plan(pictures, endpoint, 12, tokens, count)


def shown(one: PlannedPicture, asked: Asked = ASKED) -> ShownPicture:
    return shown_plan(plan(one), asked).pictures[0]


def rows(one: ShownPicture, number: int = 0) -> dict[str, str]:
    return {row.label: row.value for row in one.views[number].facts.rows}


pytestmark = pytest.mark.usefixtures("qapp")


def test_the_head_says_how_many_go_how_much_and_where() -> None:
    other = PicturePart(sha256="c" * 64, name="dog.jpg")
    two = plan(picture(sent()), picture(fate=Fate.NO_ROOM, cause=ONE, part=other), tokens=430)
    told = shown_plan(two, ASKED)
    assert told.title == "1 picture goes to pictures.example"
    assert told.totals == (
        "About 430 tokens, 31 kB, and about 12 tokens of text. 1 picture does not go along."
    )
    past = shown_plan(two, ASKED._replace(sent=True))
    assert past.title == "1 picture went to pictures.example"
    assert past.totals.endswith("1 picture did not go along.")
    here = two._replace(endpoint=FAR.replace(on_this_computer=True, host=""))
    assert shown_plan(here, ASKED).title == "1 picture goes to Far, on this computer"
    assert shown_plan(plan(), ASKED) == ShownPlan("No picture goes along")


def test_the_line_in_the_composer_says_the_same_shortly() -> None:
    one = metered(plan(picture(sent()), tokens=96), ASKED)
    assert (one.words, one.warns) == ("1 picture, 96 tokens, 31 kB to pictures.example", False)
    left = picture(fate=Fate.NO_ROOM, cause=ONE)
    two = metered(plan(picture(sent()), left), ASKED)
    assert (two.words, two.warns) == ("1 left out; 1 picture, 31 kB to pictures.example", True)
    assert "cat.jpg: Left out: no room. This model looks at no more than 1 picture." in two.spoken
    assert metered(plan(), ASKED) == metered(plan(picture(fate=Fate.DROPPED)), ASKED) == ("", "", False)


def test_small_writing_warns_unless_a_part_shows_it_larger() -> None:
    small = shown(picture(sent(text_px=5.4)))
    assert small.tone == "warning"
    (advice,) = small.advices
    assert advice.words == (
        "Small writing is about 5 px high in what is sent; the model may not read it."
        " Let it go whole and in tiles, or mark the region that you ask about."
    )
    tile = sent(view=View.TILE, number=1, scale_x=1.0, scale_y=1.0, text_px=14.0)
    assert shown(picture(sent(text_px=5.4), tile)).advices == ()
    assert shown(picture(sent(text_px=8.0))).advices == ()
    alone = ASKED._replace(limits=LIMITS.replace(most_pictures=1))
    assert (
        shown(picture(sent(text_px=5.4)), alone)
        .advices[0]
        .words.endswith("Keep every pixel, or mark the region that you ask about.")
    )


def test_each_part_has_a_name_and_says_what_it_shows() -> None:
    corners = (Point(100, 200), Point(900, 800))
    region = Region(id="0000000a", kind=RegionKind.RECTANGLE, points=corners)
    named = region.replace(id="0000000b", name="The sign")
    part = PicturePart(
        sha256="a" * 64, name="cat.jpg", treatment=Treatment(regions=(region, named), detail=Detail.TILES)
    )
    cut = sent(view=View.REGION, left=100.0, top=200.0, scale_x=1.0, scale_y=1.0, number=1)
    tiles = [sent(view=View.TILE, number=n, left=512.0 * n) for n in (3, 4)]
    views = sent(marked=True, redacted=2), cut.replace(region="0000000a"), cut.replace(region="0000000b")
    one = shown(picture(*views, *tiles, part=part))
    assert [each.title for each in one.views] == [
        "Whole picture",
        "Region 1",
        "The sign",
        "Part 1 of 2",
        "Part 2 of 2",
    ]
    assert rows(one)["Covered"] == "2 places" and rows(one)["Regions"] == "2 regions"
    assert rows(one)["Marks"] == "the regions are drawn on it"
    assert rows(one)["Scale"] == "13 % of the original's width"
    assert rows(one, 1)["Shows"] == "from 100, 200 to 612, 584 of the original"
    assert rows(one, 1)["Scale"] == "every pixel of the original"
    assert (one.line, one.way) == ("5 views, 155 kB", "tiles")


def test_tokens_come_with_their_formula_and_what_was_changed_is_told() -> None:
    note = Note(what="{name} was made smaller.", facts={"name": "cat.jpg"})
    other = Note(what="{name} was made smaller.", facts={"name": "dog.jpg"})
    told = plan(picture(sent()))._replace(notes=(note, other))
    (one,) = shown_plan(told, ASKED._replace(model="gpt-4o")).pictures
    assert rows(one)["Tokens"] == "about 255: 85 + 170 for each tile of 512 pixels"
    assert [(advice.words, advice.tone) for advice in one.advices] == [("cat.jpg was made smaller.", "muted")]
    assert rows(shown(picture(sent())))["Tokens"] == "nobody knows how this model counts"


def test_every_way_to_count_tokens_has_its_words() -> None:
    ways, told = set[Counting](), set[str]()
    for model, width, height, _ in PUBLISHED:
        cost = estimate(model, width, height)
        assert cost is not None
        ways.add(cost.by)
        one = shown_plan(plan(picture(sent())), ASKED._replace(model=model)).pictures[0]
        told.add(rows(one)["Tokens"].partition(": ")[2])
    assert ways == set(Counting)
    assert "" not in told and "{" not in "".join(told) and len(told) >= len(ways)
    assert "258 for each tile, which is two thirds of the shorter side" in told


def test_an_address_says_that_nothing_is_removed() -> None:
    linked = sent(mime=LINK, byte_count=0, sha256="")
    with_gps = ORIGINAL.replace(revealed=Revealed(has_location=True, found=("EXIF", "GPS")))
    link = view(linked, b"", "https://example.com/cat.jpg")
    one = shown(picture(linked, fate=Fate.LINK, picture=with_gps)._replace(views=(link,)))
    assert rows(one) == {"Address": "https://example.com/cat.jpg"}
    metadata = next(part for part in one.facts if part.title == "In the file")
    assert metadata.note == "The endpoint fetches the file itself, so nothing in it was removed by Fovea."
    assert metadata.rows[0] == ("GPS", "a place that cannot be read")
    assert one.advices == ()


def test_a_file_without_metadata_says_so_and_a_place_is_named_on_every_side_of_the_earth() -> None:
    notes = [part.note for part in shown(picture(sent())).facts]
    assert "Nothing but pixels was found in it." in notes
    south = Revealed(has_location=True, latitude=-33.85678, longitude=-70.5)
    one = shown(picture(sent(), picture=ORIGINAL.replace(revealed=south)))
    assert ("GPS", "33.85678° S, 70.50000° W") in [row for part in one.facts for row in part.rows]


def test_what_helps_is_told_only_while_it_still_can() -> None:
    left = picture(fate=Fate.NO_ROOM, cause=ONE)
    (own,) = shown(left).advices
    assert own.words.endswith("Take others out of the question, or ask about this one after.")
    (earlier,) = shown(left._replace(message_id="m")).advices
    assert "always goes along" in earlier.words
    (past,) = shown(left._replace(message_id="m"), ASKED._replace(sent=True)).advices
    assert past.words == "This model looks at no more than 1 picture."
    assert shown(left).ways and not shown(left._replace(message_id="m")).ways


@pytest.mark.parametrize("why", Why)
def test_every_cause_is_said_in_a_sentence(why: Why) -> None:
    refused = PictureRefused(name="cat.jpg", reason="it is gone") if why is Why.REFUSED else None
    (one,) = shown(picture(fate=Fate.DROPPED, cause=Cause(why, 26_214_400, refused)), PAST).advices
    assert one.words.endswith(".") and "{" not in one.words


def test_causes_say_how_many_and_how_much() -> None:
    def said(cause: Cause) -> str:
        return shown(picture(fate=Fate.NO_ROOM, cause=cause), PAST).advices[0].words

    assert said(Cause(Why.NOT_AMONG_THE_NEWEST, 1)) == "You chose to send only the newest picture."
    assert said(Cause(Why.NOT_AMONG_THE_NEWEST, 3)) == "You chose to send only the newest 3 pictures."
    assert said(Cause(Why.TOO_HEAVY, 26_214_400)) == "A question to this model may weigh 26.2 MB."


def test_quick_look_counts_no_tokens_and_takes_one_size() -> None:
    raw = Asked("quick-look", LIMITS.replace(encoding=PictureEncoding.RGB), Detail.FIT)
    one = shown(picture(sent(mime="image/x-rgb")), raw)
    assert "Tokens" not in rows(one) and one.ways == () and rows(one)["Format"] == "Raw pixels"


def test_a_picture_that_left_the_library_still_has_its_recipe(qapp: QApplication) -> None:
    gone = picture(sent(), picture=None)._replace(views=(view(sent(), b""),))
    one = shown(gone, ASKED._replace(sent=True))
    assert rows(one)["Pixels"] == "512 × 384"
    assert [advice.words for advice in one.advices] == [
        "What was sent is not kept any more; here is how it was made."
    ]
    assert "It is not in the library any more." in [part.note for part in one.facts]


def test_a_picture_that_fits_as_it_is_is_not_said_to_lose_detail() -> None:
    way = shown(picture(sent())).ways[0]
    assert "Fine detail may be lost" in way.help
    fits = picture(sent(scale_x=1.0, scale_y=1.0))
    ways = {way.value: way.help for way in shown(fits).ways}
    assert rows(shown(fits))["Scale"] == "every pixel of the original"
    assert "every pixel goes" in ways[""] and "every pixel goes" in ways["fit"]
    tiled = picture(
        sent(scale_x=1.0, scale_y=1.0),
        part=PicturePart(sha256="a" * 64, name="cat.jpg", treatment=Treatment(detail=Detail.TILES)),
    )
    assert "every pixel" not in {way.value: way.help for way in shown(tiled).ways}["fit"]


def test_a_picture_that_several_questions_show_is_counted_and_listed_once() -> None:
    region = Region(id="00000001", kind=RegionKind.RECTANGLE, points=(Point(10, 10), Point(60, 60)))
    part = PicturePart(sha256="a" * 64, name="cat.jpg", treatment=Treatment(regions=(region,)))
    whole, cut = sent(), sent(view=View.REGION, region=region.id, number=1, byte_count=4_000)
    also = (view(whole),)
    first = picture(whole, message_id="a")
    again = picture(message_id="b", also=also)
    marked = picture(cut, message_id="c", part=part, also=also)
    told = shown_plan(plan(first, again, marked), ASKED, {"a" * 64: PictureRule.PIN})
    assert told.title == "1 picture goes to pictures.example"
    assert [(one.line, one.rule) for one in told.pictures] == [
        ("512 × 384, 31 kB", "pin"),
        ("Region 1, 4 kB", "pin"),
    ]
    assert [advice.words for advice in told.pictures[1].advices] == [
        "The whole picture goes with another question, once for both."
    ]
    assert metered(plan(first, again, marked), ASKED).words == "1 picture, 35 kB to pictures.example"
    newest = shown_plan(plan(first, again), PAST)
    assert [(one.line, len(one.views), one.rule) for one in newest.pictures] == [
        ("512 × 384, 31 kB", 1, ""),
        ("Went with another question", 1, ""),
    ]
