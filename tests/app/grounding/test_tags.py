"""Florence-2, Kosmos-2, Molmo, and the names and boxes between tags."""

from __future__ import annotations

from app.domain.geometry import Box
from app.domain.message import Status
from app.domain.shape import Shape, ShapeKind
from app.grounding.dialects import shapes_in
from tests.grounded_answers import answer


def read(text: str, model: str = "some-model") -> tuple[Shape, ...]:
    return shapes_in(answer(text, model))


def places(text: str, model: str = "some-model") -> list[tuple[float, ...]]:
    boxes = [shape.pixels for shape in read(text, model)]
    return [tuple(round(side, 3) for side in (box.left, box.top, box.right, box.bottom)) for box in boxes]


# ---------------------------------------------------------------- Florence-2


def test_florence_names_stand_before_their_codes() -> None:
    text = "</s><s>Found:\ncar<loc_1><loc_1><loc_9><loc_9>, red bus <loc_1><loc_1><loc_9><loc_9></s>"
    car, bus = read(text)
    assert (car.label, bus.label) == ("car", "red bus")
    assert text[slice(*bus.spans[0])] == "<loc_1><loc_1><loc_9><loc_9>"
    assert text[slice(*bus.spans[1])] == "red bus"


NO_AREAS = [
    "<loc_1>",
    "<loc_1><loc_2>",
    "<loc_1><loc_2><loc_3>",
    "<loc_9><loc_1><loc_9><loc_9>",
    "<loc_1000>" * 4,
]


def test_codes_that_make_no_area_make_no_shape() -> None:
    for codes in NO_AREAS:
        assert read(f"car{codes}.") == ()


def test_codes_at_the_end_of_a_cut_off_answer_may_go_on() -> None:
    text = "EXIT<loc_1><loc_1><loc_9><loc_9>"
    assert len(read(text)) == 1
    for status, reason in ((Status.STREAMING, ""), (Status.INTERRUPTED, ""), (Status.DONE, "length")):
        assert shapes_in(answer(text, status=status, finish_reason=reason)) == ()
        assert len(shapes_in(answer(text + " and", status=status, finish_reason=reason))) == 1


# ---------------------------------------------------------------- Kosmos-2


def test_kosmos_corners_are_the_middles_of_cells_or_the_edges_of_one_row() -> None:
    def boxes(first: int, last: int) -> list[tuple[float, ...]]:
        return places(f"<object><patch_index_{first:04}><patch_index_{last:04}></object>")

    assert boxes(0, 33) == [(31.25, 23.438, 93.75, 70.312)]
    assert boxes(0, 1) == [(0, 0, 125, 46.875)]
    assert boxes(5, 5) == [(312.5, 0, 375, 46.875)]
    assert boxes(33, 0) == boxes(0, 33)
    assert boxes(0, 1024) == []


def test_kosmos_entities_beside_the_text_are_read_whatever_is_in_them() -> None:
    entities = (
        '[{"phrase": "cat", "bboxes": [[0.1, 0.2, 0.5, 0.6], [0.1, 0.2, 0.5], "x", [0, 0, NaN, 1],'
        ' [0, 0, 1e400, 1]]}, {"phrase": 3, "bboxes": [[0, 0, 1, 1]]}, 7, {"bboxes": {}}, {"phrase": "dog"}]'
    )
    cats = shapes_in(answer("A cat, a dog.", "kosmos-2", entities=entities))
    assert [(cat.label, cat.pixels) for cat in cats] == [
        ("cat", Box(left=200, top=300, right=1000, bottom=900))
    ]
    assert cats[0].spans == ((2, 5),)
    for broken in ("{", "[[[", "null", "[" * 100_000):
        assert shapes_in(answer("A cat.", "kosmos-2", entities=broken)) == ()


# ---------------------------------------------------------------- Molmo


def test_molmo_tags_are_read_whoever_writes_and_bare_points_of_molmo_alone() -> None:
    text = "Click(61.5, 40.4) and p=123,456, where 12=345,678"
    assert len(read(text, "allenai/Molmo-7B-D-0924")) == 3
    assert read(text, "gpt-5") == ()
    assert len(read(text + ' <point x="1" y="2" alt="a">a</point>', "gpt-5")) == 1


NO_POINTS = [
    '<point x="61.5" y="40.4"',
    '<point x="61.5" alt="cat">cat</point>',
    '<point x="inf" y="1" alt="cat">cat</point>',
    '<points x1="1" y2="2" alt="cat">cat</points>',
    '<point x="161.5" y="40.4" alt="cat">cat</point>',
    '<pointer x="1" y="2">',
    '<points coords="1 1 20 30">cat</points>',
]


def test_tags_without_a_place_in_the_picture_make_no_point() -> None:
    for tag in NO_POINTS:
        assert read(tag, "molmo") == ()


def test_a_point_is_written_from_its_tag_to_the_closing_one() -> None:
    text = "A <point x='61.5' y='40.4' alt='grey cat'>cat</point>."
    (cat,) = read(text)
    assert (cat.label, cat.kind) == ("grey cat", ShapeKind.POINT)
    assert text[slice(*cat.spans[0])] == text[2:-1]


# ---------------------------------------------------------------- names and boxes between tags


def test_lists_in_tags_count_as_soon_as_they_are_closed_and_pairs_with_their_tag() -> None:
    assert len(read("<ref>cat</ref><box>[[1, 2, 30, 40], [5, 6, 70, 80], [9, 10")) == 2
    assert read("<|box_start|>(1,2),(30,40)") == ()
    assert len(read("<|box_start|>(1,2),(30,40)<|box_end|>")) == 1
    assert places("<box>(100,200),(500,600)</box>") == places("<box>[[100, 200, 500, 600]]</box>")


def test_a_name_between_tags_is_that_of_all_boxes_up_to_the_next() -> None:
    text = (
        "<|object_ref_start|>cat<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|>"
        "<|box_start|>(5,6),(7,8)<|box_end|><|object_ref_start|>dog<|object_ref_end|>"
        "<|quad_start|>(1,1),(9,1),(9,9),(1,9)<|quad_end|>"
    )
    assert [(shape.label, shape.kind.value) for shape in read(text)] == [
        ("cat", "box"),
        ("cat", "box"),
        ("dog", "polygon"),
    ]


def test_a_piece_of_a_page_that_does_not_end_is_none() -> None:
    assert read("<x_0.1><y_0.2>text<x_0.5><y_0.3>") == ()
    assert read("<x_0.5><y_0.3><class_Text>") == ()
    assert len(read("<x_0.1><y_0.2>a < b<x_0.5><y_0.3><class_List-item><x_0.1><y_0.2>cut")) == 1


# ---------------------------------------------------------------- GLM-V

CAT = (200.0, 300.0, 1000.0, 900.0)


def test_glm_marks_its_boxes_whatever_the_brackets_and_whoever_serves_it() -> None:
    for written in ("[[100,200,500,600]]", "[100, 200, 500, 600]", "(100,200,500,600)", "<100,200,500,600>"):
        text = f"The cat: <|begin_of_box|>{written}<|end_of_box|>."
        (cat,) = read(text)
        assert places(text) == [CAT]
        assert text[slice(*cat.spans[0])] == text[9:-1]
    assert len(read("<|begin_of_box|>[[1,2,3,4],[5,6,7,8],[9,10")) == 2


def test_glm_is_read_without_its_marks_too_where_every_line_is_a_box() -> None:
    for text in ("[[100,200,500,600]]", "The cat sits at [[100, 200, 500, 600]]."):
        assert places(text, "zai-org/GLM-4.5V") == [CAT]
        assert read(text) == ()
    for text in (
        "[100,200,500,600]",
        "[[1,2],[3,4]]",
        "[[4,3,2,1]]",
        "[[1,2,3,4],[5,6,7]]",
        "[[1,2,3,4000]]",
    ):
        assert read(text, "glm-4.6v") == (), text


def test_what_else_glm_marks_as_its_answer_is_no_box() -> None:
    for said in ("42", "(3, 4)", "A", "[1, 2, 3]", "1, 2, 3, 4"):
        assert read(f"<|begin_of_box|>{said}<|end_of_box|>", "glm-4.5v") == (), said
    text = '<|begin_of_box|>[{"bbox_2d": [100, 200, 500, 600], "label": "cat"}]<|end_of_box|>'
    assert places(text, "glm-4.5v") == [CAT]


def test_a_name_may_hold_what_looks_like_a_tag_s_beginning() -> None:
    message = answer(
        "<|object_ref_start|>x < y<|object_ref_end|><|box_start|>(100,100),(300,400)<|box_end|>", "qwen2-vl"
    )
    (shape,) = shapes_in(message)
    assert shape.label == "x < y"
