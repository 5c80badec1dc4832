"""What an endpoint counted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.sidebar.rows import UsageRow
from ui.widgets.buttons import SmallButton
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.soft_progress import SoftProgress
from ui.widgets.status_line import StatusLine


class UsagePanel(QWidget):
    """Figures in words: being fetched, there, or why they are not."""

    refresh_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = SoftProgress()
        self.problem = StatusLine(size="caption")
        self.refresh = SmallButton(self.tr("Ask again"))
        self.refresh.clicked.connect(self.refresh_requested)
        self._figures = QWidget()
        self._grid = QGridLayout(self._figures)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self._figures)
        column.addWidget(self.problem)
        column.addWidget(self.refresh, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_rows([])

    def show_waiting(self) -> None:
        """They are on their way."""
        self.problem.say("")
        self.line.show()
        self.refresh.hide()

    def show_rows(self, rows: list[UsageRow]) -> None:
        """The figures."""
        self._end_waiting("")
        while (item := self._grid.takeAt(0)) is not None:
            if (shown := item.widget()) is not None:
                shown.hide()
                shown.deleteLater()
        for place, row in enumerate(rows):
            value = ElidedLabel(row.value, size="caption", elide=Qt.TextElideMode.ElideMiddle)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            label = ElidedLabel(row.label, size="caption", tone="muted", elide=Qt.TextElideMode.ElideMiddle)
            self._grid.addWidget(label, place, 0)
            self._grid.addWidget(value, place, 1)
        self._figures.setVisible(bool(rows))

    def show_problem(self, text: str) -> None:
        """Why there are none."""
        self._end_waiting(text)

    def figures(self) -> list[str]:
        """What is written, from the top left to the bottom right."""
        return [label.text() for label in self._figures.findChildren(PlainLabel) if not label.isHidden()]

    def _end_waiting(self, problem: str) -> None:
        self.line.hide()
        self.problem.say(problem, "danger")
        self.refresh.show()
