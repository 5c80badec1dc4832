"""Painting what is in sight of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from ui.transcript.blocks.paragraph import Formats
    from ui.transcript.finding.finder import Finder
    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.messages.message import Message
    from ui.transcript.selecting.selection import Selection
    from ui.transcript.spans import Spans
    from ui.transcript.thumbnails import Thumbnails


def paint(
    painter: QPainter,
    region: QRect,
    arrangement: Arrangement,
    selection: Selection | None,
    finder: Finder,
    thumbnails: Thumbnails,
    spans: Spans | None = None,
) -> bool:
    """Paint the messages in `region` of the view; whether code there still waits for its colours."""
    area, unread = QRectF(region), False
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for placed in arrangement.visible:
        message, index = placed.message, placed.index
        if placed.top >= area.bottom() or placed.top + message.height <= area.top():
            continue

        def marks(block: int, index: int = index, message: Message = message) -> Formats:
            found = finder.marks(message, block)
            if spans is not None:
                found = [*spans.marks(message, block), *found]
            part = selection.within(index, block, 1 << 30) if selection is not None else None
            return [*found, (*part, arrangement.style.selected)] if part is not None else found

        message.draw(painter, QPointF(arrangement.left, placed.top), area, marks, thumbnails)
        unread = unread or bool(message.unread_in(area.top() - placed.top, area.bottom() - placed.top))
    return unread
