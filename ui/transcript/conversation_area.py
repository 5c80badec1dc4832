"""A scroll area that lays out a conversation, and keeps to its end or to what is read."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme import palette as theme
from ui.transcript.blocks.style import TranscriptStyle
from ui.transcript.layout.arrangement import Arrangement
from ui.transcript.layout.colour_reader import ColourReader
from ui.transcript.layout.prefetch import Prefetch
from ui.transcript.ringed_area import RING, RingedArea
from ui.transcript.thumbnails import Thumbnails
from ui.transcript.to_bottom_button import ToBottomButton

FRAME_S = 0.008
"""How long may be laid out in one frame what was scrolled to or has arrived."""
FINISH_MS = 4
NEAR = 4
"""Pixels from the end within which the view follows it."""


class ConversationArea(RingedArea):
    """Lays out what is in sight, at once or in slices, and what is near it in idle moments."""

    thumbnail_wanted = Signal(str)
    """The sha256 of a picture whose thumbnail is about to be seen; `set_thumbnail` answers."""
    entries_wanted = Signal(list)
    """The ids of messages in or near sight that are not loaded; `update_entries` answers."""
    following_changed = Signal(bool)
    """Whether the view keeps to the end of the conversation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = TranscriptStyle(theme.current())
        self._arrangement = Arrangement(self._style)
        self._thumbnails = Thumbnails(self.thumbnail_wanted.emit)
        self._syncing = False
        self._told_following = True
        self._feeder = QTimer(self, singleShot=True, interval=0)
        self._prefetch = Prefetch(self.verticalScrollBar(), self._arrangement)
        self._prefetch.wanted.connect(self.entries_wanted)
        self._prefetch.laid.connect(self._laid_ahead)
        self._colours = ColourReader(self.viewport(), self._arrangement)
        self._feeder.timeout.connect(self._feed)
        self._finisher = QTimer(self, singleShot=True, interval=FINISH_MS)
        self._finisher.timeout.connect(lambda: self._settle(within_s=FRAME_S))
        self._button = ToBottomButton(self)
        self._button.clicked.connect(self.scroll_to_bottom)
        self._way_down = True
        self.verticalScrollBar().setSingleStep(2 * self._style.line_height)
        theme.notifier.changed.connect(self._restyle)

    def stops(self) -> list[QWidget]:
        """What Tab walks through, in that order; not all of it can be seen."""
        return [self, self._button]

    @property
    def following(self) -> bool:
        """Whether the view keeps to the end of the conversation."""
        return self._arrangement.following

    @property
    def at_rest(self) -> bool:
        """Whether everything in and near sight is loaded and laid out."""
        return not self._finisher.isActive() and not self._feeder.isActive() and not self._prefetch.busy

    def scroll_to_bottom(self) -> None:
        """Go to the end and keep to it."""
        self._arrangement.following = True
        self._settle()

    def stand_left(self, leading: int) -> None:
        """Let the column begin so many pixels from the left edge, instead of standing in the middle."""
        self._arrangement.leading = leading
        self._restyle()

    def offer_way_down(self, offered: bool) -> None:
        """Whether a button leads to the end while that is not in sight, which lies over a few words."""
        self._way_down = offered
        self._sync()

    # ---- layout

    def _settle(self, *, repaint: bool = True, within_s: float = math.inf, moved: bool = True) -> None:
        """Lay out what is in sight, or as much of it as time allows and the rest a little later."""
        arrangement = self._arrangement
        if not arrangement.settle(time.perf_counter() + within_s):
            self._finisher.start()
        self._sync()
        if moved:
            self._prefetch.start()
        for placed in arrangement.visible:
            for sha256, _ in placed.message.entry.pictures:
                self._thumbnails.want(sha256)
            if placed.message.unfinished:
                self._feeder.start()
        if arrangement.following != self._told_following:
            self._told_following = arrangement.following
            self.following_changed.emit(arrangement.following)
        if repaint:
            self.viewport().update()

    def _sync(self) -> None:
        """Let the scroll bar show where the view is."""
        arrangement = self._arrangement
        self._syncing = True
        self._bar.place(arrangement.limit, arrangement.offset)
        self._syncing = False
        below = self._way_down and not arrangement.following and arrangement.offset < arrangement.limit
        if below == self._button.isHidden():
            self._button.setVisible(below)
        self._placed()

    def _laid_ahead(self, changed: bool) -> None:
        self._sync()
        if changed:
            self.viewport().update()

    def _feed(self) -> None:
        if self._arrangement.feed():
            self._settle()

    def _restyle(self) -> None:
        self._style = TranscriptStyle(theme.current())
        self._arrangement.restyle(self._style)
        self.verticalScrollBar().setSingleStep(2 * self._style.line_height)
        self._settle()
        self.update()

    def _scroll_by(self, pixels: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pixels)

    def _placed(self) -> None:
        """What is in sight may stand elsewhere now."""

    # ---- Qt

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
        arrangement.scroll_to(value, following=value >= arrangement.limit - NEAR)
        self._prefetch.turn(downwards=move < 0)
        self._settle(repaint=False, within_s=FRAME_S)
        if abs(move) < self.viewport().height() and not arrangement.following:
            self.viewport().scroll(0, move)
            self._placed()
        else:
            self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Take on another theme or text size."""
        super().changeEvent(event)
        kind = event.type()
        other = kind == QEvent.Type.PaletteChange and theme.current() is not self._style.palette
        if other or kind == QEvent.Type.FontChange:
            self._restyle()
