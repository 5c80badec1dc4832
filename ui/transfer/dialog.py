"""One window for a file on its way: what is being done, what is in it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.labels import PlainLabel
from ui.widgets.soft_progress import SoftProgress
from ui.widgets.status_line import StatusLine

WIDTH = 460
LIST_HEIGHT = 180


class TransferDialog(QDialog):
    """Works, then asks or reports. Every text in it may come from outside.

    Closing it while something is under way is the wish to stop that.
    """

    agreed = Signal()
    """What was shown is to be imported."""
    declined = Signal()
    """What was asked about is to be left out of the import."""
    stopped = Signal()
    """The dialog was closed before there was a result."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        self._over = False
        self.words = PlainLabel("", self)
        self.words.setMinimumWidth(1)
        self.list = QListWidget(self)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(LIST_HEIGHT)
        self.list.setAccessibleName(self.tr("Conversations in the file"))
        self.line = StatusLine(self)
        self.progress = SoftProgress(self)
        self.accept_button = TextButton(self.tr("Import"), self, primary=True)
        self.decline_button = TextButton(self.tr("Leave out"), self)
        self.close_button = TextButton(self.tr("Cancel"), self)
        self._lay_out()
        self.accept_button.clicked.connect(self._agree)
        self.decline_button.clicked.connect(self.declined)
        self.close_button.clicked.connect(self.close)
        self.show_working("")

    def show_working(self, words: str) -> None:
        """Something is being done; it can be cancelled."""
        self._show(words, working=True)

    def show_contents(self, words: str, titles: Sequence[str]) -> None:
        """What a file holds, before it is imported."""
        self.list.clear()
        self.list.addItems([" ".join(title.split()) for title in titles])
        self._show(words, working=False, asking=True)
        self.accept_button.setFocus()
        self._fit()

    def show_offer(self, words: str, notes: str, take: str) -> None:
        """Something of a file is imported at a word alone: what, why, and the words of the button."""
        self._show(notes, working=False, offering=True)
        self.line.say(words, "warning", alert=True)
        self.accept_button.setText(take)
        self.decline_button.setFocus()
        self._fit()

    def show_result(self, words: str, notes: str = "", tone: str = "positive") -> None:
        """What came of it, and in a line of its own what did not come along."""
        self._over = True
        self._show("", working=False)
        self.close_button.setText(self.tr("Close"))
        self.words.setVisible(bool(notes))
        self.words.setText(notes)
        self.line.say(words, tone, alert=True)
        self.close_button.setFocus()
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._over:
            self._over = True
            self.stopped.emit()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, also what is under way."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        """As high as what is shown now needs."""
        self._column.activate()
        self.resize(self.width(), self._column.totalHeightForWidth(self.width()))

    def _agree(self) -> None:
        self.agreed.emit()

    def _show(self, words: str, *, working: bool, asking: bool = False, offering: bool = False) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.line.say("")
        self.progress.setVisible(working)
        self.list.setVisible(asking and self.list.count() > 0)
        self.accept_button.setVisible(asking or offering)
        self.decline_button.setVisible(offering)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.decline_button)
        buttons.addWidget(self.accept_button)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.line)
        column.addWidget(self.words)
        column.addWidget(self.list, 100)
        column.addWidget(self.progress)
        column.addStretch(1)
        column.addLayout(buttons)
