from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.picture import Prepared
from app.domain.shape import Box
from app.grounding.paligemma import MOST_LABEL, MOST_SHAPES, shapes_of


def sent(width: int, height: int, scale: float = 1.0) -> Prepared:
    return Prepared(
        original="0" * 64,
        sha256="0" * 64,
        mime="image/jpeg",
        width=width,
        height=height,
        byte_count=1,
        scale_x=scale,
        scale_y=scale,
    )


PICTURE = sent(800, 600)
CAT = "<loc0256><loc0128><loc0768><loc0512>"
SEGMENTS = "".join(f"<seg{code:03}>" for code in range(16))


def test_the_codes_are_top_left_bottom_right_in_1024ths() -> None:
    (cat,) = shapes_of(f"{CAT} cat", PICTURE)
    assert cat.label == "cat"
    assert cat.pixels == Box(left=100, top=150, right=400, bottom=450)
    assert cat.box == Box(left=0.125, top=0.25, right=0.5, bottom=0.75)


def test_pixels_are_those_of_the_original_whatever_was_sent() -> None:
    (cat,) = shapes_of(f"{CAT} cat", sent(400, 300, scale=2.0))
    assert cat.pixels == Box(left=100, top=150, right=400, bottom=450)


def test_several_things_keep_their_order_and_names() -> None:
    text = f"{CAT} cat ; <loc0000><loc0000><loc1023><loc1023> big dog;{CAT} a \n  cat "
    assert [shape.label for shape in shapes_of(text, PICTURE)] == ["cat", "big dog", "a cat"]


def test_the_codes_of_an_outline_are_passed_over() -> None:
    (cat,) = shapes_of(f"{CAT}{SEGMENTS} cat", PICTURE)
    assert cat.label == "cat"
    assert cat.pixels.left == 100


def test_things_without_a_name_or_a_separator_are_found() -> None:
    assert [shape.label for shape in shapes_of(CAT + CAT + " cat " + CAT, PICTURE)] == ["", "cat", ""]


def test_spaces_between_the_codes_do_no_harm() -> None:
    assert len(shapes_of(CAT.replace("><", "> <") + "\ncat", PICTURE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "There is no cat.",
        "<loc0256><loc0128><loc0768> cat",
        "<loc0768><loc0128><loc0256><loc0512> upside down",
        "<loc0256><loc0512><loc0768><loc0512> no width",
        "<loc256><loc128><loc768><loc512> short codes",
        "<loc٠٢٥٦><loc0128><loc0768><loc0512> other digits",
    ],
)
def test_what_is_no_box_makes_none(text: str) -> None:
    assert shapes_of(text, PICTURE) == ()


def test_a_code_beyond_the_picture_ends_at_its_edge() -> None:
    (cat,) = shapes_of("<loc0256><loc0128><loc9999><loc1024> cat", PICTURE)
    assert cat.pixels == Box(left=100, top=150, right=800, bottom=600)


def test_a_name_is_one_short_line() -> None:
    (cat,) = shapes_of(f"{CAT} ca\x1b[31mt\u202e" + "x" * 5000, PICTURE)
    assert cat.label.isprintable()
    assert len(cat.label) == MOST_LABEL


def test_an_endless_answer_is_read_in_time_and_to_a_bound() -> None:
    begun = time.process_time()
    assert len(shapes_of(CAT * 50_000, PICTURE)) == MOST_SHAPES
    assert shapes_of(("<loc0001>" + " " * 2000) * 3 * 300, sent(1, 1)) == ()
    assert shapes_of("<loc0001>" * 200_000, PICTURE) == ()
    assert time.process_time() - begun < 5


TOKENS = st.sampled_from(
    ["<loc", "<loc0256>", "<loc1023>", "<seg001>", ">", ";", " cat ", "\n", "0128", "\x00"]
)


@given(st.one_of(st.text(), st.lists(TOKENS, max_size=60).map("".join)))
def test_no_text_breaks_it_and_every_box_lies_in_the_picture(text: str) -> None:
    for shape in shapes_of(text, PICTURE):
        assert 0 <= shape.box.left < shape.box.right <= 1
        assert 0 <= shape.box.top < shape.box.bottom <= 1
        assert 0 <= shape.pixels.left < shape.pixels.right <= 800
        assert 0 <= shape.pixels.top < shape.pixels.bottom <= 600
