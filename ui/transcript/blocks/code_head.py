"""What stands around code: the language and the copy button above it, and below it what unfolds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt

from ui.signs import one_line
from ui.theme import icons

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.block import Block

HEADER = 26
"""Height of the line that names the language and holds the button that copies."""
FOOTER = 28
"""Height of the line that unfolds and folds what is long."""
PADDING = 12
BUTTON = 28
ICON = 16
LONGEST = 200
"""Characters of a name above code."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CodeHead:
    """Of a block as wide and high as it is told; code that goes on with other code has none."""

    def __init__(self, block: Block, style: TranscriptStyle) -> None:
        self._block = block
        self._style = style
        self.above = 0 if block.continued else HEADER
        self.below = FOOTER if block.folded else 0
        self.width = 0
        self.height = 0

    @property
    def copy_area(self) -> QRectF | None:
        """Where the button stands that copies the code, None where it has none."""
        return QRectF(self.width - 4 - BUTTON, 5, BUTTON, HEADER - 2) if self.above else None

    @property
    def grip_area(self) -> QRectF | None:
        """By what the code can be dragged to another place, None where it has no head."""
        return QRectF(0, 0, self.width, HEADER + PADDING / 2) if self.above else None

    @property
    def fold_area(self) -> QRectF | None:
        """Where a click unfolds and folds, None where there is nothing to fold."""
        return QRectF(0, self.height - FOOTER - 4, self.width, FOOTER) if self.below else None

    @property
    def fold_words(self) -> str:
        """What a click there does."""
        if self._block.folded < 0:
            return _tr("Show less")
        return _tr("Show all {count} lines").format(count=len(self._block.lines))

    @property
    def file_name(self) -> str:
        """What a file with the code would be called."""
        from ui.transcript.blocks.lexers import suffix_of

        return f"code{suffix_of(self._block.info)}"

    def draw(self, painter: QPainter, at: QPointF, clip: QRectF) -> None:
        """Paint what of it touches `clip`, with the block's top left corner at a point."""
        painter.setFont(self._style.caption)
        if self.above and clip.top() < at.y() + PADDING + self.above:
            self._draw_head(painter, at)
        fold = self.fold_area
        if fold is not None:
            painter.setPen(self._style.palette.accent)
            painter.drawText(fold.translated(at).adjusted(PADDING, 0, -PADDING, 0), _LEFT, self.fold_words)

    def _draw_head(self, painter: QPainter, at: QPointF) -> None:
        style, ratio = self._style, painter.device().devicePixelRatioF()
        inset = ICON + 6 if self._block.title else 0
        if inset:
            tool = icons.pixmap("wrench", "text_muted", ICON, ratio)
            painter.drawPixmap(QPointF(at.x() + PADDING, at.y() + 9), tool)
        room = max(0, self.width - 2 * PADDING - inset - BUTTON)
        words = one_line((self._block.title or self._block.info.strip("|"))[:LONGEST])
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.setPen(style.muted)
        area = QRectF(at.x() + PADDING + inset, at.y() + 8, room, style.caption_height)
        painter.drawText(area, _LEFT, shown)
        button = self.copy_area
        if button is not None:
            drawn = icons.pixmap("copy", "text_muted", ICON, ratio)
            painter.drawPixmap(button.translated(at).center() - QPointF(ICON / 2, ICON / 2), drawn)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CodeHead", text)
