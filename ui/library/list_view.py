"""The library: every conversation, newest first, and the ways to find one."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ui.library.head import LibraryHead
from ui.library.list_model import ID_ROLE, LibraryModel
from ui.library.row_delegate import RowDelegate, heading_height, row_height
from ui.library.row_list import RowList
from ui.library.rows import LibraryRow, Wanted
from ui.widgets.empty_state import EmptyState
from ui.widgets.surfaces import Surface
from ui.widgets.tab_order import walk_through
from ui.widgets.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from PySide6.QtGui import QImage, QShowEvent

    from ui.library.hits_page import HitsPage
    from ui.library.selection import SelectionActions
    from ui.library.trash_page import TrashPage

__all__ = ["LibraryRow", "LibraryView"]


class LibraryView(Surface):
    """Emits `conversation_chosen` with the id the user clicked, or confirmed with Return."""

    conversation_chosen = Signal(str)
    hit_chosen = Signal(str, str, str)
    """A place that was found: the ids of conversation and message (empty for its title), the words."""

    new_requested = Signal()
    thumbnail_wanted = Signal(str)
    retry_requested = Signal()
    rest_wanted = Signal(object)
    """The whole list is wanted, and then a call of this."""

    trash_shown = Signal()
    """What lies in the trash is wanted."""

    actions_made = Signal(object)
    """The first conversation is listed: SelectionActions."""

    def __init__(self, parent: QWidget | None = None, now: Callable[[], datetime] | None = None) -> None:
        super().__init__("window", parent)
        self.setMinimumWidth(180)
        self.model = LibraryModel(self, now)
        self.thumbnails = Thumbnails(self)
        self.thumbnails.wanted.connect(self.thumbnail_wanted)
        self._current = ""
        self._failed = ""
        self.head = LibraryHead(self.focus_list, self)
        self.new, self.search = self.head.new, self.head.search
        self.new.clicked.connect(self.new_requested)
        body = QWidget(self)
        self.empty = EmptyState(
            "message-square", self.tr("Your conversations will be listed here."), parent=body, size="label"
        )
        self.empty.action_requested.connect(self._take_offer)
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(body, 1)
        self.search.textChanged.connect(lambda _: self._show_page())
        self.search.left_down.connect(self.focus_list)
        self.search.left.connect(self.focus_list)
        self.head.folder.trash_chosen.connect(self._show_trash)
        self.head.wanted_changed.connect(lambda _: self._show_page())

    # ---- parts that are made when they are first needed

    @cached_property
    def list(self) -> RowList:
        """The conversations."""
        made = RowList(row_height(), heading_height())
        made.setAccessibleName(self.tr("Conversations"))
        made.show_model(self.model)
        self._delegate = RowDelegate(self.thumbnails, made)
        made.setItemDelegate(self._delegate)
        made.chosen.connect(self._choose)
        made.typed.connect(self._begin_search)
        made.left_upwards.connect(self.focus_search)
        made.everything_wanted.connect(lambda: self.rest_wanted.emit(made.selectAll))
        made.end_wanted.connect(lambda: self.rest_wanted.emit(self._go_to_end))
        self._stack.addWidget(made)
        walk_through((self.head.folder, made))
        return made

    @cached_property
    def selection(self) -> SelectionActions:
        """What is done with what is selected."""
        from ui.library.selection import SelectionActions

        made = SelectionActions(self.list, self.model, self.head, self)
        made.opened.connect(self._choose)
        self.actions_made.emit(made)
        return made

    @cached_property
    def hits(self) -> HitsPage:
        """What a search found."""
        from ui.library.hits_page import HitsPage

        made = HitsPage(self.thumbnails)
        made.chosen.connect(lambda line: self.hit_chosen.emit(*line[:2], self.search.text().strip()))
        made.left.connect(self.search.clear)
        made.left.connect(self.focus_search)
        made.list.left_upwards.connect(self.focus_search)
        self.search.confirmed.connect(made.take_first)
        self._stack.addWidget(made)
        walk_through((self.head.folder, made.list))
        return made

    @cached_property
    def trash(self) -> TrashPage:
        """What was deleted."""
        from ui.library.trash_page import TrashPage

        made = TrashPage(self.thumbnails)
        self._stack.addWidget(made)
        walk_through((self.head.folder, made.list, made.restore_button, made.purge_button))
        return made

    # ---- what is listed

    def set_rows(self, rows: Sequence[LibraryRow], *, more: bool = False) -> None:
        """All conversations that are wanted, or (`more`) the first of them; place and selection stay."""
        self._failed = ""
        if rows or "list" in self.__dict__:
            with self.list.staying():
                self.model.set_rows(rows, more=more)
        self._show_page()
        if rows:
            _ = self.selection
            if not self.list.selectionModel().hasSelection():
                self._mark()

    def append_rows(self, rows: Sequence[LibraryRow], *, more: bool = False) -> None:
        """The next conversations, as wanted by `model.more_wanted`."""
        self.model.append_rows(rows, more=more)

    def parts_made(self) -> Iterator[None]:
        """Make what the first row needs, a part a step; it takes as long as some frames."""
        for part in ("list", "selection"):
            if part not in self.__dict__:
                getattr(self, part)
                yield

    def put_rows(self, rows: Iterable[LibraryRow], gone: Iterable[str] = ()) -> None:
        """Conversations that have changed, and ids of those that are no longer to be listed."""
        with self.list.staying():
            appeared = False
            for row in rows:
                appeared |= row.id == self._current and self.model.row(row.id) is None
                self.model.put(row)
            for conversation_id in gone:
                self.model.remove(conversation_id)
        self._show_page()
        if self.model.rowCount():
            _ = self.selection
        if appeared:
            self._mark()

    def show_failed(self, sentence: str) -> None:
        """The list cannot be read: why, with a button to try again."""
        self._failed = sentence
        self._show_page()

    def set_current(self, conversation_id: str) -> None:
        """Mark the conversation that is open, without choosing it anew; empty for none."""
        if conversation_id == self._current:
            return
        self._current = conversation_id
        if "list" in self.__dict__:
            self._mark()
            if (index := self.model.row_of(conversation_id)).isValid():
                self.list.scrollTo(index)

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """The small image of a picture, as wanted by `thumbnail_wanted`."""
        self.thumbnails.set_image(sha256, image)
        if (page := self._stack.currentWidget()) is not None:
            page.update()
            for part in page.findChildren(QWidget):
                part.update()

    # ---- where the keyboard is

    def focus_list(self) -> None:
        """Let the user choose a conversation, or begin one where there is none."""
        page = self._stack.currentWidget()
        if page is self.__dict__.get("trash"):
            self.trash.focus_list()
        elif page is self.__dict__.get("hits"):
            self.hits.focus_list()
        else:
            target = self.new if page is self.empty else self.list
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Let the user type what is searched for."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if "list" in self.__dict__:
            with self.list.staying():
                self.model.regroup()

    def _begin_search(self, text: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(text)

    def _go_to_end(self) -> None:
        self.list.setCurrentIndex(self.model.index(self.model.rowCount() - 1))

    # ---- pages

    def _show_trash(self) -> None:
        self.search.clear()
        self.head.show_trash(True)
        self._stack.setCurrentWidget(self.trash)
        self.trash_shown.emit()

    def _show_page(self) -> None:
        if self.search.text().strip():
            self._stack.setCurrentWidget(self.hits)
        elif self.head.folder.in_trash:
            self._stack.setCurrentWidget(self.trash)
        elif self.model.rowCount() and not self._failed:
            self._stack.setCurrentWidget(self.list)
        else:
            self._say_why_empty()
            self._stack.setCurrentWidget(self.empty)

    def _say_why_empty(self) -> None:
        if self._failed:
            said = self._failed, "circle-alert", self.tr("Try again")
        elif self.head.wanted.filtered:
            said = self.tr("No conversation is like this."), "funnel", self.tr("Remove the filters")
        elif self.head.wanted.folder:
            said = self.tr("This folder is empty."), "folder", ""
        else:
            said = self.tr("Your conversations will be listed here."), "message-square", ""
        sentence, icon, action = said
        self.empty.show_sentence(sentence, icon=icon, action=action)

    def _take_offer(self) -> None:
        if self._failed:
            self.retry_requested.emit()
        else:
            self.head.choose(Wanted(folder=self.head.wanted.folder))

    def _mark(self) -> None:
        self._delegate.open_id = self._current
        self.list.viewport().update()
        if len(self.list.selectionModel().selectedRows()) > 1:
            return  # what the user is about to do with them is not over
        index = self.model.row_of(self._current)
        self.list.select([index], index)
        if self.list.hasFocus():
            self.list.mark_place()

    def _choose(self, index: QModelIndex) -> None:
        conversation_id = index.data(ID_ROLE)
        if conversation_id:
            self._current = conversation_id
            self._delegate.open_id = conversation_id
            if len(self.list.selectionModel().selectedRows()) <= 1:
                self.list.select([index], index)
            self.list.viewport().update()
            self.conversation_chosen.emit(conversation_id)
