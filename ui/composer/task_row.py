"""What a model understands at the beginning of a question, as buttons."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.buttons import SmallButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.tooltips import plain_tooltip

PLACE = "{text}"
"""Where in a template the user's own words go."""


class TaskButton(NamedTuple):
    """`template` is the question; where it holds PLACE, the user writes there what `hint` says."""

    name: str
    template: str
    hint: str = ""

    @property
    def before(self) -> str:
        """What stands before the user's own words."""
        return self.template.partition(PLACE)[0]


class TaskRow(QWidget):
    """One small button for each; hidden without any."""

    chosen = Signal(object)
    """A TaskButton was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tasks: list[TaskButton] = []
        self.buttons: list[SmallButton] = []
        self._flow = FlowLayout(self, spacing=6)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def set_tasks(self, tasks: list[TaskButton]) -> None:
        """Show exactly these."""
        while self._flow.count():
            self._flow.takeAt(0)
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.tasks = list(tasks)
        self.buttons = [self._button(task) for task in tasks]
        self.setVisible(bool(tasks))

    def words_of(self, text: str) -> str:
        """The user's own words in `text`, without the task that it begins with."""
        for task in sorted(self.tasks, key=lambda task: -len(task.before)):
            before, _, after = task.template.partition(PLACE)
            if text == task.template or text.rstrip() == before.rstrip():
                return ""
            if PLACE in task.template and text.startswith(before) and text.endswith(after):
                return text[len(before) : len(text) - len(after)]
        return text

    def _button(self, task: TaskButton) -> SmallButton:
        button = SmallButton(task.name, self)
        button.setToolTip(plain_tooltip(task.template.replace(PLACE, "…")))
        button.setAccessibleDescription(task.hint)
        button.clicked.connect(lambda: self.chosen.emit(task))
        self._flow.addWidget(button)
        button.show()
        return button
