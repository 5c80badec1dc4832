"""Formulas of TeX as text that can be read: Unicode where it has the signs, the source where not."""

from __future__ import annotations

from ui.transcript.maths.commands import COMMANDS
from ui.transcript.maths.layout import THIN_SPACE, joined
from ui.transcript.maths.reader import MathsReader, UnreadableMaths

LONGEST = 1_200
"""Characters of a formula; a longer one is shown as it was written."""


def readable(source: str, *, lines: bool = False, growing: bool = False) -> str | None:
    """A formula as text, None where only its source says what it means.

    Args:
        source: What stands between the marks.
        lines: Whether the text may have several lines, for matrices and aligned equations.
        growing: Whether more of it is expected, so that what is open may stay so.
    """
    if len(source) > LONGEST or not source.strip():
        return None
    reader = MathsReader(source, COMMANDS, lines=lines, growing=growing)
    try:
        text = joined(reader.row(frozenset()))
    except UnreadableMaths:
        return None
    if not reader.done:
        return None
    shown = (line.strip(f" {THIN_SPACE}") for line in text.split("\n") if line.strip())
    return "\n".join(shown) or None
