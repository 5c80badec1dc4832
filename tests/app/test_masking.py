from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.masking import BEGINNING, HELD, MASK, SHORTEST, Mask, mask_for, masked

SECRET = "sk-aba-abac/0123456789"
ESCAPED = "".join(f"\\u{ord(character):04X}" for character in SECRET)
FORMS = [
    SECRET,
    SECRET.upper(),
    quote(SECRET, safe=""),
    quote(SECRET, safe="").lower(),
    SECRET.replace("-", "%2d"),
    SECRET.replace("/", "\\/"),
    ESCAPED,
    ESCAPED.lower(),
]


def mask() -> Mask:
    found = mask_for(SECRET)
    assert found is not None
    return found


def told(*pieces: str) -> str:
    in_parts = mask()
    return "".join([*map(in_parts.feed, pieces), in_parts.rest()])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("around", ["{}", "x{}x{}", "Your key is {}, and again {}.", "{}{}"])
def test_b27_a_secret_is_masked_in_each_of_its_forms(form: str, around: str) -> None:
    assert masked(around.format(form, form), SECRET) == around.format(MASK, MASK)


@pytest.mark.parametrize("form", [*FORMS, SECRET[:BEGINNING], SECRET[:17]])
def test_b27_wherever_a_secret_is_cut_at_most_its_first_few_characters_are_told(form: str) -> None:
    text = f"is {form}, no"
    few = (HELD - 1) * (6 if form.startswith("\\") else 2)
    for cut in range(len(text)):
        first = told(text[:cut], text[cut:])
        begin, _, end = first.partition(MASK)
        assert end == ", no"
        assert text.startswith(begin)
        assert len(begin) <= len("is ") + few
    assert told(*text).endswith(MASK + ", no")


def test_b27_a_cut_before_the_first_few_characters_or_behind_them_shows_nothing() -> None:
    for cut in [0, *range(HELD, len(SECRET))]:
        assert told(SECRET[:cut], SECRET[cut:]) == MASK
    for cut in range(1, HELD):
        assert told(SECRET[:cut], SECRET[cut:]) == SECRET[:cut] + MASK
    assert told(*SECRET) == SECRET[: HELD - 1] + MASK


def test_only_what_looks_like_the_beginning_of_a_secret_is_held_back() -> None:
    for size in range(len(SECRET)):
        in_parts = mask()
        shown = in_parts.feed("It is " + SECRET[:size])
        if size < HELD:
            assert shown == "It is " + SECRET[:size]
        elif size < BEGINNING:
            assert shown == "It is "
            assert in_parts.rest() == SECRET[:size]
        else:
            assert shown == "It is " + MASK
            assert in_parts.rest() == ""


@given(st.lists(st.sampled_from(["s", "sk", "sk-a", "sk-aba-", "b", "%", "%7", "\\", "\\u00", "3", "İ"])))
def test_text_without_the_secret_stays_as_it_is_however_it_is_cut(pieces: list[str]) -> None:
    text = "".join(pieces)
    if masked(text, SECRET) == text:
        assert told(*pieces) == text
        assert told(*text) == text


@given(
    st.lists(
        st.sampled_from(["s", "sk-a", "ba", SECRET, SECRET[:15], ESCAPED[:40], " ", "%73", "k-aba-abac"])
    )
)
def test_b27_no_cut_lets_more_of_a_secret_through(pieces: list[str]) -> None:
    assert SECRET[: BEGINNING + HELD] not in told(*pieces)
    assert SECRET[: BEGINNING + HELD] not in told(*"".join(pieces))


def test_of_secrets_that_begin_alike_the_one_that_is_written_is_masked_whole() -> None:
    keys = [f"eyJhbGciOiJIUzI1NiJ9.{name}-and-more" for name in ("one", "two", "twofold")]
    for key in keys:
        assert masked(f"({key})", *keys) == f"({MASK})"


def test_a_word_too_short_for_a_secret_is_no_secret() -> None:
    assert mask_for("EMPTY") is None
    assert masked("EMPTY plates", "EMPTY", "a", "") == "EMPTY plates"
    assert masked("12345678 1234567", "12345678") == f"{MASK} 1234567"
    assert len("12345678") == SHORTEST


@pytest.mark.parametrize(
    "text", ["lorem ipsum sk ", SECRET[: BEGINNING - 1], "s", "%", "\\u007", SECRET, SECRET[:-1]]
)
def test_a_long_text_is_masked_in_no_time(text: str) -> None:
    long = text * (2**20 // len(text))
    begun = time.process_time()
    masked(long, SECRET)
    assert time.process_time() - begun < 5
