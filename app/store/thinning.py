"""Which copies of the library stay, so that a year of them fits on a disk.

A clock that jumps must not make young copies look old. So their age is reckoned from copy to copy
in the order in which they were made: a step that no clock takes by itself counts as none at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

ALL_FOR = timedelta(days=2)
SLOT = timedelta(minutes=30)
"""Of the copies made by routine within one slot the last one stays."""

LONGEST_STEP = timedelta(days=92)
"""A step between two copies that is longer, or goes back, is a jump of the clock."""

LEVELS = ((timedelta(days=1), 12), (timedelta(days=7), 10), (timedelta(days=30), 9))
"""Beyond ALL_FOR, one after the other: the length of a span, of which the last copy stays, and how
many spans."""

SPECIAL = 3
"""How many copies of each kind that is not made by routine stay in any case: of those made before
the library left a schema, the last one of each of the newest schemas."""

ROUTINE = frozenset({"daily", "quit"})


class Made(NamedTuple):
    """A copy: its number in the order of making, when the clock said that was, and why."""

    number: int
    made: datetime
    why: str


def dispensable(copies: Iterable[Made]) -> set[int]:
    """The numbers of the copies that may go."""
    ordered = sorted(copies)
    return {copy.number for copy in ordered} - _kept(ordered)


def _kept(ordered: Sequence[Made]) -> set[int]:
    if not ordered:
        return set()
    placed = _placed(ordered)
    kept = {ordered[-1].number} | _special(placed)
    young = [each for each in placed if each.age < ALL_FOR]
    kept.update(each.copy.number for each in young if each.copy.why == _kind(each.copy) not in ROUTINE)
    kept.update(_last_of_each(SLOT, [each for each in young if each.copy.why in ROUTINE]))
    rest = placed[len(young) :]
    for span, most in LEVELS:
        chosen = _last_of_each(span, rest)[:most]
        kept.update(chosen)
        if chosen:
            rest = [copy for copy in rest if copy.copy.number < chosen[-1]]
    return kept


class _Placed(NamedTuple):
    """A copy, how much older than the newest it is without the jumps of the clock, and between
    which of the jumps it was made."""

    copy: Made
    age: timedelta
    stretch: int


def _placed(ordered: Sequence[Made]) -> list[_Placed]:
    """The copies, newest first."""
    last = _Placed(ordered[-1], timedelta(0), 0)
    placed = [last]
    for copy in reversed(ordered[:-1]):
        step = last.copy.made - copy.made
        jumped = not timedelta(0) <= step <= LONGEST_STEP
        last = _Placed(copy, last.age + (timedelta(0) if jumped else step), last.stretch + jumped)
        placed.append(last)
    return placed


def _special(newest_first: Sequence[_Placed]) -> set[int]:
    kept: set[int] = set()
    for kind in {_kind(placed.copy) for placed in newest_first} - ROUTINE:
        of_kind = [placed.copy for placed in newest_first if _kind(placed.copy) == kind]
        of_schemas = {copy.why: copy.number for copy in reversed(of_kind) if copy.why != kind}
        kept.update(sorted(of_schemas.values())[-SPECIAL:])
        kept.update([copy.number for copy in of_kind if copy.why == kind][:SPECIAL])
    return kept


def _kind(copy: Made) -> str:
    return copy.why.partition("-")[0]


def _last_of_each(span: timedelta, newest_first: Sequence[_Placed]) -> list[int]:
    """The number of the newest copy of each span of the clock.

    Copies on both sides of a jump are never of one span.
    """
    last: dict[tuple[int, int], int] = {}
    for copy, _, stretch in newest_first:
        last.setdefault((stretch, int(copy.made.timestamp() // span.total_seconds())), copy.number)
    return list(last.values())
