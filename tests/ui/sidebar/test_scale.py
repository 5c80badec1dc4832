from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from ui.sidebar.scale import Scale, read, written

SCALES = [
    Scale(0, 2, False),
    Scale(0, 1, False),
    Scale(-2, 2, False),
    Scale(1, 2048, True),
    Scale(1, 131072, True),
    Scale(0, 100_000, True),
    Scale(1, 8, True),
    Scale(-50, 50, True),
]


@pytest.mark.parametrize("scale", SCALES)
def test_the_ends_of_the_slider_are_the_ends_of_the_range(scale: Scale) -> None:
    assert scale.value(0) == scale.least and scale.place(scale.least) == 0
    assert scale.value(scale.steps) == scale.most and scale.place(scale.most) == scale.steps


@pytest.mark.parametrize("scale", SCALES)
def test_every_step_is_a_value_of_the_range_and_none_goes_back(scale: Scale) -> None:
    values = [scale.value(place) for place in range(scale.steps + 1)]
    assert values == sorted(values)
    assert all(scale.least <= value <= scale.most for value in values)
    assert not scale.whole or all(value == int(value) for value in values)


@pytest.mark.parametrize("scale", [scale for scale in SCALES if scale.most - scale.least <= 100])
def test_a_value_that_the_slider_set_stands_where_it_was_set(scale: Scale) -> None:
    assert [scale.place(scale.value(place)) for place in range(scale.steps + 1)] == list(
        range(scale.steps + 1)
    )


def test_a_wide_range_has_room_for_small_values() -> None:
    scale = Scale(1, 131072, True)
    assert scale.value(scale.steps // 2) < 1000


@given(st.sampled_from(SCALES), st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_any_value_has_a_place(scale: Scale, value: float) -> None:
    assert 0 <= scale.place(value) <= scale.steps


@pytest.mark.parametrize(
    ("text", "whole", "number"),
    [
        ("0.7", False, 0.7),
        (" 1 ", False, 1.0),
        ("1024", True, 1024.0),
        ("1024.0", True, 1024.0),
        ("0.5", True, None),
        ("warm", False, None),
        ("nan", False, None),
        ("inf", False, None),
        ("", False, None),
    ],
)
def test_numbers_are_read_as_written(text: str, whole: bool, number: float | None) -> None:
    assert read(text, whole) == number


def test_a_number_is_written_and_read_as_in_this_country() -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        assert written(0.7, whole=False) == "0,7"
        assert written(2048, whole=True) == "2048"
        assert read("0,7", whole=False) == 0.7
        assert read("0.7", whole=False) == 0.7
    finally:
        QLocale.setDefault(before)


@given(st.floats(min_value=-2, max_value=2))
def test_what_is_written_is_read_again(value: float) -> None:
    number = read(written(value, whole=False), whole=False)
    assert number is not None and math.isclose(number, value, abs_tol=1e-4)


def test_whole_numbers_may_be_larger_than_qt_knows() -> None:
    assert written(2.0**64, True) == str(2**64)
