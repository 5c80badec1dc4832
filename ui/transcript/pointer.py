"""The mouse in the transcript: selecting, links, pictures; and the context menu, also by the keyboard."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from ui.transcript.links import is_allowed
from ui.transcript.selection import Position, Selection, plain_text, word_at

if TYPE_CHECKING:
    from ui.transcript.arrangement import Arrangement
    from ui.transcript.message import Message
    from ui.transcript.view import TranscriptView

DRAG_SCROLL_MS = 30


class Pointer(QObject):
    """Watches the view's viewport and keeps the selection."""

    changed = Signal()
    link_clicked = Signal(str)
    picture_clicked = Signal(str)
    action_clicked = Signal(str, str)
    """The id of a message and that of one of its actions."""
    menu_requested = Signal(QPoint, int)
    """Global position, and the number of the message that it is for, or -1."""
    scroll_requested = Signal(int)
    """Pixels down, while a selection is drawn beyond the view."""

    def __init__(self, view: TranscriptView, arrangement: Arrangement) -> None:
        super().__init__(view)
        self.selection: Selection | None = None
        self._arrangement = arrangement
        self._viewport = view.viewport()
        self._dragging = False
        self._pressed: QPointF | None = None
        self._at = QPointF()
        self._scroller = QTimer(self)
        self._scroller.setInterval(DRAG_SCROLL_MS)
        self._scroller.timeout.connect(self._scroll_on)
        self._viewport.setMouseTracking(True)
        self._viewport.installEventFilter(self)
        view.installEventFilter(self)

    def select(self, selection: Selection | None) -> None:
        """Replace the selection."""
        self.selection = selection
        self.changed.emit()

    def selected_text(self) -> str:
        """The selection as plain text."""
        if self.selection is None or self.selection.empty:
            return ""
        return plain_text(self.selection, self._arrangement.messages)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the viewport's mouse events, and the request for a menu wherever it arrives."""
        kind = event.type()
        if isinstance(event, QContextMenuEvent):
            self._ask_for_menu(event)
            return True
        if watched is not self._viewport:
            return False
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseMove:
                self._moved(event)
            elif kind == QEvent.Type.MouseButtonRelease:
                self._released(event)
            elif event.button() == Qt.MouseButton.LeftButton:
                if kind == QEvent.Type.MouseButtonDblClick:
                    self._select_word(event.position())
                else:
                    self._press(event)
            return True
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell(event)
            return True
        return False

    # ---- where

    def _locate(self, point: QPointF) -> tuple[int, Message, float, float] | None:
        """The message under a point, and the point in its coordinates."""
        arrangement = self._arrangement
        index = arrangement.message_at(point.y())
        if index < 0:
            return None
        y = point.y() + arrangement.offset - arrangement.top(index)
        return index, arrangement.messages[index], point.x() - arrangement.left, y

    def position_at(self, point: QPointF) -> Position | None:
        """The text position nearest to a point of the viewport."""
        found = self._locate(point)
        if found is None:
            return None
        index, message, x, y = found
        message.split()
        return Position(index, *message.hit(x, y))

    def link_at(self, point: QPointF) -> str:
        """The address under a point that a click may hand on, or ""."""
        found = self._locate(point)
        url = found[1].link_at(found[2], found[3]) if found is not None else ""
        return url if is_allowed(url) else ""

    def picture_at(self, point: QPointF) -> str:
        """The hash of the picture under a point, or ""."""
        found = self._locate(point)
        if found is None:
            return ""
        _, message, x, y = found
        return message.frame.picture_at(x, y, message.natural_width)

    def action_at(self, point: QPointF) -> tuple[str, str]:
        """The ids of the message and of its action under a point, or empty ones."""
        found = self._locate(point)
        if found is None:
            return "", ""
        _, message, x, y = found
        return message.entry.id, message.frame.action_at(x, y, message.height)

    def _ask_for_menu(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            number = self._arrangement.answer_in_mind()
        else:
            placed = self._locate(QPointF(event.pos()))
            number = placed[0] if placed else -1
        self.menu_requested.emit(event.globalPos(), number)

    # ---- what the mouse does

    def _press(self, event: QMouseEvent) -> None:
        point = event.position()
        position = self.position_at(point)
        if position is None:
            return
        extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.selection is not None
        anchor = self.selection.anchor if extend and self.selection is not None else position
        self._dragging, self._pressed = True, point
        self.select(Selection(anchor, position))

    def _moved(self, event: QMouseEvent) -> None:
        self._at = event.position()
        if not self._dragging:
            self._show_cursor()
            return
        self._drag()
        height = self._viewport.height()
        if not 0 <= self._at.y() < height:
            if not self._scroller.isActive():
                self._scroller.start()
        else:
            self._scroller.stop()

    def _drag(self) -> None:
        position = self.position_at(self._at)
        if position is not None and self.selection is not None and position != self.selection.caret:
            self.select(Selection(self.selection.anchor, position))

    def _scroll_on(self) -> None:
        beyond = min(self._at.y(), 0) + max(self._at.y() - self._viewport.height(), 0)
        self.scroll_requested.emit(round(beyond))
        self._drag()

    def _released(self, event: QMouseEvent) -> None:
        self._scroller.stop()
        was, self._dragging = self._dragging, False
        if not was or event.button() != Qt.MouseButton.LeftButton:
            return
        if self.selection is not None and not self.selection.empty:
            self._offer_to_paste()
            return
        point = event.position()
        url, picture, (entry, action) = self.link_at(point), self.picture_at(point), self.action_at(point)
        if action:
            self.action_clicked.emit(entry, action)
        elif url:
            self.link_clicked.emit(url)
        elif picture:
            self.picture_clicked.emit(picture)

    def _select_word(self, point: QPointF) -> None:
        position = self.position_at(point)
        if position is None:
            return
        message = self._arrangement.messages[position.message]
        if not message.blocks and not message.entry.notice:
            return
        start, end = word_at(message.text_of(position.block), position.offset)
        self.select(
            Selection(
                Position(position.message, position.block, start),
                Position(position.message, position.block, end),
            )
        )
        self._offer_to_paste()

    def _offer_to_paste(self) -> None:
        """Hand the selection to the middle mouse button where the platform has that."""
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection():
            clipboard.setText(self.selected_text(), clipboard.Mode.Selection)

    def _show_cursor(self) -> None:
        over = self.link_at(self._at) or self.picture_at(self._at) or self.action_at(self._at)[1]
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
        if self._viewport.cursor().shape() != shape:
            self._viewport.setCursor(shape)

    def _tell(self, event: QHelpEvent) -> None:
        point = QPointF(event.pos())
        text = self.link_at(point)
        found = self._locate(point)
        if not text and found is not None:
            _, message, x, y = found
            text = message.frame.elided_at(x, y) or message.frame.picture_named(x, y, message.natural_width)
        if text:
            QToolTip.showText(event.globalPos(), f"<qt>{html.escape(text[:2_000])}</qt>", self._viewport)
        else:
            QToolTip.hideText()
