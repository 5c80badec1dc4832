"""What stands around a message's text: its card and pictures, the model's name, problems, metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from ui.transcript.blocks.paragraph import Formats, Paragraph
from ui.transcript.blocks.style import CARD_PADDING, CARD_RADIUS, CARD_SHARE, MESSAGE_GAP, NO_PEN
from ui.transcript.entry import Entry
from ui.transcript.messages import notice_card, reasoning
from ui.transcript.messages.actions import MessageActions
from ui.transcript.messages.notice_card import NoticeCard, plain
from ui.transcript.messages.question_pictures import QuestionPictures
from ui.transcript.messages.reasoning import ReasoningLine, is_thinking, label

if TYPE_CHECKING:
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.thumbnails import Thumbnails

GAP = 8
NO_CLIP = QRectF()


class CaretLook(NamedTuple):
    """Size of the mark after a running answer."""

    width: int = 7
    height: int = 17


CARET = CaretLook()


class MessageFrame:
    """Laid out for one entry, style and column width.

    `head` and `foot` are the heights above and below the text, `inner` is the width that the text
    may take. All positions are relative to the message's top left corner in the column.
    """

    def __init__(
        self, entry: Entry, style: TranscriptStyle, width: int, *, whole_notice: bool = False
    ) -> None:
        self.entry = entry
        self._style = style
        self._width = width
        self._question = entry.role == "user"
        self.thinking_since: float | None = None
        """When time.monotonic() saw the first of its reasoning, where that is known."""
        self.inner = max(1, int(width * CARD_SHARE) - 2 * CARD_PADDING if self._question else width)
        self._pictures = QuestionPictures(entry.pictures, self.inner, entry.treated)
        self.head = self._head_height()
        self._reasoning = ReasoningLine(self._reasoning_top(), style) if entry.reasoning else None
        self._heading = self._line(entry.heading, bold=True)
        self._elided = self._heading is not None and self._heading.natural_width > width
        if self._elided:
            middle = Qt.TextElideMode.ElideMiddle
            shown = QFontMetricsF(style.caption_bold).elidedText(plain(entry.heading), middle, width)
            self._heading = self._line(shown, bold=True)
        self._waiting = self._line(entry.waiting)
        self._notes = [self._line(note, wrapped=True) for note in entry.notes]
        self.actions = MessageActions(entry, style, width)
        self.notice: NoticeCard | None = None
        if entry.notice:
            self.notice = NoticeCard(entry.notice, self._tone(), style, width, whole=whole_notice)
        self.foot = self._foot_height()

    def suits(self, entry: Entry) -> bool:
        """Take a newer state of the message, unless it needs another layout."""
        before = self.entry
        if bool(before.text) != bool(entry.text) or _around(before) != _around(entry):
            return False
        self.entry = entry
        return True

    def text_left(self, natural: int) -> int:
        """Where the text starts: a question's card, `natural` wide inside, keeps to the right."""
        if not self._question:
            return 0
        return self._width - CARD_PADDING - self._card_inner(natural)

    def notice_top(self, height: int) -> int:
        """Where the notice's text starts in a message `height` high."""
        return self.card_top(height) + notice_card.PADDING

    def card_top(self, height: int) -> int:
        """Where the notice's card starts in a message `height` high."""
        return height - self.foot + (CARD_PADDING if self._question else 0) + GAP

    def picture_at(self, x: float, y: float, natural: int) -> str:
        """The hash of the picture under a point, or ""."""
        return self._pictures.at(x - self.text_left(natural), y)

    def picture_named(self, x: float, y: float, natural: int) -> str:
        """The name of the picture under a point and what is drawn on it, or ""."""
        return self.entry.named(self.picture_at(x, y, natural))

    def elided_at(self, x: float, y: float, height: int) -> str:
        """All of what is too long for the column at a point, the heading or a metric, or ""."""
        on_it = MESSAGE_GAP <= y < self._reasoning_top() and 0 <= x < self._width
        if self._elided and on_it:
            return self.entry.heading
        return self.actions.whole_at(x, y - self.actions_top(height))

    def actions_top(self, height: int) -> float:
        """Where the rows of actions start in a message `height` high."""
        return height - self._below_actions - self.actions.height

    def action_at(self, x: float, y: float, height: int) -> str:
        """The id of the action under a point of a message `height` high, or ""."""
        return self.actions.action_at(x, y - self.actions_top(height))

    @property
    def reasoning_area(self) -> QRectF | None:
        """Where a click folds and unfolds the reasoning, None where there is none."""
        return self._reasoning.area(self.reasoning_words) if self._reasoning is not None else None

    @property
    def reasoning_words(self) -> str:
        """How long the model thought, or has been thinking."""
        return label(self.entry, self.thinking_since)

    def draw(
        self,
        painter: QPainter,
        at: QPointF,
        height: int,
        natural: int,
        thumbnails: Thumbnails,
        *,
        unfolded: bool = False,
    ) -> None:
        """Paint everything but the text itself. `unfolded`: the reasoning stands above the text."""
        x, y = at.x(), at.y()
        left = self.text_left(natural)
        if self._question:
            card = QRectF(x, y, self._width, height - self.foot + CARD_PADDING)
            card.adjust(left - CARD_PADDING, MESSAGE_GAP, 0, 0)
            _fill(painter, card, CARD_RADIUS, self._style.card)
            self._pictures.draw(painter, QPointF(x + left, y), self._style, thumbnails)
        if self._heading is not None:
            self._heading.draw(painter, QPointF(x, y + MESSAGE_GAP), self._style.muted, NO_CLIP)
        if self._reasoning is not None:
            end = self._reasoning.draw(painter, at, self.reasoning_words, unfolded=unfolded)
            if is_thinking(self.entry) and not unfolded and not self.entry.waiting:
                self.draw_caret(painter, end.x() + GAP, end.y())
        self._draw_foot(painter, x, y + height - self.foot + (CARD_PADDING if self._question else 0))

    def draw_caret(self, painter: QPainter, x: float, middle: float) -> None:
        """Paint the mark of an answer that goes on, its left middle at (x, middle)."""
        box = QRectF(x, round(middle - CARET.height / 2), CARET.width, CARET.height)
        _fill(painter, box, 2, self._style.caret)

    def _draw_foot(self, painter: QPainter, x: float, y: float) -> None:
        style = self._style
        if self.notice is not None:
            self.notice.draw(painter, QPointF(x, y + GAP))
            y += GAP + self.notice.height
        for line in self._lines():
            inset = 0
            if line is self._waiting and self.entry.running:
                self.draw_caret(painter, x, y + GAP + line.height / 2)
                inset = CARET.width + GAP
            line.draw(painter, QPointF(x + inset, y + GAP), style.muted, NO_CLIP)
            y += GAP + line.height
        self.actions.draw(painter, QPointF(x, y + self._above_actions))

    def draw_notice(self, painter: QPainter, at: QPointF, height: int, marks: Formats) -> None:
        """Paint the notice's text."""
        if self.notice is not None:
            point = QPointF(at.x() + self.notice.left, at.y() + self.notice_top(height))
            self.notice.draw_text(painter, point, marks)

    # ---- measures

    def _head_height(self) -> int:
        if self._question:
            if not self.entry.pictures:
                return MESSAGE_GAP + CARD_PADDING
            return self._pictures.bottom + (GAP if self.entry.text else 0)
        return self._reasoning_top() + (reasoning.HEIGHT + reasoning.BELOW if self.entry.reasoning else 0)

    def _reasoning_top(self) -> int:
        """Where the line about the reasoning starts, below the heading."""
        return MESSAGE_GAP + (self._style.caption_height + 4 if self.entry.heading else 0)

    def _foot_height(self) -> int:
        height = CARD_PADDING if self._question else 0
        if self.notice is not None:
            height += GAP + self.notice.height
        height += sum(GAP + line.height for line in self._lines())
        return height + self._above_actions + round(self.actions.height) + self._below_actions

    @property
    def _above_actions(self) -> int:
        if not self.actions.height:
            return 0
        return GAP if self.actions.apart or not self.entry.actions else 2

    @property
    def _below_actions(self) -> int:
        """The row of actions is most often empty: it takes the gap between messages into itself."""
        return 2 if self.entry.actions else MESSAGE_GAP

    def _lines(self) -> list[Paragraph]:
        """The muted lines below the text, from the top."""
        return [line for line in (self._waiting, *self._notes) if line is not None]

    def _card_inner(self, natural: int) -> int:
        return min(self.inner, max(natural, self._pictures.right))

    def _line(self, text: str, *, bold: bool = False, wrapped: bool = False) -> Paragraph | None:
        if not text:
            return None
        style = self._style
        font = style.caption_bold if bold else style.caption
        line = Paragraph(plain(text), font, [], style.caption_height)
        line.wrap(self._width if wrapped else None)
        return line

    def _tone(self) -> QColor:
        palette = self._style.palette
        return palette.danger if self.entry.status == "failed" else palette.warning


def _around(entry: Entry) -> tuple[object, ...]:
    return (
        entry.heading,
        entry.metrics,
        entry.notice,
        entry.waiting,
        entry.pictures,
        entry.treated,
        entry.notes,
        entry.actions,
        entry.badges,
        bool(entry.reasoning),
    )


def _fill(painter: QPainter, box: QRectF, radius: float, colour: QColor) -> None:
    painter.setPen(NO_PEN)
    painter.setBrush(colour)
    painter.drawRoundedRect(box, radius, radius)
