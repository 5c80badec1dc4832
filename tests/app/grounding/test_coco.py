from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.geometry import Box
from app.domain.picture import Attachment, Picture
from app.domain.shape import Mask, Shape, ShapeKind
from app.grounding.coco import as_coco, as_json
from app.grounding.dialects import shapes_in
from tests.app.grounding.test_marks import calls
from tests.grounded_answers import GROUNDED, HEIGHT, ORIGINAL, WIDTH, answer, sent


def attachment(name: str, sha256: str = ORIGINAL, width: int = WIDTH, height: int = HEIGHT) -> Attachment:
    return Attachment(Picture(sha256, "jpeg", width, height, 1), name, link="https://example.org/secret")


STREET = attachment("/home/me/private/street.jpg")
TEXT = (
    '{"bbox_2d": [100, 200, 500, 600], "label": "cat", "score": 0.5}'
    '{"point_2d": [250, 500], "label": "nose"}'
    '{"polygon": [[0, 0], [100, 0], [100, 100]], "label": "cat"} {"bbox_2d": [0, 0, 10, 10]}'
)
SHAPES = shapes_in(answer(TEXT, "qwen3-vl"))


def coco(*shapes: Shape, pictures: tuple[Attachment, ...] = (STREET,)) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(as_coco(shapes, pictures))
    return document


def test_our_own_form_says_what_there_is_and_nothing_of_places_on_the_disk() -> None:
    cat, nose, _, unnamed = json.loads(as_json(SHAPES, [STREET]))
    assert cat == {
        "label": "cat",
        "kind": "box",
        "box": {"left": 0.1, "top": 0.2, "right": 0.5, "bottom": 0.6},
        "pixels": {"left": 200, "top": 300, "right": 1000, "bottom": 900},
        "score": 0.5,
        "picture": {"name": "street.jpg", "width": WIDTH, "height": HEIGHT},
    }
    assert (nose["kind"], nose["points"]) == ("point", [[500, 750]])
    assert unnamed["label"] == ""
    everything = as_json(SHAPES, [STREET]) + as_coco(SHAPES, [STREET, attachment("C:\\secret\\b.png")])
    assert not any(word in everything for word in ("private", "secret", "null", ORIGINAL))
    assert "picture" not in json.loads(as_json(SHAPES))[0]


def test_coco_numbers_pictures_names_and_marks() -> None:
    document = coco(*SHAPES, pictures=(attachment("other.png", "c" * 64, 5, 5), STREET))
    assert document["images"] == [
        {"id": 1, "file_name": "other.png", "width": 5, "height": 5},
        {"id": 2, "file_name": "street.jpg", "width": WIDTH, "height": HEIGHT},
    ]
    assert [(each["id"], each["name"]) for each in document["categories"]] == [
        (1, "cat"),
        (2, "nose"),
        (3, "unnamed"),
    ]
    marks = document["annotations"]
    assert [(each["id"], each["image_id"], each["category_id"]) for each in marks] == [
        (1, 2, 1),
        (2, 2, 2),
        (3, 2, 1),
        (4, 2, 3),
    ]


def test_coco_has_boxes_by_size_polygons_by_corners_and_points_as_keypoints() -> None:
    document = coco(*SHAPES)
    cat, nose, outline, _ = document["annotations"]
    assert (cat["bbox"], cat["area"], cat["segmentation"], cat["score"]) == (
        [200, 300, 800, 600],
        480_000,
        [],
        0.5,
    )
    assert (nose["keypoints"], nose["num_keypoints"], nose["area"]) == ([500, 750, 2], 1, 0)
    assert (outline["segmentation"], outline["area"]) == ([[0, 0, 200, 0, 200, 150]], 15_000)
    assert all(each["iscrowd"] == 0 for each in document["annotations"])
    keyed = [each["name"] for each in document["categories"] if each.get("keypoints") == ["point"]]
    assert keyed == ["nose"]


def test_what_is_written_as_coco_reads_back_to_the_same_boxes() -> None:
    boxes = [shape for shape in SHAPES if shape.kind is not ShapeKind.POINT]
    thin = Box(left=1900, top=1400, right=1910, bottom=1410)
    boxes.append(boxes[-1].replace(pixels=thin))  # as two corners it would end before it begins
    text = as_coco(boxes, [STREET])
    for model in ("some-model", "qwen3-vl", "Qwen2.5-VL-7B-Instruct"):
        for written in (text, json.dumps(json.loads(text), indent=2)):
            read = shapes_in(answer(written, model, [sent(WIDTH, HEIGHT, 1.0)]))
            assert [(shape.kind, shape.pixels, shape.points) for shape in read] == [
                (shape.kind, shape.pixels, shape.points) for shape in boxes
            ]


def test_coco_leaves_out_what_is_in_no_picture_of_its() -> None:
    assert coco(*SHAPES, pictures=()) == {"images": [], "annotations": [], "categories": []}


def test_a_mask_of_an_answer_covers_its_half_of_the_box() -> None:
    (cat,) = shapes_in(GROUNDED["gemini-mask"].message)
    (mark,) = coco(cat)["annotations"]
    assert mark["area"] == 400 * 600
    assert mark["segmentation"]["size"] == [HEIGHT, WIDTH]
    counts = mark["segmentation"]["counts"]
    assert sum(counts) == WIDTH * HEIGHT
    assert counts[:4] == [200 * HEIGHT + 300, 600, 900, 600]


@settings(max_examples=25)
@given(st.data())
def test_coco_runs_are_the_masks_pixels_column_by_column(data: st.DataObject) -> None:
    wide, high = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    cells = data.draw(st.lists(st.booleans(), min_size=wide * high, max_size=wide * high))
    runs: list[int] = [0]
    for at, cell in enumerate(cells):
        if cell == bool(len(runs) % 2 == 0):
            runs[-1] += 1
        else:
            runs.append(1)
        assert sum(runs) == at + 1
    sides = st.floats(0, 12)
    left, right = sorted(
        data.draw(st.tuples(sides, sides).filter(lambda each: abs(each[0] - each[1]) > 0.01))
    )
    top, bottom = sorted(
        data.draw(st.tuples(sides, sides).filter(lambda each: abs(each[0] - each[1]) > 0.01))
    )
    box = Box(left=left, top=top, right=right, bottom=bottom)
    shape = Shape("a", box, box, ShapeKind.MASK, mask=Mask(wide, high, tuple(runs)), original=ORIGINAL)
    (mark,) = coco(shape, pictures=(attachment("a.png", width=12, height=12),))["annotations"]
    told = [bool(at % 2) for at, run in enumerate(mark["segmentation"]["counts"]) for _ in range(run)]

    def inside(x: float, y: float) -> bool:
        column, row = int((x - left) / (right - left) * wide), int((y - top) / (bottom - top) * high)
        return (
            left <= x < right
            and top <= y < bottom
            and cells[min(row, high - 1) * wide + min(column, wide - 1)]
        )

    middles = [(x + 0.5, y + 0.5) for x in range(12) for y in range(12)]
    assert len(told) == 144
    wrong = [middle for middle, is_in in zip(middles, told, strict=True) if inside(*middle) != is_in]
    edges = [left + at * (right - left) / wide for at in range(wide + 1)]
    rows = [top + at * (bottom - top) / high for at in range(high + 1)]
    for x, y in wrong:  # only where the middle of a pixel lies on the edge of a cell may they differ
        assert min(abs(x - edge) for edge in edges) < 1e-6 or min(abs(y - row) for row in rows) < 1e-6
    assert mark["area"] == sum(told)


def test_the_size_of_a_picture_makes_no_more_work_of_its_masks() -> None:
    (cat,) = shapes_in(GROUNDED["gemini-mask"].message)

    def work(width: int, height: int) -> int:
        pixels = Box(left=0.1 * width, top=0.2 * height, right=0.5 * width, bottom=0.6 * height)
        shape = cat.replace(pixels=pixels)
        return calls(lambda: coco(shape, pictures=(attachment("a.png", width=width, height=height),)))

    assert work(8000, 6000) <= work(400, 300)
