"""Copying any part of a conversation, also what has to be loaded first, beside everything else."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from ui.transcript.selecting.selection import END, Position, Selection

if TYPE_CHECKING:
    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.layout.messages import Messages


class Write(Protocol):
    """What of a selection is copied: plain text, or Markdown."""

    def __call__(self, selection: Selection, messages: Messages, *, named: bool) -> str:
        """The words; `named` tells who spoke."""


AT_ONCE = 30
"""So many messages that are loaded are copied without delay."""
ASKED = 40
"""Messages that are asked for together."""
SLICE_S = 0.006
LAST_BLOCK = 1 << 30


class Copying(QObject):
    """Puts a selection on the clipboard once all of it was read; a newer one takes its place."""

    wanted = Signal(list)
    """The ids of messages that are not loaded; `go_on` when they are."""

    def __init__(self, parent: QObject, arrangement: Arrangement) -> None:
        super().__init__(parent)
        self._arrangement = arrangement
        self._selection: Selection | None = None
        self._write: Write | None = None
        self._number = 0
        self._asked: set[str] = set()
        self._pieces: list[str] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(lambda: self._read(time.perf_counter() + SLICE_S))

    @property
    def busy(self) -> bool:
        """Whether something is still being copied."""
        return self._selection is not None

    def start(self, selection: Selection, write: Write) -> None:
        """Copy `selection` as `write` gives it."""
        messages = self._arrangement.messages
        self._selection, self._write = selection, write
        self._number, self._pieces = selection.start.message, []
        self._asked.clear()
        numbers = range(selection.start.message, min(selection.end.message + 1, len(messages)))
        at_once = len(numbers) <= AT_ONCE and all(messages.row(number).loaded for number in numbers)
        self._read(math.inf if at_once else time.perf_counter() + SLICE_S)

    def stop(self) -> None:
        """Copy nothing after all: other messages are shown."""
        self._selection = None
        self._timer.stop()

    def go_on(self) -> None:
        """Messages have come."""
        if self.busy:
            self._timer.start()

    def _read(self, deadline: float) -> None:
        selection, messages = self._selection, self._arrangement.messages
        if selection is None or self._write is None:
            return
        last = min(selection.end.message, len(messages) - 1)
        while self._number <= last:
            if not messages.row(self._number).loaded:
                self._trim()
                self._ask(last)
                return
            piece = self._write(_within(selection, self._number), messages, named=selection.several)
            self._pieces += [piece] if piece else []
            self._number += 1
            if time.perf_counter() > deadline:
                self._trim()
                self._timer.start()
                return
        self._selection = None
        self._trim()
        text = "\n\n".join(self._pieces)
        if text:
            QGuiApplication.clipboard().setText(text)

    def _trim(self) -> None:
        """Let go of what was loaded to be read."""
        self._arrangement.messages.trim({placed.message.entry.id for placed in self._arrangement.visible})

    def _ask(self, last: int) -> None:
        messages = self._arrangement.messages
        rows = map(messages.row, range(self._number, min(self._number + ASKED, last + 1)))
        missing = [row.id for row in rows if not row.loaded and row.id not in self._asked]
        if missing and messages.row(self._number).id in missing:
            self._asked.update(missing)
            self.wanted.emit(missing)


def _within(selection: Selection, number: int) -> Selection:
    """What of a selection lies in one message."""
    start = max(selection.start, Position(number, 0, 0))
    return Selection(start, min(selection.end, Position(number, LAST_BLOCK, END)))
