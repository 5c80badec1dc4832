"""One table of all that was measured, at the end; what is over its limit fails its test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

Report = Callable[..., None]


@dataclass(frozen=True)
class Row:
    """A figure; smaller is better. Without a limit it is told and never fails."""

    name: str
    value: float
    limit: float | None
    unit: str

    @property
    def over(self) -> bool:
        return self.limit is not None and self.value > self.limit


_ROWS: pytest.StashKey[list[Row]] = pytest.StashKey()


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """`report(name, value, limit, unit="x")` puts a figure into the table; `limit` may be None."""
    mine: list[Row] = []

    def add(name: str, value: float, limit: float | None, unit: str = "x") -> None:
        mine.append(Row(name, value, limit, unit))

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
        verdict = "OVER" if row.over else ""
        line = f"{row.name:<{width}}  {row.value:>9.3g} {row.unit:<4} {limit:<13} {verdict}"
        terminalreporter.write_line(line.rstrip())
