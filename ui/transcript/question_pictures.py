"""The pictures of a question, in rows above its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath

from ui.transcript.style import CARD_PADDING, MESSAGE_GAP, RADIUS

if TYPE_CHECKING:
    from ui.transcript.style import TranscriptStyle
    from ui.transcript.thumbnails import Thumbnails

GAP = 8
ONE_PICTURE = QSize(208, 156)
MANY_PICTURES = QSize(96, 96)


class QuestionPictures:
    """`pictures` are (sha256, name) of each. Distances are from the left edge of the question's text
    and from the top of the message."""

    def __init__(self, pictures: tuple[tuple[str, str], ...], width: int) -> None:
        self._pictures = pictures
        size = ONE_PICTURE if len(pictures) == 1 else MANY_PICTURES
        across = max(1, (width + GAP) // (size.width() + GAP))
        top = MESSAGE_GAP + CARD_PADDING
        self._slots = [
            QRectF(
                number % across * (size.width() + GAP),
                top + number // across * (size.height() + GAP),
                min(size.width(), width),
                size.height(),
            )
            for number in range(len(pictures))
        ]

    @property
    def bottom(self) -> int:
        """Where the last row ends; 0 without pictures."""
        return int(self._slots[-1].bottom()) if self._slots else 0

    @property
    def right(self) -> int:
        """Where the longest row ends; 0 without pictures."""
        return int(max((slot.right() for slot in self._slots), default=0))

    def at(self, x: float, y: float) -> str:
        """The hash of the picture at a point, or ""."""
        for (sha256, _), slot in zip(self._pictures, self._slots, strict=True):
            if slot.contains(x, y):
                return sha256
        return ""

    def draw(self, painter: QPainter, at: QPointF, style: TranscriptStyle, thumbnails: Thumbnails) -> None:
        """Paint those that are there, and a ground in place of the others."""
        ratio = painter.device().devicePixelRatioF()
        for (sha256, _), slot in zip(self._pictures, self._slots, strict=True):
            box = slot.translated(at)
            path = QPainterPath()
            path.addRoundedRect(box, RADIUS, RADIUS)
            picture = thumbnails.fitted(sha256, slot.size().toSize(), ratio)
            if picture is None:
                painter.fillPath(path, style.palette.mat)
                continue
            painter.save()
            painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
            painter.drawPixmap(box.topLeft(), picture)
            painter.restore()
