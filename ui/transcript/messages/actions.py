"""The row below a message: how it ended, what it cost, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from ui.signs import one_line
from ui.theme import icons
from ui.transcript.blocks.paragraph import Paragraph
from ui.transcript.blocks.style import NO_PEN

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.entry import Badge, Entry, EntryAction

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
"""Characters of a badge, of a part of the metrics, and of an action."""
SEPARATOR = " · "
"""Between the parts of the metrics."""
PARTS_GAP = 4
MOST_PARTS = 24
FACTS_GAP = 4
"""Below each row of badges and metrics that actions follow."""
_GAP = 8
_NO_CLIP = QRectF()


class _Item(NamedTuple):
    """Something in the row; `width` is the room it takes, all of which can be clicked, and `after` the
    distance to what follows. `whole` is what it says where that is cut short."""

    paragraph: Paragraph
    width: int
    after: int = PADDING
    action: EntryAction | None = None
    badge: Badge | None = None
    whole: str = ""


_Group = list[_Item]
"""What stands in one row, unless a row is too narrow even for it alone."""


class MessageActions:
    """Flows from left to right, or from the right edge for a question, in as many rows as it takes.

    How an answer ended and what it cost has rows of its own, unless nothing but quiet actions follows
    and all is one row. Quiet actions have their room from the start, so that nothing moves when they
    are drawn.
    """

    def __init__(self, entry: Entry, style: TranscriptStyle, width: int) -> None:
        self._style = style
        self._width = width
        self._right = entry.role == "user"
        facts = [[self._badge(badge)] for badge in entry.badges] + self._metrics(entry.metrics)
        loud = _together([self._action(action) for action in entry.actions if not action.quiet])
        quiet = [[self._action(action) for action in entry.actions if action.quiet]]
        groups = quiet + loud if self._right else loud + quiet
        self._items = [item for group in facts + groups for item in group]
        self._places: list[QRectF] = []
        low = max(style.caption_height, BADGE_HEIGHT * bool(facts))
        bottom = self._flow(facts + groups, 0.0, ROW if entry.actions else low)
        self.apart = bool(facts and entry.actions) and (bool(loud and entry.metrics) or bottom > ROW)
        """Whether rows of badges and metrics stand above the actions."""
        if self.apart:
            self._places.clear()
            bottom = self._flow(groups, self._flow(facts, 0.0, low + FACTS_GAP), ROW)
        self.height = bottom if self._items else 0.0

    def _flow(self, groups: list[_Group], y: float, height: int) -> float:
        """Place what follows in rows from `y` on; return where the last of them ends."""
        x, start = 0.0, len(self._places)
        for group in groups:
            fits = x - _outdent(group[0]) + _width(group) <= self._width if group else True
            breaks = not fits and _width(group) <= self._width + _outdent(group[0])
            for item in group:
                left = x - _outdent(item)
                if x and (breaks or left + item.width - _outdent(item) > self._width):
                    self._align(start)
                    x, y, start, breaks = 0.0, y + height, len(self._places), False
                    left = -_outdent(item)
                self._places.append(QRectF(left, y, item.width, height))
                x = left + item.width + item.after
        self._align(start)
        return y + height

    def _align(self, start: int) -> None:
        """Move the row that begins at item `start` to the right edge, where it belongs there."""
        places = self._places
        if self._right and len(places) > start:
            hanging = PADDING if self._items[len(places) - 1].action is not None else 0
            room = self._width + hanging - places[-1].right()
            for number in range(start, len(places)):
                places[number].translate(room, 0)

    def _badge(self, badge: Badge) -> _Item:
        item = self._words(badge.text, self._width - 2 * BADGE_PADDING)
        return item._replace(width=item.width + 2 * BADGE_PADDING, after=_GAP + PADDING, badge=badge)

    def _metrics(self, text: str) -> list[_Group]:
        """Each part by itself, so that they flow; the dot between two stays with the first."""
        if not text:
            return []
        *others, last = text.split(SEPARATOR, MOST_PARTS)
        items = [self._words(f"{part} ·", self._width) for part in others]
        return [[item] for item in (*items, self._words(last, self._width)._replace(after=_GAP + PADDING))]

    def _words(self, text: str, room: int) -> _Item:
        """Words that nothing happens at; in the middle cut short to the room they have."""
        paragraph = self._paragraph(text, bold=False)
        if paragraph.natural_width <= room:
            return _Item(paragraph, paragraph.natural_width, after=PARTS_GAP)
        middle = Qt.TextElideMode.ElideMiddle
        shown = QFontMetricsF(self._style.caption).elidedText(paragraph.text, middle, room - 1)
        return _Item(self._paragraph(shown, bold=False), room, after=PARTS_GAP, whole=text)

    def _action(self, action: EntryAction) -> _Item:
        if action.quiet and action.icon:
            return _Item(self._paragraph("", bold=False), LEAST, action=action)
        paragraph = self._paragraph(action.text, bold=bool(action.id) and not action.quiet)
        natural = paragraph.natural_width + 2 * PADDING
        return _Item(paragraph, max(natural, LEAST) if action.id else natural, action=action)

    def _paragraph(self, text: str, *, bold: bool) -> Paragraph:
        style, shown = self._style, one_line(text[:LONGEST])
        made = Paragraph(shown, style.caption_bold if bold else style.caption, [], style.caption_height)
        made.wrap(None)
        return made

    def whole_at(self, x: float, y: float) -> str:
        """All that was to be said where a point of the rows is at something that is cut short, or ""."""
        pairs = zip(self._items, self._places, strict=True)
        return next((item.whole for item, place in pairs if item.whole and place.contains(x, y)), "")

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
        item.paragraph.draw(painter, QPointF(pill.left() + BADGE_PADDING, top), colour, _NO_CLIP)


def _together(loud: list[_Item]) -> list[_Group]:
    """Each by itself, but "‹ 2 of 3 ›" as one."""
    groups: list[_Group] = []
    for number, item in enumerate(loud):
        before = loud[number - 1] if number else None
        says = (each.action is not None and not each.action.id for each in (item, before) if each)
        if before is not None and any(says):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _width(group: _Group) -> int:
    """The room of a group in one row."""
    inside = sum(item.width + item.after - _outdent(item) for item in group)
    return inside - group[-1].after + _outdent(group[0]) if group else 0


def _outdent(item: _Item) -> int:
    """How far something that can be clicked reaches out before its word."""
    return PADDING if item.action is not None else 0


def badge_colours(tone: str, style: TranscriptStyle) -> tuple[QColor, QColor]:
    """Text and ground of a badge."""
    palette = style.palette
    colour = {"warning": palette.warning, "danger": palette.danger}.get(tone, palette.text_muted)
    return colour, style.veil(colour, BADGE_TINT)
