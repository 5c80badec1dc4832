from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.local.quick_look.colours import main_colours
from tests.photos import photo


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((0, 0, 0), "black"),
        ((255, 255, 255), "white"),
        ((128, 128, 128), "grey"),
        ((255, 0, 0), "red"),
        ((220, 20, 60), "red"),
        ((255, 165, 0), "orange"),
        ((139, 69, 19), "brown"),
        ((245, 245, 220), "beige"),
        ((255, 255, 0), "yellow"),
        ((255, 215, 0), "yellow"),
        ((0, 128, 0), "green"),
        ((107, 142, 35), "green"),
        ((64, 224, 208), "turquoise"),
        ((0, 128, 128), "turquoise"),
        ((0, 0, 255), "blue"),
        ((0, 0, 128), "blue"),
        ((135, 206, 235), "blue"),
        ((128, 0, 128), "purple"),
        ((255, 192, 203), "pink"),
    ],
)
def test_a_plain_picture_has_the_name_people_give_it(rgb: tuple[int, int, int], name: str) -> None:
    (colour,) = main_colours(np.full((40, 30, 3), rgb, np.uint8))
    assert (colour.name, colour.share) == (name, 1.0)


def test_the_largest_colour_comes_first_and_a_small_one_is_left_out() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[:30] = (255, 0, 0)
    picture[30:35] = (0, 0, 255)
    assert [(colour.name, colour.share) for colour in main_colours(picture)] == [
        ("black", 0.65),
        ("red", 0.3),
    ]


@pytest.mark.parametrize(("name", "colour"), [("coffee.png", "brown"), ("rocket.jpg", "blue")])
def test_a_photograph_has_the_colour_people_see(name: str, colour: str) -> None:
    assert main_colours(np.asarray(photo(name)))[0].name == colour


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_any_picture_has_one_to_three_main_colours(width: int, height: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    colours = main_colours(picture)
    assert 1 <= len(colours) <= 3
    assert 0 < sum(colour.share for colour in colours) <= 1.002
    assert [c.share for c in colours] == sorted((c.share for c in colours), reverse=True)
