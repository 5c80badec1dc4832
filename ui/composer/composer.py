"""Where the question is written: its pictures, its text, Send."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.composer.attachment_chip import AttachmentChip
from ui.composer.attachment_strip import AttachmentStrip
from ui.composer.question_edit import QuestionEdit
from ui.composer.send_button import SendButton
from ui.widgets.buttons import IconButton
from ui.widgets.labels import PlainLabel
from ui.widgets.surfaces import Card
from ui.widgets.tab_order import stop_before, walk_through

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QMouseEvent

    from ui.composer.editing_line import EditingLine
    from ui.composer.task_row import TaskButton, TaskRow


class Composer(Card):
    """Keeps text and chips until they are replaced; a question that cannot go stays written."""

    message_submitted = Signal(str)
    stop_requested = Signal()
    attach_requested = Signal()
    pictures_offered = Signal(object)
    attachment_removed = Signal(str)
    attachment_swap_requested = Signal(str)
    """Another picture is wanted in the place of the one with this key."""
    attachment_frames_requested = Signal(str)
    """Frames are to be chosen of the attached picture with this key."""
    editing_left = Signal()
    """The question that is being edited is to stay as it was."""
    draft_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocked = ""
        self.strip = AttachmentStrip()
        self.strip.grew.connect(self._lead_tab)
        self.edit = QuestionEdit()
        self.edit.setPlaceholderText(self.tr("Ask about the picture"))
        self.edit.setAccessibleName(self.tr("Question"))
        self._say_hint("")
        self.attach = IconButton("image-plus", self.tr("Add pictures"), shortcut="Ctrl+O", role="text_muted")
        self.attach.setFixedSize(36, 36)
        self.send = SendButton()
        self.hint = PlainLabel(size="caption", tone="warning")
        self.hint.setContentsMargins(46, 0, 8, 2)
        self.hint.hide()
        self._place()
        self._connect()
        self._show_state()

    # ------------------------------------------------------------- what the window tells it

    def text(self) -> str:
        """The question as written."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Put a question in, for example a saved draft; this is no change by the user."""
        with QSignalBlocker(self.edit):
            self.edit.setPlainText(text)
        self.edit.moveCursor(QTextCursor.MoveOperation.End)
        self._show_state()

    def focus_text(self) -> None:
        """Let the user type."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_running(self, running: bool) -> None:
        """While an answer runs, Send is Stop."""
        if running != self.send.running:
            self.send.running = running
            self._show_state()

    @property
    def editing(self) -> bool:
        """Whether an earlier question is being changed."""
        return "editing_line" in self.__dict__ and not self.editing_line.isHidden()

    def set_editing(self, editing: bool) -> None:
        """An earlier question is being changed, or (False) the next one is written."""
        if editing != self.editing:
            self.editing_line.setVisible(editing)
            self.strip.set_swappable(editing)
            self._lead_tab()

    def set_attachments(self, chips: list[AttachmentChip]) -> None:
        """Show exactly these pictures."""
        self.strip.set_chips(chips)
        self._lead_tab()
        self._show_state()

    def set_tasks(self, tasks: list[TaskButton]) -> None:
        """Offer exactly these beginnings of a question."""
        if (tasks or "tasks" in self.__dict__) and tasks != self.tasks.tasks:
            self.tasks.set_tasks(tasks)
            self._say_hint("")
            self._lead_tab()

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """The small image of an attached picture."""
        self.strip.set_thumbnail(sha256, image)

    def set_send_blocked(self, reason: str) -> None:
        """A sentence why nothing can be sent now; empty when it can."""
        self._blocked = reason
        self._show_state()

    # ------------------------------------------------------------- how it is built

    @cached_property
    def editing_line(self) -> EditingLine:
        """What is said while a question is edited, made with the first of them."""
        from ui.composer.editing_line import EditingLine

        line = EditingLine()
        line.left.connect(self.editing_left)
        line.hide()
        self._column.insertWidget(0, line)
        return line

    @cached_property
    def tasks(self) -> TaskRow:
        """The buttons of set_tasks, made with the first of them."""
        from ui.composer.task_row import TaskRow

        tasks = TaskRow()
        tasks.chosen.connect(self._begin)
        self._column.insertWidget(self._column.indexOf(self.strip) + 1, tasks)
        return tasks

    def _place(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.attach, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.edit, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.send, 0, Qt.AlignmentFlag.AlignBottom)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(8)
        self._column.addWidget(self.strip)
        self._column.addLayout(row)
        self._column.addWidget(self.hint)

    def _connect(self) -> None:
        self.edit.textChanged.connect(self._text_changed)
        self.edit.submitted.connect(self._submit)
        self.edit.pictures_offered.connect(self.pictures_offered)
        self.edit.focused.connect(lambda focused: self.set_line("focus" if focused else "outline"))
        self.attach.clicked.connect(self.attach_requested)
        self.send.clicked.connect(self._press)
        self.strip.removed.connect(self.attachment_removed)
        self.strip.swap_requested.connect(self.attachment_swap_requested)
        self.strip.frames_requested.connect(self.attachment_frames_requested)

    # ------------------------------------------------------------- what the user does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.focus_text()

    def _begin(self, task: TaskButton) -> None:
        """The question begins with the task, and goes on with the words that are there already."""
        from ui.composer.task_row import PLACE

        text = task.template.replace(PLACE, self.tasks.words_of(self.text()))
        self._say_hint(task.hint, task.before)
        self.edit.selectAll()
        self.edit.insertPlainText(text)  # Ctrl+Z takes it back
        self.focus_text()

    def _say_hint(self, hint: str, after: str = "") -> None:
        """What is to be typed behind `after`; empty for nothing in particular."""
        self.edit.set_ghost(after, hint)
        keys = self.tr("Enter sends, Shift+Enter starts a new line")
        self.edit.setAccessibleDescription(f"{hint}. {keys}" if hint else keys)

    def _lead_tab(self) -> None:
        """Tab comes through the pictures and the tasks before the text, whenever they came."""
        anchor: QWidget = self.attach
        if "tasks" in self.__dict__ and self.tasks.buttons:
            walk_through([stop_before(anchor, outside=self.tasks), *self.tasks.buttons, anchor])
            anchor = self.tasks.buttons[0]
        anchor = self.strip.lead_to(anchor)
        if self.editing:
            leave = self.editing_line.leave
            walk_through([stop_before(anchor, outside=self.editing_line), leave, anchor])

    def _text_changed(self) -> None:
        self._show_state()
        self.draft_changed.emit(self.text())

    def _press(self) -> None:
        if self.send.running:
            self.stop_requested.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        reason = self._reason()
        if self.send.running:
            reason = self.tr("An answer is still running. Stop it, or wait until it is finished.")
        self._say(reason)
        if not reason:
            self.message_submitted.emit(self.text())

    def _reason(self) -> str:
        """Why nothing can be sent now; empty when it can."""
        if self._blocked:
            return self._blocked
        states = [chip.state for chip in self.strip.chips()]
        if "reading" in states:
            return self.tr("A picture is still being read.")
        if not self.text().strip() and "ready" not in states:
            return self.tr("Write a question or add a picture first.")
        return ""

    def _say(self, sentence: str) -> None:
        self.hint.setText(sentence)
        self.hint.setVisible(bool(sentence))

    def _show_state(self) -> None:
        reason = self._reason()
        self.send.show_state(running=self.send.running, reason=reason)
        if not reason or self.hint.text() != reason:
            self._say("")
