"""The pictures of a question, in rows above its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath

from ui.transcript.blocks.style import CARD_PADDING, MESSAGE_GAP, NO_PEN, RADIUS

if TYPE_CHECKING:
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.entry import Treated
    from ui.transcript.thumbnails import Thumbnails

GAP = 8
ONE_PICTURE = QSize(208, 156)
MANY_PICTURES = QSize(96, 96)
MARK_ICONS = ("square-dashed-mouse-pointer", "eye-off")
"""Of regions, and of covers."""
ICON = 14
PLATE = 22


class QuestionPictures:
    """`pictures` are (sha256, name) of each, `treated` those that something is drawn on. Distances are
    from the left edge of the question's text and from the top of the message."""

    def __init__(
        self, pictures: tuple[tuple[str, str], ...], width: int, treated: tuple[Treated, ...] = ()
    ) -> None:
        self._pictures = pictures
        self._treated = {done.sha256: done for done in treated}
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
            else:
                painter.save()
                painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
                painter.drawPixmap(box.topLeft(), picture)
                painter.restore()
            if (done := self._treated.get(sha256)) is not None:
                _draw_marks(painter, box, done, style)


def _draw_marks(painter: QPainter, box: QRectF, done: Treated, style: TranscriptStyle) -> None:
    """A small plate in the corner: how many regions, how many covers."""
    from ui.theme import icons

    shown = [(icon, count) for icon, count in zip(MARK_ICONS, done[1:3], strict=True) if count]
    metrics, ratio = QFontMetricsF(style.caption), painter.device().devicePixelRatioF()
    widths = [ICON + 3 + metrics.horizontalAdvance(str(count)) for _, count in shown]
    width = sum(widths) + 6 * (len(shown) + 1)
    plate = QRectF(box.left() + 6, box.bottom() - PLATE - 6, width, PLATE)
    painter.setPen(NO_PEN)
    painter.setBrush(style.palette.surface_raised)
    painter.drawRoundedRect(plate, 6, 6)
    painter.setFont(style.caption)
    painter.setPen(style.palette.text)
    x = plate.left() + 6
    for (icon, count), wide in zip(shown, widths, strict=True):
        drawn = icons.pixmap(icon, "text", ICON, ratio)
        painter.drawPixmap(QPointF(x, plate.center().y() - ICON / 2), drawn)
        words = QRectF(x + ICON + 3, plate.top(), wide, plate.height())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), str(count))
        x += wide + 6
