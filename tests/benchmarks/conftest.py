"""One table of all that was measured, at the end; what is over its limit fails its test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

Report = Callable[..., None]


@dataclass(frozen=True)
class Row:
    """A figure; smaller is better. Without a limit it is told and never fails. Without a value it was not
    measured, because of `why`."""

    name: str
    value: float | None
    limit: float | None
    unit: str
    why: str = ""

    @property
    def over(self) -> bool:
        return self.limit is not None and self.value is not None and self.value > self.limit

    @property
    def verdict(self) -> str:
        return f"NOT MEASURED: {self.why}" if self.value is None else "OVER" if self.over else ""


_ROWS: pytest.StashKey[list[Row]] = pytest.StashKey()


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """`report(name, value, limit, unit="x")` puts a figure into the table; `limit` may be None, and `value`
    where it could not be measured, with the reason as `why`."""
    mine: list[Row] = []

    def add(name: str, value: float | None, limit: float | None, unit: str = "x", why: str = "") -> None:
        mine.append(Row(name, value, limit, unit, why))

    yield add
    request.config.stash.setdefault(_ROWS, []).extend(mine)
    if over := [
        f"{row.name}: {row.value:.3g} {row.unit}, at most {row.limit:.3g}" for row in mine if row.over
    ]:
        pytest.fail("over the limit:\n" + "\n".join(over), pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table."""
    rows = config.stash.get(_ROWS, [])
    if not rows:
        return
    width = max(len(row.name) for row in rows)
    terminalreporter.section(f"figures (Python {sys.version.split()[0]})")
    for row in rows:
        limit = "" if row.limit is None else f"at most {row.limit:.3g}"
        value = "-" if row.value is None else f"{row.value:.3g}"
        line = f"{row.name:<{width}}  {value:>9} {row.unit:<4} {limit:<13} {row.verdict}"
        terminalreporter.write_line(line.rstrip())
