"""The widget that shows a conversation, however long, while an answer streams into it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QWidget

from ui.theme import palette as theme
from ui.transcript.announcer import announce
from ui.transcript.arrangement import Arrangement
from ui.transcript.pointer import Pointer
from ui.transcript.selection import everything
from ui.transcript.style import TranscriptStyle
from ui.transcript.thumbnails import Thumbnails
from ui.transcript.to_bottom_button import ToBottomButton

if TYPE_CHECKING:
    from ui.transcript.entry import Entry
    from ui.transcript.message import Message

RING = 2
"""Width of the frame that shows the keyboard's focus."""
READ_EVERY_MS = 8
READ_S = 0.001
"""How long code is read for its colours before the window may do something else."""
KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
NEAR = 4
"""Pixels from the end within which the view follows it."""


class TranscriptView(QAbstractScrollArea):
    """Paints block layouts that are made once; only the block that grows is laid out again.

    Model text can open and load nothing: links and pictures are only told of, when clicked.
    """

    thumbnail_wanted = Signal(str)
    """The sha256 of a picture whose thumbnail is about to be seen; `set_thumbnail` answers."""
    picture_activated = Signal(str)
    """The sha256 of a picture that was clicked."""
    link_activated = Signal(str)
    """An http, https or mailto address that was clicked; nothing has been opened."""
    action_requested = Signal(str, str)
    """The id of a message and that of one of its actions: a click, or a choice in its menu."""
    following_changed = Signal(bool)
    """Whether the view keeps to the end of the conversation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewport(QWidget())  # PySide takes 13 ms to wrap the one that Qt made
        self._style = TranscriptStyle(theme.current())
        self._arrangement = Arrangement(self._style)
        self._thumbnails = Thumbnails(self.thumbnail_wanted.emit)
        self._syncing = False
        self._told_following = True
        self._ringed = False
        self._feeder = QTimer(self, singleShot=True, interval=0)
        self._reader = QTimer(self, singleShot=True, interval=READ_EVERY_MS)
        self._reader.timeout.connect(self._read_colours)
        self._feeder.timeout.connect(self._feed)
        self._button = ToBottomButton(self)
        self._button.clicked.connect(self.scroll_to_bottom)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportMargins(RING, RING, RING, RING)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalScrollBar().setSingleStep(2 * self._style.line_height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Conversation"))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._pointer = Pointer(self, self._arrangement)
        self._pointer.changed.connect(self.viewport().update)
        self._pointer.link_clicked.connect(self.link_activated)
        self._pointer.picture_clicked.connect(self.picture_activated)
        self._pointer.action_clicked.connect(self.action_requested)
        self._pointer.menu_requested.connect(self._open_menu)
        self._pointer.scroll_requested.connect(self._scroll_by)
        theme.notifier.changed.connect(self._restyle)

    # ---- content

    def set_entries(self, entries: Iterable[Entry]) -> None:
        """Show another conversation, from its end."""
        self.deselect()
        self._thumbnails.clear()
        self._arrangement.replace(entries)
        self._settle()

    def append(self, entry: Entry) -> None:
        """Add a message at the end."""
        self._arrangement.append(entry)
        self._settle()

    def update_entry(self, entry: Entry) -> None:
        """Show a newer state of a message; an unknown id is ignored.

        Text that only grew costs its new part, however long the answer and the conversation are.
        """
        before, was_running = self._positions(), self._arrangement.is_running(entry.id)
        updated = self._arrangement.update(entry)
        if updated is None:
            return
        message, first = updated
        steady = message.tops[min(first, len(message.tops) - 1)] if message.tops else 0
        self._settle(repaint=False)
        self._repaint_from(before, message, first, steady)
        if was_running and not entry.running:
            announce(self, entry)

    def clear(self) -> None:
        """Show nothing."""
        self.set_entries(())

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """Take a picture asked for by `thumbnail_wanted`; a null image where there is none."""
        self._thumbnails.put(sha256, image)
        self.viewport().update()

    # ---- following and selecting

    @property
    def following(self) -> bool:
        """Whether the view keeps to the end of the conversation."""
        return self._arrangement.following

    def scroll_to_bottom(self) -> None:
        """Go to the end and keep to it."""
        self._arrangement.following = True
        self._settle()

    def selected_text(self) -> str:
        """The selection as plain text, "" where there is none."""
        return self._pointer.selected_text()

    def copy(self) -> None:
        """Put the selection on the clipboard."""
        text = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)

    def select_all(self) -> None:
        """Select the whole conversation."""
        self._pointer.select(everything(self._arrangement.messages))

    def deselect(self) -> None:
        """Select nothing."""
        self._pointer.select(None)

    # ---- layout

    def _settle(self, *, repaint: bool = True) -> None:
        arrangement = self._arrangement
        arrangement.settle()
        self._syncing = True
        bar = self.verticalScrollBar()
        bar.setRange(0, arrangement.limit)
        bar.setValue(arrangement.offset)
        self._syncing = False
        for placed in arrangement.visible:
            for sha256, _ in placed.message.entry.pictures:
                self._thumbnails.want(sha256)
            if placed.message.unfinished:
                self._feeder.start()
        if arrangement.following != self._told_following:
            self._told_following = arrangement.following
            self._button.setVisible(not arrangement.following)
            self.following_changed.emit(arrangement.following)
        if repaint:
            self.viewport().update()

    def _feed(self) -> None:
        if self._arrangement.feed():
            self._settle()

    def _read_colours(self) -> None:
        """Colour finished code in sight, a little at a time."""
        deadline = time.perf_counter() + READ_S
        area = self.viewport().rect()
        for placed in self._arrangement.visible:
            for top, box in placed.message.unread_in(-placed.top, area.height() - placed.top):
                low, high = box.read_on(deadline)
                self.viewport().update(0, placed.top + top + low, area.width(), high - low)
                if box.unread:
                    self._reader.start()

    def _positions(self) -> dict[int, tuple[int, int]]:
        """Top and height of what is on the screen, by message."""
        return {id(p.message): (p.top, p.message.height) for p in self._arrangement.visible}

    def _repaint_from(
        self, before: dict[int, tuple[int, int]], changed: Message, first: int, steady: int
    ) -> None:
        """Move what stayed as it was, and repaint the changed message from block `first` down."""
        area = self.viewport().rect()
        moves, dirty = set(), area.height()
        for placed in self._arrangement.visible:
            known = before.get(id(placed.message))
            if known is None:
                dirty = min(dirty, placed.top)
                continue
            moves.add(placed.top - known[0])
            if placed.message is changed:
                top = changed.tops[min(first, len(changed.tops) - 1)]
                kept = changed.steady_above(first) if top == steady and first else 0
                dirty = min(dirty, placed.top + kept)
            elif placed.message.height != known[1]:
                moves.add(area.height())
        move = moves.pop() if len(moves) == 1 else 0
        if moves or abs(move) >= area.height():
            self.viewport().update()
            return
        if move:
            self.viewport().scroll(0, move)
        self.viewport().update(QRect(0, dirty, area.width(), area.height() - dirty))

    def _restyle(self) -> None:
        self._style = TranscriptStyle(theme.current())
        self._arrangement.restyle(self._style)
        self.verticalScrollBar().setSingleStep(2 * self._style.line_height)
        self._settle()
        self.update()

    def _scroll_by(self, pixels: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pixels)

    # ---- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight of the region."""
        area, unread = QRectF(event.rect()), False
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._style.surface)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selection = self._pointer.selection
        for placed in self._arrangement.visible:
            message, index = placed.message, placed.index
            if placed.top >= area.bottom() or placed.top + message.height <= area.top():
                continue

            def selected(block: int, index: int = index) -> tuple[int, int] | None:
                return selection.within(index, block, 1 << 30) if selection is not None else None

            at = QPointF(self._arrangement.left, placed.top)
            message.draw(painter, at, area, selected, self._thumbnails)
            unread = unread or bool(message.unread_in(area.top() - placed.top, area.bottom() - placed.top))
        painter.end()
        if unread and not self._reader.isActive():
            self._reader.start()

    def event(self, event: QEvent) -> bool:
        """Paint the frame around the viewport: a ring while the keyboard is here."""
        if event.type() != QEvent.Type.Paint:
            return super().event(event)
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._style.surface)
        if self._ringed:
            painter.setPen(QPen(self._style.palette.focus, RING))
            half = RING / 2
            painter.drawRect(QRectF(self.rect()).adjusted(half, half, -half, -half))
        painter.end()
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when the keyboard brought the focus."""
        self._ringed = event.reason() in KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ringed = False
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new size, keeping what is read where it is."""
        super().resizeEvent(event)
        size = self.viewport().size()
        self._arrangement.resize(size.width(), size.height())
        self.verticalScrollBar().setPageStep(size.height())
        button = self._button.size()
        x = RING + (size.width() - button.width()) // 2
        self._button.move(x, self.height() - button.height() - 16)
        self._settle()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Follow the scroll bar."""
        if self._syncing:
            return
        arrangement, value = self._arrangement, self.verticalScrollBar().value()
        move = arrangement.offset - value
        arrangement.offset = value
        arrangement.following = value >= arrangement.limit - NEAR
        self._settle(repaint=False)
        if abs(move) < self.viewport().height() and not arrangement.following:
            self.viewport().scroll(0, move)
        else:
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, select all, and go to either end; the scroll bar takes the other keys."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() == Qt.Key.Key_Home:
            self.verticalScrollBar().setValue(0)
        elif event.key() == Qt.Key.Key_End:
            self.scroll_to_bottom()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take on another theme or text size."""
        super().changeEvent(event)
        kind = event.type()
        other = kind == QEvent.Type.PaletteChange and theme.current() is not self._style.palette
        if other or kind == QEvent.Type.FontChange:
            self._restyle()

    def _open_menu(self, at: QPoint, index: int) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("Copy"), self.copy)
        copy.setEnabled(bool(self.selected_text()))
        message = self._arrangement.messages[index] if index >= 0 else None
        if message is not None and message.entry.role == "assistant":
            clipboard, text = QGuiApplication.clipboard(), message.entry.text
            action = menu.addAction(self.tr("Copy answer as Markdown"))
            action.setEnabled(bool(text))
            action.triggered.connect(lambda: clipboard.setText(text))
            for offered in filter(lambda offered: offered.id, message.entry.actions):
                ids = message.entry.id, offered.id
                menu.addAction(offered.spoken or offered.text).triggered.connect(
                    lambda _=False, ids=ids: self.action_requested.emit(*ids)
                )
        menu.addSeparator()
        menu.addAction(self.tr("Select all"), self.select_all)
        menu.popup(at)
