"""Reading the message that the keyboard is at, with a screen reader or a caret.

Painted text is silent: while somebody listens or reads by caret (F7), a text widget stands in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QRect, Qt
from PySide6.QtGui import QTextCursor

from ui.transcript.reading.announcer import is_listened_to, role_of
from ui.transcript.selecting.selection import Position, Selection, plain_text

if TYPE_CHECKING:
    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.messages.message import Message
    from ui.transcript.reading.keyboard import Keyboard
    from ui.transcript.reading.reader_row import ReaderRow
    from ui.transcript.view import TranscriptView


class Reader(QObject):
    """Keeps the row where the current message is; there is none before somebody reads."""

    def __init__(self, view: TranscriptView, arrangement: Arrangement, keyboard: Keyboard) -> None:
        super().__init__(view)
        self._view = view
        self._arrangement = arrangement
        self._keyboard = keyboard
        self._row: ReaderRow | None = None
        self._browsing = False
        keyboard.moved.connect(self._begin)

    def toggle(self) -> None:
        """Begin to read by caret, or end it."""
        self._browsing = not self._browsing
        if self._browsing:
            self._keyboard.move(0)
        else:
            self.close()

    def close(self) -> None:
        """Show the painted message again, with the keyboard still at it."""
        self._browsing = False
        if self._row is not None and not self._row.isHidden():
            if self._row.hasFocus():
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            self._row.hide()

    def place(self) -> None:
        """Put the row where its message stands now, with its words as they are now."""
        row = self._row
        if row is None or row.isHidden():
            return
        number = self._keyboard.current
        placed = next((each for each in self._arrangement.visible if each.index == number), None)
        if placed is None:
            self.close()
            return
        message, of = placed.message, len(self._arrangement.messages)
        row.show_text(self._words(number, message), role_of(message.entry, number + 1, of))
        left = self._arrangement.left + message.frame.text_left(message.natural_width)
        width = self._arrangement.left + self._arrangement.width - left
        row.setGeometry(QRect(left, placed.top, width, message.height))

    def _begin(self) -> None:
        if not self._browsing and not is_listened_to():
            return
        row = self._row or self._make()
        row.show()
        row.raise_()
        self.place()
        row.moveCursor(QTextCursor.MoveOperation.Start)
        row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self) -> ReaderRow:
        from ui.transcript.reading.reader_row import ReaderRow

        row = self._row = ReaderRow(self._view)
        row.left.connect(self.close)
        row.moved.connect(self._keyboard.move)
        row.tabbed.connect(self._tab)
        return row

    def _tab(self, forward: bool) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._keyboard.step(forward=forward):
            self._keyboard.leave()
            self._view.focusNextPrevChild(forward)

    def _words(self, number: int, message: Message) -> str:
        """All that the message says, in the order in which it stands there."""
        whole = Selection(Position(number, 0, 0), Position(number, 1 << 31, 0))
        entry = message.entry
        said = [entry.heading, message.frame.reasoning_words if entry.reasoning else ""]
        read = None
        if entry.places.marks or entry.places.folds:
            from ui.transcript.reading.spoken import Spoken  # hardly anybody listens

            read = Spoken().block
        said += [plain_text(whole, self._arrangement.messages, read=read), entry.waiting]
        said += [*entry.notes, *(badge.text for badge in entry.badges), entry.metrics]
        words = "\n\n".join(filter(None, said))
        return words or QCoreApplication.translate("ReaderRow", "Empty message")
