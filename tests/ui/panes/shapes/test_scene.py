"""Finding shapes at a place, and masks cell by cell."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from app.domain.geometry import Box
from app.domain.shape import Mask
from ui.panes.shapes import mask as shape_mask
from ui.panes.shapes.index import ShapeIndex
from ui.panes.shapes.mask import MaskGrid

SIDES = st.floats(0, 1000)
BOXES = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h), SIDES, SIDES, st.floats(0, 800), st.floats(0, 800)
)
RED = QColor("#ff0000")


@settings(max_examples=40, deadline=None)
@given(st.lists(BOXES, max_size=60), SIDES, SIDES, st.floats(0, 100))
def test_the_index_finds_what_a_look_at_each_box_finds(
    boxes: list[Box], x: float, y: float, reach: float
) -> None:
    looked = [
        number
        for number, box in enumerate(boxes)
        if box.left - reach <= x <= box.right + reach and box.top - reach <= y <= box.bottom + reach
    ]
    assert ShapeIndex([(b.left, b.top, b.right, b.bottom) for b in boxes]).near(x, y, reach) == looked


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9), st.integers(0, 9), st.lists(st.integers(0, 12), max_size=20))
def test_image_outline_and_question_agree_on_every_cell(width: int, height: int, runs: list[int]) -> None:
    grid = MaskGrid(Mask(width, height, tuple(runs)))
    told = [inside for turn, run in enumerate(runs) for inside in [turn % 2 == 1] * run]
    cells = (told + [False] * width * height)[: width * height]
    image, outline = grid.image(RED), grid.outline()
    for cell, inside in enumerate(cells):
        x, y = cell % width, cell // width
        assert grid.holds((x + 0.5) / width, (y + 0.5) / height) == inside
        assert (image.pixelColor(x, y).alpha() == 255) == inside
        assert outline.contains(QPointF(x + 0.5, y + 0.5)) == inside
    assert not grid.holds(1.0, 0.5) and not grid.holds(0.5, -0.1)


def test_noise_has_no_outline() -> None:
    side = 2 * int(shape_mask.MOST_STEPS**0.5)
    noise = MaskGrid(Mask(side, side, (1,) * (side * side)))
    assert noise.outline().isEmpty()
    assert noise.image(RED).pixelColor(1, 0) == RED


def test_a_whole_mask_is_a_rectangle() -> None:
    outline = MaskGrid(Mask(4, 3, (0, 12))).outline()
    assert outline.boundingRect().getRect() == (0, 0, 4, 3)
