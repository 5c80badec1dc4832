"""What a search found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ui.library.lines import LineDelegate, LineModel, line_height, low_height
from ui.library.row_list import RowList
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.library.rows import Line
    from ui.widgets.thumbnails import Thumbnails


class HitsPage(QWidget):
    """Titles first, then messages. Escape leaves the search."""

    chosen = Signal(object)
    """The Line of a place that was found."""

    left = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take_when_found = False
        self._searching = False
        self.model = LineModel()
        self.model.setParent(self)
        self.list = RowList(line_height(), low_height())
        self.list.setAccessibleName(self.tr("Places found"))
        self.list.setSelectionMode(RowList.SelectionMode.SingleSelection)
        self.list.show_model(self.model)
        self.list.setItemDelegate(LineDelegate(thumbnails, self.list))
        self.list.chosen.connect(self._choose)
        self.list.keys[(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)] = self.left.emit
        self.empty = EmptyState("search", "", size="label")
        self.note = PlainLabel("", size="caption", tone="muted")
        self.note.setContentsMargins(16, 4, 12, 8)
        self.note.hide()
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(body, 1)
        column.addWidget(self.note)

    def show_searching(self) -> None:
        """Something else is searched for; what was found before stays until it is found."""
        self._searching = True

    def show_lines(self, lines: Sequence[Line], *, complete: bool, most: int) -> None:
        """What was found: all of it, or the first `most`; not `complete` while more is indexed."""
        self._searching = False
        self._put(lines)
        nothing = self.tr("Nothing found.") if complete else self.tr("Nothing found so far.")
        self.empty.show_sentence(nothing, icon="search")
        self._stack.setCurrentWidget(self.list if lines else self.empty)
        notes = []
        if not complete:
            notes.append(self.tr("Older messages are still being indexed."))
        if len(lines) >= most:
            notes.append(self.tr("These are the first {count} places.").format(count=most))
        self.note.setText(" ".join(notes))
        self.note.setVisible(bool(notes))
        if self._take_when_found:
            self.take_first()

    def _put(self, lines: Sequence[Line]) -> None:
        """What is selected stays where it is found again; else the list begins at its top."""
        selected = self.list.currentIndex()
        before = self.model.lines[selected.row()] if selected.isValid() else None
        self.model.set_lines(lines)
        if before in self.model.lines:
            index = self.model.index(self.model.lines.index(before))
            self.list.select([index], index)
        else:
            self.list.scrollToTop()

    def show_failed(self, sentence: str) -> None:
        """The search did not work: why."""
        self._searching = False
        self.model.set_lines(())
        self.empty.show_sentence(sentence, icon="circle-alert")
        self._stack.setCurrentWidget(self.empty)

    def take_first(self) -> None:
        """Choose the first place, as soon as it is known."""
        self._take_when_found = self._searching
        if not self._searching and self.model.lines:
            self._choose(self.model.index(0))

    def focus_list(self) -> None:
        """Let the user choose a place, with the first selected."""
        if self.model.lines:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.selectionModel().hasSelection():
                first = self.model.index(0)
                self.list.select([first], first)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.list.select([index], index)
            self.chosen.emit(self.model.lines[index.row()])
