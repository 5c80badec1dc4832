"""Going back to a copy of a library that works."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.recovery.copy_list import Copy, CopyList
from ui.widgets.labels import PlainLabel
from ui.widgets.scrolling import Scrolling
from ui.widgets.soft_progress import SoftProgress

SIZE = (480, 440)


class CopiesDialog(QDialog):
    """Window-modal: lists the copies; Escape closes it, and what is being made is then given up."""

    restore_requested = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Restore a copy"))
        self.resize(*SIZE)
        self.words = PlainLabel(self.tr("Looking for copies…"), self, size="body")
        self.promise = PlainLabel(
            self.tr(
                "Fovea restarts with the copy that you choose."
                " What is in your library now becomes a copy of its own, so you can come back to it."
            ),
            self,
            tone="muted",
        )
        self.problem = PlainLabel("", self, tone="danger")
        self.problem.hide()
        self.line = SoftProgress(self)
        self._scrolling = Scrolling(self)
        page = QWidget(self._scrolling.viewport())
        self.copies = CopyList(page)
        self.copies.chosen.connect(self.restore_requested)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.copies)
        rows.addStretch(1)
        self._scrolling.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(12)
        for part in (self.words, self.promise, self.problem, self.line):
            column.addWidget(part)
        column.addWidget(self._scrolling, 1)

    def show_copies(self, copies: list[Copy]) -> None:
        """List the copies, or say that there are none."""
        none = self.tr("There is no copy yet. Fovea makes one each day, and when it is closed.")
        self.words.setText(self.tr("Go back to a copy of your library") if copies else none)
        self.promise.setVisible(bool(copies))
        self._scrolling.setVisible(bool(copies))
        self.copies.show_copies(copies)
        self.line.hide()

    def show_problem(self, sentence: str) -> None:
        """Why a copy cannot be used."""
        self.problem.setText(sentence)
        self.problem.show()
        self.copies.set_busy(False)
