"""The words below a message that do something with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF

from ui.transcript.paragraph import Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from ui.transcript.entry import EntryAction
    from ui.transcript.style import TranscriptStyle

PADDING = 6
LEAST = 28
"""Width of a word that can be clicked, however short it is."""
_NO_CLIP = QRectF()


class _Word(NamedTuple):
    action: EntryAction
    paragraph: Paragraph
    left: int

    @property
    def width(self) -> int:
        natural = self.paragraph.natural_width + 2 * PADDING
        return max(natural, LEAST) if self.action.id else natural

    @property
    def inset(self) -> int:
        """How far the word stands in the room it takes."""
        return (self.width - self.paragraph.natural_width) // 2


class MessageActions:
    """One row of words; those with an id are links in the accent, the others muted."""

    def __init__(self, actions: Sequence[EntryAction], style: TranscriptStyle) -> None:
        self._style = style
        self._words: list[_Word] = []
        self.height = style.caption_height + 2 * PADDING if actions else 0
        left = -PADDING
        for action in actions:
            font = style.caption_bold if action.id else style.caption
            paragraph = Paragraph(action.text, font, [], style.caption_height)
            paragraph.wrap(None)
            self._words.append(_Word(action, paragraph, left))
            left += self._words[-1].width

    def action_at(self, x: float, y: float) -> str:
        """The id of the word at a point of the row, or ""."""
        if not 0 <= y < self.height:
            return ""
        return next((word.action.id for word in self._words if word.left <= x < word.left + word.width), "")

    def draw(self, painter: QPainter, at: QPointF) -> None:
        """Paint the row with its top left corner at a point."""
        for word in self._words:
            colour = self._style.palette.accent if word.action.id else self._style.muted
            point = QPointF(at.x() + word.left + word.inset, at.y() + PADDING)
            word.paragraph.draw(painter, point, colour, _NO_CLIP)
