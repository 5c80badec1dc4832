"""The keyboard in the transcript: from message to message, and to what can be pressed in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal

from ui.transcript import controls
from ui.transcript.controls import area_of, next_control, words_of
from ui.transcript.reading.announcer import announce_message, role_of, say

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.messages.message import Message
    from ui.transcript.view import TranscriptView


class Keyboard(QObject):
    """Keeps which message is the current one, and which of its controls has the focus."""

    pressed = Signal(int, object)
    """The number of a message, and the control of it that is to be pressed."""
    moved = Signal()
    """Another message is the current one, and is shown to be it."""
    changed = Signal(int, object)
    """The number of a message that looks different, and the control of it that does."""
    held = Signal()
    """A message is to be laid out where the arrangement holds it."""
    menu_requested = Signal(QPoint, int)
    """Global position, and the number of the message."""

    def __init__(self, view: TranscriptView, arrangement: Arrangement) -> None:
        super().__init__(view)
        self.message_id = ""
        """Of the current message, "" for none; it may be one that is no longer there."""
        self.focused = controls.NONE
        self._view = view
        self._arrangement = arrangement
        self._ringed = False

    @property
    def current(self) -> int:
        """The number of the message that the keyboard is at, -1 for none."""
        number = self._arrangement.messages.number_of(self.message_id)
        return number if number is not None else -1

    @property
    def ringed(self) -> bool:
        """Whether the current message is shown to be it."""
        return self._ringed and self.current >= 0

    def key(self, event: QKeyEvent) -> bool:
        """Take a key that goes from message to message or presses something; False for any other."""
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        key = event.key()
        if control and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move(1 if key == Qt.Key.Key_Down else -1)
            return True
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            return self.activate()
        return key == Qt.Key.Key_Escape and (self._back() or self.leave())

    def make_current(self, index: int, *, ringed: bool) -> None:
        """Make a message the current one; `ringed` shows and says it."""
        self.changed.emit(self.current, self.focused)
        message = self._arrangement.messages[index]
        self.message_id, self.focused, self._ringed = message.entry.id, controls.NONE, ringed
        if ringed:
            self._bring(index)
            announce_message(self._view, message.entry, index + 1, len(self._arrangement.messages))
        self.changed.emit(index, controls.NONE)
        if ringed:
            self.moved.emit()

    def leave(self) -> bool:
        """No message is the current one any more; whether one was to be seen."""
        was = self._ringed and self.current >= 0
        self.changed.emit(self.current, self.focused)
        self.message_id, self.focused, self._ringed = "", controls.NONE, False
        return was

    def _back(self) -> bool:
        """From what can be pressed in the current message to all of it; False from there."""
        index = self.current
        if index < 0 or not self._ringed or not self.focused.kind:
            return False
        self.changed.emit(index, self.focused)
        self.focused = controls.NONE
        self.changed.emit(index, self.focused)
        entry = self._arrangement.messages[index].entry
        say(self._view, role_of(entry, index + 1, len(self._arrangement.messages)))
        return True

    def move(self, step: int) -> None:
        """Go to the next (1) or the previous message (-1), or show which one is meant now (0)."""
        visible, last = self._arrangement.visible, len(self._arrangement.messages) - 1
        if not visible:
            return
        if self.current < 0:
            wanted = visible[0].index if step > 0 else visible[-1].index
        else:
            wanted = max(0, min(last, self.current + step)) if self._ringed else self.current
        self.make_current(wanted, ringed=True)

    def step(self, *, forward: bool) -> bool:
        """Go to the next thing to press in the current message; False beyond the last and first."""
        index = self.current
        if index < 0 or not self._ringed:
            return False
        message = self._arrangement.messages[index]
        self.changed.emit(index, self.focused)
        self.focused = next_control(message, self.focused, forward=forward)
        if not self.focused.kind:
            return False
        self._bring_focused(index, message)
        self.changed.emit(index, self.focused)
        say(self._view, words_of(message, self.focused))
        return True

    def activate(self) -> bool:
        """Press what the keyboard is at, or open the menu of the current message; False without one."""
        index = self.current
        if index < 0 or not self._ringed:
            return False
        if self.focused.kind:
            self.pressed.emit(index, self.focused)
            return True
        placed = next((each for each in self._arrangement.visible if each.index == index), None)
        if placed is not None:
            at = QPoint(self._arrangement.left, max(0, placed.top) + 24)
            self.menu_requested.emit(self._view.viewport().mapToGlobal(at), index)
        return placed is not None

    def _bring(self, index: int) -> None:
        """Scroll a message into sight: all of it where it fits, else its top."""
        arrangement, height = self._arrangement, self._view.viewport().height()
        message = arrangement.messages[index]
        top = arrangement.top(index) - arrangement.offset
        if top < 0 or top + message.height > height:
            y = 0 if top < 0 or message.height > height else height - message.height
            arrangement.hold(message.entry.id, -1, y)
            self.held.emit()

    def _bring_focused(self, index: int, message: Message) -> None:
        """Scroll to what the keyboard is at, a block of code that has not been laid out included."""
        block, area = self.focused.block, area_of(message, self.focused)
        height = self._view.viewport().height()
        if area is not None:
            low, high = area.top(), area.bottom()
        elif block >= 0:
            low = high = message.tops[block]
        else:
            return
        top = self._arrangement.top(index) - self._arrangement.offset
        if top + low < 0 or top + high > height:
            bar = self._view.verticalScrollBar()
            bar.setValue(round(self._arrangement.top(index) + (low + high - height) / 2))
            if area is None and area_of(message, self.focused) is not None:
                self._bring_focused(index, message)  # laid out by now, and perhaps a long block
