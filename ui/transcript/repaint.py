"""What of the screen can stay when one message changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.messages.message import Message


class Repaint:
    """Made before a message changes; `after` moves what stayed as it was and repaints the rest."""

    def __init__(self, arrangement: Arrangement) -> None:
        self._arrangement = arrangement
        self._before = {id(p.message): (p.top, p.message.height) for p in arrangement.visible}

    def shows(self, message: Message | None) -> bool:
        """Whether a message was in sight."""
        return id(message) in self._before

    def after(self, viewport: QWidget, changed: Message | None, first: int, steady: int) -> None:
        """Repaint `changed` from block `first` down, whose top was `steady` before it was laid out;
        without it only what moved or is new."""
        area = viewport.rect()
        moves, dirty = set(), area.height()
        for placed in self._arrangement.visible:
            known = self._before.get(id(placed.message))
            if known is None:
                dirty = min(dirty, placed.top)
                continue
            moves.add(placed.top - known[0])
            if placed.message is changed:
                top = changed.tops[min(first, len(changed.tops) - 1)] if changed.tops else 0
                kept = changed.steady_above(first) if top == steady and first else 0
                dirty = min(dirty, placed.top + kept)
            elif placed.message.height != known[1]:
                moves.add(area.height())
        move = moves.pop() if len(moves) == 1 else 0
        if moves or abs(move) >= area.height():
            viewport.update()
            return
        if move:
            viewport.scroll(0, move)
        viewport.update(QRect(0, dirty, area.width(), area.height() - dirty))
