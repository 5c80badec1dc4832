"""What can be done about a library that cannot be opened, in place of the pictures."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.recovery.copy_list import Copy, CopyList, contents
from ui.widgets.buttons import TextButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram
from ui.widgets.scrolling import Scrolling
from ui.widgets.soft_progress import SoftProgress

WIDEST = 560


class RecoveryPage(Scrolling):
    """Says what happened and offers the copies, what can still be read, and another try.

    One press restores a copy. Reading the damaged library takes a press, and one more to use what
    was found.
    """

    restore_requested = Signal(str)
    recover_requested = Signal()
    cancel_requested = Signal()
    use_requested = Signal()
    folder_requested = Signal()
    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        page = QWidget(self.viewport())
        self.sentence = PlainLabel("", page, size="body", tone="danger")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.promise = PlainLabel(self._promise(), page, tone="muted")
        self.heading = PlainLabel("", page, bold=True)
        self.copies = CopyList(page)
        self.copies.chosen.connect(self.restore_requested)
        self.state = PlainLabel("", page)
        self.line = SoftProgress(page)
        self._make_buttons(page)
        self._lay_out(page)
        self.setWidget(page)
        self.show_problem("")

    def show_failure(self, sentence: str, copies: list[Copy], *, can_recover: bool) -> None:
        """Why the library cannot be opened, the copies of it, and whether reading it makes sense."""
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.heading.setText(self.tr("Copies of your library") if copies else "")
        self.heading.setVisible(bool(copies))
        self.copies.setVisible(bool(copies))
        self.copies.show_copies(copies)
        self._can_recover = can_recover
        self.show_problem("")

    def show_work(self, words: str, *, can_cancel: bool = False) -> None:
        """Something is being done; only it can be given up."""
        self._show_state(words, working=True)
        self.cancel.setVisible(can_cancel)

    def show_found(self, conversations: int, messages: int, gaps: int) -> None:
        """What could be read, with a button to use it."""
        found = contents(conversations, messages)
        words = (
            self.tr("All of it could be read: {found}.").format(found=found)
            if not gaps
            else self.tr("This could be read: {found}. Some of it was damaged and is lost.").format(
                found=found
            )
        )
        self._show_state(words)
        self.recover.hide()
        self.use.show()
        self.use.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, words: str) -> None:
        """Why the last attempt failed, empty for none; everything is offered again."""
        self._show_state(words, tone="danger")

    def _show_state(self, words: str, *, tone: str = "", working: bool = False) -> None:
        self.state.setText(words)
        self.state.set_tone(tone)
        self.state.setVisible(bool(words))
        self.line.setVisible(working)
        self.use.hide()
        self.cancel.hide()
        self.copies.set_busy(working)
        self.recover.setVisible(self._can_recover)
        for button in (self.recover, self.folder, self.retry):
            button.setEnabled(not working)

    def _promise(self) -> str:
        return self.tr("Whatever you choose, the files that are there now are put aside and not deleted.")

    def _make_buttons(self, page: QWidget) -> None:
        self._can_recover = True
        self.use = TextButton(self.tr("Use what was read"), page, primary=True)
        self.cancel = TextButton(self.tr("Cancel"), page)
        self.recover = TextButton(self.tr("Recover what can be read"), page)
        self.folder = TextButton(self.tr("Show the folder"), page)
        self.retry = TextButton(self.tr("Try again"), page)
        self.use.clicked.connect(self.use_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.recover.clicked.connect(self.recover_requested)
        self.folder.clicked.connect(self.folder_requested)
        self.retry.clicked.connect(self.retry_requested)

    def _lay_out(self, page: QWidget) -> None:
        inside = QWidget(page)
        inside.setMaximumWidth(WIDEST)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Pictogram("triangle-alert", 28, role="danger", parent=inside))
        buttons = FlowLayout()
        for button in (self.use, self.cancel, self.recover, self.folder, self.retry):
            buttons.addWidget(button)
        for part in (self.sentence, self.promise, self.heading, self.copies, self.state, self.line):
            column.addWidget(part)
        column.addSpacing(4)
        column.addLayout(buttons)
        centred = QHBoxLayout()
        centred.addWidget(inside)
        around = QVBoxLayout(page)
        around.setContentsMargins(24, 24, 24, 24)
        around.addStretch(1)
        around.addLayout(centred)
        around.addStretch(1)
