from __future__ import annotations

import pytest

from ui.panes.view.bar_rows import DRAWER, LOW, arranged

WIDTHS = {"zoom": 164, "turn": 66, "draw": 66, "sent": 32, "shapes": 32}
LEAN = WIDTHS | {"zoom": 32, "turn": 32}
TOOLS = {DRAWER: 134}


def test_in_a_high_view_the_groups_stand_in_one_row_and_tools_in_their_place() -> None:
    assert arranged(WIDTHS, 700, 500).rows == (tuple(WIDTHS),)
    assert arranged(WIDTHS | TOOLS, 700, 500).rows == (("draw", DRAWER),)
    assert arranged(WIDTHS | TOOLS, 200, 500).rows == (("draw",), (DRAWER,))
    assert arranged(WIDTHS, 260, 500).rows == (("zoom",), ("turn", "draw", "sent", "shapes"))


def test_several_rows_are_as_narrow_as_they_can_be() -> None:
    assert arranged(LEAN, 250, 500).rows == (("zoom", "turn", "draw"), ("sent", "shapes"))


@pytest.mark.parametrize("size", [(900, LOW - 1), (640, 99), (320, 125), (640, 40), (200, 200)])
def test_in_a_low_view_the_bar_stands_beside_the_picture_and_leaves_it_half(size: tuple[int, int]) -> None:
    rows = arranged(LEAN, *size)
    assert rows.beside and [name for row in rows.rows for name in row] == list(LEAN)
    assert rows.width(LEAN) <= size[0] / 2 and rows.height <= max(size[1], 40)
    below, right = rows.room(LEAN)
    assert below == 0 and right > rows.width(LEAN)


def test_beside_the_picture_the_bar_is_no_wider_than_its_height_asks_for() -> None:
    widths = [arranged(LEAN, 640, height).width(LEAN) for height in (40, 99, 130)]
    assert widths == sorted(widths, reverse=True) and widths[0] > 2 * widths[2]


def test_with_a_tool_in_a_low_view_there_is_nothing_but_tools() -> None:
    assert arranged(LEAN | TOOLS, 640, 50).rows == (("draw", DRAWER),)
    assert arranged(LEAN | TOOLS, 320, 125).rows == (("draw",), (DRAWER,))
    assert arranged(LEAN | TOOLS, 160, 97).rows == ((DRAWER,),)


@pytest.mark.parametrize(
    ("width", "left"),
    [(320, tuple(LEAN)), (240, ("zoom", "turn", "draw", "shapes")), (160, ("turn", "draw")), (60, ("draw",))],
)
def test_a_low_and_narrow_view_has_one_row_of_what_is_needed_most(width: int, left: tuple[str, ...]) -> None:
    rows = arranged(LEAN, width, 97)
    assert rows.rows == (left,) and not rows.beside and rows.room(LEAN)[1] == 0
