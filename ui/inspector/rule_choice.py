"""Whether a picture goes along with the questions after its own."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.combo import OpeningCombo
from ui.widgets.field import Field

SIDE = 12
RULES = {
    "keep": QT_TRANSLATE_NOOP("RuleChoice", "While there is room"),
    "pin": QT_TRANSLATE_NOOP("RuleChoice", "Always"),
    "describe": QT_TRANSLATE_NOOP("RuleChoice", "In words instead…"),
    "drop": QT_TRANSLATE_NOOP("RuleChoice", "Not again"),
}
"""In words that fit into a narrow column."""
OPENS_MORE = "describe"
"""The rule that holds only once its words were agreed to."""


class RuleChoice(QWidget):
    """A drop-down with every rule. Hidden where nothing can be chosen any more."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = OpeningCombo(self)
        for rule, words in RULES.items():
            self.combo.addItem(self.tr(str(words)), rule)
        view = self.combo.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * SIDE)
        self.combo.setMinimumContentsLength(8)
        self.field = Field(self.tr("Goes along later"), self.combo, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        self._rule = ""
        self.combo.activated.connect(self._choose)
        self.hide()

    def show_rule(self, rule: str) -> None:
        """The one in force; empty where there is nothing to choose."""
        self._rule = rule
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(max(0, self.combo.findData(rule)))
        self.setVisible(bool(rule))

    def _choose(self, row: int) -> None:
        rule = self.combo.itemData(row)
        if rule == OPENS_MORE:
            self.show_rule(self._rule)
        self.chosen.emit(rule)
