"""The uppermost row of the list of shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.buttons import IconButton
from ui.widgets.labels import PlainLabel
from ui.widgets.switch import Switch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QPushButton

COPIED_MS = 1_500
GAP = 4


class ListHead(QWidget):
    """How many shapes there are, a switch for all of them, a menu, and a button that closes the list."""

    copy_requested = Signal(str)
    """All shapes are wanted on the clipboard, as "json" or as "coco"."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._choices: list[QPushButton] = []
        self.title = PlainLabel(bold=True, wrap=False)
        self.title.setMinimumWidth(1)  # it says only what there is room for
        self.switch = Switch(self.tr("Show shapes"))
        self.switch.setToolTip(self.tr("Show shapes"))
        self.switch.setChecked(True)
        self.more = IconButton("copy", "")
        self.more.clicked.connect(self._open_menu)
        self.close_button = IconButton("x", self.tr("Close"), shortcut="Esc")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for part in (self.title, *self.stops()):
            row.addWidget(part, 1 if part is self.title else 0)
        self._name_menu()

    def stops(self) -> list[QWidget]:
        """What Tab walks through, in that order."""
        return [self.switch, self.more, self.close_button]

    def words(self) -> str:
        """How many shapes there are."""
        words = self.tr("1 shape") if self._count == 1 else self.tr("{count} shapes")
        return words.format(count=self._count)

    def set_count(self, count: int) -> None:
        """So many are listed; shown with `fit`."""
        self._count = count

    def fit(self, width: int) -> None:
        """Say as much as there is room for."""
        left = width - sum(part.sizeHint().width() + GAP for part in self.stops())
        wide = self.title.fontMetrics().horizontalAdvance
        said = (words for words in (self.words(), str(self._count)) if wide(words) <= left)
        self.title.setText(next(said, ""))

    def keep(self, choices: Sequence[QPushButton]) -> None:
        """Have the menus of these buttons in the menu, as they have no place of their own now."""
        if list(choices) != self._choices:
            self._choices = list(choices)
            self._name_menu()

    def tell_copied(self) -> None:
        """Say for a moment that the shapes are on the clipboard."""
        self.more.show_as("check", self.tr("Copied"))
        QTimer.singleShot(COPIED_MS, self.more, self._name_menu)

    def _name_menu(self) -> None:
        if self._choices:
            self.more.show_as("ellipsis", self.tr("More for these shapes"))
        else:
            self.more.show_as("copy", self.tr("Copy as JSON or COCO"))

    def _open_menu(self) -> None:
        from ui.panes.shapes.menu import ListMenu  # not needed before one is opened

        menu = ListMenu(self, self._choices)
        menu.copied.connect(self.copy_requested)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + GAP)))
