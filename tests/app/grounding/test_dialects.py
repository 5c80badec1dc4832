from __future__ import annotations

import pytest

from app.domain.message import Message, Status
from app.domain.shape import Shape, ShapeKind
from app.grounding.dialects import DIALECTS, shapes_in
from tests.grounded_answers import GROUNDED, Expected, Grounded, answer

ROWS = pytest.mark.parametrize("row", GROUNDED.values(), ids=GROUNDED.keys())


def numbers_of(shape: Shape) -> tuple[float, ...]:
    if shape.points:
        return tuple(number for point in shape.points for number in (point.x, point.y))
    box = shape.pixels
    return (box.left, box.top, box.right, box.bottom)


def said(shapes: tuple[Shape, ...]) -> list[Expected]:
    return [
        Expected(shape.label, tuple(round(number, 6) for number in numbers_of(shape)), shape.kind)
        for shape in shapes
    ]


def meant(row: Grounded) -> list[Expected]:
    return [
        each._replace(numbers=tuple(round(number, 6) for number in each.numbers)) for each in row.expected
    ]


def cut(row: Grounded, at: int, status: Status = Status.STREAMING) -> Message:
    return answer(row.text[:at], row.model, (row.prepared,), status=status, entities=row.entities)


@ROWS
def test_an_answer_points_where_its_model_means(row: Grounded) -> None:
    assert said(shapes_in(row.message)) == meant(row)


def test_a_dialect_that_was_chosen_is_read_whoever_writes() -> None:
    for name, row in GROUNDED.items():
        message = answer(row.text, "nobody-knows", (row.prepared,), entities=row.entities)
        assert said(shapes_in(message, row.dialect)) == meant(row), name


def test_fractions_are_of_the_original_and_spans_of_the_text() -> None:
    for row in GROUNDED.values():
        for shape in shapes_in(row.message):
            assert shape.original == row.prepared.original
            assert shape.box.left * 2000 == pytest.approx(shape.pixels.left)
            assert shape.box.bottom * 1500 == pytest.approx(shape.pixels.bottom)
            assert shape.spans
            for start, end in shape.spans:
                assert 0 <= start < end <= len(row.text)


def test_an_answer_cut_off_anywhere_keeps_the_shapes_that_were_whole() -> None:
    for name, row in GROUNDED.items():
        whole = said(shapes_in(row.message))
        before = 0
        for at in range(0 if not row.entities else len(row.text), len(row.text) + 1):
            for status in (Status.STREAMING, Status.INTERRUPTED):
                now = said(shapes_in(cut(row, at, status)))
                assert len(now) >= before, name
                for found, mean in zip(now, whole, strict=False):
                    assert (found.numbers, found.kind) == (mean.numbers, mean.kind), (name, at)
                    assert mean.label.startswith(found.label)
            before = len(now)
        assert now == whole or row.dialect == "florence-2"  # codes at the very end may go on


def test_every_dialect_is_in_the_table() -> None:
    assert {row.dialect for row in GROUNDED.values()} - {""} == set(DIALECTS)


def test_a_dialect_that_nobody_knows_any_more_is_found_out() -> None:
    row = GROUNDED["paligemma"]
    assert said(shapes_in(row.message, "long-gone")) == meant(row)


def test_a_chosen_dialect_reads_nothing_else() -> None:
    assert shapes_in(GROUNDED["paligemma"].message, "florence-2") == ()
    assert shapes_in(GROUNDED["qwen3-vl"].message, "molmo") == ()


def test_an_answer_without_pictures_points_at_nothing() -> None:
    row = GROUNDED["qwen3-vl"]
    assert shapes_in(answer(row.text, row.model, ())) == ()
    assert shapes_in(row.message.replace(run=None)) == ()


def test_several_ways_in_one_answer_are_all_read_in_their_order() -> None:
    text = 'A {"label": "b", "box_2d": [1, 1, 9, 9]} <point x="1" y="2" alt="a">a</point>'
    first, second = shapes_in(answer(text))
    assert (first.label, first.kind, second.label, second.kind) == ("b", ShapeKind.BOX, "a", ShapeKind.POINT)
