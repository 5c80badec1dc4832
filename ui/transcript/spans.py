"""Stretches of answers that stand for something elsewhere: marked, pointed at and clicked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QTextCharFormat

from ui.transcript.markdown.block import NOTICE, Kind
from ui.transcript.span_map import Read, SpanMap, overlapping

if TYPE_CHECKING:
    from ui.transcript.blocks.paragraph import Formats
    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.markdown.block import Block
    from ui.transcript.markdown.styled_text import Span
    from ui.transcript.messages.message import Message
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


class SpanMarks:
    """The spans of one message in the order of their starts. Any thread may make it."""

    def __init__(self, spans: Iterable[SpanMark] = ()) -> None:
        self.spans = sorted(spans)
        self.starts = [span.start for span in self.spans]
        self.longest = max((span.end - span.start for span in self.spans), default=0)
        self.by_key: dict[str, list[SpanMark]] = {}
        for span in self.spans:
            self.by_key.setdefault(span.key, []).append(span)

    def within(self, start: int, end: int) -> list[SpanMark]:
        """Those that reach into some characters of the source."""
        found = overlapping(self.starts, self.longest, start, end)
        return [span for span in self.spans[found.start : found.stop] if span.end > start]


class _Marked:
    """What is known of the spans of a message, and which of them stand out."""

    def __init__(self, marks: SpanMarks) -> None:
        self.marks = marks
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
        self._stale: set[str] = set()
        # One frame after the shapes that are meant: to paint either can take half of one.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._repaint_stale)
        self._viewport.installEventFilter(self)

    def set_spans(self, message_id: str, marks: SpanMarks) -> None:
        """Mark these spans of a message, and no others; keys may stand in several places."""
        before, marked = self._messages.pop(message_id, None), _Marked(marks)
        if marks.spans:
            self._messages[message_id] = marked
            if before is not None:
                marked.map, marked.meant = before.map, before.meant
        if marks.spans or before is not None:
            self._repaint(message_id)

    def highlight(self, message_id: str, keys: Collection[str]) -> None:
        """Let spans of a message stand out, and no others of it."""
        marked = self._messages.get(message_id)
        if marked is not None and marked.meant != frozenset(keys):
            marked.meant = frozenset(keys)
            self._stale.add(message_id)
            self._later.start()

    def _repaint_stale(self) -> None:
        for message_id in self._stale:
            self._repaint(message_id)
        self._stale.clear()

    def marks(self, message: Message, block: int) -> Formats:
        """What is to be laid under a block's text."""
        marked = self._messages.get(message.entry.id)
        if marked is None or block == NOTICE:
            return []
        coloured = block in message.text_blocks and bool(message.places_of(block))
        looks: dict[tuple[str, bool], QTextCharFormat] = {}
        formats: Formats = []
        for span in self._to_show(marked, message, block):
            alike = span.role, span.key in marked.meant
            if alike not in looks:  # hundreds may look alike
                looks[alike] = self._look(*alike, coloured=coloured)
            formats.append((span.start, span.end, looks[alike]))
        return formats

    def _look(self, role: str, meant: bool, *, coloured: bool) -> QTextCharFormat:
        """How the text of a span looks."""
        look, style = QTextCharFormat(), self._arrangement.style
        if meant:
            look.setBackground(style.veil(style.palette.color(role), MARKED))
            look.setForeground(style.palette.text)
        elif coloured:
            look.setForeground(style.legible(role))
        else:
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            look.setUnderlineColor(style.palette.text_muted)
        return look

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
        if block not in message.text_blocks or (message.blocks or [])[block].is_folded:
            return "", ""
        if not self._is_on_text(message, block, position, x, y):
            return "", ""
        blocks, number, text = _text_blocks(message, block)
        place = marked.map.source_of(message.entry.text, blocks, number, text, position)
        found = marked.marks.within(place, place + 1)
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

    def _to_show(self, marked: _Marked, message: Message, block: int) -> list[SpanMark]:
        """The spans that are seen in a block, as positions of its text.

        In code that is what stands out: what else it has is of one kind, and may be thousands. What is
        folded has one line, which stands out where any of it does.
        """
        if block not in message.text_blocks or message.blocks is None:
            return []
        shown = message.blocks[block]
        if shown.is_folded:
            return _folded(marked, shown)
        code = shown.kind is Kind.CODE
        state = shown, shown.version, marked.meant if code else None
        known = marked.known.get(block)
        if known is None or known[0] != state:
            known = marked.known[block] = state, _read_in(marked, message, block, only_meant=code)
        return known[1]

    def _repaint(self, message_id: str) -> None:
        for placed in self._arrangement.visible:
            if placed.message.entry.id == message_id:
                self._viewport.update(0, placed.top, self._viewport.width(), placed.message.height)


def _folded(marked: _Marked, block: Block) -> list[SpanMark]:
    """What stands out of what is folded into the line of a block; no text of it is read for that."""
    fold = block.gathered
    if fold is None or not block.leads:
        return []
    meant = (span for key in marked.meant for span in marked.marks.by_key.get(key, ()))
    return [span._replace(start=0, end=1) for span in meant if fold.start <= span.start < fold.end][:1]


def _read_in(marked: _Marked, message: Message, block: int, *, only_meant: bool) -> list[SpanMark]:
    """What is read of spans in a block: of all, or of those that stand out."""
    source, (blocks, number, text) = message.entry.text, _text_blocks(message, block)
    first, last = marked.map.range_of(source, blocks, number)
    if only_meant:
        spans = [span for key in marked.meant for span in marked.marks.by_key.get(key, ())]
    else:
        spans = marked.marks.within(first, last)
    spans = [span for span in spans if max(first, span.start) < min(last, span.end)]
    inside = [(max(first, span.start), min(last, span.end)) for span in spans]
    parts = marked.map.shown(source, blocks, number, text, inside) if spans else []
    return [
        SpanMark(*part, span.key, span.role)
        for span, part in zip(spans, parts, strict=True)
        if part is not None
    ]


def _text_blocks(message: Message, block: int) -> tuple[list[Block], int, Read]:
    """The blocks of a message's text, the number of one among them, and what tells its text."""
    inside = message.text_blocks
    blocks = (message.blocks or [])[inside.start : inside.stop]
    return blocks, block - inside.start, partial(_read, message, block)


def _read(message: Message, block: int) -> tuple[str, tuple[Span, ...]]:
    return message.text_of(block), message.places_of(block)
