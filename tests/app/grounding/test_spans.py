from __future__ import annotations

from app.grounding.dialects import shapes_in
from app.grounding.spans import MOST_SPANS
from tests.grounded_answers import answer

BOX = '```json\n[{"bbox_2d": [1, 2, 3, 4], "label": "%s"}]\n```'


def said(text: str, label: str = "red car") -> list[str]:
    """What the spans behind the written one cover."""
    whole = text + BOX % label
    (shape,) = shapes_in(answer(whole, "qwen3-vl"))
    return [whole[start:end] for start, end in shape.spans[1:]]


def test_a_name_is_found_in_the_prose_in_any_case_and_over_a_line_break() -> None:
    assert said("A red car. The Red Car, the RED\ncar!") == ["red car", "Red Car", "RED\ncar"]


def test_parts_of_words_code_and_tags_are_not_the_name() -> None:
    text = "A carpet, a scar, my_car; `car` <b title='car'> ```\ncar\n``` [x](car.png)"
    assert said(text, "car") == ["car"]


def test_letters_that_change_their_length_move_nothing() -> None:
    assert said("İstanbul, İzmir: a STRASSE, a Straße.", "straße") == ["Straße"]


def test_only_the_first_of_many_are_told() -> None:
    assert len(said("car " * 500, "car")) == MOST_SPANS


def test_signs_in_a_name_are_only_signs() -> None:
    assert said("A (sign)? 30% [a-z]+ off.", "30% [a-z]+") == ["30% [a-z]+"]
