"""The widget that shows a conversation, however long, while an answer streams into it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.transcript.conversation_area import FRAME_S, ConversationArea
from ui.transcript.finding.finding import Finding
from ui.transcript.furniture import Furniture
from ui.transcript.painting import paint
from ui.transcript.pointer import COPY_MARKDOWN, Pointer
from ui.transcript.reading.announcer import announce
from ui.transcript.reading.keyboard import Keyboard
from ui.transcript.reading.reader import Reader
from ui.transcript.repaint import Repaint
from ui.transcript.selecting.grip import Grips, PictureFile
from ui.transcript.selecting.selection import everything

if TYPE_CHECKING:
    from ui.transcript.entry import Entry, Unloaded
    from ui.transcript.selecting.copying import Copying, Write
    from ui.transcript.spans import SpanMarks, Spans


class TranscriptView(ConversationArea):
    """Paints block layouts that are made once; only the block that grows is laid out again.

    Model text can open and load nothing: links and pictures are only told of, when clicked.
    """

    picture_activated = Signal(str)
    """The sha256 of a picture that was clicked."""
    picture_menu_wanted = Signal(str, object)
    """A menu (QMenu) is about to be shown in which something may stand about a picture, by its hash."""
    link_activated = Signal(str)
    """An http, https or mailto address that was clicked or chosen by key; nothing has been opened."""
    action_requested = Signal(str, str)
    """The id of a message and that of one of its actions: a click, or a choice in its menu."""
    message_revealed = Signal(str, str)
    """A message that was to be revealed is there: its id, and the words to be shown in it."""
    find_wanted = Signal(str)
    """Words whose counts in messages that are not loaded are asked for; `set_found` answers."""

    span_hovered = Signal(str, str)
    """The id of a message, and the key of the marked stretch under the pointer, "" for none any more."""
    span_clicked = Signal(str, str)
    """The id of a message and the key of a marked stretch of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._copying: Copying | None = None
        self._spans: Spans | None = None
        self._sought: tuple[str, str] | None = None
        self.setAccessibleName(self.tr("Conversation"))
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._keyboard = Keyboard(self, self._arrangement)
        self._keyboard.held.connect(self._settle)
        self._keyboard.menu_requested.connect(self._open_menu)
        self._furniture = Furniture(self, self._arrangement, self._keyboard)
        self._furniture.action_requested.connect(self.action_requested)
        self._furniture.link_pressed.connect(self.link_activated)
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
        ended = [each for each in entries if not each.running and arrangement.messages.is_running(each.id)]
        came = any(arrangement.messages.awaits(entry.id) for entry in entries)
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
        """Let pictures be dragged out: `find` makes a file with one, as PictureFile says."""
        self._grips.picture_file = find

    def set_spans(self, message_id: str, spans: SpanMarks) -> None:
        """Mark these stretches of a message's text, and no others."""
        if self._spans is None:
            from ui.transcript.spans import Spans  # hardly any message has some

            self._spans = Spans(self, self._arrangement)
            self._spans.hovered.connect(self.span_hovered)
            self._spans.clicked.connect(self.span_clicked)
            self._pointer.others = lambda point: bool(self._spans and self._spans.at(point)[0])
        self._spans.set_spans(message_id, spans)

    def highlight_spans(self, message_id: str, keys: Collection[str]) -> None:
        """Let marked stretches of a message stand out, and no others of it."""
        if self._spans is not None:
            self._spans.highlight(message_id, keys)

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """Take a picture asked for by `thumbnail_wanted`; a null image where there is none."""
        self._thumbnails.put(sha256, image)
        self.viewport().update()

    @property
    def current_message(self) -> str:
        """The id of the message with the ring, which is seen while the keyboard is here; "" for none."""
        current = self._keyboard.current
        ringed = self._keyboard.ringed and self._furniture.has_keyboard
        return self._arrangement.messages.row(current).id if ringed else ""

    # ---- following and selecting

    @property
    def has_selection(self) -> bool:
        """Whether something is selected."""
        return self._pointer.selection is not None and not self._pointer.selection.empty

    def selected_text(self) -> str:
        """The selection as plain text, as far as it is loaded; "" where there is none."""
        return self._pointer.selected_text()

    def copy(self) -> None:
        """Put the selection on the clipboard."""
        from ui.transcript.selecting.selection import plain_text

        self._copy(plain_text)

    def copy_markdown(self) -> None:
        """Put the selection on the clipboard as Markdown."""
        from ui.transcript.selecting.markdown_copy import markdown

        self._copy(markdown)

    def _copy(self, write: Write) -> None:
        selection = self._pointer.selection
        if selection is None or selection.empty:
            return
        if self._copying is None:
            from ui.transcript.selecting.copying import Copying

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

    # ---- Qt

    def _placed(self) -> None:
        self._reader.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new size."""
        super().resizeEvent(event)
        self._finding.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight of the region."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._style.surface)
        selection, finder = self._pointer.selection, self._finding.finder
        spans, thumbnails = self._spans, self._thumbnails
        unread = paint(painter, event.rect(), self._arrangement, selection, finder, thumbnails, spans)
        self._furniture.draw(painter)
        painter.end()
        if unread:
            self._colours.start()

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

    def _open_menu(self, at: QPoint, index: int) -> None:
        from ui.transcript.messages.menu import open_menu

        picture = self._pointer.picture_at(QPointF(self.viewport().mapFromGlobal(at)))
        open_menu(self, at, self._arrangement.messages[index].entry if index >= 0 else None, picture)
