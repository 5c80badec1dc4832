"""A button that says what holds for an answer's shapes, with a menu of what else could."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from ui.signs import one_line
from ui.widgets.buttons import SmallButton
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 60
"""Characters of a name in the menu."""
BESIDE = 48
"""Logical pixels of the button beside its words."""


class ChoiceButton(SmallButton):
    """Hidden while there is nothing to choose."""

    chosen = Signal(str)
    """What is to hold, by its id."""

    def __init__(self) -> None:
        super().__init__("")
        self.words = ""
        """What holds, empty while there is nothing to choose."""
        self.hide()

    def set_choices(self, words: str, spoken: str, names: Mapping[str, str], chosen: str) -> None:
        """Offer `names` by their ids, none for nothing; `words` say what holds, shown with `fit`."""
        self.words = one_line(words) if names else ""
        self.setVisible(bool(names))
        if not names:
            return
        self.setAccessibleName(one_line(spoken))
        self.setToolTip(plain_tooltip(one_line(spoken)))
        menu = QMenu(self)
        for id_, name in names.items():
            shown = one_line(name)
            shown = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
            # An ampersand would underline what follows.
            action = QAction(shown.replace("&", "&&"), menu, checkable=True, checked=id_ == chosen)
            action.triggered.connect(lambda _=False, id_=id_: self.chosen.emit(id_))
            menu.addAction(action)
        before = self.menu()
        self.setMenu(menu)
        if before is not None:
            before.deleteLater()

    def fit(self, width: int) -> None:
        """Say what holds, cut so that the button is not wider."""
        said = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, width - BESIDE)
        self.setText(said.replace("&", "&&"))
