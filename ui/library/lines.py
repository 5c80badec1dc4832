"""Places that a search found, and things in the trash: rows of a title and some words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from ui.library.row_delegate import GAP, SIDE, TILE, TextLine, Tiles, paint_ground, row_height
from ui.library.rows import Line
from ui.signs import signs
from ui.theme import fonts, palette

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFont

    from ui.widgets.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
Marks = tuple[tuple[int, int], ...]
TEXT_LINES = 2
BEFORE = 24
"""So many characters of a text are shown before the first mark, or a few more to begin with a word."""


class LineModel(QAbstractListModel):
    """Lines as they are given."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Line, ...] = ()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines in the place of those before."""
        if tuple(lines) != self.lines:
            self.beginResetModel()
            self.lines = tuple(lines)
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.NoItemFlags
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (line.title, line.text, line.when)))
        return None


def line_height() -> int:
    """Of a line with all its words, in logical pixels."""
    caption = QFontMetrics(fonts.font("caption")).height()
    return QFontMetrics(fonts.font("label")).height() + (TEXT_LINES + 1) * caption + 20


def low_height() -> int:
    """Of a line without a text, in logical pixels."""
    return row_height() + 4


class LineDelegate(QStyledItemDelegate):
    """A tile, the title, two lines of text with what was searched for marked, and when it was."""

    def __init__(self, thumbnails: Thumbnails, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._tiles = Tiles(thumbnails)
        self._view = view
        self._title, self._when = TextLine("label"), TextLine("caption")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, LineModel)
        line = model.lines[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, self._view, option.rect, index)
        inside = option.rect.adjusted(SIDE + 8, 8, -SIDE - 8, -8)
        tile = QRect(inside.left(), inside.top() + 2, TILE, TILE)
        self._tiles.draw(painter, tile, line.picture, line.icon)
        self._paint_words(painter, inside.adjusted(TILE + GAP, 0, 0, 0), line)
        painter.restore()

    def _paint_words(self, painter: QPainter, room: QRect, line: Line) -> None:
        colors = palette.current()
        label, caption = fonts.font("label"), fonts.font("caption")
        height, small = self._title.height, self._when.height
        top = QRect(room.left(), room.top(), room.width(), height)
        painter.setPen(colors.text)
        if line.text:
            self._title.draw(painter, top, line.title, colors.text)
        else:
            draw_marked(painter, top, label, line.title, line.marks, lines=1)
        words = QRect(room.left(), top.bottom() + 1, room.width(), small * TEXT_LINES)
        painter.setPen(colors.text)
        used = draw_marked(painter, words, caption, line.text, line.marks) if line.text else 0
        when = QRect(room.left(), top.bottom() + 1 + used, room.width(), small)
        self._when.draw(painter, when, line.when, colors.text_muted)


def draw_marked(
    painter: QPainter, room: QRect, font: QFont, text: str, marks: Marks, *, lines: int = TEXT_LINES
) -> int:
    """Draw the beginning of a text, or where its first mark is further on, from near there, with the
    marks in bold. Returns the height it took."""
    text, marks = from_first_mark(signs(text), marks)
    layout = QTextLayout(text, font)
    height, end = _lay_out(layout, marks, room.width(), lines)
    units = text.encode("utf-16-le", "surrogatepass")
    if end < len(units) // 2:
        shorter = units[: 2 * end].decode("utf-16-le", "ignore").rstrip()[:-1].rstrip() + "…"
        layout = QTextLayout(shorter, font)
        height, _ = _lay_out(layout, marks, room.width(), lines)
    layout.draw(painter, QPointF(room.topLeft()))
    return round(height)


def _lay_out(layout: QTextLayout, marks: Marks, width: int, lines: int) -> tuple[float, int]:
    """Break a text into at most `lines`; returns their height, and how far they go (UTF-16)."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(_formats(layout.text(), marks))
    layout.beginLayout()
    height, end = 0.0, 0
    for _ in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height()
        end = line.textStart() + line.textLength()
    layout.endLayout()
    return height, end


def from_first_mark(text: str, marks: Marks) -> tuple[str, Marks]:
    """A text from a word shortly before its first mark on, with the marks where they are then."""
    if not marks or marks[0][0] <= BEFORE:
        return text, marks
    first = marks[0][0]
    space = text.find(" ", first - BEFORE, first)
    cut = space + 1 if space >= 0 else first - BEFORE
    return "…" + text[cut:], tuple((start - cut + 1, end - cut + 1) for start, end in marks)


def _formats(text: str, marks: Marks) -> list[QTextLayout.FormatRange]:
    """Qt counts in UTF-16."""
    made = []
    for start, end in marks:
        form = QTextLayout.FormatRange()
        form.start = _units(text[:start])
        form.length = _units(text[start:end])
        looks = QTextCharFormat()
        looks.setFontWeight(600)
        looks.setForeground(palette.current().accent)
        form.format = looks
        made.append(form)
    return made


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
