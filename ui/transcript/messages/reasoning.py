"""The line above an answer that says how long its model thought, and folds what it thought."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from ui.theme import fonts, icons

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.entry import Entry

HEIGHT = 28
BELOW = 4
_CHEVRON = 14
_GAP = 6
_PADDING = 6
MINUTE = 60


def is_thinking(entry: Entry) -> bool:
    """Whether reasoning still arrives."""
    return bool(entry.reasoning) and entry.running and not entry.text


def only_thinks_on(before: Entry, entry: Entry) -> bool:
    """Whether nothing has changed but that more of the reasoning is there."""
    return is_thinking(before) and replace(before, reasoning=entry.reasoning) == entry


def label(entry: Entry, since: float | None) -> str:
    """What the line says. `since` is when time.monotonic() saw the first of the reasoning, for an
    answer that does not say how long it has been at it."""
    if is_thinking(entry):
        seconds = entry.reasoning_s
        if seconds is None and since is not None:
            seconds = time.monotonic() - since
        if not int(seconds or 0.0):
            return _tr("Thinking…")
        return _tr("Thinking… {time}").format(time=_spoken(seconds or 0.0))
    if entry.reasoning_s is None:
        return _tr("Thought")
    return _tr("Thought for {time}").format(time=_spoken(entry.reasoning_s))


def _spoken(seconds: float) -> str:
    whole, locale = int(seconds), QLocale()
    if not whole:
        return _tr("under 1 s")
    if whole < MINUTE:
        return _tr("{seconds} s").format(seconds=locale.toString(whole))
    minutes, rest = divmod(whole, MINUTE)
    words = _tr("{minutes} min {seconds} s")
    return words.format(minutes=locale.toString(minutes), seconds=locale.toString(rest))


class ReasoningLine:
    """One line of fixed height; only its words change while the model thinks."""

    def __init__(self, top: int, style: TranscriptStyle) -> None:
        self.top = top
        self._style = style
        self._font = fonts.font("label")

    def area(self, words: str) -> QRectF:
        """Where a click folds and unfolds, from the message's top left corner."""
        width = QFontMetricsF(self._font).horizontalAdvance(words)
        return QRectF(-_PADDING, self.top, _PADDING + _CHEVRON + _GAP + width + _PADDING, HEIGHT)

    def draw(self, painter: QPainter, at: QPointF, words: str, *, unfolded: bool) -> QPointF:
        """Paint it in a message whose top left corner is `at`; return the right middle of its words."""
        name, ratio = "chevron-down" if unfolded else "chevron-right", painter.device().devicePixelRatioF()
        y = at.y() + self.top
        chevron = icons.pixmap(name, "text_muted", _CHEVRON, ratio)
        painter.drawPixmap(QPointF(at.x(), y + (HEIGHT - _CHEVRON) / 2), chevron)
        painter.setFont(self._font)
        painter.setPen(self._style.muted)
        area = self.area(words).translated(at).adjusted(_PADDING + _CHEVRON + _GAP, 0, 0, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        return QPointF(area.right() - _PADDING, area.center().y())


def _tr(text: str) -> str:
    return QCoreApplication.translate("Reasoning", text)
