"""Finding words in one transcript: the bar, what it asks for, and what is shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.transcript.finding.finder import Finder
from ui.transcript.ringed_area import RING

if TYPE_CHECKING:
    from ui.transcript.finding.find_bar import FindBar
    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.view import TranscriptView


class Finding(QObject):
    """Makes the bar when it is first asked for."""

    held = Signal()
    """The arrangement holds a place that was found."""
    wanted = Signal(str)
    """Words whose counts in messages that are not loaded are asked for."""

    def __init__(self, view: TranscriptView, arrangement: Arrangement) -> None:
        super().__init__(view)
        self._view = view
        self._arrangement = arrangement
        self.finder = Finder(arrangement, self)
        self.finder.changed.connect(self._show)
        self.finder.held.connect(self.held)
        self.finder.wanted.connect(self.wanted)
        self.finder.message_wanted.connect(view.reveal)
        view.message_revealed.connect(self._revealed)
        self._bar: FindBar | None = None

    def open(self) -> None:
        """Show the bar, or go to it, with one line of what is selected as the words."""
        bar = self._bar or self._make_bar()
        selected = self._view.selected_text()
        if bar.isHidden():
            bar.show()
            self.place()
        if selected and "\n" not in selected:
            bar.field.setText(selected)
        elif bar.field.text():
            self.finder.search(bar.field.text())
        bar.field.setFocus()
        bar.field.selectAll()

    def close(self) -> bool:
        """Hide the bar and its marks; whether there was anything to hide."""
        open_bar = self._bar is not None and not self._bar.isHidden()
        had_marks = self.finder.active
        self.finder.search("")
        if self._bar is not None and open_bar:
            self._bar.hide()
            self.place()
            self._view.setFocus()
        return open_bar or had_marks

    def step(self, by: int) -> None:
        """Go to the next place (1) or the one before (-1); without words, ask for them."""
        if self.finder.words:
            self.finder.go(by)
        else:
            self.open()

    def place(self) -> None:
        """Give the bar the top of the view, and what is read the rest."""
        bar = self._bar
        if bar is not None:
            height = 0 if bar.isHidden() else bar.height()
            self._view.set_head(height)
            bar.setGeometry(RING, RING, self._view.width() - 2 * RING, bar.height())
            arrangement = self._arrangement
            bar.fit(arrangement.left, arrangement.width)

    def _make_bar(self) -> FindBar:
        from ui.transcript.finding.find_bar import FindBar

        bar = self._bar = FindBar(self._view)
        bar.hide()
        bar.words_changed.connect(self.finder.search)
        bar.step_requested.connect(self.finder.go)
        bar.closed.connect(self.close)
        return bar

    def _show(self) -> None:
        if self._bar is not None:
            self._bar.show_state(self.finder)
        self._view.viewport().update()

    def _revealed(self, message_id: str, words: str) -> None:
        if words:
            self.finder.show(message_id, words)
        else:
            self.finder.resume(message_id)
