"""What of messages answers to the mouse and the keyboard: what is pointed at, and what a press does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QApplication

from app.domain.links import is_allowed
from ui.theme import fonts, icons
from ui.transcript import controls
from ui.transcript.blocks.style import NO_PEN, RADIUS
from ui.transcript.controls import Control, area_of, areas_of, control_at, words_of
from ui.transcript.messages.reasoning import is_thinking
from ui.transcript.reading.announcer import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.transcript.layout.arrangement import Arrangement, Placed
    from ui.transcript.messages.message import Message
    from ui.transcript.reading.keyboard import Keyboard
    from ui.transcript.view import TranscriptView

COPY = "copy"
"""The id of the action that the transcript does itself."""
COPIED_MS = 1_500
TICK_MS = 1_000
RING_AROUND = 8
LINK_RADIUS = 4
_ICON = 16


class Furniture(QObject):
    """Paints over the messages, which know nothing of it: no hover lays anything out."""

    action_requested = Signal(str, str)
    """The id of a message and that of one of its actions."""
    link_pressed = Signal(str)
    """The address of a link."""
    held = Signal()
    """A message is to be laid out with its top where the arrangement holds it."""

    def __init__(self, view: TranscriptView, arrangement: Arrangement, keyboard: Keyboard) -> None:
        super().__init__(view)
        self._view = view
        self._viewport = view.viewport()
        self._arrangement = arrangement
        self._hovered, self._hot = -1, controls.NONE
        self._keyboard = keyboard
        keyboard.pressed.connect(self.press)
        keyboard.changed.connect(self._repaint)
        self._copied: tuple[str, Control] | None = None
        self._copied_timer = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied_timer.timeout.connect(self._forget_copied)
        self._tick = QTimer(self, singleShot=True, interval=TICK_MS)
        self._tick.timeout.connect(self._repaint_thinking)

    # ---- where

    def hover(self, point: QPointF | None) -> bool:
        """The mouse is at a point of the view, or has left (None); whether it can press something."""
        index, control = self.control_at(point) if point is not None else (-1, controls.NONE)
        if (index, control) != (self._hovered, self._hot):
            self._repaint(self._hovered, self._hot)
            self._hovered, self._hot = index, control
            self._repaint(index, control)
        return bool(control.kind)

    def control_at(self, point: QPointF) -> tuple[int, Control]:
        """The number of the message under a point, or -1, and what of it can be pressed there."""
        for placed in self._arrangement.visible:
            if placed.top <= point.y() < placed.top + placed.message.height:
                x = point.x() - self._arrangement.left
                return placed.index, control_at(placed.message, x, point.y() - placed.top)
        return -1, controls.NONE

    def words_at(self, point: QPointF) -> str:
        """What a press there does, "" for nothing."""
        index, control = self.control_at(point)
        return words_of(self._arrangement.messages[index], control) if control.kind else ""

    # ---- pressing

    def press(self, index: int, control: Control) -> None:
        """Do what it is for."""
        message = self._arrangement.messages[index]
        if control.kind == controls.REASONING:
            self._fold(index, lambda: self._unfold(message))
        elif control.kind == controls.FOLD:
            self._fold(index, lambda: message.fold(control.block))
        elif control.kind == controls.PLACES:
            self._fold(index, lambda: message.fold_places(control.block))
        elif control.kind == controls.NOTICE:
            self._fold(index, message.fold_notice)
        elif control.kind == controls.NOTICE_COPY:
            self._copy(message, control, message.entry.notice)
        elif control.kind == controls.CODE:
            self._copy(message, control, controls.code_text(message, control.block))
        elif control.kind == controls.LINK:
            link = controls.link_at(message, control)
            if link is not None and is_allowed(link.url):
                self.link_pressed.emit(link.url)
        elif control.action == COPY:
            self._copy(message, control, message.entry.text)
        elif control.kind == controls.ACTION:
            self.action_requested.emit(message.entry.id, control.action)

    def _unfold(self, message: Message) -> None:
        message.unfolded = not message.unfolded

    def _fold(self, index: int, fold: Callable[[], None]) -> None:
        """Fold or unfold a part of a message, whose top stays where it is."""
        arrangement = self._arrangement
        message, y = arrangement.messages[index], arrangement.top(index) - arrangement.offset
        fold()
        arrangement.messages.note(index, message)
        arrangement.hold(message.entry.id, -1, y)
        self.held.emit()
        if arrangement.offset == arrangement.limit:
            arrangement.following = True
            self.held.emit()

    def _copy(self, message: Message, control: Control, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._forget_copied()
        self._copied = (message.entry.id, control)
        self._copied_timer.start()
        self._repaint_copied()
        say(self._view, _tr("Copied"))

    def _forget_copied(self) -> None:
        self._repaint_copied()
        self._copied = None

    # ---- painting

    def draw(self, painter: QPainter) -> None:
        """Paint what is seen of it now, over the messages in sight."""
        keyboard = self._keyboard.ringed and self.has_keyboard
        copied = self._copied[0] if self._copied is not None else ""
        for placed in self._arrangement.visible:
            entry, hovered = placed.message.entry, placed.index == self._hovered
            current = keyboard and entry.id == self._keyboard.message_id
            if hovered or current or entry.id == copied:
                self._draw_over(painter, placed, current=current)
            if entry.reasoning and is_thinking(entry) and not self._tick.isActive():
                self._tick.start()

    @property
    def has_keyboard(self) -> bool:
        """Whether keys are the conversation's."""
        focused = QApplication.focusWidget()
        return focused is self._view or (focused is not None and self._viewport.isAncestorOf(focused))

    def _draw_over(self, painter: QPainter, placed: Placed, *, current: bool) -> None:
        message, at = placed.message, QPointF(self._arrangement.left, placed.top)
        hovered = placed.index == self._hovered
        if hovered or current:
            actions = at + QPointF(0, message.frame.actions_top(message.height))
            message.frame.actions.draw_quiet(painter, actions)
        if hovered and self._hot.kind:
            self._draw_hot(painter, message, at)
        if current:
            self._draw_ring(painter, message, at)
        if self._copied is not None and self._copied[0] == message.entry.id:
            self._draw_copied(painter, message, at)

    def _draw_hot(self, painter: QPainter, message: Message, at: QPointF) -> None:
        area = area_of(message, self._hot)
        if area is not None:
            painter.setPen(NO_PEN)
            painter.setBrush(self._arrangement.style.palette.hover)
            painter.drawRoundedRect(area.translated(at).adjusted(0, 2, 0, -2), 6, 6)

    def _draw_ring(self, painter: QPainter, message: Message, at: QPointF) -> None:
        focused = self._keyboard.focused
        areas = [area.translated(at) for area in areas_of(message, focused)] if focused.kind else []
        radius = RADIUS
        if focused.kind == controls.LINK:
            areas, radius = [area.adjusted(-3, 0, 3, 0) for area in areas], LINK_RADIUS
        elif areas:
            areas = [area.adjusted(0, 2, 0, -2) for area in areas]
        if not areas:
            frame = QRectF(at.x(), at.y(), self._arrangement.width, message.height)
            areas = [frame.adjusted(-RING_AROUND, 4, RING_AROUND, 1)]
        painter.setPen(QPen(self._arrangement.style.palette.focus, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for area in areas:
            painter.drawRoundedRect(area, radius, radius)

    def _draw_copied(self, painter: QPainter, message: Message, at: QPointF) -> None:
        """A tick in place of the button, with the word where there is room for it."""
        assert self._copied is not None
        control = self._copied[1]
        area = area_of(message, control)
        if area is None:
            return
        style, ratio = self._arrangement.style, painter.device().devicePixelRatioF()
        area = area.translated(at)
        ground = style.code_surface if control.kind == controls.CODE else style.surface
        if control.kind == controls.NOTICE_COPY and message.frame.notice is not None:
            ground = message.frame.notice.ground
        if control.kind == controls.CODE:
            word, font = _tr("Copied"), fonts.font("caption")
            painter.setFont(font)
            area.setLeft(area.left() - QFontMetricsF(font).horizontalAdvance(word) - 4)
        painter.fillRect(area.adjusted(0, 1, 0, -1), ground)
        if control.kind == controls.CODE:
            painter.setPen(style.palette.positive)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, word)
        tick = icons.pixmap("check", "positive", _ICON, ratio)
        right = QPointF(area.right() - 14, area.center().y())
        painter.drawPixmap(right - QPointF(_ICON / 2, _ICON / 2), tick)

    # ---- repainting

    def _repaint(self, index: int, control: Control) -> None:
        """Paint a message's row of actions again, one control of it, and all of the current one."""
        placed = next((each for each in self._arrangement.visible if each.index == index), None)
        if placed is None:
            return
        message, width = placed.message, self._viewport.width()
        if message.entry.id == self._keyboard.message_id and self._keyboard.ringed:
            self._viewport.update(0, placed.top, width, message.height + RING_AROUND)
            return
        row = placed.top + int(message.frame.actions_top(message.height))
        self._viewport.update(0, row, width, placed.top + message.height - row)
        self._repaint_area(placed, control)

    def _repaint_area(self, placed: Placed, control: Control) -> None:
        area = area_of(placed.message, control) if control.kind else None
        if area is not None:
            moved = area.translated(self._arrangement.left, placed.top).adjusted(-90, -3, 3, 3)
            self._viewport.update(moved.toAlignedRect())

    def _repaint_copied(self) -> None:
        for placed in self._arrangement.visible:
            if self._copied is not None and placed.message.entry.id == self._copied[0]:
                self._repaint_area(placed, self._copied[1])

    def _repaint_thinking(self) -> None:
        for placed in self._arrangement.visible:
            area = placed.message.frame.reasoning_area
            if area is not None and is_thinking(placed.message.entry):
                top = placed.top + int(area.top())
                self._viewport.update(0, top, self._viewport.width(), int(area.height()))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Furniture", text)
