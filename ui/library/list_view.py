"""The library: every conversation, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QStackedLayout, QVBoxLayout, QWidget

from ui.library.list_model import ID_ROLE, LibraryModel, LibraryRow
from ui.library.row_delegate import RowDelegate
from ui.widgets.buttons import IconButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import PlainLabel
from ui.widgets.surfaces import Surface
from ui.widgets.thumbnails import Thumbnails

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QShowEvent

__all__ = ["LibraryRow", "LibraryView"]


class LibraryView(Surface):
    """Emits `conversation_chosen` with the id the user clicked, or confirmed with Return."""

    conversation_chosen = Signal(str)
    new_requested = Signal()
    thumbnail_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setMinimumWidth(180)
        self.model = LibraryModel(self)
        self.thumbnails = Thumbnails(self)
        self.thumbnails.wanted.connect(self.thumbnail_wanted)
        self._current = ""
        self.list = _ConversationList()
        self.list.setAccessibleName(self.tr("Conversations"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(RowDelegate(self.thumbnails, self.list))
        self.list.chosen.connect(self._choose)
        self.empty = EmptyState(
            "message-square", self.tr("Your conversations will be listed here."), size="label"
        )
        self.new = IconButton("square-pen", self.tr("New conversation"), shortcut="Ctrl+N")
        self.new.clicked.connect(self.new_requested)
        self._place()

    def _place(self) -> None:
        self.title = PlainLabel(self.tr("Library"), bold=True, wrap=False)
        self.title.setBuddy(self.list)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 4)
        head.addWidget(self.title, 1)
        head.addWidget(self.new)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(body, 1)

    def set_rows(self, rows: list[LibraryRow]) -> None:
        """All conversations, newest change first; place and selection stay."""
        scrolled = self.list.verticalScrollBar().value()
        self.model.set_rows(rows)
        self._stack.setCurrentWidget(self.list if rows else self.empty)
        self._mark()
        self.list.verticalScrollBar().setValue(scrolled)

    def set_current(self, conversation_id: str) -> None:
        """Mark the conversation that is open, without choosing it anew; empty for none."""
        self._current = conversation_id
        self._mark()
        if (index := self.model.row_of(conversation_id)).isValid():
            self.list.scrollTo(index)

    def focus_list(self) -> None:
        """Let the user choose a conversation, or begin one where there is none."""
        target = self.new if self.list.isHidden() else self.list
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """The small image of a picture, as wanted by `thumbnail_wanted`."""
        self.thumbnails.set_image(sha256, image)
        self.list.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.regroup()
        self._mark()

    def _mark(self) -> None:
        index = self.model.row_of(self._current)
        self.list.setCurrentIndex(index)
        if not index.isValid():
            self.list.clearSelection()
        if self.list.hasFocus():
            self.list.mark_place()

    def _choose(self, index: QModelIndex) -> None:
        conversation_id = index.data(ID_ROLE)
        if conversation_id:
            self._current = conversation_id
            self.list.setCurrentIndex(index)
            self.conversation_chosen.emit(conversation_id)


class _ConversationList(QListView):
    """Arrow keys move, Return and a click choose."""

    chosen = Signal(QModelIndex)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.mark_place()
        self.viewport().update()

    def mark_place(self) -> None:
        """Where the arrow keys start: the first conversation, where none is current. It is not chosen."""
        if self.currentIndex().isValid():
            return
        rows = (self.model().index(row, 0) for row in range(self.model().rowCount()))
        first = next((index for index in rows if index.data(ID_ROLE)), QModelIndex())
        self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
