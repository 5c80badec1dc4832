"""What of running text is markup of places."""

from __future__ import annotations

import pytest

from app.grounding.dialects import read
from app.grounding.marks import begun_at, has_marks, is_open, mark_at, without_marks
from tests.grounded_answers import GROUNDED

SHOWN = {
    "paligemma": "@ cat ; @ dog",
    "paligemma-segments": "@ cat",
    "qwen2-vl": "the cat@",
    "glm-v-marked": "The cat and all: @@",
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


def shown(text: str, *, growing: bool = False) -> str:
    """A text with a sign for each place, and one for a mark that is not finished."""
    begun = begun_at(text) if growing else None
    end = len(text) if begun is None else begun
    pieces, at = list[str](), 0
    while at < end:
        mark = mark_at(text[:end], at, growing=growing)
        pieces.append("@" * len(mark.places) if mark else text[at])
        at = mark.end if mark else at + 1
    return "".join((*pieces, "" if begun is None else "@"))


def test_every_dialect_of_tags_is_read_as_its_names_and_a_sign_for_each_place() -> None:
    for name, row in GROUNDED.items():
        assert shown(row.text) == SHOWN.get(name, row.text), name
        assert has_marks(row.text) is (name in SHOWN), name
        assert without_marks(row.text) == SHOWN.get(name, row.text).replace("@", ""), name


def test_there_are_as_many_signs_as_shapes() -> None:
    for name, text in SHOWN.items():
        assert text.count("@") == len(read(GROUNDED[name].message).shapes), name


@pytest.mark.parametrize("text", NO_MARKS)
def test_what_no_reader_takes_is_no_mark(text: str) -> None:
    assert shown(text) == text
    assert not has_marks(text)


def test_nothing_of_an_unfinished_mark_is_seen_beyond_its_first_character() -> None:
    for name in SHOWN:
        text = GROUNDED[name].text.replace("<b>of</b>", "of")
        for end in range(1, len(text) + 1):
            seen = shown(text[:end], growing=True)
            assert "<" not in seen.removesuffix("<"), (name, text[:end], seen)


def test_what_grows_shows_every_word_that_it_shows_in_the_end() -> None:
    for name, row in GROUNDED.items():
        words = without_marks(row.text)
        for end in range(1, len(row.text) + 1):
            seen = shown(row.text[:end], growing=True).replace("@", "")
            begun = begun_at(row.text[:end])
            came = without_marks(row.text[:begun] if begun is not None else row.text[:end])
            assert words.startswith(seen.removesuffix("<")) or seen == came, (name, row.text[:end])


def test_a_text_is_told_to_end_within_a_mark() -> None:
    assert is_open("see <ref>the") and is_open('<point x="1" y="2"> the')
    assert not is_open("1 < 2 and <b>bold</b>") and not is_open(GROUNDED["kosmos-2"].text)


def test_telling_marks_takes_time_in_proportion_to_the_text() -> None:
    for text in ("<ref>" * 4_000, "<" * 20_000, "<loc_1>" * 3_000, "<box>[[" * 3_000, "</ref> " * 3_000):
        assert len(without_marks(text)) <= len(text)
        assert begun_at(text) is None or begun_at(text) is not None
