"""How much room on the disk is for what can be made again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.settings.rows import StorageRow
from ui.widgets.buttons import TextButton
from ui.widgets.combo import ComboBox
from ui.widgets.labels import PlainLabel

WIDEST = 200


class StoragePage(QWidget):
    """The pictures that are kept as they were sent. Only what the user does is emitted."""

    limit_chosen = Signal(object)
    """Bytes (int) that may be used."""
    clear_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = PlainLabel(self.tr("Storage"), self, size="title", bold=True)
        self.label = PlainLabel(self.tr("Pictures as they were sent"), self, bold=True)
        self.why = PlainLabel(
            self.tr(
                "Each picture is kept exactly as a model got it. So what was sent can be looked at later, "
                "and a question can be asked again to the byte."
            ),
            self,
            tone="muted",
        )
        self.used = PlainLabel("", self)
        self.limit_label = PlainLabel(self.tr("At most"), self, bold=True)
        self.limit = ComboBox(self)
        self.limit.setMaximumWidth(WIDEST)
        self.limit.setAccessibleName(self.limit_label.text())
        self.limit_label.setBuddy(self.limit)
        self.over = PlainLabel("", self, tone="muted")
        self.clear = TextButton(self.tr("Clear"), self)
        self.clear.setAccessibleName(self.tr("Clear the pictures as they were sent"))
        self.loss = PlainLabel(
            self.tr(
                "Your own pictures stay. What a model got for an earlier answer can then only be made again "
                "from them, not shown to the byte."
            ),
            self,
            size="caption",
            tone="muted",
        )
        self.clear.setAccessibleDescription(self.loss.text())
        self._lay_out()
        self.limit.activated.connect(lambda at: self.limit_chosen.emit(self.limit.itemData(at)))
        self.clear.clicked.connect(self.clear_requested)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addSpacing(16)
        for label in (self.label, self.why, self.used):
            column.addWidget(label)
        column.addSpacing(16)
        column.addWidget(self.limit_label)
        column.addWidget(self.limit)
        column.addWidget(self.over)
        column.addSpacing(16)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.loss)
        column.addStretch(1)

    def show_row(self, row: StorageRow) -> None:
        """Show how it is now."""
        self.used.setText(row.used)
        self.over.setText(row.over)
        self.clear.setEnabled(row.clearable)
        shown = [(self.limit.itemData(at), self.limit.itemText(at)) for at in range(self.limit.count())]
        if shown != list(row.limits):
            self.limit.clear()
            for size, words in row.limits:
                self.limit.addItem(words, size)
        self.limit.setCurrentIndex([size for size, _ in row.limits].index(row.limit))
