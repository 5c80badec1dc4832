"""The words that stand in the place of a picture, to read and to change before they are used."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.signs import one_line
from ui.widgets.buttons import SmallButton, TextButton
from ui.widgets.labels import PlainLabel
from ui.widgets.soft_progress import SoftProgress
from ui.widgets.status_line import StatusLine

SIZE = (520, 380)


class DescriptionDialog(QDialog):
    """Window-modal; Escape closes it, and the picture goes on as before."""

    look_requested = Signal()
    """The picture is to be described on this computer."""

    answer_requested = Signal()
    """The answer to the question of the picture is to be taken."""

    agreed = Signal(str)
    """These words are to stand in the place of the picture."""

    def __init__(self, name: str, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Described in words"))
        self.resize(*SIZE)
        title = PlainLabel(
            self.tr("Sent in the place of {name}").format(name=one_line(name)), self, size="body", bold=True
        )
        said = self.tr(
            "The model gets these words instead of the picture. Read them, and change what is wrong."
        )
        self.edit = QPlainTextEdit(words, self)
        self.edit.setProperty("kind", "field")
        self.edit.setTabChangesFocus(True)
        self.edit.setAccessibleName(title.text())
        self.edit.setAccessibleDescription(said)
        self.edit.setPlaceholderText(self.tr("What is to be seen in the picture"))
        self.look = SmallButton(self.tr("Describe it on this computer"), self)
        self.answer = SmallButton(self.tr("Take the answer to its question"), self)
        self.answer.hide()
        self.status = StatusLine(self)
        self.busy = SoftProgress(self)
        self.busy.hide()
        self.use = TextButton(self.tr("Use these words"), self, primary=True)
        self.leave = TextButton(self.tr("Cancel"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(PlainLabel(said, self, tone="muted"))
        column.addLayout(_row(self.look, self.answer, None))
        column.addWidget(self.edit, 1)
        column.addWidget(self.busy)
        column.addWidget(self.status)
        column.addLayout(_row(None, self.leave, self.use))
        self._connect()

    def offer_answer(self) -> None:
        """There is an answer that can be taken."""
        self.answer.show()

    def show_busy(self, busy: bool) -> None:
        """Whether a description is being made."""
        self.busy.setVisible(busy)
        self.look.setEnabled(not busy)
        self.look.setAccessibleDescription(self.tr("It is being described.") if busy else "")
        if busy:
            self.status.say("")

    def show_words(self, words: str) -> None:
        """Put a description in, in the place of what is written."""
        self.edit.setPlainText(words)
        self.show_busy(False)

    def show_outdated(self) -> None:
        """The words were written before something was covered."""
        said = self.tr("Something was covered since this was written. Take out what tells of it.")
        self.status.say(said, "warning")

    def show_problem(self, sentence: str) -> None:
        """Why it could not be described."""
        self.show_busy(False)
        self.status.say(sentence, "danger", alert=True)

    def _connect(self) -> None:
        self.look.clicked.connect(self.look_requested)
        self.answer.clicked.connect(self.answer_requested)
        self.leave.clicked.connect(self.reject)
        self.use.clicked.connect(self._agree)
        self.edit.textChanged.connect(self._show_whether_usable)
        self._show_whether_usable()

    def _show_whether_usable(self) -> None:
        empty = not self.edit.toPlainText().strip()
        self.use.setEnabled(not empty)
        self.use.setToolTip(self.tr("Write what is to be seen in the picture first.") if empty else "")
        self.use.setAccessibleDescription(self.use.toolTip())

    def _agree(self) -> None:
        self.agreed.emit(self.edit.toPlainText().strip())
        self.accept()


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets beside each other; None takes what room there is."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
