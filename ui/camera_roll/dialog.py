"""A grid of the newest pictures of a folder."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.picture_grid import GridPicture, PictureGrid
from ui.widgets.soft_progress import SoftProgress

SIZE = QSize(760, 600)
LONGEST_SIDE = 2 * 120
"""Of the small pictures it wants, in pixels: sharp at 200 %."""


class CameraRollDialog(QDialog):
    """Window-modal; a picture's key is its path. Escape leaves.

    `grid.wanted` tells which small pictures are missing.
    """

    folder_wanted = Signal()
    """The user wants to look into another folder."""

    pictures_chosen = Signal(object)
    """The paths of the chosen pictures (list[str])."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Newest pictures"))
        self.place = ElidedLabel("", size="body", bold=True, elide=Qt.TextElideMode.ElideMiddle)
        self.words = PlainLabel("", tone="muted")
        self.folder_button = TextButton(self.tr("Choose a folder…"))
        self.folder_button.setAutoDefault(False)
        self.folder_button.clicked.connect(self.folder_wanted)
        self.line = SoftProgress(self)
        self.grid = PictureGrid(self.tr("Pictures, the newest first"), self)
        self.grid.choice_changed.connect(self._show_choice)
        self.grid.taken.connect(self._take)
        self.empty = EmptyState("images", "", self.tr("Choose a folder…"))
        self.empty.action_requested.connect(self.folder_wanted)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.grid)
        self.pages.addWidget(self.empty)
        self.add_button = TextButton("", primary=True)
        self.add_button.setDefault(True)
        self.add_button.clicked.connect(self._take)
        self.cancel_button = TextButton(self.tr("Cancel"))
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out(parent.size() - QSize(48, 48))
        self._show_choice()

    def show_looking(self, name: str, path: str) -> None:
        """A folder is being looked into."""
        self.place.setText(name)
        self.place.set_hint(path)
        self.words.setText(self.tr("Looking for pictures…"))
        self.line.show()
        self.grid.set_pictures([])
        self._show_page(self.grid)

    def show_pictures(self, pictures: Sequence[GridPicture], total: int, *, more: bool) -> None:
        """The newest of `total` pictures, of which there are `more` than were counted."""
        self.line.hide()
        self.grid.set_pictures(pictures)
        self.words.setText(self._count_in_words(len(pictures), total, more=more))
        if pictures:
            self._show_page(self.grid)
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._show_empty(self.tr("There are no pictures in this folder."), "images", "muted")

    def show_problem(self, sentence: str) -> None:
        """Why the folder cannot be looked into."""
        self.line.hide()
        self.words.setText("")
        self._show_empty(sentence, "triangle-alert", "danger")

    def show_no_folder(self) -> None:
        """Nobody has chosen a folder yet, and the usual one is not there."""
        self.line.hide()
        self.place.setText("")
        self.place.set_hint("")
        self.words.setText("")
        said = self.tr("Choose the folder that your camera or phone saves to.")
        self._show_empty(said, "images", "muted")

    def _show_empty(self, sentence: str, icon: str, tone: str) -> None:
        self.empty.show_sentence(sentence, icon=icon, tone=tone, action=self.tr("Choose a folder…"))
        self._show_page(self.empty)
        self.empty.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_page(self, page: QWidget) -> None:
        """The grid, with the buttons for it, or what stands in its place."""
        self.pages.setCurrentWidget(page)
        self.folder_button.setVisible(page is self.grid)
        self.add_button.setVisible(page is self.grid)

    def _lay_out(self, room: QSize) -> None:
        names = QVBoxLayout()
        names.setSpacing(4)
        names.addWidget(self.place)
        names.addWidget(self.words)
        head = QHBoxLayout()
        head.setContentsMargins(24, 20, 24, 8)
        head.setSpacing(12)
        head.addLayout(names, 1)
        head.addWidget(self.folder_button, 0, Qt.AlignmentFlag.AlignTop)
        line = QHBoxLayout()
        line.setContentsMargins(24, 0, 24, 0)
        line.addWidget(self.line)
        grid = QHBoxLayout()
        grid.setContentsMargins(16, 0, 12, 0)
        grid.addWidget(self.pages)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 12, 24, 20)
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(line)
        column.addLayout(grid, 1)
        column.addLayout(buttons)
        self.resize(SIZE.boundedTo(room))

    def _count_in_words(self, shown: int, total: int, *, more: bool) -> str:
        if not shown:
            return ""
        numbers = self.locale()
        if more or shown < total:
            said = (
                self.tr("The newest {shown} of more than {total}")
                if more
                else self.tr("The newest {shown} of {total}")
            )
            return said.format(shown=numbers.toString(shown), total=numbers.toString(total))
        return self.tr("1 picture") if shown == 1 else self.tr("%n pictures, the newest first", "", shown)

    def _show_choice(self) -> None:
        count = self.grid.chosen_count()
        words = self.tr("Add 1 picture") if count == 1 else self.tr("Add %n pictures", "", count)
        self.add_button.setText(words if count else self.tr("Add pictures"))
        self.add_button.setEnabled(count > 0)
        self.add_button.setToolTip("" if count else self.tr("Choose some first."))

    def _take(self) -> None:
        if keys := self.grid.keys():
            self.pictures_chosen.emit(keys)
            self.accept()
