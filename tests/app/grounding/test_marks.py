"""What of running text is markup of places."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from functools import partial

import pytest

from app.grounding.dialects import read
from app.grounding.marks import _places, begun_at, has_marks, is_open, marks_in, prepare, without_marks
from tests.grounded_answers import GROUNDED, answer

SHOWN = {
    "paligemma": "@ cat ; @ dog",
    "paligemma-segments": "@ cat",
    "qwen2-vl": "the cat@",
    "glm-v-marked": "The cat and all: @@",
    "glm-v-bare": "The cat @ and all of it: @@.",
    "molmo-bare": "@, then @",
    "molmo": "@cat and @@black dogs",
    "molmo-2": "@@boats",
    "florence-2": "cat@green dog@@",
    "florence-2-quads": "EXIT@",
    "kosmos-2": " a cat@ by two trees@@",
    "internvl": "cats@@",
    "deepseek-vl2": "cat@",
    "nemotron-parse": "# A heading@\nWords <b>of</b> it.@",
}
"""The answers with marks as they are read, a sign for each place."""
BARE = {"glm-v-bare": "glm-v", "molmo-bare": "molmo"}
"""Those that have no tags, and the dialect that has to be known."""

NO_MARKS = (
    "<loc0900><loc0128><loc0256><loc0700> cat",
    "<loc_1><loc_2> cat",
    "<ref>Smith 2020</ref> says so",
    "<|begin_of_box|>42<|end_of_box|>",
    "<points> and </points> of view, <point>",
    "<box>, </box>, <x_1>, <grounding>, 1 < 2 > 0",
    "<phrase>a cat</phrase> without a place",
    "Click(61.5, 40.4), then p=100,205",
)


def shown(text: str, bare: str = "", *, growing: bool = False) -> str:
    """A text with a sign for each place, and one for a mark that is not finished."""
    begun = begun_at(text, bare) if growing else None
    end = len(text) if begun is None else begun
    marks = marks_in(text[:end], growing=growing, bare=bare)
    assert marks is not None
    pieces, at = list[str](), 0
    while at < end:
        mark = marks.get(at)
        pieces.append("@" * len(mark.places) if mark else text[at])
        at = mark.end if mark else at + 1
    return "".join((*pieces, "" if begun is None else "@"))


def words_of(text: str, bare: str) -> str:
    return without_marks(text, marks_in(text, bare=bare))


def test_every_dialect_of_tags_is_read_as_its_names_and_a_sign_for_each_place() -> None:
    for name, row in GROUNDED.items():
        bare = BARE.get(name, "")
        assert shown(row.text, bare) == SHOWN.get(name, row.text), name
        assert has_marks(row.text, bare) is (name in SHOWN), name
        assert words_of(row.text, bare) == SHOWN.get(name, row.text).replace("@", ""), name


def test_a_reading_says_whether_places_without_tags_were_looked_for() -> None:
    for name, row in GROUNDED.items():
        of_molmo = "molmo" if row.dialect == "molmo" else ""
        assert read(row.message).bare == BARE.get(name, of_molmo), name
    chosen = read(answer(GROUNDED["molmo-bare"].text, "some-model"), "molmo")
    assert (len(chosen.shapes), chosen.bare) == (2, "molmo")


def test_there_are_as_many_signs_as_shapes() -> None:
    for name, text in SHOWN.items():
        assert text.count("@") == len(read(GROUNDED[name].message).shapes), name


@pytest.mark.parametrize("text", NO_MARKS)
def test_what_no_reader_takes_is_no_mark(text: str) -> None:
    assert shown(text) == text
    assert not has_marks(text)


@pytest.mark.parametrize(
    ("bare", "text"),
    [
        (
            "glm-v",
            "Scores [[1, 2, 3]] and [[5, 5, 1, 1]], [1] and [[2000, 1, 3000, 5]]; a [link](https://a.b)",
        ),
        ("glm-v", "[[1, 2, 3, 4], [7]]"),
        ("glm-v", "Click(61.5, 40.4), then p=100,205"),
        ("molmo", "Click on it; MyClick(1, 2), 1 + 1 = 2 and x=100,200; [[1, 2, 3, 4]]"),
    ],
)
def test_what_the_reader_of_a_dialect_without_tags_refuses_is_no_mark(bare: str, text: str) -> None:
    assert shown(text, bare) == text and not has_marks(text, bare)
    assert not read(answer(text, {"molmo": "molmo", "glm-v": "glm-4.5v"}[bare])).shapes


def test_a_mark_without_tags_that_is_within_one_with_tags_is_part_of_it() -> None:
    text = GROUNDED["glm-v-marked"].text
    assert shown(text, "glm-v") == SHOWN["glm-v-marked"]
    assert shown("So [[1, 2, 3, 4], [5, 6, 7", "glm-v") == "So @, [5, 6, 7"  # cut off
    assert shown("So [[1, 2, 3, 4], [5, 6, 7", "glm-v", growing=True) == "So @"


def test_nothing_of_an_unfinished_mark_is_seen_beyond_its_first_character() -> None:
    for name in SHOWN:
        text = GROUNDED[name].text.replace("<b>of</b>", "of")
        for end in range(1, len(text) + 1):
            seen = shown(text[:end], BARE.get(name, ""), growing=True)
            signs = seen.removesuffix("<").removesuffix("[")
            assert not re.search(r"<|\[|\d", signs), (name, text[:end], seen)


def test_what_grows_shows_every_word_that_it_shows_in_the_end() -> None:
    for name, row in GROUNDED.items():
        bare = BARE.get(name, "")
        words = words_of(row.text, bare)
        for end in range(1, len(row.text) + 1):
            seen = shown(row.text[:end], bare, growing=True).replace("@", "")
            begun = begun_at(row.text[:end], bare)
            came = words_of(row.text[:begun] if begun is not None else row.text[:end], bare)
            assert words.startswith(seen.removesuffix("<")) or seen == came, (name, row.text[:end])


def test_a_text_is_told_to_end_within_a_mark() -> None:
    assert is_open("see <ref>the") and is_open('<point x="1" y="2"> the')
    assert not is_open("1 < 2 and <b>bold</b>") and not is_open(GROUNDED["kosmos-2"].text)


def test_telling_marks_takes_time_in_proportion_to_the_text() -> None:
    for text in ("<ref>" * 4_000, "<" * 20_000, "<loc_1>" * 3_000, "<box>[[" * 3_000, "</ref> " * 3_000):
        assert len(without_marks(text)) <= len(text)
        assert begun_at(text) is None or begun_at(text) is not None


def numbered(piece: str) -> Callable[[int], str]:
    """So many of a piece, each with its number where it has a "#"."""
    return lambda count: " ".join(piece.replace("#", f"{100 + at % 800}") for at in range(count))


def points_of(count: int) -> str:
    return "<points " + " ".join(f'x{at}="{at % 100}.5" y{at}="2"' for at in range(1, count)) + ">"


LARGE: dict[str, Callable[[int], str]] = {
    "paligemma": numbered("<loc0256><loc0128><loc0768><loc0#> cat ;"),
    "qwen2-vl": numbered("<|object_ref_start|>a<|object_ref_end|><|box_start|>(1,2),(3,#)<|box_end|>"),
    "glm-v": numbered("<|begin_of_box|>[[1,2,3,#]]<|end_of_box|>"),
    "molmo": numbered('a# <point x="61.5" y="3.#" alt="car">car</point>'),
    "molmo, points": lambda count: points_of(count) + "cars</points>",
    "molmo, closings": lambda count: points_of(count // 2) + "cars</points> and " * (count // 2),
    "molmo-2": lambda count: f'<points coords="1 {numbered("1 # 333")(count)}">cars</points>',
    "florence-2": numbered("cat<loc_1><loc_1><loc_#><loc_999>"),
    "florence-2, a run": lambda count: "cat" + "<loc_1><loc_1><loc_3><loc_9>" * count,
    "florence-2, no places": lambda count: "<loc_1>" * (4 * count + 1),
    "kosmos-2": numbered("<phrase>a</phrase><object><patch_index_0044><patch_index_0#></object> <grounding>"),
    "kosmos-2, no places": lambda count: "<grounding>" * count,
    "internvl": numbered("<ref>a</ref><box>[[1,2,3,#]]</box>"),
    "internvl, a list": lambda count: "<ref>a</ref><box>[" + "[1,2,3,4]," * count + "[1,2,3,4]]</box>",
    "deepseek-vl2": numbered("<|ref|>a<|/ref|><|det|>[[1,2,3,#]]<|/det|>"),
    "nemotron-parse": numbered("<x_0.1><y_0.2># A heading<x_0.5><y_0.#><class_Title>"),
}
"""Answers of so many places, or of what looks like some, for every dialect of tags."""


def calls(function: Callable[[], object]) -> int:
    """How many functions were called, those written in C as well, with nothing read before."""
    _places.cache_clear()
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("tell", [has_marks, without_marks, is_open, begun_at])
def test_twice_as_many_places_are_at_most_twice_the_work(name: str, tell: Callable[[str], object]) -> None:
    prepare()
    few, many = (calls(partial(tell, LARGE[name](count))) for count in (100, 200))
    assert many < 2.2 * few + 200


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_much_to_be_shown_is_told_with_little_work(name: str) -> None:
    prepare()
    assert marks_in(LARGE[name](20)) is not None
    text = LARGE[name](2_000)
    assert marks_in(text) is None
    assert all(calls(partial(tell, text)) < 15_000 for tell in (marks_in, is_open, begun_at))


LISTS = {
    "lists": "[[1,2,3,4]] ",
    "one list": "[[1,2,3,4],[1,2,3,4],",
    "in words": "a [[1,2,3,4]] ",
    "no boxes": "a [[1,2,3]] ",
    "no boxes at the end": "[[1,2,3,4]]",
    "without an end": "[[1,2,3,4],[1,2 ",
}
"""What has places without tags over and over, or looks as if it had."""


@pytest.mark.parametrize("name", LISTS)
def test_what_is_too_much_without_tags_is_told_with_as_little_work_however_long_it_is(name: str) -> None:
    prepare()
    few, many = (LISTS[name] * (length // len(LISTS[name])) + "[[7]]" for length in (48_000, 480_000))
    assert marks_in(many, bare="glm-v") is None
    told = [calls(partial(marks_in, text, bare="glm-v")) for text in (few, many)]
    assert told[1] < told[0] + 100 < 20_000
    once, twice = (LISTS[name] * count for count in (100, 200))
    assert (
        calls(partial(marks_in, twice, bare="glm-v"))
        < 2.2 * calls(partial(marks_in, once, bare="glm-v")) + 200
    )


def test_looking_for_what_follows_copies_no_text() -> None:
    def took(count: int) -> float:
        def once() -> float:
            text = "<grounding>" * count
            begun = time.process_time()
            without_marks(text)
            return time.process_time() - begun

        return min(once() for _ in range(3))

    assert took(12_000) < 8 * took(3_000)  # it would be 16 times as long
