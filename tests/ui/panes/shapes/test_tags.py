"""Which names are seen beside shapes, and where."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from tests.drawn_shapes import TURNS, placed, scene, shape
from ui.panes.shapes.scene import ShapeScene
from ui.panes.shapes.tags import FEW as FEW_NAMES
from ui.panes.shapes.tags import Tags
from ui.panes.view.placement import Placement

CELLS = tuple(itertools.product(range(10), range(10)))


def tags_of(drawn: ShapeScene, placement: Placement) -> Tags:
    tags = Tags(placement.left, placement.rect())
    places = drawn.in_sight(placement.seen(), range(len(drawn.shapes)))
    tags.place_some(drawn, places, placement.transform(), few=len(places) <= FEW_NAMES)
    return tags


@pytest.mark.parametrize("turn", TURNS)
def test_names_stay_in_the_view_and_do_not_pile_up(qapp: QApplication, turn: int) -> None:
    crowd = [
        shape(f"kind {n % 7} " * (1 + n % 3), x, y, x + 150 + n, y + 120)
        for n, (x, y) in enumerate(itertools.product(range(0, 1850, 360), range(0, 1400, 290)))
    ]
    for zoom in (None, 0.7):
        placement = placed(turn, zoom)
        tags = tags_of(scene(*crowd[:25]), placement)
        assert len(tags.placed) > 5
        for one, other in itertools.combinations(tags.placed, 2):
            assert not one.rect.intersects(other.rect)
        assert all(placement.view.contains(tag.rect) for tag in tags.placed)


def test_names_that_would_hide_the_picture_are_left_for_the_pointer(qapp: QApplication) -> None:
    grid = [shape(f"thing {x + y}", x * 190, y * 140, x * 190 + 170, y * 140 + 120) for x, y in CELLS]
    small, large = placed(), placed(0, 4.0)
    assert tags_of(scene(*grid), small).placed == []
    assert len(tags_of(scene(*grid), large).placed) > 0
    tags = Tags(small.left, small.rect())
    tags.place_meant(scene(*grid), [7], small.transform())
    assert [tag.words for tag in tags.placed] == [grid[7].label]


def test_a_name_over_the_edge_moves_inside_and_a_long_one_is_cut(qapp: QApplication) -> None:
    tags = tags_of(
        scene(shape("sky", 0, 0, 2000, 1500), shape("word " * 40, 1900, 700, 2000, 800)), placed(0, 1.0)
    )
    by_place = {tag.place: tag for tag in tags.placed}
    assert by_place[0].rect.top() >= 0
    assert by_place[0].words == "sky"
    tags = tags_of(scene(shape("word " * 40, 1900, 700, 2000, 800)), placed())
    assert tags.placed[0].words.endswith("…")


def test_the_name_of_what_is_meant_is_seen_whatever_is_below(qapp: QApplication) -> None:
    stack = [shape(f"sheet {n}", 500, 500, 900, 900) for n in range(20)]
    tags = Tags(placed().left, placed().rect())
    tags.place_meant(scene(*stack), [7], placed().transform())
    assert [tag.words for tag in tags.placed] == ["sheet 7"]


def test_on_a_small_picture_a_name_is_short_and_many_words_are_left_for_the_pointer(
    qapp: QApplication,
) -> None:
    placement = placed()
    placement.set_view(QRectF(0, 0, 200, 120), 1.0)
    placement.fit()
    (tag,) = tags_of(scene(shape("word " * 40, 400, 400, 1600, 1200)), placement).placed
    assert tag.rect.width() < 0.7 * placement.rect().width()
    assert len(tags_of(scene(shape("sign", 100, 700, 800, 1400)), placement).placed) == 1
    crowd = [shape(f"some thing {n}", 300 * n, 250 * n, 300 * n + 280, 250 * n + 230) for n in range(6)]
    assert tags_of(scene(*crowd), placement).placed == []
    assert len(tags_of(scene(*crowd), placed()).placed) == 6
