"""When to ask again by oneself: only what was refused unread, after a short wait, a few times.

A request whose connection broke is not repeated: it may have run, and have been billed. A refusal
for being busy says that it was not; something that went wrong only does where it was told at once.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from datetime import UTC
from typing import NamedTuple

from app.domain.errors import Rejected

MOST_S = 24 * 3600.0
"""The longest wait that is believed, in seconds."""

_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?")
_BUSY = frozenset({"429", "503", "529"})
_WENT_WRONG = frozenset({"500", "502"})


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """How long the other side asks to wait, in seconds within 0..MOST_S; None where it did not say.

    `headers` by lower-case names. `Retry-After` holds seconds or a date (RFC 9110, 10.2.3), some
    servers say `retry-after-ms` beside it. A date is reckoned from the answer's own `Date`, so
    that a clock that is wrong here does no harm, else from `now` (seconds since the epoch, None
    for this moment).
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return min(milliseconds / 1000, MOST_S)
    said = headers.get("retry-after", "").strip()
    seconds = _number(said)
    if seconds is None:
        until = _moment(said)
        if until is None:
            return None
        sent = _moment(headers.get("date", ""))
        seconds = until - (sent if sent is not None else time.time() if now is None else now)
    return min(max(seconds, 0.0), MOST_S)


class RetryPolicy(NamedTuple):
    """How often and how late to ask again. `most` times; a longer wait than `longest_s` is for a
    person to decide. Where the other side names no wait, the first is about `first_s`, then
    twice that. `jitter_s` spreads those who were all refused at once. `at_once_s`: what went wrong
    (500, 502) later than this after the question may have gone wrong while it was answered.
    """

    most: int = 2
    longest_s: float = 60.0
    first_s: float = 1.0
    jitter_s: float = 0.5
    at_once_s: float = 5.0

    def wait_s(self, error: Rejected, tried: int, took_s: float) -> float | None:
        """How long to wait before asking again after `error`, in seconds; None not to.

        `tried` counts the times that were already asked again; `took_s` is how long the error was
        waited for.
        """
        if tried >= self.most or not error.retryable or error.within_answer:
            return None
        status = error.facts.get("status")
        if status not in _BUSY and (status not in _WENT_WRONG or took_s > self.at_once_s):
            return None
        asked = error.retry_after_s
        if asked is not None and asked > self.longest_s:
            return None
        return (self.first_s * 2**tried if asked is None else asked) + random.random() * self.jitter_s  # noqa: S311


def _number(text: str) -> float | None:
    return float(text) if _SECONDS.fullmatch(text.strip()) else None


def _moment(text: str) -> float | None:
    """An HTTP date in seconds since the epoch; a zone that is not told is GMT."""
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
