from __future__ import annotations

from app.domain.geometry import Box
from app.domain.picture import Prepared
from app.domain.shape import Shape
from app.grounding.dialects import shapes_in
from app.grounding.found import MOST_LABEL
from tests.grounded_answers import answer, sent

PICTURE = sent(800, 600, 1.0)
CAT = "<loc0256><loc0128><loc0768><loc0512>"
SEGMENTS = "".join(f"<seg{code:03}>" for code in range(16))


def shapes_of(text: str, prepared: Prepared = PICTURE) -> tuple[Shape, ...]:
    return shapes_in(answer(text, "google/paligemma", [prepared]))


def test_the_codes_are_top_left_bottom_right_in_1024ths() -> None:
    (cat,) = shapes_of(f"{CAT} cat")
    assert cat.label == "cat"
    assert cat.pixels == Box(left=100, top=150, right=400, bottom=450)
    assert cat.box == Box(left=0.125, top=0.25, right=0.5, bottom=0.75)


def test_pixels_are_those_of_the_original_whatever_was_sent() -> None:
    (cat,) = shapes_of(f"{CAT} cat", sent(400, 300, 2.0))
    assert cat.pixels == Box(left=100, top=150, right=400, bottom=450)


def test_several_things_keep_their_order_and_names() -> None:
    text = f"{CAT} cat ; <loc0000><loc0000><loc1023><loc1023> big dog;{CAT} a \n  cat "
    assert [shape.label for shape in shapes_of(text)] == ["cat", "big dog", "a cat"]


def test_a_name_ends_where_another_way_of_writing_begins() -> None:
    text = f'{CAT} cat {{"bbox_2d": [0, 0, 10, 10], "label": "y"}} <ref>d</ref>'
    for other in (text, text.replace("{", "[{"), f"{CAT} cat <ref>d</ref>"):
        cat, *others = shapes_of(other)
        assert (cat.label, cat.spans[0]) == ("cat", (0, len(CAT) + 4))
        assert [shape.label for shape in others] == ["y"] * ("y" in other)
    assert [shape.label for shape in shapes_of(f"{CAT} exit [B]")] == ["exit [B]"]


def test_the_codes_of_an_outline_are_passed_over() -> None:
    (cat,) = shapes_of(f"{CAT}{SEGMENTS} cat")
    assert cat.label == "cat"
    assert cat.pixels.left == 100


def test_things_without_a_name_or_a_separator_are_found() -> None:
    assert [shape.label for shape in shapes_of(CAT + CAT + " cat " + CAT)] == ["", "cat", ""]


def test_spaces_between_the_codes_do_no_harm() -> None:
    assert len(shapes_of(CAT.replace("><", "> <") + "\ncat")) == 1


NO_BOXES = [
    "",
    "There is no cat.",
    "<loc0256><loc0128><loc0768> cat",
    "<loc0768><loc0128><loc0256><loc0512> upside down",
    "<loc0256><loc0512><loc0768><loc0512> no width",
    "<loc256><loc128><loc768><loc512> short codes",
    "<loc٠٢٥٦><loc0128><loc0768><loc0512> other digits",
]


def test_what_is_no_box_makes_none() -> None:
    for text in NO_BOXES:
        assert shapes_of(text) == ()


def test_a_code_beyond_the_picture_ends_at_its_edge() -> None:
    (cat,) = shapes_of("<loc0256><loc0128><loc9999><loc1024> cat")
    assert cat.pixels == Box(left=100, top=150, right=800, bottom=600)


def test_a_name_is_one_short_line() -> None:
    (cat,) = shapes_of(f"{CAT} ca\x1b[31mt\u202e" + "x" * 5000)
    assert cat.label.isprintable()
    assert len(cat.label) == MOST_LABEL
