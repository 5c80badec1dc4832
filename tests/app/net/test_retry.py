"""How long a server asks to wait, and whether that is a wait to sit out."""

from __future__ import annotations

import math
from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.errors import KeyRefused, ModelDown, Rejected, ServerFailed, TooManyRequests
from app.net.retry import MOST_S, RetryPolicy, retry_after

NOW = 1_790_000_000.0
CALM = RetryPolicy(jitter_s=0.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "5"}, 5.0),
        ({"retry-after": " 5 "}, 5.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "86400"}, 86400.0),
        ({"retry-after": "86401"}, MOST_S),
        ({"retry-after": "9" * 400}, MOST_S),
        ({"retry-after": formatdate(NOW + 30, usegmt=True)}, 30.0),
        ({"retry-after": formatdate(NOW - 30, usegmt=True)}, 0.0),
        ({"retry-after": formatdate(NOW + 1e6, usegmt=True)}, MOST_S),
        ({"retry-after": "Sunday, 06-Nov-94 08:49:37 GMT"}, 0.0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, MOST_S),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "1"}, 1.0),
    ],
)
def test_b17_both_forms_of_retry_after_are_read_and_clamped(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    "junk",
    [
        *("", "-5", "+5", "soon", "5s", "5 6", "nan", "inf", "1e3", "0x10", "٥", "5\N{SUPERSCRIPT TWO}"),
        *("Fri, 99 Foo 2026", "Fri, 31 Dec 99999 23:59:59 GMT", "2026-11-22T00:00:00Z", "\0", "a" * 70_000),
    ],
)
def test_b17_junk_says_nothing(junk: str) -> None:
    assert retry_after({"retry-after": junk}, NOW) is None


@given(st.text() | st.from_regex(r"[A-Za-z]{3}, \d+ [A-Za-z]{3} \d+ \d+:\d+:\d+ [-+A-Z0-9]*", fullmatch=True))
@example("Mon, 01 Jan 0001 00:00:00 +2359")
def test_b17_whatever_is_said_is_a_bounded_wait_or_nothing(said: str) -> None:
    seconds = retry_after({"retry-after": said, "date": said, "retry-after-ms": said}, NOW)
    assert seconds is None or 0 <= seconds <= MOST_S


def test_b17_a_clock_that_is_wrong_here_does_not_change_the_wait() -> None:
    headers = {"date": formatdate(NOW, usegmt=True), "retry-after": formatdate(NOW + 20, usegmt=True)}
    assert retry_after(headers, NOW + 10 * 365 * 86400) == 20
    assert retry_after(headers) == 20


def refused(status: object, after_s: float | None = None, kind: type[Rejected] = ServerFailed) -> Rejected:
    error = kind(endpoint="Box", status=status, reason="it is busy", wait="some minutes")
    error.retry_after_s = after_s
    return error


@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
def test_b18_the_passing_statuses_are_asked_again_twice_and_later_each_time(status: int) -> None:
    assert [CALM.wait_s(refused(status), tried, 0.0) for tried in range(3)] == [1.0, 2.0, None]


@pytest.mark.parametrize("status", [400, 401, 408, 501, 504, "while answering", ""])
def test_b18_every_other_refusal_is_the_users_to_answer(status: object) -> None:
    assert CALM.wait_s(refused(status), 0, 0.0) is None


@pytest.mark.parametrize(
    ("status", "took_s", "again"),
    [
        (500, 5.0, True),
        (500, 5.1, False),
        (502, 4.9, True),
        (502, 300.0, False),
        (429, 300.0, True),
        (503, 300.0, True),
        (529, 300.0, True),
    ],
)
def test_b18_what_went_wrong_late_may_have_been_billed(status: int, took_s: float, again: bool) -> None:
    assert CALM.wait_s(refused(status), 0, took_s) == (1.0 if again else None)


def test_b18_a_refusal_inside_an_answer_is_not_asked_again() -> None:
    error = refused(503)
    error.within_answer = True
    assert CALM.wait_s(error, 0, 0.0) is None


def test_b17_the_servers_own_wait_counts_where_it_is_short() -> None:
    waits = [
        CALM.wait_s(refused(429, after, TooManyRequests), 0, 0.0) for after in (0.0, 5.0, 60.0, 60.1, MOST_S)
    ]
    assert waits == [0.0, 5.0, 60.0, None, None]


def test_a_refusal_that_cannot_pass_is_not_repeated_whatever_its_status() -> None:
    assert CALM.wait_s(refused(503, kind=KeyRefused), 0, 0.0) is None
    assert CALM.wait_s(refused(503, kind=ModelDown), 0, 0.0) == 1.0


def test_jitter_only_makes_a_wait_longer_and_spreads_it() -> None:
    waits = {RetryPolicy().wait_s(refused(429, 5.0), 0, 0.0) for _ in range(50)}
    assert len(waits) > 40
    assert all(wait is not None and 5.0 <= wait < 5.5 for wait in waits)
    assert not any(math.isclose(wait or 0.0, 5.0) for wait in list(waits)[5:])
