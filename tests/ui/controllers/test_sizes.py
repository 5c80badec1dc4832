"""Sizes as people read them."""

from __future__ import annotations

import pytest

from ui.controllers.sizes import size_words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (999, "999 bytes"),
        (999_999, "999 kB"),
        (1_239_999, "1.23 MB"),
        (12_399_999, "12.3 MB"),
        (999_999_999, "999 MB"),
        (1_000_000_000, "1 GB"),
        (14_390_000_000, "14.3 GB"),
        (50_000_000_000, "50 GB"),
    ],
)
def test_a_size_has_three_digits_and_is_not_said_too_high(size: int, words: str) -> None:
    assert size_words(size) == words
