"""The place of the conversation below the pictures, empty until there is one to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSplitter, QWidget

from ui.filling import TRANSCRIPT, imported
from ui.widgets.tab_order import stop_before, walk_through

if TYPE_CHECKING:
    from ui.transcript.view import TranscriptView

LEAST_TALK = 48
"""Pixels of the conversation that are seen at least: two lines."""
SHARES = 1000
"""Pictures and conversation get as much height as each other until the user says otherwise."""


class TranscriptPlace:
    """Makes the transcript when it is first asked for: the window opens without a conversation.

    `rows` has the pictures, and takes it below them; Tab comes to it before `follower`.
    """

    def __init__(self, rows: QSplitter, follower: QWidget) -> None:
        self._rows = rows
        self._follower = follower
        self._sizes = [SHARES, SHARES]
        self._complete = False
        self._waiting: list[Callable[[TranscriptView], object]] = []

    @property
    def is_made(self) -> bool:
        """Whether there is a transcript, shown or not."""
        return "transcript" in self.__dict__

    @cached_property
    def transcript(self) -> TranscriptView:
        """The transcript; `steps` make it and all for messages before they are needed."""
        from ui.transcript.view import TranscriptView

        made = TranscriptView()
        made.setMinimumHeight(LEAST_TALK)
        made.hide()
        self._rows.addWidget(made)
        walk_through([stop_before(self._follower, outside=made), *made.stops(), self._follower])
        for connect in self._waiting:
            connect(made)
        self._waiting.clear()
        return made

    def steps(self) -> Iterator[None]:
        """Import and make what shows a conversation, unless that was done: no frame waits for all of it."""
        if self._complete:
            return
        yield from imported(TRANSCRIPT)
        if not self.is_made:
            self.transcript.ensurePolished()
            yield
        self._complete = True

    def when_made(self, connect: Callable[[TranscriptView], object]) -> None:
        """Call `connect` with the transcript, at once or when it is made."""
        if self.is_made:
            connect(self.transcript)
        else:
            self._waiting.append(connect)

    def show(self, shown: bool) -> None:
        """Show the transcript beside the pictures, or the pictures alone before the first question."""
        if shown and self.transcript.isHidden():
            self.transcript.show()
            self._rows.setSizes(self._sizes)
        elif not shown and self.is_made and not self.transcript.isHidden():
            self._sizes = self._rows.sizes()
            self.transcript.hide()
