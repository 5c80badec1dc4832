"""The row below a message: how it ended, what it cost, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from ui.theme import icons
from ui.transcript.paragraph import Paragraph
from ui.transcript.style import NO_PEN

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.transcript.entry import Badge, Entry, EntryAction
    from ui.transcript.style import TranscriptStyle

PADDING = 6
LEAST = 28
"""Width of what can be clicked, however short its word is."""
ROW = 28
ICON = 16
BADGE_HEIGHT = 20
BADGE_PADDING = 8
BADGE_TINT = 0.10
"""Share of a badge's colour in its ground."""
LONGEST = 400
"""Characters of a badge."""
_GAP = 8
_NO_CLIP = QRectF()


class _Item(NamedTuple):
    """Something in the row; `width` is the room it takes, all of which can be clicked."""

    paragraph: Paragraph
    width: int
    action: EntryAction | None = None
    badge: Badge | None = None


class MessageActions:
    """Flows from left to right, or from the right edge for a question, in as many rows as it takes.

    Quiet actions have their room from the start, so that nothing moves when they are drawn.
    """

    def __init__(self, entry: Entry, style: TranscriptStyle, width: int) -> None:
        self._style = style
        self._width = width
        items = [self._badge(badge) for badge in entry.badges]
        if entry.metrics:
            items.append(self._words(entry.metrics))
        loud = [self._action(action) for action in entry.actions if not action.quiet]
        quiet = [self._action(action) for action in entry.actions if action.quiet]
        self._right = entry.role == "user"
        self._items = items + (quiet + loud if self._right else loud + quiet)
        self.row_height = ROW if entry.actions else max(style.caption_height, BADGE_HEIGHT * bool(items))
        self._places = self._flow()
        self.height = max((place.bottom() for place in self._places), default=0.0)

    def _flow(self) -> list[QRectF]:
        """Where each item stands, from the top left corner of the rows."""
        places: list[QRectF] = []
        x, y, start = 0.0, 0.0, 0
        for number, item in enumerate(self._items):
            outdent = PADDING if item.action is not None else 0
            if x and x - outdent + self._together(number) - outdent > self._width:
                self._align(places, start)
                x, y, start = 0.0, y + self.row_height, number
            left = x - outdent
            places.append(QRectF(left, y, item.width, self.row_height))
            x = left + item.width + (_GAP + PADDING if item.action is None else PADDING)
        self._align(places, start)
        return places

    def _together(self, number: int) -> int:
        """The room of an item with what stands in the same row: "‹ 2 of 3 ›" is not torn apart."""
        width = self._items[number].width
        following = self._items[number + 1 : number + 3]
        if len(following) == 2 and following[0].action is not None and not following[0].action.id:
            width += sum(PADDING + item.width for item in following)
        return width

    def _align(self, places: list[QRectF], start: int) -> None:
        """Move the row that begins at item `start` to the right edge, where it belongs there."""
        if self._right and len(places) > start:
            hanging = PADDING if self._items[len(places) - 1].action is not None else 0
            room = self._width + hanging - places[-1].right()
            for number in range(start, len(places)):
                places[number].translate(room, 0)

    def _badge(self, badge: Badge) -> _Item:
        paragraph = self._paragraph(badge.text[:LONGEST], bold=False)
        width = min(paragraph.natural_width, self._width - 2 * BADGE_PADDING) + 2 * BADGE_PADDING
        return _Item(paragraph, width, badge=badge)

    def _words(self, text: str) -> _Item:
        paragraph = self._paragraph(text, bold=False)
        return _Item(paragraph, paragraph.natural_width)

    def _action(self, action: EntryAction) -> _Item:
        if action.quiet and action.icon:
            return _Item(self._paragraph("", bold=False), LEAST, action)
        paragraph = self._paragraph(action.text, bold=bool(action.id) and not action.quiet)
        natural = paragraph.natural_width + 2 * PADDING
        return _Item(paragraph, max(natural, LEAST) if action.id else natural, action)

    def _paragraph(self, text: str, *, bold: bool) -> Paragraph:
        style = self._style
        shown = text.replace("\r", " ").replace("\n", " ")
        made = Paragraph(shown, style.caption_bold if bold else style.caption, [], style.caption_height)
        made.wrap(None)
        return made

    def action_at(self, x: float, y: float) -> str:
        """The id of the action at a point of the rows, or ""."""
        for item, place in zip(self._items, self._places, strict=True):
            if item.action is not None and place.contains(x, y):
                return item.action.id
        return ""

    def area_of(self, action_id: str) -> QRectF | None:
        """Where an action stands in the rows, None for one that is not there."""
        for item, place in zip(self._items, self._places, strict=True):
            if item.action is not None and item.action.id == action_id:
                return QRectF(place)
        return None

    def draw(self, painter: QPainter, at: QPointF) -> None:
        """Paint all but the quiet actions with the top left corner of the rows at a point."""
        for item, place in zip(self._items, self._places, strict=True):
            if item.badge is not None:
                self._draw_badge(painter, item, place.translated(at))
            elif item.action is None or not item.action.quiet:
                link = item.action is not None and item.action.id
                colour = self._style.palette.accent if link else self._style.muted
                self._draw_words(painter, item, place.translated(at), colour)

    def draw_quiet(self, painter: QPainter, at: QPointF) -> None:
        """Paint the quiet actions."""
        ratio = painter.device().devicePixelRatioF()
        for item, place in zip(self._items, self._places, strict=True):
            if item.action is None or not item.action.quiet:
                continue
            box = place.translated(at)
            if item.action.icon:
                drawn = icons.pixmap(item.action.icon, "text_muted", ICON, ratio)
                painter.drawPixmap(box.center() - QPointF(ICON / 2, ICON / 2), drawn)
            else:
                self._draw_words(painter, item, box, self._style.muted)

    def _draw_words(self, painter: QPainter, item: _Item, box: QRectF, colour: QColor) -> None:
        inset = (item.width - item.paragraph.natural_width) / 2 if item.action is not None else 0
        top = box.top() + (box.height() - item.paragraph.height) / 2
        item.paragraph.draw(painter, QPointF(box.left() + inset, top), colour, _NO_CLIP)

    def _draw_badge(self, painter: QPainter, item: _Item, box: QRectF) -> None:
        assert item.badge is not None
        colour, ground = badge_colours(item.badge.tone, self._style)
        pill = QRectF(box.left(), box.center().y() - BADGE_HEIGHT / 2, item.width, BADGE_HEIGHT)
        painter.setPen(NO_PEN)
        painter.setBrush(ground)
        painter.drawRoundedRect(pill, BADGE_HEIGHT / 2, BADGE_HEIGHT / 2)
        top = pill.center().y() - item.paragraph.height / 2
        painter.save()
        painter.setClipRect(pill.adjusted(BADGE_PADDING / 2, 0, -BADGE_PADDING / 2, 0))
        item.paragraph.draw(painter, QPointF(pill.left() + BADGE_PADDING, top), colour, _NO_CLIP)
        painter.restore()


def badge_colours(tone: str, style: TranscriptStyle) -> tuple[QColor, QColor]:
    """Text and ground of a badge."""
    palette = style.palette
    colour = {"warning": palette.warning, "danger": palette.danger}.get(tone, palette.text_muted)
    return colour, style.veil(colour, BADGE_TINT)
