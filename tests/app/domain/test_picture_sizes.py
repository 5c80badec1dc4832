"""Sizes that pictures are brought to."""

from __future__ import annotations

import pytest

from app.domain.picture_sizes import in_multiples, in_squares


@pytest.mark.parametrize(("side", "multiple", "made"), [(100, 28, 84), (84, 28, 84), (20, 28, 20), (7, 1, 7)])
def test_a_side_goes_down_to_a_multiple_and_never_up(side: int, multiple: int, made: int) -> None:
    assert in_multiples(side, multiple) == made


@pytest.mark.parametrize(
    ("size", "squares"),
    [((1000, 750), (36, 27)), ((20, 20), (2, 2)), ((8000, 6000), (147, 110)), ((0, 0), (2, 2))],
)
def test_a_picture_is_brought_to_squares_neither_too_few_nor_too_many(
    size: tuple[int, int], squares: tuple[int, int]
) -> None:
    assert in_squares(*size, 28) == squares
