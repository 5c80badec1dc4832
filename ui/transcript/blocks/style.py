"""Fonts, colours and distances of the transcript."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QTextCharFormat

from ui.theme import fonts
from ui.theme.palette import Palette
from ui.transcript.markdown.styled_text import Look

if TYPE_CHECKING:
    from ui.transcript.markdown.block import Block

MARGIN = 24
"""Least distance of the column from the edges of the view."""
MESSAGE_GAP = 12
CARD_PADDING = 14
RADIUS = 8
CARD_RADIUS = 12
CARD_SHARE = 0.85
"""Most of the column's width that a question takes."""
INDENT = 24
QUOTE_INDENT = 16
ASIDE_INDENT = 16
FOUND, FOUND_NOW = 0.2, 0.45
"""Share of the warning colour in the ground of words that were found."""
LEGIBLE = 4.5
"""Least contrast of coloured words with the surface."""
_READABLE = 72
_SAMPLE = "The quick brown fox jumps over the lazy dog, and then it sleeps until noon. "
_HEADINGS = {1: 20 / 15, 2: 17 / 15}


class TranscriptStyle:
    """What one theme and text size mean for the transcript; made anew when either changes."""

    def __init__(self, palette: Palette, *, aside: bool = False) -> None:
        self.palette = palette
        self.surface = palette.surface
        self.text = palette.text_muted if aside else palette.text
        self.inset = ASIDE_INDENT if aside else 0
        """How far blocks stand to the right of a rule at their left; without one, not at all."""
        self.muted = palette.text_muted
        self.card = palette.window if not palette.dark else palette.surface_raised
        self.code_surface = mixed(palette.surface, palette.text, 0.045)
        self.line = mixed(palette.surface, palette.text, 0.14)
        self.caret = QColor(palette.accent)
        self.caret.setAlphaF(0.75)
        self.body = fonts.font("label" if aside else "body")
        self.caption = fonts.font("caption")
        self.caption_bold = fonts.font("caption", bold=True)
        self.mono = fonts.mono()
        self.line_height = round(self.body.pixelSize() * fonts.LINE_HEIGHT)
        self.caption_height = round(fonts.pixels("caption") * fonts.LINE_HEIGHT)
        self.code_height = round(fonts.pixels("label") * fonts.LINE_HEIGHT)
        metrics = QFontMetricsF(self.body)
        self.baseline = (self.line_height - math.ceil(metrics.height())) // 2 + round(metrics.ascent())
        """Of the first line of running text, below its top."""
        self.char_width = QFontMetricsF(self.body).horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        self.code_width = QFontMetricsF(self.mono).horizontalAdvance("0")
        self.column = round(self.char_width * _READABLE)
        self.selected = QTextCharFormat()
        self.selected.setBackground(palette.selection)
        self.found = self._marked(FOUND)
        """Words that were sought, wherever they are in sight."""
        self.found_now = self._marked(FOUND_NOW)
        """The one of them that was gone to."""
        self.code_looks: dict[object, QTextCharFormat | None] = {}
        """Formats by token type, filled as code is seen."""
        self.table_columns: WeakKeyDictionary[Block, list[int]] = WeakKeyDictionary()
        """How wide the columns would like to be of tables that go on in further blocks."""
        self._looks: dict[int, QTextCharFormat] = {}
        self._legible: dict[str, QColor] = {}
        self._aside: TranscriptStyle | None = None

    @property
    def aside(self) -> TranscriptStyle:
        """The quieter look of what a model thought before it answered."""
        if self._aside is None:
            self._aside = TranscriptStyle(self.palette, aside=True)
        return self._aside

    def heading_font(self, level: int) -> QFont:
        """The font of a heading, 1 to 6."""
        font = fonts.font("body", bold=True)
        font.setPixelSize(round(self.body.pixelSize() * _HEADINGS.get(level, 1.0)))
        return font

    def look(self, look: int) -> QTextCharFormat:
        """The character format of a span."""
        made = self._looks.get(look)
        if made is None:
            made = self._looks[look] = self._make(look)
        return made

    def legible(self, role: str) -> QColor:
        """A colour of the theme for words on the surface: mixed with that of text as far as it takes."""
        if role not in self._legible:
            shades = (mixed(self.palette.color(role), self.text, step / 10) for step in range(10))
            shade = next((each for each in shades if _contrast(each, self.surface) >= LEGIBLE), self.text)
            self._legible[role] = shade
        return self._legible[role]

    def _marked(self, share: float) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setBackground(mixed(self.surface, self.palette.warning, share))
        made.setForeground(self.palette.text)
        return made

    def _make(self, look: int) -> QTextCharFormat:
        made = QTextCharFormat()
        if look & Look.BOLD:
            made.setFontWeight(QFont.Weight.DemiBold)
        if look & Look.ITALIC:
            made.setFontItalic(True)
        if look & Look.STRUCK:
            made.setFontStrikeOut(True)
        if look & Look.CODE:
            made.setFontFamilies(self.mono.families() or [self.mono.family()])
            made.setProperty(QTextCharFormat.Property.FontPixelSize, self.mono.pixelSize() + (not self.inset))
            made.setBackground(mixed(self.surface, self.text, 0.07))
        if look & Look.MUTED:
            made.setForeground(self.muted)
        if look & Look.PLACE:
            made.setForeground(self.palette.accent)
        if look & Look.RAISED:
            made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        if look & Look.LINK:
            made.setForeground(self.palette.accent)
            made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        return made

    def veil(self, color: QColor, share: float) -> QColor:
        """A colour of the theme laid over the surface at `share` (0..1)."""
        return mixed(self.surface, color, share)


def mixed(below: QColor, above: QColor, share: float) -> QColor:
    """`above` laid over `below` at `share` (0..1)."""

    def channel(low: float, high: float) -> float:
        return low + (high - low) * share

    return QColor.fromRgbF(
        channel(below.redF(), above.redF()),
        channel(below.greenF(), above.greenF()),
        channel(below.blueF(), above.blueF()),
    )


def _contrast(one: QColor, other: QColor) -> float:
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    """Relative luminance after WCAG 2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


NO_PEN = Qt.PenStyle.NoPen
