from __future__ import annotations

import json

import pytest

from app.domain.geometry import Box
from app.domain.shape import ShapeKind
from app.grounding.dialects import ambiguous, shapes_in
from tests.grounded_answers import answer, sent

CAT = Box(left=200, top=300, right=1000, bottom=900)
QWEN3 = "qwen3-vl-30b"


def labels(text: str, model: str = QWEN3) -> list[str]:
    return [shape.label for shape in shapes_in(answer(text, model))]


WAYS = [
    '{"bbox_2d": [100, 200, 500, 600], "label": "cat"}',
    'Here:\n```json\n[{"bbox_2d": [100, 200, 500, 600], "label": "cat"}]\n```\nIs that it?',
    '```json\n[{"bbox_2d": [100, 200, 500, 600], "label": "cat"},\n{"bbox_2d": [1, 2',
    "[{'bbox_2d': [100, 200, 500, 600], 'label': 'cat'}]",
    '[{"bbox_2d": [100, 200, 500, 600,], "label": "cat",},]',
    '{bbox_2d: [100, 200, 500, 600], label: "cat"}',
    '{"label": "cat", "bbox_2d": [[100, 200, 500, 600]]}',
    '{"label": "cat", "bbox_2d": [[100, 200], [500, 600]]}',
    '{"bbox_2d": [500, 600, 100, 200], "label": "cat"}',
    '{"label": "cat", "bbox": {"x1": 100, "y1": 200, "x2": 500, "y2": 600}}',
    '{"label": "cat", "x_min": 100, "y_min": 200, "x_max": 500, "y_max": 600}',
    '{"label": "cat", "x": 100, "y": 200, "width": 400, "height": 400}',
    '{"name": "cat", "xywh": [100, 200, 400, 400]}',
    '{"found": {"animals": [{"label": "cat", "box": [100, 200, 500, 600]}, {"label": "do',
    '{"label": "cat", "bbox_2d": [1e2, +200, 500.0, 0600]}',
    "{'label': 'cat', 'note': 'it's here', 'bbox_2d': [100, 200, 500, 600]}",
    'A 27" screen {and} "quotes: {"label": "cat", "bbox_2d": [100, 200, 500, 600]}',
    '{"label": "cat", "note": "a } and a {", "bbox_2d": [100, 200, 500, 600]}',
    '{"bbox_2d": ["100", "200", "500", "600"], "label": "cat"}',
    "{'bbox_2d': ['100', 200, '500.0', '6e2'], 'label': 'cat'}",
    '{"bbox_2d": [["100", "200"], ["500", " 600 "]], "label": "cat"}',
    "{'bbox_2d': [['100', '200'], ['500', '600']], 'label': 'cat'}",
    '{"label": "cat", "x_min": "100", "y_min": "200", "x_max": "500", "y_max": "600"}',
    '{"bbox_2d": [100, 200, 500, 600], "text": ["1", "2"], "label": "cat"}',
    '{"label": "\\u0063at", "bbox_2d": [100, 200, 500, 600]}',
]


def test_objects_are_read_the_way_models_write_them() -> None:
    for text in WAYS:
        (cat,) = shapes_in(answer(text, QWEN3))
        assert (cat.label, cat.pixels, cat.kind) == ("cat", CAT, ShapeKind.BOX)


NO_PLACES = [
    '{"bbox_2d": [NaN, 200, 500, 600]}',
    '{"bbox_2d": [1e999, 200, 500, 600]}',
    '{"bbox_2d": [100, 200, Infinity, 600]}',
    '{"bbox_2d": [100, 200, 100, 600]}',
    '{"bbox_2d": [100, 200, 500]}',
    '{"bbox_2d": [100, 200, 500, 600',
    '{"bbox_2d": [100, 200, 500, 600]',
    '{"bbox_2d": [100, "many", 500, 600]}',
    '{"bbox_2d": ["100", "1_00", "500", "600"]}',
    '{"bbox_2d": ["NaN", "200", "500", "600"]}',
    "{'bbox_2d': ['100', '1e999', '500', '600']}",
    '{"text": ["1", "2"], "left": 3}',
    '{"bbox_2d": null}',
    '{"bbox_2d": [-900, -900, -100, -100]}',
    '{"point_2d": [100, -900]}',
    '{"polygon": [[1, 1], [2, 2], [3, 3]]}',
    '{"year": 2010, "x": 3, "y": 4}',
    "no object: bbox_2d [100, 200, 500, 600]",
]


def test_what_is_no_place_makes_none() -> None:
    for text in NO_PLACES:
        assert shapes_in(answer(text, QWEN3)) == ()


def test_what_reaches_over_an_edge_ends_there() -> None:
    (cat,) = shapes_in(answer('{"bbox_2d": [-50, 200, 990, 999.9], "label": "cat"}', QWEN3))
    assert cat.pixels == Box(left=0, top=300, right=1980, bottom=pytest.approx(1499.85))


def test_how_many_numbers_there_are_says_what_they_are() -> None:
    text = '{"bbox_2d": [10, 20]} {"point_2d": [10, 20, 30, 40]} {"bbox_2d": [10, 10, 90, 10, 90, 90]}'
    kinds = [shape.kind for shape in shapes_in(answer(text, QWEN3))]
    assert kinds == [ShapeKind.POINT, ShapeKind.BOX, ShapeKind.POLYGON]


def test_several_places_of_one_name_are_several_shapes() -> None:
    text = '{"label": "dog", "boxes": [[1, 2, 30, 40], [5, 6, 70, 80]]} {"points": [[1, 2], [3, 4]]}'
    assert labels(text) == ["dog", "dog", "", ""]


def test_polygons_are_read_in_every_nesting_and_say_more_than_their_box() -> None:
    flat = '{"bbox": [0, 0, 9, 9], "segmentation": [[10, 10, 90, 10, 90, 90]]}'
    pairs = '{"bbox": [0, 0, 9, 9], "polygon": [[10, 10], [90, 10], [90, 90]]}'
    named = '{"polygon": [{"x": 10, "y": 10}, {"x": 90, "y": 10}, {"x": 90, "y": 90}]}'
    two = '{"polygons": [[[10, 10], [90, 10], [90, 90]], [[10, 10], [90, 10], [90, 90]]]}'
    loose = "{'polygons': [[[10, 10], [90, 10], [90, 90]], [[10, 10], [90, 10], [90, 90]]]}"
    for text, count in ((flat, 1), (pairs, 1), (named, 1), (two, 2), (loose, 2)):
        shapes = shapes_in(answer(text, QWEN3))
        assert [shape.kind for shape in shapes] == [ShapeKind.POLYGON] * count, text
        assert {shape.pixels for shape in shapes} == {Box(left=20, top=15, right=180, bottom=135)}


def test_named_x_and_y_are_a_place_and_a_charts_numbers_are_not() -> None:
    click = '{"action": "click", "x": 500, "y": 250}'
    chart = '[{"x": 500, "y": 250}, {"x": 510, "y": 260}]'
    assert labels(click) == ["click"]
    assert labels(chart) == []
    assert len(labels('{"points": ' + chart + "}")) == 2


ORDINARY = [
    '[{"label": "Jan", "x": 1, "y": 20}, {"label": "Feb", "x": 2, "y": 30}]',
    ".box { left: 10, top: 20, width: 100, height: 50 }",
    '{"title": "Window", "width": 800, "height": 600, "x": 10, "y": 20}',
    '{"label": "a", "left": 1, "top": 2, "right": 30, "bottom": 40}',
    '{"data": [{"label": "a", "x": 1, "y": 2, "w": 3, "h": 4}]}',
    "```css\n.a { left: 10, top: 20, width: 100, height: 50 }\n```",
    "```js\nlet boxes = {objects: [{x: 1, y: 2, width: 30, height: 40}]};\n```",
    'In Python:\n> ~~~python\n{"points": [{"x": 1, "y": 2}]}',
    '```html\n<i data-b=\'{"box": {"x": 1, "y": 2, "width": 30, "height": 40}}\'>\n```',
]


def test_ordinary_json_of_a_model_that_nobody_knows_points_at_nothing() -> None:
    for text in ORDINARY:
        assert labels(text, "some-model") == [], text
    assert len(shapes_in(answer(ORDINARY[0], "some-model"), "pixels")) == 2


def test_a_charts_numbers_are_no_points_though_the_model_is_known() -> None:
    chart = '```json\n{"data": [{"label": "Q1", "x": 1, "y": 40}, {"name": "Q2", "x": 2, "y": 55}]}\n```'
    for model in (QWEN3, "Qwen2.5-VL-7B-Instruct", "zai-org/GLM-4.5V", "gemini-3.5-flash", "InternVL3-8B"):
        for text in (ORDINARY[0], chart, '{"x": 10, "y": 20, "label": "Q1"}'):
            assert labels(text, model) == [], (model, text)
        assert labels('{"points": [{"label": "eye", "x": 10, "y": 20}]}', model) == ["eye"]
        assert labels('{"label": "eye", "point_2d": {"x": 10, "y": 20}}', model) == ["eye"]
    assert labels('{"label": "eye", "x": 0.5, "y": 0.25}', "moondream2") == ["eye"]


def test_below_a_name_that_tells_of_places_sides_are_places_whoever_writes() -> None:
    side = '{"label": "cat", "x": 1, "y": 2, "width": 30, "height": 40}'
    for text in (
        f'{{"objects": [{side}]}}',
        f'```json\n{{"detections": [{side}]}}\n```',
        f'```js\nf()\n```\n{{"boxes": [{side}]}}',
        '{"regions": [{"name": "cat", "left": 1, "top": 2, "right": 30, "bottom": 40}]}',
        '{"label": "cat", "box": {"x": 1, "y": 2, "width": 30, "height": 40}}',
        '{"label": "cat", "x1": 1, "y1": 2, "x2": 30, "y2": 40}',
        '{"points": [{"label": "cat", "x": 1, "y": 2}]}',
    ):
        assert labels(text, "some-model") == ["cat"], text


def test_a_score_is_kept_where_it_is_one() -> None:
    text = '{"bbox_2d": [1, 2, 3, 4], "score": 0.5} {"bbox_2d": [1, 2, 3, 4], "confidence": 97}'
    assert [shape.score for shape in shapes_in(answer(text, QWEN3))] == [0.5, None]


# ---------------------------------------------------------------- which units

UNKNOWN = '[{"bbox_2d": [100, 200, 500, 600], "label": "cat"}]'
LARGE = sent(2800, 2100, 1.0)


def left(text: str, model: str = "some-model", dialect: str = "") -> float:
    return shapes_in(answer(text, model, [LARGE]), dialect)[0].pixels.left


def test_the_model_decides_what_the_numbers_count() -> None:
    assert left(UNKNOWN, "Qwen3-VL-8B-Instruct-Q4_K_M.gguf") == 280
    assert left(UNKNOWN, "/models/Qwen2.5-VL-7B-Instruct-Q4_K_M.gguf") == 100
    assert left(UNKNOWN, "zai-org/GLM-4.5V") == 280
    assert ambiguous(answer(UNKNOWN, "qwen/qwen3.5-122b-a10b", [LARGE])) == ()


def test_more_than_a_thousand_means_pixels_whoever_writes() -> None:
    text = '[{"bbox_2d": [100, 200, 500, 600]}, {"bbox_2d": [1400, 200, 2000, 600]}]'
    assert left(text) == left(text, "qwen3-vl") == 100
    assert left(text, "qwen3-vl", "qwen3-vl") == 280


def test_an_unknown_model_leaves_a_choice_and_the_choice_is_followed() -> None:
    message = answer(UNKNOWN, "some-model", [LARGE])
    assert ambiguous(message) == ("qwen3-vl", "qwen2.5-vl")
    assert left(UNKNOWN) == 280
    assert left(UNKNOWN, dialect="qwen2.5-vl") == left(UNKNOWN, dialect="pixels") == 100
    assert left(UNKNOWN, "qwen3-vl", "gemini") == 280
    assert ambiguous(answer("Nothing here.", "some-model", [LARGE])) == ()


def test_a_way_in_which_a_place_would_lie_outside_is_not_meant() -> None:
    small = sent(560, 420, 2.0)
    message = answer('{"bbox_2d": [100, 200, 900, 950]}', "some-model", [small])
    assert ambiguous(message) == ()
    assert shapes_in(message)[0].pixels.left == pytest.approx(112)


def test_whole_numbers_up_to_one_are_fractions_and_may_be_pixels() -> None:
    message = answer('{"bbox": [0, 0, 1, 1], "label": "all"}', "some-model", [LARGE])
    assert shapes_in(message)[0].box == Box(left=0, top=0, right=1, bottom=1)
    assert ambiguous(message) == ("fractions", "pixels")
    assert shapes_in(message, "pixels")[0].pixels == Box(left=0, top=0, right=1, bottom=1)
    tiny = answer('{"bbox": [0, 0, 1, 1]}', "some-model", [sent(3, 3, 1.0)])
    assert shapes_in(tiny)[0].pixels == Box(left=0, top=0, right=1, bottom=1)
    known = answer('{"bbox_2d": [0, 0, 1, 1]}', QWEN3, [LARGE])
    assert (shapes_in(known)[0].pixels.right, ambiguous(known)) == (2.8, ())


def test_units_that_come_to_the_same_are_no_choice() -> None:
    same = sent(1000, 1000, 1.0)
    assert ambiguous(answer('{"bbox_2d": [100, 200, 500, 600]}', "some-model", [same])) == ()
    assert ambiguous(answer('{"bbox": [0, 0, 500, 600]}', "some-model", [same])) == ()


def right(text: str, model: str = "some-model", dialect: str = "") -> float:
    return shapes_in(answer(text, model, [sent(2000, 1500, 1.0)]), dialect)[0].pixels.right


def test_a_bbox_may_be_a_corner_with_a_width_and_a_height() -> None:
    message = answer('{"bbox": [100, 200, 500, 600], "label": "a"}', "some-model", [LARGE])
    assert ambiguous(message) == ("pixels", "qwen3-vl", "coco", "coco-thousandths")
    assert [shape.pixels.right for shape in shapes_in(message, "coco")] == [600]
    assert [shape.pixels.right for shape in shapes_in(message)] == [500]
    for certain in (
        '{"bbox_2d": [100, 200, 500, 600]}',
        '{"bbox": {"x1": 100, "y1": 200, "x2": 500, "y2": 600}}',
        '{"bbox_xyxy": [100, 200, 500, 600]}',
        '{"bbox": [1900, 200, 2000, 600]}',  # so wide it would reach far outside
    ):
        assert "coco" not in ambiguous(answer(certain, "some-model", [sent(2000, 1500, 1.0)])), certain


def test_a_bbox_that_ends_before_it_begins_is_a_corner_with_a_width_and_a_height() -> None:
    boxes = '[{"bbox": [10, 20, 300, 400]}, {"bbox": [100, 200, 50, 500]}]'
    assert right(boxes) == 310
    assert ambiguous(answer(boxes))[0] == "coco"
    assert right(boxes, dialect="pixels") == 300
    assert right('{"boxes": [[100, 200, 50, 60], [1, 2, 3, 4]]}') == 150
    assert right('{"bbox": [[500, 600], [100, 200]]}') == 500
    assert right('{"bbox": [1000, 700, 900, 900]}') == 1000  # else it would reach below the picture
    assert right('{"bbox_2d": [500, 600, 100, 200]}', QWEN3) == 1000
    known = answer('{"bbox": [500, 400, 100, 200]}', QWEN3)
    assert ambiguous(known) == ("qwen3-vl", "coco-thousandths", "coco")
    assert ambiguous(answer('{"bbox": [100, 200, 500, 600]}', QWEN3)) == ()


@pytest.mark.parametrize(
    "text",
    [
        '{"annotations": [{"bbox": [10, 20, 300, 400]}%s]}',
        '[{"bbox": [10, 20, 300, 400], "category_id": 3}%s]',
    ],
)
def test_a_known_model_decides_over_the_names_of_coco_unless_a_box_ends_before_it_begins(text: str) -> None:
    plain, with_crossed = text % "", text % ', {"bbox": [500, 400, 100, 200]}'
    assert right(plain) == right(with_crossed) == 310
    assert ambiguous(answer(plain))[0] == "coco"
    assert right(plain, QWEN3) == 600
    assert ambiguous(answer(plain, QWEN3)) == ("qwen3-vl", "coco-thousandths", "coco")
    assert right(plain, QWEN3, "coco") == 310
    assert right(plain, "gemini-3.5-flash") == 800
    for model in (QWEN3, "gemini-3.5-flash", "zai-org/GLM-4.5V", "InternVL3-8B"):
        assert right(with_crossed, model) == 620, model
        assert ambiguous(answer(with_crossed, model))[:2] == ("coco-thousandths", "coco")
        assert right(with_crossed, model, "coco") == 310
    assert right(with_crossed, "Qwen2.5-VL-7B-Instruct") == 310


def test_coco_in_fractions_is_read_where_two_signs_say_so_and_offered_for_one() -> None:
    crossed, plain = '{"bbox": [0.5, 0.25, 0.25, 0.5]%s}', '{"bbox": [0.1, 0.2, 0.5, 0.6]%s}'
    assert (right(crossed % ""), right(plain % "")) == (1500, 1000)
    assert ambiguous(answer(crossed % "")) == ("coco-fractions", "fractions")
    assert ambiguous(answer(plain % "")) == ("fractions", "coco-fractions")
    assert right(plain % "", dialect="coco-fractions") == 1200
    assert right(plain % ', "category_id": 3') == 1200
    for known in (QWEN3, "gemini-3.5-flash"):
        assert ambiguous(answer(plain % "", known)) == ()
        assert ambiguous(answer(plain % ', "category_id": 3', known)) == ("fractions", "coco-fractions")
    for certain in (
        '{"bbox": [0.6, 0.2, 0.9, 0.6]}',  # so wide it would reach far outside
        '{"bbox_2d": [0.1, 0.2, 0.5, 0.6]}',
        '{"box": {"x1": 0.1, "y1": 0.2, "x2": 0.5, "y2": 0.6}}',
    ):
        assert ambiguous(answer(certain)) == (), certain


def test_coco_in_thousandths_is_read_where_pixels_would_reach_out_of_the_picture() -> None:
    small = [sent(640, 480, 1.0)]
    box = '{"bbox": [%s], "category_id": 3}'
    outside, inside = box % "100, 700, 500, 250", box % "100, 200, 300, 200"
    assert ambiguous(answer(outside, "some-model", small))[0] == "coco-thousandths"
    assert shapes_in(answer(outside, "some-model", small))[0].pixels == Box(
        left=64, top=336, right=384, bottom=456
    )
    assert ambiguous(answer(inside, "some-model", small))[:2] == ("coco", "coco-thousandths")
    assert shapes_in(answer(inside, "some-model", small))[0].pixels.right == 400
    beyond = answer(box % "100, 700, 500, 350", "some-model", small)
    assert not [name for name in ambiguous(beyond) if name.startswith("coco")]
    assert ambiguous(answer(outside, QWEN3, small)) == ("coco-thousandths", "qwen3-vl")
    square = [sent(1000, 1000, 1.0)]
    assert "coco-thousandths" not in ambiguous(answer(inside, "some-model", square)), "no difference"


def test_coco_whose_sums_reach_over_an_edge_by_rounding_is_read_in_every_unit() -> None:
    fractions = '[{"bbox": [0.5, 0.25, 0.25, 0.5]}, {"bbox": [0.667, 0.2, 0.334, 0.1]}]'
    message = answer(fractions)
    assert ambiguous(message) == ("coco-fractions", "fractions")
    assert [shape.pixels.right for shape in shapes_in(message)] == [1500, 2000]
    thousandths = '[{"bbox": [667, 800, 334, 100], "category_id": 3}, {"bbox": [700, 100, 200, 50]}]'
    message = answer(thousandths, "some-model", [sent(640, 480, 1.0)])
    assert ambiguous(message)[0] == "coco-thousandths"
    assert [shape.pixels.right for shape in shapes_in(message)] == [640, 576]


def test_sides_that_have_names_are_left_as_they_are_named() -> None:
    text = '{"label": "cat", "box": {"xmin": 100, "ymin": 200, "xmax": 500, "ymax": 600}}'
    assert [shape.pixels for shape in shapes_in(answer(text, "gemini-3.5-flash"))] == [CAT]
    assert right(text, dialect="coco") == 500


def test_a_point_of_an_unknown_model_may_have_y_first() -> None:
    message = answer('{"point": [100, 200], "label": "a"}', "some-model", [LARGE])
    assert "gemini" in ambiguous(message)
    assert shapes_in(message, "gemini")[0].points[0].x == 560


def test_a_box_2d_has_y_first_unless_its_model_writes_otherwise() -> None:
    text = '{"box_2d": [100, 200, 500, 600], "label": "a"}'
    assert left(text) == left(text, "gemini-3.5-flash") == 560
    assert left(text, "qwen3-vl") == 280
    assert left('{"box_2d": [0.1, 0.2, 0.5, 0.6]}') == 560


def test_the_object_is_where_the_shape_is_written() -> None:
    text = 'See [{"a": 1}, {"label": "cat", "bbox_2d": [100, 200, 500, 600]}].'
    (cat,) = shapes_in(answer(text, QWEN3))
    start, end = cat.spans[0]
    assert json.loads(text[start:end])["label"] == "cat"
