"""The widget that shows a conversation, however long, while an answer streams into it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme import palette as theme
from ui.transcript.announcer import announce
from ui.transcript.arrangement import Arrangement
from ui.transcript.colour_reader import ColourReader
from ui.transcript.finding import Finding
from ui.transcript.furniture import Furniture
from ui.transcript.grip import Grips, PictureFile
from ui.transcript.keyboard import Keyboard
from ui.transcript.painting import paint
from ui.transcript.pointer import COPY_MARKDOWN, Pointer
from ui.transcript.prefetch import Prefetch
from ui.transcript.reader import Reader
from ui.transcript.repaint import Repaint
from ui.transcript.ringed_area import RING, RingedArea
from ui.transcript.selection import everything
from ui.transcript.style import TranscriptStyle
from ui.transcript.thumbnails import Thumbnails
from ui.transcript.to_bottom_button import ToBottomButton

if TYPE_CHECKING:
    from ui.transcript.copying import Copying, Write
    from ui.transcript.entry import Entry, Unloaded

FRAME_S = 0.008
"""How long may be laid out in one frame what was scrolled to or has arrived."""
FINISH_MS = 4
NEAR = 4
"""Pixels from the end within which the view follows it."""


class TranscriptView(RingedArea):
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
    entries_wanted = Signal(list)
    """The ids of messages in or near sight that are not loaded; `update_entries` answers."""
    message_revealed = Signal(str, str)
    """A message that was to be revealed is there: its id, and the words to be shown in it."""
    find_wanted = Signal(str)
    """Words whose counts in messages that are not loaded are asked for; `set_found` answers."""
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
        self._copying: Copying | None = None
        self._sought: tuple[str, str] | None = None
        self._colours = ColourReader(self.viewport(), self._arrangement)
        self._feeder.timeout.connect(self._feed)
        self._finisher = QTimer(self, singleShot=True, interval=FINISH_MS)
        self._finisher.timeout.connect(lambda: self._settle(within_s=FRAME_S))
        self._button = ToBottomButton(self)
        self._button.clicked.connect(self.scroll_to_bottom)
        self.verticalScrollBar().setSingleStep(2 * self._style.line_height)
        self.setAccessibleName(self.tr("Conversation"))
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._keyboard = Keyboard(self, self._arrangement)
        self._keyboard.held.connect(self._settle)
        self._keyboard.menu_requested.connect(self._open_menu)
        self._furniture = Furniture(self, self._arrangement, self._keyboard)
        self._furniture.action_requested.connect(self.action_requested)
        self._furniture.held.connect(self._settle)
        self._finding = Finding(self, self._arrangement)
        self._finding.held.connect(self._settle)
        self._finding.wanted.connect(self.find_wanted)
        self._grips = Grips(self._arrangement, self._thumbnails)
        self._pointer = Pointer(self, self._arrangement, self._keyboard, self._furniture, self._grips)
        self._reader = Reader(self, self._arrangement, self._keyboard)
        self._pointer.changed.connect(self.viewport().update)
        self._pointer.link_clicked.connect(self.link_activated)
        self._pointer.picture_clicked.connect(self.picture_activated)
        self._pointer.menu_requested.connect(self._open_menu)
        self._pointer.scroll_requested.connect(self._scroll_by)
        theme.notifier.changed.connect(self._restyle)

    # ---- content

    def set_entries(self, entries: Iterable[Entry | Unloaded]) -> None:
        """Show another conversation, from its end, or another branch of the same, from where it was
        read. Messages that both have in common from the start stay as they are.

        Those that are not loaded (`Unloaded` costs the least) are asked for with `entries_wanted`
        when they come near, and let go of when others came since.
        """
        self._prefetch.restart()
        if self._copying is not None:
            self._copying.stop()
        kept = self._arrangement.replace(entries)
        selection = self._pointer.selection
        if selection is not None and selection.end.message >= kept:
            self.deselect()
        self._thumbnails.clear()
        self._settle()
        self._finding.finder.refresh()

    def append(self, entry: Entry) -> None:
        """Add a message at the end."""
        self._arrangement.append(entry)
        self._settle()

    def update_entry(self, entry: Entry) -> None:
        """Show a newer state of a message; an unknown id is ignored.

        Text that only grew costs its new part, however long the answer and the conversation are.
        """
        self.update_entries((entry,))

    def update_entries(self, entries: Sequence[Entry]) -> None:
        """Show newer states of messages, or their words where they were not loaded."""
        entries = [each for each in entries if not self._arrangement.messages.think_on(each)]
        if not entries:
            return
        before, arrangement = Repaint(self._arrangement), self._arrangement
        ended = [each for each in entries if not each.running and arrangement.is_running(each.id)]
        came = any(arrangement.awaits(entry.id) for entry in entries)
        changed = [each for each in arrangement.update(entries) if before.shows(each[0])]
        message, first = changed[0] if len(changed) == 1 else (None, 0)
        steady = message.tops[min(first, len(message.tops) - 1)] if message and message.tops else 0
        self._settle(repaint=len(changed) > 1, within_s=FRAME_S if came else math.inf, moved=came)
        if len(changed) <= 1:
            before.after(self.viewport(), message, first, steady)
            self._reader.place()
        self._tell_revealed()
        if self._copying is not None:
            self._copying.go_on()
        self._finding.finder.recount(entries)
        for entry in ended:
            announce(self, entry)

    def reveal(self, message_id: str, words: str = "") -> None:
        """Scroll to a message, loaded or not; `message_revealed` tells when it is there."""
        if self._arrangement.messages.number_of(message_id) is not None:
            self._sought = message_id, words
            self._arrangement.hold(message_id, -1, self.viewport().height() // 8)
            self._settle()
            self._tell_revealed()

    def _tell_revealed(self) -> None:
        messages = self._arrangement.messages
        number = messages.number_of(self._sought[0]) if self._sought is not None else None
        if self._sought is not None and number is not None and messages.row(number).loaded:
            sought, self._sought = self._sought, None
            self.message_revealed.emit(*sought)

    def clear(self) -> None:
        """Show nothing."""
        self.set_entries(())

    def set_picture_files(self, find: PictureFile) -> None:
        """Let pictures be dragged out: `find` gives the path of a file with one, from its sha256 and
        its name, or "" where there is none."""
        self._grips.picture_file = find

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """Take a picture asked for by `thumbnail_wanted`; a null image where there is none."""
        self._thumbnails.put(sha256, image)
        self.viewport().update()

    @property
    def current_message(self) -> str:
        """The id of the message that the keyboard is at, "" for none."""
        current = self._keyboard.current
        return self._arrangement.messages.row(current).id if current >= 0 else ""

    # ---- following and selecting

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

    @property
    def has_selection(self) -> bool:
        """Whether something is selected."""
        return self._pointer.has_selection

    def selected_text(self) -> str:
        """The selection as plain text, as far as it is loaded; "" where there is none."""
        return self._pointer.selected_text()

    def copy(self) -> None:
        """Put the selection on the clipboard."""
        from ui.transcript.selection import plain_text

        self._copy(plain_text)

    def copy_markdown(self) -> None:
        """Put the selection on the clipboard as Markdown."""
        from ui.transcript.markdown_copy import markdown

        self._copy(markdown)

    def _copy(self, write: Write) -> None:
        selection = self._pointer.selection
        if selection is None or selection.empty:
            return
        if self._copying is None:
            from ui.transcript.copying import Copying

            self._copying = Copying(self, self._arrangement)
            self._copying.wanted.connect(self.entries_wanted)
        self._copying.start(selection, write)

    def select_all(self) -> None:
        """Select the whole conversation."""
        self._pointer.select(everything(self._arrangement.messages))

    def deselect(self) -> None:
        """Select nothing."""
        self._pointer.select(None)

    def find_words(self) -> None:
        """Ask for words to be found in the conversation."""
        self._finding.open()

    def find_next(self) -> None:
        """Go to the next place at which the words occur."""
        self._finding.step(1)

    def find_previous(self) -> None:
        """Go to the place before."""
        self._finding.step(-1)

    def set_found(self, words: str, counts: Iterable[tuple[str, int]]) -> None:
        """Take how often `words` occur in each message in which they do: (message id, count)."""
        self._finding.finder.set_found(words, counts)

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
            self._button.setVisible(not arrangement.following)
            self.following_changed.emit(arrangement.following)
        if repaint:
            self.viewport().update()

    def _sync(self) -> None:
        """Let the scroll bar show where the view is."""
        self._syncing = True
        self._bar.place(self._arrangement.limit, self._arrangement.offset)
        self._syncing = False
        self._reader.place()

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

    # ---- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight of the region."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._style.surface)
        selection, finder = self._pointer.selection, self._finding.finder
        unread = paint(painter, event.rect(), self._arrangement, selection, finder, self._thumbnails)
        self._furniture.draw(painter)
        painter.end()
        if unread:
            self._colours.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new size, keeping what is read where it is."""
        super().resizeEvent(event)
        size = self.viewport().size()
        self._arrangement.resize(size.width(), size.height())
        self.verticalScrollBar().setPageStep(size.height())
        button = self._button.size()
        x = RING + (size.width() - button.width()) // 2
        self._button.move(x, self.height() - button.height() - 16)
        self._finding.place()
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
            self._reader.place()
        else:
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, select all, and go to either end; the scroll bar takes the other keys."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.find_words()
        elif event.keyCombination() == COPY_MARKDOWN:
            self.copy_markdown()
        elif event.key() == Qt.Key.Key_F7:
            self._reader.toggle()
        elif (
            self._pointer.key(event)
            or self._keyboard.key(event)
            or (event.key() == Qt.Key.Key_Escape and self._finding.close())
        ):
            event.accept()
        elif event.key() == Qt.Key.Key_Home:
            self.verticalScrollBar().setValue(0)
        elif event.key() == Qt.Key.Key_End:
            self.scroll_to_bottom()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through what can be pressed in the current message, then out of the view."""
        return self._keyboard.step(forward=forward) or super().focusNextPrevChild(forward)

    def changeEvent(self, event: QEvent) -> None:
        """Take on another theme or text size."""
        super().changeEvent(event)
        kind = event.type()
        other = kind == QEvent.Type.PaletteChange and theme.current() is not self._style.palette
        if other or kind == QEvent.Type.FontChange:
            self._restyle()

    def _open_menu(self, at: QPoint, index: int) -> None:
        from ui.transcript.message_menu import open_menu

        open_menu(self, at, self._arrangement.messages[index].entry if index >= 0 else None)
