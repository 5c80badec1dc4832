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
FEW = 3
"""Lines that stand by themselves; more are scrolled, so that the buttons stay on the screen."""


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
        self.list.setWordWrap(True)
        self.line = StatusLine(self)
        self.progress = SoftProgress(self)
        self.accept_button = TextButton(self.tr("Import"), self, primary=True)
        self.take_button = TextButton(self.tr("Open anyway"), self)
        self.decline_button = TextButton(self.tr("Leave out"), self)
        self.close_button = TextButton(self.tr("Cancel"), self)
        self._lay_out()
        for button in (self.accept_button, self.take_button):
            button.clicked.connect(self.agreed)
        self.decline_button.clicked.connect(self.declined)
        self.close_button.clicked.connect(self.close)
        self.show_working("")

    def show_working(self, words: str) -> None:
        """Something is being done; it can be cancelled."""
        self._show(words, working=True)

    def show_contents(self, words: str, titles: Sequence[str]) -> None:
        """What a file holds, before it is imported."""
        self._list(titles, self.tr("Conversations in the file"))
        self._show(words, working=False, asking=True)
        self.accept_button.setFocus()
        self._fit()

    def show_offer(self, words: str, notes: Sequence[str]) -> None:
        """Pictures of a file are opened at a word alone: what is asked, and why of each."""
        self._show_notes(notes)
        self.take_button.show()
        self.decline_button.show()
        self.line.say(words, "warning", alert=True)
        self.decline_button.setFocus()
        self._fit()

    def show_result(self, words: str, notes: Sequence[str] = (), tone: str = "positive") -> None:
        """What came of it, and in lines of their own what did not come along."""
        self._over = True
        self._show_notes(notes)
        self.close_button.setText(self.tr("Close"))
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

    def _show_notes(self, notes: Sequence[str]) -> None:
        few = len(notes) <= FEW
        self._list(() if few else notes, self.tr("Pictures"))
        self._show("\n".join(notes) if few else "", working=False)

    def _list(self, lines: Sequence[str], name: str) -> None:
        self.list.clear()
        self.list.addItems([" ".join(line.split()) for line in lines])
        self.list.setAccessibleName(name)

    def _show(self, words: str, *, working: bool, asking: bool = False) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.line.say("")
        self.progress.setVisible(working)
        self.list.setVisible(not working and self.list.count() > 0)
        self.accept_button.setVisible(asking)
        self.take_button.hide()
        self.decline_button.hide()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.close_button, self.take_button, self.decline_button, self.accept_button):
            buttons.addWidget(button)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.line)
        column.addWidget(self.words)
        column.addWidget(self.list, 100)
        column.addWidget(self.progress)
        column.addStretch(1)
        column.addLayout(buttons)
