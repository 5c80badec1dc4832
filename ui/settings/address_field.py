"""A web address that is judged while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.settings.rows import AddressVerdict
from ui.widgets.field import Field
from ui.widgets.status_line import StatusLine

Judge = Callable[[str], AddressVerdict]


class AddressField(QWidget):
    """The address, and below it what using it means or why it cannot be used."""

    left = Signal()
    """The user is done typing."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._judge: Judge = lambda text: AddressVerdict("", "", text)
        self.edit = QLineEdit(self)
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.edit.setPlaceholderText("https://example.com/v1")
        self.field = Field(label, self.edit, parent=self)
        self.line = StatusLine(self, size="caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.line)
        self.verdict = AddressVerdict("", "", "")
        self.edit.textEdited.connect(lambda _: self.judge_again())
        self.edit.editingFinished.connect(self.left)

    def judge_with(self, judge: Judge) -> None:
        """Judge by `judge` from now on, beginning with what stands there; nothing is said of that."""
        self._judge = judge
        self.verdict = judge(self.edit.text())

    def set_text(self, text: str) -> None:
        """Show an address that is in use; nothing is said of it."""
        if self.edit.text() != text:
            self.edit.setText(text)
            self.edit.setCursorPosition(0)
        self.verdict = self._judge(text)
        self._say("", "muted")

    def judge_again(self) -> None:
        """Judge what stands there now, and say it."""
        self.verdict = self._judge(self.edit.text())
        self.say_verdict()

    def say_verdict(self) -> None:
        """Say what there is to say of the address as it stands."""
        problem, note, _ = self.verdict
        self._say(problem or note, "danger" if problem else "muted")

    def _say(self, text: str, tone: str) -> None:
        self.line.say(text, tone)
        self.edit.setAccessibleDescription(text)
        wrong = tone == "danger" and bool(text)
        if self.edit.property("wrong") != wrong:
            self.edit.setProperty("wrong", wrong)
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)
