from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from ui.transcript.layout.heights import Heights

LISTS = st.lists(st.integers(1, 500), min_size=1, max_size=300)


@given(LISTS, st.lists(st.tuples(st.integers(0, 299), st.integers(1, 500)), max_size=20))
def test_sums_and_search_agree_with_a_plain_list(values: list[int], changes: list[tuple[int, int]]) -> None:
    heights = Heights(values)
    for index, height in changes:
        if index < len(values):
            values[index] = height
            heights.set(index, height)
    assert heights.total == sum(values)
    top = 0
    for index, height in enumerate(values):
        assert (heights.top(index), heights[index]) == (top, height)
        assert heights.find(top) == heights.find(top + height - 1) == index
        top += height
    assert heights.find(top + 10) == len(values) - 1
    assert heights.find(-5) == 0


def test_appending_keeps_the_sums() -> None:
    heights = Heights()
    for height in range(1, 200):
        heights.append(height)
        assert heights.total == height * (height + 1) // 2


@given(LISTS, st.integers(0, 299), LISTS)
def test_the_end_is_replaced_and_grows_on(values: list[int], start: int, others: list[int]) -> None:
    heights = Heights(values)
    heights.replace(min(start, len(values)), others)
    for height in values[:70]:
        heights.append(height)
    expected = [*values[:start], *others, *values[:70]]
    assert len(heights) == len(expected)
    assert [heights.top(index) for index in range(len(expected) + 1)] == [0, *accumulate(expected)]


def test_scaling_rounds_each_height() -> None:
    heights = Heights([1, 3, 100] * 50)
    heights.scale(0.5)
    assert [heights[0], heights[1], heights[2], heights.total] == [1, 2, 50, 53 * 50]
