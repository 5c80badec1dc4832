"""Wrapped text with spans: the only way in which the transcript puts words on the screen."""

from __future__ import annotations

import functools
import math
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from ui.transcript.blocks.offsets import Utf16Offsets
from ui.transcript.markdown.direction import runs_right_to_left

Formats = list[tuple[int, int, QTextCharFormat]]
"""(start, end, format) in code points."""
NONE: Formats = []
Alignment = Literal["left", "center", "right"]
WIDE = 1_000_000.0
FEW_MARKS = 8
"""So many are laid over the text as it is painted: the cost of each is that of painting its lines."""
_ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


@functools.cache
def _option(alignment: Alignment, *, wrapped: bool, right_to_left: bool) -> QTextOption:
    mode = QTextOption.WrapMode
    option = QTextOption(_ALIGNMENTS[alignment])
    option.setWrapMode(mode.WrapAtWordBoundaryOrAnywhere if wrapped else mode.NoWrap)
    direction = Qt.LayoutDirection
    option.setTextDirection(direction.RightToLeft if right_to_left else direction.LeftToRight)
    return option


def format_range(start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    """A stretch of UTF-16 positions in one format."""
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, end - start, look
    return made


def part(marks: Formats, start: int, end: int) -> Formats:
    """What of `marks` lies in [start, end) of a text, counted from `start`."""
    return [
        (max(a, start) - start, min(b, end) - start, look) for a, b, look in marks if a < end and b > start
    ]


class Paragraph:
    """One QTextLayout with lines of equal height; a layout holds no resource and loads none.

    Positions are code points of `text`; distances are logical pixels from its top left. Lines stand
    as `alignment` says; None sets them against the side that the text begins from.
    """

    def __init__(
        self,
        text: str,
        font: QFont,
        formats: Formats,
        line_height: int,
        alignment: Alignment | None = "left",
    ) -> None:
        self.text = text
        self.right_to_left = runs_right_to_left(text)
        self._alignment: Alignment = alignment or ("right" if self.right_to_left else "left")
        self.height = 0
        self._line_height = line_height
        self._width: int | None = None
        self._tops: list[int] = []
        self._offsets = Utf16Offsets(text)
        self._layout = QTextLayout(text, font)
        self._layout.setCacheEnabled(True)
        self._formats, self._worn, self._unfit = formats, NONE, NONE
        if formats:
            self._layout.setFormats(self._ranges(formats))

    def wrap(self, width: int | None) -> int:
        """Break into lines of `width`, or keep one line (None); return the height."""
        self._width = width
        layout, room = self._layout, WIDE if width is None else max(width, 1)
        alignment = "left" if width is None else self._alignment
        layout.setTextOption(_option(alignment, wrapped=width is not None, right_to_left=self.right_to_left))
        layout.beginLayout()
        y = 0
        self._tops.clear()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            needed = math.ceil(line.height())
            height = max(self._line_height, needed)
            line.setPosition(QPointF(0, y + (height - needed) // 2))
            self._tops.append(y)
            y += height
        layout.endLayout()
        self.height = max(y, self._line_height)
        return self.height

    @property
    def natural_width(self) -> int:
        """The width of the widest line."""
        lines = map(self._layout.lineAt, range(self._layout.lineCount()))
        return math.ceil(max((line.naturalTextWidth() for line in lines), default=0.0))

    def draw(
        self,
        painter: QPainter,
        at: QPointF,
        color: QColor,
        clip: QRectF,
        marks: Formats = NONE,
    ) -> None:
        """Paint at `at` with `marks` laid over the text, leaving out lines that do not touch `clip`."""
        painter.setPen(color)
        over = part(marks, 0, len(self.text))
        worn = self._wear(over if len(over) > FEW_MARKS else NONE)
        self._layout.draw(painter, at, [] if worn else self._ranges(over), clip)

    def _ranges(self, formats: Formats) -> list[QTextLayout.FormatRange]:
        to_qt = self._offsets.to_qt
        return [format_range(to_qt(a), to_qt(b), look) for a, b, look in formats]

    def _wear(self, marks: Formats) -> bool:
        """Make `marks` formats of the text itself, if its lines stay as they are; whether it has some.

        That takes as long as one painting does, and then no painting takes longer.
        """
        if marks and marks == self._unfit:
            return False
        if marks != self._worn:
            before = self._breaks()
            self._put_on(marks)
            if marks and self._breaks() != before:
                self._unfit = marks
                self._put_on(NONE)
                return False
        return bool(marks)

    def _put_on(self, marks: Formats) -> None:
        self._worn = marks
        self._layout.setFormats(self._ranges([*self._formats, *marks]))
        self.wrap(self._width)

    def _breaks(self) -> list[int]:
        """Where each line starts, and the height of all."""
        lines = map(self._layout.lineAt, range(self._layout.lineCount()))
        return [*(line.textStart() for line in lines), self.height]

    def hit(self, x: float, y: float) -> int:
        """The position nearest to a point."""
        line = self._line_at(y)
        return self._offsets.from_qt(line.xToCursor(x)) if line is not None else 0

    def over(self, x: float, y: float) -> int | None:
        """The position of the character under a point, None beside the text."""
        line = self._line_at(y)
        if line is None or not 0 <= y < self.height:
            return None
        text = line.naturalTextRect()
        if not text.left() <= x < text.right():
            return None
        edge = line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)
        return self._offsets.from_qt(edge)

    def spot(self, position: int) -> tuple[float, float]:
        """Where a caret before `position` stands: x, and the middle of the line as y."""
        at = self._offsets.to_qt(min(position, len(self.text)))
        line = self._layout.lineForTextPosition(at)
        if not line.isValid():
            return self.end()
        return float(line.cursorToX(at)[0]), line.y() + line.height() / 2  # type: ignore[index]

    def areas(self, start: int, end: int) -> list[QRectF]:
        """Where text[start:end] stands: an area for each line that it reaches into."""
        first, last = self._offsets.to_qt(start), self._offsets.to_qt(end)
        found: list[QRectF] = []
        for line in map(self._layout.lineAt, range(self._layout.lineCount())):
            low, high = max(first, line.textStart()), min(last, line.textStart() + line.textLength())
            if low < high:
                edges = (float(line.cursorToX(at)[0]) for at in (low, high))  # type: ignore[index]
                left, right = sorted(edges)
                area = QRectF(left, line.y(), right - left, line.height())
                found.append(area & line.naturalTextRect())  # without the space at which it was broken
        return found

    def end(self) -> tuple[float, float]:
        """Where the last line ends: x, and the middle of the line as y."""
        count = self._layout.lineCount()
        if not count:
            return 0.0, self._line_height / 2
        line = self._layout.lineAt(count - 1)
        text = line.naturalTextRect()
        return text.left() if self.right_to_left else text.right(), line.y() + line.height() / 2

    def steady(self, position: int) -> int:
        """How far down a text would look the same that differs from this one from `position` on.

        The line before the difference may change with it: a word that is cut short moves up. The
        last line counts as changed, too, and the first letter decides which way a text runs.
        """
        line = self._layout.lineForTextPosition(self._offsets.to_qt(position))
        if not line.isValid() or not any(map(str.isalpha, self.text[:position])):
            return 0
        return self._tops[max(0, line.lineNumber() - 1)]

    def _line_at(self, y: float) -> QTextLine | None:
        count = self._layout.lineCount()
        for index in range(count):
            line = self._layout.lineAt(index)
            if y < line.y() + line.height() or index == count - 1:
                return line
        return None
