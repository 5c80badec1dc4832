"""What an answer waits for, told to people on standard error while standard output has nothing."""

from __future__ import annotations

import sys

from app.cli.streams import Streams
from app.domain.events import Progress
from app.domain.waiting import template

SAID_ONCE = frozenset({"uploading", "queued", "retrying"})
"""The stages worth a line in a file or a pipe: they can take minutes, and may cost."""


class ProgressLine:
    """On a terminal one line that is written over; elsewhere a line for each long stage."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._width = 0
        self._stage = ""

    def show(self, progress: Progress | None, *, has_text: bool) -> None:
        """Tell `progress`, or that there is nothing to wait for."""
        if self._terminal:
            self._write_over("" if progress is None or has_text else _line(progress))
        elif progress is not None and progress.stage != self._stage and progress.stage in SAID_ONCE:
            self._streams.complain(_line(progress))
        self._stage = progress.stage if progress else ""

    def clear(self) -> None:
        """Take the line away: something else is about to be printed."""
        if self._terminal:
            self._write_over("")

    def _write_over(self, line: str) -> None:
        if line or self._width:
            self._streams.tell("\r" + line.ljust(self._width) + ("" if line else "\r"))
            self._width = len(line)


def _line(progress: Progress) -> str:
    words = template(progress, has_text=False).format(part=progress.part, parts=progress.parts)
    facts = [words]
    if progress.fraction is not None:
        facts.append(f"{progress.fraction:.0%}")
    if progress.bytes_per_s is not None:
        facts.append(f"{progress.bytes_per_s / 1e6:.1f} MB/s")
    if progress.seconds is not None:
        facts.append(f"{progress.seconds:.0f} s")
    return ", ".join(facts)
