from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.picture import Prepared, View
from app.domain.shape import Shape
from app.grounding.dialects import DIALECTS, read, shapes_in
from app.grounding.frames import resized_pixels
from tests.grounded_answers import ORIGINAL, answer, sent

BOX = '[{"bbox_2d": [100, 200, 500, 600], "label": "cat"%s}]'
OTHER = "c" * 64
WHOLE, SECOND = sent(), sent(500, 500, 4.0, original=OTHER)
CROP = sent(400, 300, 1.0, left=800, top=600, view=View.REGION, number=1)


def shape_in(text: str, *views: Prepared, sizes: dict[str, tuple[int, int]] | None = None) -> Shape:
    (shape,) = shapes_in(answer(text, "qwen3-vl", views), sizes=sizes)
    return shape


def test_an_answer_that_names_no_picture_speaks_of_the_last_whole_one() -> None:
    assert shape_in(BOX % "", WHOLE, SECOND).original == OTHER
    assert shape_in(BOX % "", SECOND, WHOLE, CROP).pixels == shape_in(BOX % "", WHOLE).pixels


def test_an_answer_about_a_part_speaks_of_the_whole_that_went_before_other_pictures() -> None:
    assert shape_in(BOX % "", WHOLE, SECOND, CROP).pixels == shape_in(BOX % "", WHOLE).pixels
    alone = CROP.replace(number=0)
    assert shape_in(BOX % "", WHOLE, SECOND, alone).pixels == shape_in(BOX % "", alone).pixels


@pytest.mark.parametrize(
    "text",
    [
        BOX % ', "image": 1',
        BOX % ', "picture": "picture 1"',
        BOX % ', "image_index": 0',
        "In image 1: " + BOX % "",
        "Photo #1 shows it. " + BOX % "",
        "Image 2 has none, but in the first picture: " + BOX % "",
        BOX.replace("cat", "cat in image 1") % "",
    ],
)
def test_an_answer_that_names_a_picture_speaks_of_that_one(text: str) -> None:
    assert shape_in(text, WHOLE, SECOND).original == ORIGINAL


def test_what_names_no_picture_is_laid_on_the_one_that_was_chosen_for_it() -> None:
    message = answer(BOX % "", "qwen3-vl", (WHOLE, CROP, SECOND))
    taken = read(message)
    assert (taken.unnamed, taken.subject, taken.shapes[0].original) == (1, OTHER, OTHER)
    moved = read(message, subject=ORIGINAL)
    assert (moved.unnamed, moved.subject) == (1, ORIGINAL)
    assert moved.shapes == read(answer(BOX % "", "qwen3-vl", (WHOLE, CROP))).shapes
    assert read(message, subject="d" * 64) == taken  # it did not go along
    named = read(answer("Image 3: " + BOX % "", "qwen3-vl", (WHOLE, CROP, SECOND)), subject=ORIGINAL)
    assert (named.unnamed, named.subject, named.shapes[0].original) == (0, "", OTHER)
    some = read(answer(BOX % "" + ", image 1. " + BOX % ', "image": 9', "qwen3-vl", (WHOLE, SECOND)))
    assert [shape.original for shape in some.shapes] == [ORIGINAL, OTHER] and some.unnamed == 1
    assert read(answer(BOX % "", "qwen3-vl", (WHOLE, CROP))).unnamed == 0  # parts of one picture


def test_a_number_that_no_picture_has_changes_nothing() -> None:
    for text in (BOX % ', "image": 7', "In image 12: " + BOX % "", BOX % ', "image": "street.jpg"'):
        assert shape_in(text, WHOLE, SECOND).original == OTHER


def test_a_number_counts_what_was_sent_one_by_one_parts_too() -> None:
    views = (WHOLE, CROP, CROP.replace(left=0.0, number=2), SECOND)
    for number, view in enumerate(views, start=1):
        alone = shape_in(BOX % "", view, sizes={ORIGINAL: (2000, 1500)})
        for text in (BOX % f', "image": {number}', f"Picture {number}: " + BOX % ""):
            found = shape_in(text, *views)
            assert (found.original, found.pixels) == (alone.original, alone.pixels), text


def test_several_pictures_of_one_answer_each_have_their_shapes() -> None:
    text = "Image 1: " + BOX % "" + " Image 2: " + BOX % ""
    first, second = shapes_in(answer(text, "qwen3-vl", [WHOLE, SECOND]))
    assert (first.original, second.original) == (ORIGINAL, OTHER)


def test_a_part_of_a_picture_is_laid_where_it_was_cut_out() -> None:
    cat = shape_in(BOX % "", CROP, sizes={ORIGINAL: (2000, 1500)})
    assert (cat.pixels.left, cat.pixels.top, cat.pixels.right, cat.pixels.bottom) == (840, 660, 1000, 780)
    assert (cat.box.left, cat.box.bottom) == (0.42, 0.52)


def test_the_size_of_an_original_is_known_from_any_whole_view_of_it() -> None:
    cat = shape_in('In image 3: {"bbox_2d": [0, 0, 1000, 1000]}', WHOLE, CROP, CROP)
    assert (cat.box.left, cat.box.top, cat.box.right) == (0.4, 0.4, 0.6)


# ---------------------------------------------------------------- there and back

SIDES = st.integers(1, 6000)
SCALES = st.floats(0.05, 40)


def in_json(x: float, y: float) -> str:
    return f'{{"point_2d": [{x!r}, {y!r}]}}'


# How each dialect writes a place, or a box that begins there, and by how far its steps are off.
WRITERS: dict[str, tuple[Callable[[float, float], str], float]] = {
    "paligemma": (lambda x, y: f"<loc{int(y):04}><loc{int(x):04}><loc1030><loc1030> a", 1.0),
    "florence-2": (lambda x, y: f"a<loc_{int(x)}><loc_{int(y)}><loc_999><loc_999>.", 0.5),
    "kosmos-2": (
        lambda x, y: f"<object><patch_index_{32 * int(y) + int(x):04}><patch_index_1023></object>",
        0.5,
    ),
    "molmo": (lambda x, y: f'<point x="{x!r}" y="{y!r}" alt="a">a</point>', 0.0),
    "qwen2-vl": (lambda x, y: f"<|box_start|>({x!r},{y!r}),(1001,1001)<|box_end|>", 0.0),
    "internvl": (lambda x, y: f"<box>[[{x!r}, {y!r}, 1001, 1001]]</box>", 0.0),
    "deepseek-vl2": (lambda x, y: f"<|det|>[[{x!r}, {y!r}, 1000, 1000]]<|/det|>", 0.0),
    "nemotron-parse": (lambda x, y: f"<x_{x:.9f}><y_{y:.9f}>a<x_1><y_1><class_a>", 1e-9),
}
JSON = (in_json, 0.0)


@settings(max_examples=40)
@given(
    dialect=st.sampled_from(sorted(DIALECTS)),
    size=st.tuples(SIDES, SIDES),
    scales=st.tuples(SCALES, SCALES),
    corner=st.tuples(st.floats(0, 9000), st.floats(0, 9000)),
    view=st.sampled_from(View),
    place=st.tuples(st.floats(0.001, 0.96), st.floats(0.001, 0.96)),
)
def test_a_place_in_the_original_comes_back_from_every_frame_to_a_pixel(
    dialect: str,
    size: tuple[int, int],
    scales: tuple[float, float],
    corner: tuple[float, float],
    view: View,
    place: tuple[float, float],
) -> None:
    left, top = (0.0, 0.0) if view is View.WHOLE else corner
    prepared = sent(*size, left=left, top=top, view=view).replace(scale_x=scales[0], scale_y=scales[1])
    write, off = WRITERS.get(dialect, JSON)
    wide, high = size[0] * scales[0], size[1] * scales[1]
    across, down = DIALECTS[dialect].frame(prepared)
    text = write(place[0] * across, place[1] * down)
    (shape,) = shapes_in(answer(text, "some", [prepared]), dialect)
    assert abs(shape.pixels.left - (left + place[0] * wide)) <= off * wide / across + 0.01
    assert abs(shape.pixels.top - (top + place[1] * high)) <= off * high / down + 0.01
    assert 0 <= shape.box.left <= shape.box.right <= 1 + 1e-9


@settings(max_examples=40)
@given(SIDES, SIDES)
def test_what_qwen_resizes_to_is_of_its_squares_and_nearly_as_long_and_wide(width: int, height: int) -> None:
    across, down = resized_pixels(sent(width, height))
    assert across % 28 == down % 28 == 0 and across > 0 and down > 0
    assert across * down <= 16384 * 28**2 or min(across, down) == 28
    if width * height <= 16384 * 28**2 and min(width, height) >= 56:
        assert abs(across - width) <= 14 and abs(down - height) <= 14


def test_sizes_that_qwen_itself_gives() -> None:
    known = {
        (1000, 750): (1008, 756),
        (1120, 840): (1120, 840),
        (20, 20): (56, 56),
        (8000, 6000): (4116, 3080),
    }
    for (width, height), resized in known.items():
        assert resized_pixels(sent(width, height)) == resized
