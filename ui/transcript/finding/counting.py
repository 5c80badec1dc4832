"""Words are counted in what is loaded, a moment at a time, so that typing them never waits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.transcript.finding.shown import Sought, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ui.transcript.entry import Entry

SLICE_S = 0.006
"""How long is counted in one turn of the event loop."""
MOST_CHARACTERS = 2_000_000
"""Of texts that were read and are kept while words are sought."""


class Counting(QObject):
    """Begins at once; what was read for some words is not read again for others."""

    counted = Signal(str, int)
    """The id of a message, and how often the words occur in it."""
    ended = Signal()
    """All that was asked for is counted."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sought = Sought("")
        self._waiting: dict[str, Entry] = {}
        self._current: Iterator[int | None] | None = None
        self._read: dict[str, tuple[Entry, list[str]]] = {}
        self._size = 0
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def busy(self) -> bool:
        """Whether some counts are still to come."""
        return bool(self._waiting)

    def begin(self, words: str, entries: Iterable[Entry]) -> None:
        """Count other words."""
        self._sought, self._current = Sought(words), None
        self._waiting = {entry.id: entry for entry in entries}
        self._go_on()

    def add(self, entry: Entry) -> None:
        """Count in a message that is new or has changed."""
        if next(iter(self._waiting), "") == entry.id:
            self._current = None
        self._waiting[entry.id] = entry
        self._timer.start()

    def stop(self) -> None:
        """Count no more, and keep nothing."""
        self._timer.stop()
        self._waiting, self._current, self._size = {}, None, 0
        self._read.clear()

    def _go_on(self) -> None:
        deadline = time.perf_counter() + SLICE_S
        while self._waiting:
            message_id = next(iter(self._waiting))
            self._current = self._current or self._count(self._waiting[message_id])
            for count in self._current:
                if count is not None:
                    del self._waiting[message_id]
                    self._current = None
                    self.counted.emit(message_id, count)
                    break
                if time.perf_counter() > deadline:
                    break
            if self._waiting and time.perf_counter() > deadline:
                self._timer.start()
                return
        self._timer.stop()
        self.ended.emit()

    def _count(self, entry: Entry) -> Iterator[int | None]:
        """None after each stretch, then the count."""
        known = self._read.get(entry.id)
        if known is not None and known[0] is entry:
            yield self._sought.count(known[1])
            return
        if not self._sought.may_be_in_any(entry):
            yield 0
            return
        texts: list[str] = []
        for piece in pieces(entry):
            texts.append(piece)
            yield None
        self._keep(entry, texts)
        yield self._sought.count(texts)

    def _keep(self, entry: Entry, texts: list[str]) -> None:
        self._size += sum(map(len, texts))
        if self._size > MOST_CHARACTERS:
            self._read.clear()
            self._size = 0
        self._read[entry.id] = entry, texts
