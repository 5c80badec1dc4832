"""A block in its place: distance to the block above, indent, list marker, quote bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from ui.transcript.blocks.code_block import CodeBlock
from ui.transcript.blocks.container_marks import draw_containers
from ui.transcript.blocks.places_line import BELOW, HEIGHT, PlacesLine
from ui.transcript.blocks.rule_block import RuleBlock
from ui.transcript.blocks.style import INDENT, QUOTE_INDENT
from ui.transcript.blocks.table_block import TableBlock
from ui.transcript.blocks.text_block import TextBlock
from ui.transcript.markdown.block import Block, Kind

if TYPE_CHECKING:
    from ui.transcript.blocks.paragraph import Formats
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.styled_text import Span

PARAGRAPH_GAP = 12
ITEM_GAP = 4
HEADING_GAP = 22
NARROWEST = 80
_RULE = 2


class Content(Protocol):
    """What a block shows; distances are from its own top left corner."""

    @property
    def text(self) -> str:
        """Its plain text; positions in it are code points."""

    @property
    def natural_width(self) -> int:
        """The width that its text takes."""

    @property
    def steady(self) -> int:
        """The height down to which the last change left everything as it was, the last line apart."""

    @property
    def places(self) -> tuple[Span, ...]:
        """What of its text stands for markup of places."""

    def copied(self, start: int, end: int) -> str:
        """What a copy of text[start:end] gives: as written, where it is shown otherwise."""

    def wrap(self, width: int) -> int:
        """Lay out in `width`; return the height."""

    def draw(self, painter: QPainter, at: QPointF, clip: QRectF, marks: Formats) -> None:
        """Paint at `at`, with `marks` laid over the text."""

    def hit(self, x: float, y: float) -> int:
        """The text position nearest to a point."""

    def spot(self, position: int) -> tuple[float, float]:
        """Where a caret stands before a text position: x, and the middle of its line as y."""

    def link_at(self, x: float, y: float) -> str:
        """The address under a point, or ""."""

    def end(self) -> tuple[float, float] | None:
        """Where a caret stands after the text, None where it has no place."""


def content_of(block: Block, style: TranscriptStyle) -> Content:
    """The content that shows a block of its kind."""
    if block.kind is Kind.CODE:
        return CodeBlock(block, style)
    if block.kind is Kind.TABLE:
        return TableBlock(block, style)
    if block.kind is Kind.RULE:
        return RuleBlock(block, style)
    return TextBlock(block, style)


def gap_above(block: Block, *, first: bool) -> int:
    """The distance to the block above in logical pixels."""
    if first or block.continued:
        return 0
    if block.kind is Kind.HEADING:
        return HEADING_GAP if block.level <= 2 else PARAGRAPH_GAP + 4
    in_list = bool(block.containers) and not block.containers[-1].quote
    opened = block.containers[block.joined :]
    if in_list and opened and not block.spaced and (block.joined or not opened[0].starts_list):
        return ITEM_GAP
    return PARAGRAPH_GAP


def indent_of(block: Block) -> int:
    """How far its containers push it to the right, or to the left where it runs from there."""
    own = INDENT if block.kind is Kind.MATHS else 0
    return own + sum(QUOTE_INDENT if container.quote else INDENT for container in block.containers)


def prefix_of(block: Block) -> str:
    """The list markers that stand before its text in a plain-text copy."""
    opened = [container.sign for container in block.containers[block.joined :] if container.sign]
    if not opened or block.continued:
        return ""
    depth = sum(bool(container.sign) for container in block.containers) - len(opened)
    return "  " * depth + " ".join(opened) + " "


def _surroundings(block: Block) -> object:
    """What its gap, indent, markers and bars depend on."""
    containers = [(each.indent, each.sign, each.starts_list) for each in block.containers]
    return containers, block.joined, block.spaced, block.continued, block.right_to_left


class BlockBox:
    """A block's content with everything around it."""

    def __init__(self, block: Block, style: TranscriptStyle, *, first: bool) -> None:
        self.block = block
        self.content = content_of(block, style)
        self.gap = gap_above(block, first=first)
        self.height = 0
        self.steady = 0
        """The height down to which the last change left everything as it was."""
        self._first = first
        self._style = style
        self._indent = style.inset + indent_of(block)
        self._version = -1
        self._kind = block.kind
        self._width = -1
        self._mirrored = block.right_to_left
        self._around = _surroundings(block)
        self.line: PlacesLine | None = None
        """What stands above the first of blocks that tell of places, or in place of them."""

    def wrap(self, width: int) -> int:
        """Lay out in `width` unless nothing changed; return the height, the gap above included."""
        block = self.block
        if self._version == block.version and self._width == width:
            return self.height
        if self._kind is not block.kind:
            self._kind = block.kind
            self.content = content_of(block, self._style)
        around, self._around = self._around, _surroundings(block)
        self.gap, self._indent = gap_above(block, first=self._first), self._style.inset + indent_of(block)
        self._version, self._width, self._mirrored = block.version, width, block.right_to_left
        self._add_line(max(NARROWEST, width - self._indent))
        if block.is_folded:
            self.height, self.steady = self.gap, 0
            return self.height
        self.height = self.gap + self.content.wrap(max(NARROWEST, width - self._indent))
        self.steady = self.gap + self.content.steady if around == self._around and self.content.steady else 0
        return self.height

    def _add_line(self, width: int) -> None:
        """Give the line about places its room, which counts as a part of the gap."""
        gathered = self.block.gathered
        self.line = None
        if gathered is not None and self.block.leads:
            self.line = PlacesLine(gathered, self._style)
            self.line.width = width
            self.gap += HEIGHT + BELOW * gathered.open
        elif self.block.is_folded:
            self.gap = 0

    @property
    def line_area(self) -> QRectF | None:
        """Where a click folds and unfolds places; None where there are none."""
        return self.line.area.translated(self._left, self._line_top) if self.line is not None else None

    @property
    def _line_top(self) -> int:
        return self.gap - HEIGHT - BELOW * (not self.block.is_folded)

    @property
    def natural_width(self) -> int:
        """The width that it takes with its indent."""
        if self.block.is_folded:
            return self._indent + round(self.line.area.right() if self.line is not None else 0)
        return self._indent + self.content.natural_width

    def draw(self, painter: QPainter, at: QPointF, clip: QRectF, marks: Formats) -> None:
        """Paint at `at`, the top of the gap above."""
        self._draw_containers(painter, at)
        if self.line is not None:
            self.line.draw(painter, at + QPointF(self._left, self._line_top), marks)
        if not self.block.is_folded:
            self.content.draw(painter, at + self.origin, clip, marks)

    def hit(self, x: float, y: float) -> int:
        """The text position nearest to a point."""
        return 0 if self.block.is_folded else self.content.hit(x - self._left, y - self.gap)

    def spot(self, position: int) -> tuple[float, float]:
        """Where a caret stands before a text position: x, and the middle of its line as y."""
        if self.block.is_folded:
            return float(self._left), max(0, self.gap - HEIGHT / 2)
        x, y = self.content.spot(position)
        return x + self._left, y + self.gap

    def link_at(self, x: float, y: float) -> str:
        """The address under a point, or ""."""
        return "" if self.block.is_folded else self.content.link_at(x - self._left, y - self.gap)

    def end(self) -> tuple[float, float] | None:
        """Where a caret stands after the text."""
        end = self.content.end()
        return (end[0] + self._left, end[1] + self.gap) if end is not None else None

    @property
    def _left(self) -> int:
        """Where its content starts: what it stands in is at its right where it runs from there."""
        return self._style.inset if self._mirrored else self._indent

    @property
    def origin(self) -> QPointF:
        """Where its content starts."""
        return QPointF(self._left, self.gap)

    @property
    def unread(self) -> bool:
        """Whether colours of what was painted are still to be read."""
        return isinstance(self.content, CodeBlock) and self.content.unread and not self.block.is_folded

    def read_on(self, deadline: float) -> tuple[int, int]:
        """Read colours until time.perf_counter() passes `deadline`; between which heights some changed."""
        top, bottom = self.content.read_on(deadline) if isinstance(self.content, CodeBlock) else (0, 0)
        return top + self.gap, bottom + self.gap

    def _draw_containers(self, painter: QPainter, at: QPointF) -> None:
        style, block = self._style, self.block
        if style.inset:
            painter.fillRect(QRectF(at.x(), at.y(), _RULE, self.height), style.line)
        if block.containers:
            area = QRectF(at.x() + style.inset, at.y(), self._width - style.inset, self.height)
            draw_containers(painter, area, self.gap, block, style, mirrored=self._mirrored)
