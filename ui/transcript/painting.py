"""Painting what is in sight of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from ui.transcript.paragraph import NONE, Formats

if TYPE_CHECKING:
    from ui.transcript.arrangement import Arrangement
    from ui.transcript.selection import Selection
    from ui.transcript.thumbnails import Thumbnails


def paint(
    painter: QPainter,
    region: QRect,
    arrangement: Arrangement,
    selection: Selection | None,
    thumbnails: Thumbnails,
) -> bool:
    """Paint the messages in `region` of the view; whether code there still waits for its colours."""
    area, unread = QRectF(region), False
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for placed in arrangement.visible:
        message, index = placed.message, placed.index
        if placed.top >= area.bottom() or placed.top + message.height <= area.top():
            continue

        def marks(block: int, index: int = index) -> Formats:
            part = selection.within(index, block, 1 << 30) if selection is not None else None
            return [(*part, arrangement.style.selected)] if part is not None else NONE

        message.draw(painter, QPointF(arrangement.left, placed.top), area, marks, thumbnails)
        unread = unread or bool(message.unread_in(area.top() - placed.top, area.bottom() - placed.top))
    return unread
