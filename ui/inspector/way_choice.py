"""In which size a picture goes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.inspector.shown import Way
from ui.widgets.combo import OpeningCombo
from ui.widgets.field import Field
from ui.widgets.tooltips import plain_tooltip

SIDE = 12


class WayChoice(QWidget):
    """A drop-down with every way; one that cannot be chosen says why. Hidden without any."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = OpeningCombo(self)
        self.field = Field(self.tr("Size in which it goes"), self.combo, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        self._ways: tuple[Way, ...] = ()
        self.combo.activated.connect(self._choose)
        self.hide()

    def show_ways(self, ways: Sequence[Way], current: str) -> None:
        """Offer these, with the one in force shown; without any there is nothing to choose."""
        if tuple(ways) != self._ways:
            self._ways = tuple(ways)
            with QSignalBlocker(self.combo):
                self._fill()
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(max(0, self.combo.findData(current)))
        self._show_help()
        self.setVisible(bool(ways))

    def _fill(self) -> None:
        self.combo.clear()
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        for row, way in enumerate(self._ways):
            self.combo.addItem(way.words, way.value)
            item = model.item(row)
            item.setEnabled(not way.why_not)
            said = way.why_not or way.help
            self.combo.setItemData(row, plain_tooltip(said), Qt.ItemDataRole.ToolTipRole)
            self.combo.setItemData(row, f"{way.words}. {said}", Qt.ItemDataRole.AccessibleDescriptionRole)

        view = self.combo.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * SIDE)

    def _choose(self, row: int) -> None:
        self._show_help()
        self.chosen.emit(self.combo.itemData(row))

    def _show_help(self) -> None:
        way = next((way for way in self._ways if way.value == self.combo.currentData()), None)
        said = self.tr("“{way}” cannot be chosen. {why}")
        impossible = [said.format(way=way.words, why=way.why_not) for way in self._ways if way.why_not]
        self.field.set_help("\n".join(filter(None, (way.help if way else "", *impossible))))
