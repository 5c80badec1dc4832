"""Stretches of answers that stand for something elsewhere: marked, pointed at and clicked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QTextCharFormat

from ui.transcript.block import NOTICE, Kind
from ui.transcript.span_map import SpanMap, overlapping

if TYPE_CHECKING:
    from ui.transcript.arrangement import Arrangement
    from ui.transcript.block import Block
    from ui.transcript.message import Message
    from ui.transcript.paragraph import Formats
    from ui.transcript.view import TranscriptView

MARKED = 0.3
"""Share of a span's colour in the ground of its words while it is meant."""
BESIDE = 1.2
"""Widths of a letter that the pointer may be from the nearest place of the text."""


class SpanMark(NamedTuple):
    """Characters of a message's source, from `start` to before `end`, that stand for `key`, in the
    colour of a role of the palette."""

    start: int
    end: int
    key: str
    role: str


class _Marked:
    """The spans of one message, by their starts."""

    def __init__(self, spans: Iterable[SpanMark]) -> None:
        self.spans = sorted(spans, key=lambda span: (span.start, span.end))
        self.starts = [span.start for span in self.spans]
        self.longest = max((span.end - span.start for span in self.spans), default=0)
        self.map = SpanMap()
        self.meant: frozenset[str] = frozenset()
        self.known: dict[int, tuple[object, list[SpanMark]]] = {}


class Spans(QObject):
    """Knows of the messages that have spans; all others cost a look into a dictionary."""

    hovered = Signal(str, str)
    """The id of a message, and the key of the span of it under the pointer, "" for none any more."""
    clicked = Signal(str, str)
    """The id of a message and the key of one of its spans."""

    def __init__(self, view: TranscriptView, arrangement: Arrangement) -> None:
        super().__init__(view)
        self._viewport = view.viewport()
        self._arrangement = arrangement
        self._messages: dict[str, _Marked] = {}
        self._over = ("", "")
        self._pressed: tuple[QPointF, tuple[str, str]] | None = None
        self._viewport.installEventFilter(self)

    def set_spans(self, message_id: str, spans: Iterable[SpanMark]) -> None:
        """Mark these spans of a message, and no others; keys may stand in several places."""
        before, marked = self._messages.pop(message_id, None), _Marked(spans)
        if marked.spans:
            self._messages[message_id] = marked
            if before is not None:
                marked.map, marked.meant = before.map, before.meant
        if marked.spans or before is not None:
            self._repaint(message_id)

    def highlight(self, message_id: str, keys: Collection[str]) -> None:
        """Let spans of a message stand out, and no others of it."""
        marked = self._messages.get(message_id)
        if marked is not None and marked.meant != frozenset(keys):
            marked.meant = frozenset(keys)
            self._repaint(message_id)

    def marks(self, message: Message, block: int) -> Formats:
        """What is to be laid under a block's text."""
        marked = self._messages.get(message.entry.id)
        if marked is None or block == NOTICE:
            return []
        style = self._arrangement.style
        code = (message.blocks or [])[block].kind is Kind.CODE
        formats: Formats = []
        for span in self._in_block(marked, message, block):
            if span.key in marked.meant:
                look = QTextCharFormat()
                look.setBackground(style.veil(style.palette.color(span.role), MARKED))
                look.setForeground(style.palette.text)
            elif code:
                continue
            else:
                look = QTextCharFormat()
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
                look.setUnderlineColor(style.palette.text_muted)
            formats.append((span.start, span.end, look))
        return formats

    def at(self, point: QPointF) -> tuple[str, str]:
        """The id of a message and the key of its span at a point of the view, or empty ones."""
        placed = next(
            (p for p in self._arrangement.visible if p.top <= point.y() < p.top + p.message.height), None
        )
        marked = self._messages.get(placed.message.entry.id) if placed is not None else None
        if placed is None or marked is None:
            return "", ""
        message = placed.message
        x, y = point.x() - self._arrangement.left, point.y() - placed.top
        block, position = message.hit(x, y)
        if block not in message.text_blocks or not self._is_on_text(message, block, position, x, y):
            return "", ""
        found = [s for s in self._in_block(marked, message, block) if s.start <= position <= s.end]
        smallest = min(found, key=lambda span: span.end - span.start, default=None)
        return (message.entry.id, smallest.key) if smallest is not None else ("", "")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the mouse; what it does to the text remains the pointer's matter."""
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self._hover(("", ""))
        elif isinstance(event, QMouseEvent) and self._messages:
            self._follow(event)
        return False

    def _follow(self, event: QMouseEvent) -> None:
        kind, point = event.type(), event.position()
        if kind == QEvent.Type.MouseMove and not event.buttons():
            self._hover(self.at(point))
        elif event.button() != Qt.MouseButton.LeftButton:
            return
        elif kind == QEvent.Type.MouseButtonPress:
            self._pressed = point, self.at(point)
        elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            (pressed, span), self._pressed = self._pressed, None
            near = (point - pressed).manhattanLength() < QGuiApplication.styleHints().startDragDistance()
            if span[0] and near:
                self.clicked.emit(*span)

    def _hover(self, span: tuple[str, str]) -> None:
        if span == self._over:
            return
        before, self._over = self._over, span
        if before[0] and before[0] != span[0]:
            self.hovered.emit(before[0], "")
        if span[0]:
            self.hovered.emit(*span)

    def _is_on_text(self, message: Message, block: int, position: int, x: float, y: float) -> bool:
        """Whether a point of a message is on the text near a position, not just nearest to it."""
        style = self._arrangement.style
        left, top = message.box(block).spot(position)
        left += message.frame.text_left(message.natural_width)
        beside = abs(x - left) <= BESIDE * max(style.char_width, style.code_width)
        return beside and abs(y - message.tops[block] - top) <= style.line_height * 0.6

    def _in_block(self, marked: _Marked, message: Message, block: int) -> list[SpanMark]:
        """The spans of a block, as positions of its text; found anew only when it has changed."""
        inside = message.text_blocks
        if block not in inside or message.blocks is None:
            return []
        shown = message.blocks[block]
        state = shown, shown.version
        known = marked.known.get(block)
        if known is None or known[0] != state:
            blocks = message.blocks[inside.start : inside.stop]
            found = _found(marked, message, blocks, block - inside.start)
            known = marked.known[block] = state, found
        return known[1]

    def _repaint(self, message_id: str) -> None:
        for placed in self._arrangement.visible:
            if placed.message.entry.id == message_id:
                self._viewport.update(0, placed.top, self._viewport.width(), placed.message.height)


def _found(marked: _Marked, message: Message, blocks: list[Block], number: int) -> list[SpanMark]:
    """What is read of the spans in the block of that number among those of the text."""
    source = message.entry.text
    first, last = marked.map.range_of(source, blocks, number)
    text = partial(message.text_of, message.text_blocks.start + number)
    found: list[SpanMark] = []
    for place in overlapping(marked.starts, marked.longest, first, last):
        span = marked.spans[place]
        inside = max(first, span.start), min(last, span.end)
        part = marked.map.shown(source, blocks, number, text, inside) if inside[0] < inside[1] else None
        if part is not None:
            found.append(span._replace(start=part[0], end=part[1]))
    return found
