"""Which copies stay. Row A22."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.thinning import ALL_FOR, LEVELS, SPECIAL, Made, dispensable

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DECADE = 3650 * DAY


def kept_over(copies: list[Made]) -> list[Made]:
    """What stays when each copy is followed by a thinning, as it is in life."""
    stay: list[Made] = []
    for copy in copies:
        stay.append(copy)
        going = dispensable(stay)
        stay = [each for each in stay if each.number not in going]
    return stay


def daily(count: int, start: datetime = START, first: int = 1) -> list[Made]:
    return [Made(first + n, start + n * DAY, "daily") for n in range(count)]


def test_a_year_of_days_fits_into_some_thirty_copies_that_reach_far_back() -> None:
    stay = kept_over(daily(400))
    ages = [(stay[-1].made - copy.made) / DAY for copy in stay]
    assert 25 <= len(stay) <= 3 + sum(most for _, most in LEVELS)
    assert sum(age <= 14 for age in ages) >= 14
    assert sum(age <= 80 for age in ages) >= 20
    assert 300 < max(ages) < 400


def test_copies_of_the_last_two_days_stay_but_for_those_of_one_half_hour() -> None:
    hours = [Made(n, START + n * timedelta(hours=1), "quit") for n in range(40)]
    assert dispensable(hours) == set()
    minutes = [Made(n, START + n * timedelta(minutes=1), "quit") for n in range(90)]
    assert [copy.number for copy in kept_over(minutes)] == [29, 59, 89]


def test_three_copies_of_each_special_kind_stay_however_old_they_are() -> None:
    special = [Made(n, START + n * timedelta(minutes=1), f"version-{n}") for n in range(1, 6)]
    restored = [Made(6, START + timedelta(minutes=9), "restore")]
    stay = kept_over([*special, *restored, *daily(700, START + DAY, 10)])
    assert [copy.number for copy in stay if copy.why.startswith("version")] == [3, 4, 5][-SPECIAL:]
    assert [copy.number for copy in stay if copy.why == "restore"] == [6]


def test_a_migration_that_fails_again_and_again_does_not_fill_the_disk() -> None:
    older = [Made(n, START + n * timedelta(minutes=1), f"version-{n}") for n in (1, 2, 3)]
    failing = [Made(n, START + n * timedelta(minutes=1), "version-4") for n in range(4, 40)]
    stay = kept_over([*older, *failing])
    assert [copy.why for copy in stay] == ["version-2", "version-3", "version-4"]


def test_a22_a_clock_that_jumps_and_comes_back_thins_nothing_that_would_have_stayed() -> None:
    for jump in (DECADE, -DECADE):
        usual = daily(60)
        before = kept_over(usual)
        wrong = Made(61, usual[-1].made + DAY + jump, "daily")
        back = daily(3, START + 61 * DAY, 62)
        stay = {copy.number for copy in kept_over([*usual, wrong, *back])}
        expected = {copy.number for copy in kept_over([*usual, *back])}
        assert 61 in stay
        assert len(expected - stay) <= len(LEVELS)  # the copy of the wrong day takes the place of one
        assert {copy.number for copy in before[-10:]} <= stay


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from([0, 0, 0, 0, 10, -10])), min_size=1, max_size=60)
)
@settings(max_examples=60, deadline=None)
def test_a22_no_jump_makes_young_copies_look_old(steps: list[tuple[int, int]]) -> None:
    """Whatever the clock says, copies of the last two days that really passed are kept."""
    passed, offset = timedelta(0), timedelta(0)
    copies: list[Made] = []
    really: dict[int, timedelta] = {}
    for number, (minutes, years) in enumerate(steps, 1):
        passed += timedelta(minutes=minutes + 31)
        offset += years * 365 * DAY
        copies.append(Made(number, START + 30 * DECADE + passed + offset, "quit"))
        really[number] = passed
    stay = {copy.number for copy in kept_over(copies)}
    assert {number for number, when in really.items() if passed - when < ALL_FOR} <= stay


def test_a22_a_clock_that_stands_in_the_wrong_year_for_long_thins_as_any_other() -> None:
    stay = kept_over([*daily(100), *daily(100, START - DECADE, 101)])
    assert 25 <= len(stay) <= 60
    assert [copy.number for copy in stay][-14:] == list(range(187, 201))
