"""What can be asked of a model besides the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.sidebar import parameter_words
from ui.sidebar.parameter_rows import ROWS, ParameterRow, Value
from ui.sidebar.unveiling import Unveiling
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from app.domain.model import ParameterSpec


class ParameterForm(QWidget):
    """A row for each parameter of the model, under the title of its group."""

    changed = Signal(str, object)

    rebuilt = Signal()
    """Other rows are there, so Tab has to learn of them."""

    def __init__(self, *, titles: bool = True) -> None:
        super().__init__()
        self.rows: dict[str, ParameterRow] = {}
        self._titles = titles
        self._specs: tuple[ParameterSpec, ...] = ()
        self._inside: QWidget | None = None
        self._unveiling = Unveiling(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_specs(self, specs: Sequence[ParameterSpec], values: Mapping[str, Value]) -> None:
        """The parameters of the model in force, and those of them that were set."""
        if tuple(specs) != self._specs:
            self._specs = tuple(specs)
            self._build()
        for name, row in self.rows.items():
            if row.value != values.get(name):  # else what is being typed stays
                row.show_value(values.get(name))

    def settle(self) -> None:
        """Let what is being typed hold now."""
        for row in self.rows.values():
            row.settle()

    def _build(self) -> None:
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget(self)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        specs = {spec.name: spec for spec in self._specs}
        groups = parameter_words.grouped(list(specs))
        self.rows = {}
        parts: list[QWidget] = []
        for title, names in groups:
            if self._titles and len(groups) > 1:
                parts.append(PlainLabel(title, size="caption", tone="muted"))
            for name in names:
                row = ROWS[specs[name].kind](specs[name])
                row.changed.connect(self.changed)
                self.rows[name] = row
                parts.append(row)
        for part in parts:
            column.addWidget(part)
        self._column.addWidget(self._inside)
        self._unveiling.begin(parts)
        self.rebuilt.emit()
