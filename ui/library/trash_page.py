"""What was deleted, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QStackedLayout, QVBoxLayout, QWidget

from ui.library.lines import LineDelegate, LineModel, line_height, low_height
from ui.library.row_list import RowList
from ui.widgets.buttons import SmallButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.library.rows import Line
    from ui.widgets.thumbnails import Thumbnails


class TrashPage(QWidget):
    """Return brings back what is selected; what goes for good is asked about."""

    restore_requested = Signal(object)
    """Lines of what is to come back (tuple)."""

    purge_requested = Signal(object)
    """Lines of what is to be deleted for good (tuple)."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LineModel()
        self.model.setParent(self)
        self.list = RowList(line_height(), low_height())
        self.list.setAccessibleName(self.tr("Trash"))
        self.list.show_model(self.model)
        self.list.setItemDelegate(LineDelegate(thumbnails, self.list))
        self.list.keys[(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)] = self.restore
        self.list.keys[(Qt.Key.Key_Enter, Qt.KeyboardModifier.NoModifier)] = self.restore
        self.restore_button = SmallButton(self.tr("Restore"))
        self.restore_button.clicked.connect(self.restore)
        self.purge_button = SmallButton(self.tr("Delete for good…"))
        self.purge_button.clicked.connect(self.purge)
        self.note = PlainLabel(
            self.tr("What is here is deleted for good after 30 days."), size="caption", tone="muted"
        )
        self.empty = EmptyState("trash-2", self.tr("The trash is empty."), size="label")
        self._place()
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._offer())
        self.model.modelReset.connect(self._offer)
        self._offer()

    def _place(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 8, 12, 8)
        buttons.setSpacing(8)
        buttons.addWidget(self.restore_button)
        buttons.addWidget(self.purge_button)
        buttons.addStretch(1)
        self._full = QWidget()
        column = QVBoxLayout(self._full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.note.setContentsMargins(16, 0, 12, 8)
        column.addWidget(self.note)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._full)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Everything in the trash, what was put there last first."""
        self.model.set_lines(lines)
        self.empty.show_sentence(self.tr("The trash is empty."), icon="trash-2")
        self._stack.setCurrentWidget(self._full if lines else self.empty)

    def show_failed(self, sentence: str) -> None:
        """The trash cannot be read or emptied: why."""
        self.empty.show_sentence(sentence, icon="circle-alert")
        self._stack.setCurrentWidget(self.empty)

    def selected(self) -> tuple[Line, ...]:
        """The lines that are selected."""
        return tuple(self.model.lines[index.row()] for index in self.list.selectionModel().selectedRows())

    def restore(self) -> None:
        """Bring back what is selected."""
        if lines := self.selected():
            self.restore_requested.emit(lines)

    def purge(self) -> None:
        """Delete what is selected for good, once the user agrees."""
        lines = self.selected()
        if not lines:
            return
        box = QMessageBox(self.window())
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(
            self.tr("Delete this for good?")
            if len(lines) == 1
            else self.tr("Delete {count} things for good?").format(count=len(lines))
        )
        box.setInformativeText(self.tr("This cannot be undone. Pictures stay in the library."))
        delete = box.addButton(self.tr("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        delete.clicked.connect(lambda: self.purge_requested.emit(lines))
        box.finished.connect(box.deleteLater)
        box.open()

    def _offer(self) -> None:
        some = self.list.selectionModel().hasSelection()
        for button in (self.restore_button, self.purge_button):
            button.setEnabled(some)
            button.setToolTip("" if some else self.tr("Select something first."))

    def focus_list(self) -> None:
        """Let the user choose something."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.list.selectionModel().hasSelection() and self.model.rowCount():
            first = self.model.index(0)
            self.list.select([first], first)
