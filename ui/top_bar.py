"""The line at the top: what is open, and what shows or hides beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedLabel
from ui.widgets.surfaces import Separator, Surface

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QLineEdit

LONGEST_TITLE = 200
EDIT_WIDTH = 340


class TopBar(QWidget):
    """Library and new at the left, the title in the middle, at the right what opens and changes things."""

    renamed = Signal(str)
    """The title that the user wrote; empty for the one that the first question gives."""

    keyboard_left = Signal()
    """The title is written, and the keyboard is nowhere."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = _Title(bold=True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title.double_clicked.connect(self.begin_renaming)
        self.title_edit: QLineEdit | None = None
        self._can_rename = False
        surface = Surface("surface")
        self._row = row = QHBoxLayout(surface)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(4)
        for name in ("library", "new", "capture"):
            row.addWidget(_button(actions, name))
        row.addWidget(self.title, 1)
        for name in ("open", "sent", "more", "theme", "settings", "sidebar"):
            row.addWidget(_button(actions, name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(surface)
        column.addWidget(Separator())

    def set_title(self, title: str, *, can_rename: bool = False) -> None:
        """Plain text; it may come from outside. What is being written in its place is dropped."""
        self._can_rename = can_rename
        self.title.setText(title)
        self._show_edit(False)

    def begin_renaming(self) -> None:
        """Let the user write the title: Return and going elsewhere keep it, Escape does not."""
        if not self._can_rename:
            return
        edit = self.title_edit or self._make_edit()
        edit.setText(self.title.text())
        self._show_edit(True)
        edit.selectAll()
        edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_edit(self) -> QLineEdit:
        from ui.title_edit import TitleEdit  # not needed before the first title is changed

        edit = self.title_edit = TitleEdit(self)
        edit.setMaxLength(LONGEST_TITLE)
        edit.left.connect(lambda: self._show_edit(False))
        edit.editingFinished.connect(self._finish)
        edit.setFixedWidth(EDIT_WIDTH)
        place = self._row.indexOf(self.title) + 1
        self._row.insertWidget(place, edit, 1, Qt.AlignmentFlag.AlignHCenter)
        return edit

    def _finish(self) -> None:
        assert self.title_edit is not None
        if not self.title_edit.isHidden():
            written = " ".join(self.title_edit.text().split())
            self._show_edit(False)
            if written != self.title.text():
                self.renamed.emit(written)

    def _show_edit(self, shown: bool) -> None:
        had_keyboard = self.title_edit is not None and self.title_edit.hasFocus()
        if self.title_edit is not None:
            self.title_edit.setVisible(shown)
        self.title.setVisible(not shown)
        if had_keyboard and not shown:
            self.keyboard_left.emit()


class _Title(ElidedLabel):
    double_clicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


def _button(actions: Actions, name: str) -> IconButton:
    action = actions[name]
    button = IconButton("circle-alert", action.text())
    button.follow(action)
    return button
