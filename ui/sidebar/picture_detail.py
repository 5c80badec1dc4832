"""How large pictures go to the model."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.combo import OpeningCombo
from ui.widgets.field import Field


class PictureDetail(QWidget):
    """A choice that is shown where the endpoint's limits make it matter."""

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.combo = OpeningCombo()
        self.field = Field(self.tr("Large pictures"), self.combo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        self._helps: dict[str, str] = {}
        self.combo.activated.connect(self._choose)

    def show_choices(self, choices: list[tuple[str, str, str]], current: str) -> None:
        """Value, words and help of each way, and the one in force (the first where it is not there)."""
        self._helps = {value: help_text for value, _, help_text in choices}
        with QSignalBlocker(self.combo):
            self.combo.clear()
            for value, words, _ in choices:
                self.combo.addItem(words, value)
            self.combo.setCurrentIndex(max(0, self.combo.findData(current)))
        self._show_help()

    def _choose(self) -> None:
        self._show_help()
        self.changed.emit(self.combo.currentData())

    def _show_help(self) -> None:
        self.field.set_help(self._helps.get(self.combo.currentData(), ""))
