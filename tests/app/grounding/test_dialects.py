from __future__ import annotations

import pytest

from app.domain.message import Message, Status
from app.domain.shape import Shape, ShapeKind
from app.grounding.dialects import DIALECTS, Reading, ambiguous, read, shapes_in
from tests.grounded_answers import GROUNDED, Expected, Grounded, answer, sent


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


def test_an_answer_points_where_its_model_means() -> None:
    for name, row in GROUNDED.items():
        assert said(shapes_in(row.message)) == meant(row), name


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


def check_cut_off(step: int) -> None:
    for name, row in GROUNDED.items():
        whole = said(shapes_in(row.message))
        before = 0
        end = len(row.text)
        for at in [*(range(0, end, step) if not row.entities else ()), end]:
            for status in (Status.STREAMING, Status.INTERRUPTED):
                now = said(shapes_in(cut(row, at, status)))
                assert len(now) >= before, name
                for found, mean in zip(now, whole, strict=False):
                    assert (found.numbers, found.kind) == (mean.numbers, mean.kind), (name, at)
                    assert mean.label.startswith(found.label)
            before = len(now)
        assert now == whole or row.dialect == "florence-2"  # codes at the very end may go on


def test_an_answer_cut_off_keeps_the_shapes_that_were_whole() -> None:
    check_cut_off(7)


@pytest.mark.soak
def test_an_answer_cut_off_anywhere_keeps_the_shapes_that_were_whole() -> None:
    check_cut_off(1)


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


def test_one_reading_tells_the_shapes_the_doubt_and_the_dialect() -> None:
    message = answer('{"bbox_2d": [100, 200, 500, 600], "label": "cat"}', "some-model", [sent(1800, 1350)])
    assert read(message) == Reading(shapes_in(message), ("qwen3-vl", "qwen2.5-vl"), "qwen3-vl")
    chosen = read(message, "pixels")
    assert (chosen.ambiguous, chosen.dialect) == (ambiguous(message), "pixels")
    assert chosen.shapes == shapes_in(message, "pixels") != read(message).shapes
    assert read(answer("Nothing.")) == Reading()


def test_a_reading_in_a_dialect_that_finds_nothing_finds_out_how_it_is_written() -> None:
    for name, row in GROUNDED.items():
        other = "paligemma" if row.dialect != "paligemma" else "molmo"
        reading = read(row.message, other)
        assert said(reading.shapes) == meant(row), name
        assert reading.dialect == row.dialect, name


def test_several_ways_in_one_answer_are_all_read_in_their_order() -> None:
    text = 'A {"label": "b", "box_2d": [1, 1, 9, 9]} <point x="1" y="2" alt="a">a</point>'
    first, second = shapes_in(answer(text))
    assert (first.label, first.kind, second.label, second.kind) == ("b", ShapeKind.BOX, "a", ShapeKind.POINT)
