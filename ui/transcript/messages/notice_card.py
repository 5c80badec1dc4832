"""A problem in plain words, in a card of its colour; a long one is folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt

from ui.signs import LINE_BREAK, signs
from ui.theme import fonts, icons
from ui.transcript.blocks.paragraph import Formats, Paragraph
from ui.transcript.blocks.style import NO_PEN, RADIUS

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from ui.transcript.blocks.style import TranscriptStyle

PADDING = 12
BAR = 3
LINES = 8
"""Of a long notice, until the rest is asked for."""
FOLDS_FROM = 11
"""Fewer lines than this are not worth folding."""
LONGEST = 10_000
"""Characters of a notice that are ever shown; a copy has all."""
FOOTER = 28
ICON = 16
TINT = 0.09
"""Share of the notice's colour in its ground."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class NoticeCard:
    """Laid out for one width. Areas are given from the card's top left corner; what is asked about the
    text is from where that starts, (`left`, PADDING) in the card."""

    left = PADDING + BAR

    def __init__(self, text: str, tone: QColor, style: TranscriptStyle, width: int, *, whole: bool) -> None:
        self._text = text
        self._tone = tone
        self._style = style
        self._width = width
        line = round(fonts.pixels("label") * fonts.LINE_HEIGHT)
        self._lines = Paragraph(plain(text), fonts.font("label"), [], line)
        high = self._lines.wrap(width - 2 * PADDING - BAR)
        self.foldable = high >= FOLDS_FROM * line or len(text) > LONGEST
        """Whether there is more than is shown at first."""
        self.whole = whole
        self._shown = high if whole or not self.foldable else min(high, LINES * line)
        self.height = self._shown + 2 * PADDING + (FOOTER - PADDING // 2) * self.foldable

    @property
    def ground(self) -> QColor:
        """The colour of the card."""
        return self._style.veil(self._tone, TINT)

    @property
    def fold_area(self) -> QRectF | None:
        """Where a click unfolds and folds it, None where there is nothing to fold."""
        if not self.foldable:
            return None
        return QRectF(BAR, self.height - FOOTER - 4, self._width - BAR - FOOTER - 8, FOOTER)

    @property
    def copy_area(self) -> QRectF | None:
        """Where the button stands that copies all of it, None for a short one."""
        if not self.foldable:
            return None
        return QRectF(self._width - FOOTER - 4, self.height - FOOTER - 4, FOOTER, FOOTER)

    @property
    def fold_words(self) -> str:
        """What a click there does."""
        if self.whole:
            return _tr("Show less")
        return _tr("Show all") if len(self._text) <= LONGEST else _tr("Show more")

    def hides(self, position: int) -> bool:
        """Whether a position of the text is folded away."""
        return self._lines.spot(position)[1] > self._shown

    def hit(self, x: float, y: float) -> int:
        """The text position nearest to a point."""
        return self._lines.hit(x, min(y, self._shown - 1))

    def spot(self, position: int) -> tuple[float, float]:
        """Where a caret stands before a text position: x, and the middle of its line as y."""
        return self._lines.spot(position)

    def draw(self, painter: QPainter, at: QPointF) -> None:
        """Paint all but the text with the card's top left corner at a point."""
        card = QRectF(at.x(), at.y(), self._width, self.height)
        painter.setPen(NO_PEN)
        painter.setBrush(self.ground)
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        painter.save()
        painter.setClipRect(QRectF(card.left(), card.top(), BAR, card.height()))
        painter.setBrush(self._tone)
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        painter.restore()
        fold, button = self.fold_area, self.copy_area
        if fold is not None and button is not None:
            painter.setFont(self._style.caption_bold)
            painter.setPen(self._style.palette.accent)
            painter.drawText(fold.translated(at).adjusted(PADDING, 0, 0, 0), _LEFT, self.fold_words)
            drawn = icons.pixmap("copy", "text_muted", ICON, painter.device().devicePixelRatioF())
            painter.drawPixmap(button.translated(at).center() - QPointF(ICON / 2, ICON / 2), drawn)

    def draw_text(self, painter: QPainter, at: QPointF, marks: Formats) -> None:
        """Paint the text that is shown, from a point on."""
        clip = QRectF(at.x(), at.y(), self._width, self._shown - 1) if self.foldable else QRectF()
        self._lines.draw(painter, at, self._style.text, clip, marks)


def plain(text: str) -> str:
    """A text from outside, each character of it as one that may stand beside others."""
    return signs(text[:LONGEST]).replace("\r", " ").replace("\n", LINE_BREAK)


def _tr(text: str) -> str:
    return QCoreApplication.translate("NoticeCard", text)
