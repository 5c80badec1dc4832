"""No text breaks a reader, makes it slow, or gives a shape outside its picture."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.message import Status
from app.domain.shape import ShapeKind
from app.grounding.dialects import DIALECTS, ambiguous, shapes_in
from app.grounding.found import MOST_LABEL, MOST_SHAPES
from tests.grounded_answers import GROUNDED, answer, png_address, sent

VIEWS = (sent(), sent(300, 200, 1.5, original="c" * 64), sent(100, 100, 1.0, left=50, top=60, number=1))
SIGNS = ["{", "}", "[", "]", '"', "'", "\\", "`", "```", ",", ":", "<", ">", "0", "\0", "\ud7ff", "İ"]
WORDS = ["\n", "image 2", "1e999", "NaN", "<loc_", "<box>[[", "p=123,456", '{"bbox_2d": ', '"label": "']
PARTS = {row.text[at : at + 7] for row in GROUNDED.values() for at in range(0, 80, 5)}
PIECES = st.sampled_from([*sorted(PARTS), *SIGNS, *WORDS])
HOSTILE = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=60).map("".join),
    st.tuples(st.sampled_from([row.text for row in GROUNDED.values()]), st.integers(0, 90), PIECES).map(
        lambda drawn: drawn[0][: drawn[1]] + drawn[2] + drawn[0][drawn[1] :]
    ),
)


def check(text: str, dialect: str, status: Status) -> None:
    message = answer(text, "some-model", VIEWS, status=status)
    for shape in shapes_in(message, dialect):
        box, pixels = shape.box, shape.pixels
        assert 0 <= box.left <= box.right <= 1 + 1e-9
        assert 0 <= box.top <= box.bottom <= 1 + 1e-9
        assert 0 <= pixels.left <= pixels.right <= 2000
        assert 0 <= pixels.top <= pixels.bottom <= 1500
        assert shape.kind is ShapeKind.POINT or (pixels.width > 0 and pixels.height > 0)
        assert shape.label.isprintable() and len(shape.label) <= MOST_LABEL
        assert (shape.mask is not None) == (shape.kind is ShapeKind.MASK)
        assert all(0 <= start < end <= len(text) for start, end in shape.spans)
    assert set(ambiguous(message)) <= set(DIALECTS)


@settings(max_examples=60)
@given(HOSTILE, st.sampled_from(["", *DIALECTS]), st.sampled_from([Status.STREAMING, Status.DONE]))
def test_no_text_breaks_it_and_every_shape_lies_in_its_picture(
    text: str, dialect: str, status: Status
) -> None:
    check(text, dialect, status)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None)
@given(HOSTILE, st.sampled_from(["", *DIALECTS]), st.sampled_from([Status.STREAMING, Status.DONE]))
def test_no_text_whatever_breaks_it(text: str, dialect: str, status: Status) -> None:
    check(text, dialect, status)


def over(text: str, count: int) -> str:
    return (text * (count // len(text) + 1))[:count]


ROWS = b"".join(bytes([4]) + bytes([1 + at % 7]) * 1024 for at in range(1024))
COSTLY = png_address(struct.pack(">IIBBBBB", 1024, 1024, 8, 0, 0, 0, 0), ROWS)
ENDLESS = {
    "braces": "{",
    "begun objects": '{"',
    "nested": '{"bbox_2d": [',
    "objects": '{"bbox_2d":[1,2,3,4]}',
    "loose objects": "{'bbox_2d':[1,2,3,4]}",
    "broken objects": '{"bbox": [1,2,3,4] "x" 5}',
    "wrapped": '{"boxes": [' + '{"box": [1, 2, 3, 4]}, ' * 40,
    "quotes": "{box: '",
    "escapes": '{"box": "\\',
    "spaces": '{"box"      ',
    "numbers": '{"box": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1',
    "corners": "[1, 2], [3, 4], ",
    "outlines": '{"polygon": [[1, 2], [300, 4], [5, 600], [9, 9]]},',
    "glm boxes": "<|begin_of_box|>[[1,2,3,4]]<|end_of_box|>",
    "fences": '```js\n{"box":[1,2,3,4]}\n```\n',
    "masks": f'{{"box_2d": [1, 2, 3, 4], "mask": "{COSTLY}"}}',
    "codes": "<loc0001>",
    "spaced codes": "<loc0001>   ",
    "florence codes": "a<loc_1><loc_2><loc_3><loc_4>",
    "point tags": "<points ",
    "counts": "1;",
    "coordinates": '<points coords="1 1 100 200;',
    "boxes": "<box>",
    "lists": "<ref>a</ref><box>[[1,2,3,4]]</box>",
    "pieces": "<x_0.1><y_0.2>",
    "patches": "<object><patch_index_0001><patch_index_0099>",
    "ticks": '{"box":[1,2,3,4],"label":"a"} `a ',
    "pictures": 'image 1 {"box":[1,2,3,4],"label":"a"}',
}


BEGUN = {"counts": '<points coords="1 1 100 200;', "corners": '{"polygon": ['}


def endless(name: str, count: int) -> str:
    begun = BEGUN.get(name, "")
    return begun + over(ENDLESS[name], count)


def test_an_endless_answer_is_read_in_time_and_to_a_bound() -> None:
    slow = {}
    for name in ENDLESS:
        message = answer(endless(name, 25_000), "some-model", VIEWS)
        begun = time.process_time()
        assert len(shapes_in(message)) <= MOST_SHAPES
        slow[name] = time.process_time() - begun
    assert max(slow.values()) < 0.5, slow  # what is not linear takes minutes


@pytest.mark.soak
@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize("dialect", ["", "molmo", "florence-2", "gemini"])
def test_a_whole_megabyte_is_read_in_time(name: str, dialect: str) -> None:
    message = answer(endless(name, 1_000_000), "some-model", VIEWS)
    begun = time.process_time()
    assert len(shapes_in(message, dialect)) <= MOST_SHAPES
    assert time.process_time() - begun < 1


def test_no_more_than_the_most_shapes_are_read() -> None:
    assert len(shapes_in(answer('{"bbox_2d":[1,2,3,4]}' * (MOST_SHAPES + 5)))) == MOST_SHAPES
