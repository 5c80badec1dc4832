"""The line in place of what tells of nothing but places, with the button that shows it as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from ui.signs import one_line
from ui.theme import fonts, icons

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.transcript.blocks.paragraph import Formats
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.block import Gathered

HEIGHT = 28
BELOW = 6
"""Between the line and what it unfolds."""
_CHEVRON = 14
_GAP = 6
_APART = 12
_PADDING = 6
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PlacesLine:
    """One line of fixed height, in a block as wide as it is told; distances are from its top left."""

    def __init__(self, gathered: Gathered, style: TranscriptStyle) -> None:
        self.width = 0
        self._gathered = gathered
        self._style = style
        self._font = fonts.font("label")

    @property
    def area(self) -> QRectF:
        """Where a click folds and unfolds."""
        return QRectF(-_PADDING, 0, self._used() + 2 * _PADDING, HEIGHT)

    @property
    def button_words(self) -> str:
        """What a click does."""
        return _tr("Show as places") if self._gathered.open else _tr("Show as written")

    def draw(self, painter: QPainter, at: QPointF, marks: Formats) -> None:
        """Paint it at `at`, on the ground of the first of the `marks` of what is folded."""
        style, ratio = self._style, painter.device().devicePixelRatioF()
        name = "chevron-down" if self._gathered.open else "chevron-right"
        chevron = icons.pixmap(name, "text_muted", _CHEVRON, ratio)
        painter.drawPixmap(at + QPointF(0, (HEIGHT - _CHEVRON) / 2), chevron)
        painter.setFont(self._font)
        words = self._words()
        left = at.x() + _CHEVRON + _GAP
        area = QRectF(left, at.y(), self._wide(words) + 1, HEIGHT)
        none = Qt.BrushStyle.NoBrush
        grounds = (look.background() for _, _, look in marks)
        ground = next((each for each in grounds if each.style() != none), None)
        if ground is not None and not self._gathered.open:
            painter.fillRect(area.adjusted(0, 4, 0, -4), ground)
        painter.setPen(style.text)
        painter.drawText(area, _LEFT, words)
        painter.setPen(style.palette.accent)
        button = QRectF(area.right() + _APART, at.y(), self._wide(self.button_words) + 1, HEIGHT)
        painter.drawText(button, _LEFT, self.button_words)

    def _words(self) -> str:
        """How many of what, cut short where there is no room for all of it."""
        room = self.width - _CHEVRON - _GAP - _APART - self._wide(self.button_words) - 2
        elide = Qt.TextElideMode.ElideRight
        return QFontMetricsF(self._font).elidedText(one_line(self._gathered.words), elide, max(0.0, room))

    def _used(self) -> float:
        return _CHEVRON + _GAP + self._wide(self._words()) + _APART + self._wide(self.button_words) + 2

    def _wide(self, words: str) -> float:
        return QFontMetricsF(self._font).horizontalAdvance(words)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlacesLine", text)
