"""What every failure has that a person is told about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


def sentence(what: str, remedy: str, facts: Mapping[str, str]) -> str:
    """What happened and what to do next, as one line of plain text."""
    return " ".join(part.format_map(facts) for part in (what, remedy) if part)


class FoveaError(Exception):
    """A failure that a person is told about. Subclasses fill the class variables.

    `facts` fill the placeholders of `what` and `remedy`; they may come from outside
    and must be shown as plain text.
    """

    code: ClassVar[str] = "failed"
    retryable: ClassVar[bool] = False
    exit_code: ClassVar[int] = 3
    what: ClassVar[str] = "Something failed: {reason}."
    remedy: ClassVar[str] = ""

    retry_after_s: float | None = None
    """How long the other side asks to wait, in seconds, where it said so."""

    def __init__(self, *, kept: str = "", **facts: object) -> None:
        self.kept = kept
        self.facts = {name: str(value) for name, value in facts.items()}
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """What happened and what to do next, in English, without what was kept."""
        return sentence(self.what, self.remedy, self.facts)
