"""Selecting by the keyboard: Shift and an arrow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from ui.transcript.markdown.block import NOTICE
from ui.transcript.selecting.selection import END, Position, Selection, line_at

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.messages.message import Message
    from ui.transcript.pointer import Pointer

STEP = 6
"""Pixels between two places that are tried for the next line."""
FARTHEST = 400
"""Pixels within which the next line is sought before the next message is taken."""
_WORD = re.compile(r"\W*\w+|\W+")
_KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Home: -1,
    Qt.Key.Key_End: 1,
}


class SelectionKeys:
    """Moves the end of the selection that the pointer keeps, and says where that is now."""

    def __init__(self, pointer: Pointer, arrangement: Arrangement) -> None:
        self._pointer = pointer
        self._arrangement = arrangement

    def key(self, event: QKeyEvent, current: int) -> QPointF | None:
        """Take Shift with an arrow, Home or End: by character and line, with Ctrl by word, message and
        to the ends. `current` is the number of the message to begin in, or -1.

        Returns where the selection ends now, in the view; None for any other key.
        """
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if not shift or event.key() not in _KEYS or not self._arrangement.visible:
            return None
        wide = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        selection = self._pointer.selection
        if selection is None:
            start = self._begin(current)
            selection = Selection(start, start)
        caret = self._clamped(selection.caret)
        key, step = Qt.Key(event.key()), _KEYS[Qt.Key(event.key())]
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            moved = self._word(caret, step) if wide else self._character(caret, step)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            moved = self._message(caret, step) if wide else self._line(caret, step)
        else:
            moved = self._end(step) if wide else self._line_end(caret, step)
        self._pointer.select(Selection(selection.anchor, moved))
        return self._place(moved)

    def _begin(self, current: int) -> Position:
        number = current if current >= 0 else self._arrangement.visible[0].index
        return Position(number, self._blocks(self._opened(number))[0], 0)

    # ---- what there is

    def _opened(self, number: int) -> Message:
        message = self._arrangement.messages[number]
        message.split()
        return message

    def _blocks(self, message: Message) -> list[int]:
        """The indexes of a message's blocks; one that stands for nothing where it has none."""
        known = [*range(len(message.blocks or ())), *([NOTICE] if message.entry.notice else [])]
        return known or [0]

    def _text(self, position: Position) -> str:
        message = self._opened(position.message)
        if position.block == NOTICE or message.blocks:
            return message.text_of(position.block)
        return ""

    def _clamped(self, position: Position) -> Position:
        """A position that may stand for the end of everything, as one in a text."""
        number = min(position.message, len(self._arrangement.messages) - 1)
        blocks = self._blocks(self._opened(number))
        block = position.block if position.block in blocks else blocks[-1]
        made = Position(number, block, position.offset)
        return made._replace(offset=min(made.offset, len(self._text(made))))

    def _beside(self, position: Position, step: int) -> Position | None:
        """The start of the next block, or the end of the one before; None beyond the conversation."""
        number = position.message
        blocks = self._blocks(self._opened(number))
        at = blocks.index(position.block) + step
        if not 0 <= at < len(blocks):
            number += step
            if not 0 <= number < len(self._arrangement.messages):
                return None
            blocks = self._blocks(self._opened(number))
            at = 0 if step > 0 else len(blocks) - 1
        made = Position(number, blocks[at], 0)
        return made if step > 0 else made._replace(offset=len(self._text(made)))

    # ---- the ways to move

    def _character(self, caret: Position, step: int) -> Position:
        wanted = caret.offset + step
        if 0 <= wanted <= len(self._text(caret)):
            return caret._replace(offset=wanted)
        return self._beside(caret, step) or caret

    def _word(self, caret: Position, step: int) -> Position:
        text = self._text(caret)
        if step > 0:
            found = _WORD.match(text, caret.offset)
            return caret._replace(offset=found.end()) if found else self._beside(caret, step) or caret
        starts = [each.start() for each in re.finditer(r"\w+", text) if each.start() < caret.offset]
        if starts:
            return caret._replace(offset=starts[-1])
        return caret._replace(offset=0) if caret.offset else self._beside(caret, step) or caret

    def _line(self, caret: Position, step: int) -> Position:
        at = self._place(caret)
        for distance in range(STEP, FARTHEST, STEP):
            found = self._pointer.position_at(at + QPointF(0, step * distance))
            if found is not None and (found > caret if step > 0 else found < caret):
                moved = self._place(found).y() - at.y()
                if abs(moved) >= STEP:
                    return found
        last = caret._replace(offset=len(self._text(caret)) if step > 0 else 0)
        return self._beside(caret, step) or last

    def _message(self, caret: Position, step: int) -> Position:
        """To the start of the message, or of the one before; to the end, or that of the next one."""
        number = caret.message
        ends = self._edge(number, step)
        if caret == ends and 0 <= number + step < len(self._arrangement.messages):
            ends = self._edge(number + step, step)
        return ends

    def _edge(self, number: int, step: int) -> Position:
        blocks = self._blocks(self._opened(number))
        if step < 0:
            return Position(number, blocks[0], 0)
        return self._clamped(Position(number, blocks[-1], END))

    def _line_end(self, caret: Position, step: int) -> Position:
        return caret._replace(offset=line_at(self._text(caret), caret.offset)[step > 0])

    def _end(self, step: int) -> Position:
        return self._edge(len(self._arrangement.messages) - 1 if step > 0 else 0, step)

    # ---- where that is

    def _place(self, position: Position) -> QPointF:
        """Where a position stands in the view: its left edge, in the middle of its line."""
        arrangement, message = self._arrangement, self._opened(position.message)
        frame, top = message.frame, arrangement.top(position.message) - arrangement.offset
        if position.block == NOTICE and frame.notice is not None:
            x, y = frame.notice.spot(position.offset)
            return QPointF(
                arrangement.left + frame.notice.left + x, top + frame.notice_top(message.height) + y
            )
        if not message.blocks:
            return QPointF(arrangement.left, top + frame.head)
        box = message.box(position.block)
        box.wrap(frame.inner)
        x, y = box.spot(position.offset)
        left = arrangement.left + frame.text_left(message.natural_width)
        return QPointF(left + x, top + message.tops[position.block] + y)
