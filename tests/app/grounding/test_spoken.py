from __future__ import annotations

from app.domain.shape import Shape
from app.grounding.dialects import shapes_in
from app.grounding.spoken import line, reading_order, summary
from tests.grounded_answers import answer


def shapes(*boxes: tuple[str, int, int, int, int]) -> tuple[Shape, ...]:
    objects = (f'{{"label": "{name}", "bbox_2d": {list(sides)}}}' for name, *sides in boxes)
    return shapes_in(answer(" ".join(objects), "qwen3-vl"))


def told(found: tuple[Shape, ...]) -> str:
    return " ".join(note.sentence for note in summary(found))


def test_the_summary_counts_and_says_where_the_first_is() -> None:
    found = shapes(
        ("car", 400, 500, 600, 700),
        ("sign", 700, 20, 800, 120),
        ("sign", 20, 30, 120, 110),
        ("sign", 300, 20, 400, 90),
    )
    assert told(found) == (
        "3 signs and 1 car. The first sign is at the top left. It is about a tenth of the picture wide."
    )
    assert told(shapes(("car", 300, 300, 700, 700))) == (
        "1 car. The car is in the middle. It is about a third of the picture wide."
    )


def test_many_names_are_counted_together_and_none_is_said() -> None:
    found = shapes(*((name, 10, 10 + 90 * at, 990, 90 + 90 * at) for at, name in enumerate("abcdefg")))
    assert summary(found)[0].sentence == "1 a, 1 b, 1 c, 1 d and 3 more."
    assert told(()) == "Nothing is pointed at."
    assert told(shapes(("", 0, 0, 1000, 1000))) == (
        "1 place. The place is in the middle. It is about as wide as the picture."
    )


def test_a_phrase_is_not_counted_as_if_it_were_a_kind_of_thing() -> None:
    eyes = [("two eyes", 20, 30, 120, 110), ("two eyes", 300, 20, 400, 90)]
    assert told(shapes(*eyes, ("the nose", 200, 500, 300, 600))) == (
        "2 × two eyes and the nose. The first place of two eyes is at the top left."
        " It is about a tenth of the picture wide."
    )
    assert told(shapes(("eyes", 20, 30, 120, 110))).startswith("eyes. The place of eyes is at the top left.")
    assert told(shapes(("bus", 20, 30, 120, 110))).startswith("1 bus. The bus is")


def test_a_point_has_no_size() -> None:
    (point,) = shapes_in(answer('{"point_2d": [990, 990], "label": "door"}', "qwen3-vl"))
    assert told((point,)) == "1 door. The door is at the bottom right."
    assert line(point).sentence == "door, a point, bottom right"


def test_a_line_says_name_place_and_size() -> None:
    first, second = shapes(("sign", 20, 30, 140, 110), ("", 0, 400, 1, 600))
    assert line(first).sentence == "sign, top left, 12 by 8 percent"
    assert line(second).sentence == "place, left, 1 by 20 percent"
    assert line(first).facts == {"name": "sign", "width": "12", "height": "8"}


def test_names_from_outside_are_facts_and_never_templates() -> None:
    assert line(*shapes(("{name.__class__}", 0, 0, 100, 100))).sentence.startswith(
        "{name.__class__}, top left"
    )


PLURALS = [
    ("sign", "signs"),
    ("stop sign", "stop signs"),
    ("bus", "buses"),
    ("box", "boxes"),
    ("bench", "benches"),
    ("berry", "berries"),
    ("toy", "toys"),
    ("person", "people"),
    ("glasses", "glasses"),
    ("Straßenschild", "Straßenschild"),
    ("STOP", "STOP"),
]


def test_several_of_a_thing_are_counted_in_its_plural() -> None:
    for name, several in PLURALS:
        found = shapes((name, 0, 0, 100, 100), (name, 500, 0, 600, 100))
        assert summary(found)[0].sentence == f"2 {several}."


def test_the_order_is_that_of_reading() -> None:
    found = shapes(
        ("d", 10, 500, 90, 600),
        ("c", 800, 0, 900, 90),
        ("a", 0, 20, 90, 110),
        ("b", 300, 0, 400, 80),
        ("e", 500, 510, 600, 590),
    )
    assert [shape.label for shape in reading_order(found)] == ["a", "b", "c", "d", "e"]
