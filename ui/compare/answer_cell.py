"""One answer of the table: not asked yet, on its way, or there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import IconButton, TextButton
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.surfaces import Card

WIDTH, HEIGHT = 280, 260
"""Logical pixels of a cell, at least."""
WORDS = 200
"""Logical pixels below the pictures of an answer, at least."""
INSET = 12
"""From the edge of what draws the answer to where words begin."""


class AnswerCell(Card):
    """Shows the widget that draws the answer, with a line about it below.

    What draws it is made by somebody else and given by `set_view`, once there is something to draw.
    """

    ask_requested = Signal()
    stop_requested = Signal()

    def __init__(self, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, ground="surface")
        self.setMinimumSize(WIDTH, HEIGHT)
        self.setAccessibleName(spoken)
        self.view: QWidget | None = None
        self.pictures: list[QWidget] = []
        """What stands above the answer."""
        self.line = ElidedLabel(size="small", tone="muted")
        self.deed = IconButton("rotate-ccw", "")
        self.deed.clicked.connect(self._do)
        self.ask = TextButton(self.tr("Ask"))
        self.ask.setAccessibleName(self.tr("Ask: {cell}").format(cell=spoken))
        self.ask.clicked.connect(self.ask_requested)
        self.waiting = PlainLabel(tone="muted", size="caption")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._running = False
        self._lay_out()
        self.show_blank()

    def _lay_out(self) -> None:
        blank = QWidget()
        middle = QVBoxLayout(blank)
        middle.addStretch(1)
        middle.addWidget(self.waiting)
        middle.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        answer = QWidget()
        self._answer = QVBoxLayout(answer)
        self._answer.setContentsMargins(0, 0, 0, 0)
        self._answer.setSpacing(0)
        self._above = QHBoxLayout()
        self._above.setSpacing(8)
        self._answer.addLayout(self._above)
        below = QHBoxLayout()
        below.setContentsMargins(INSET, 0, 4, 4)
        below.addWidget(self.line, 1)
        below.addWidget(self.deed)
        self._answer.addLayout(below)
        around = QVBoxLayout(self)
        around.setContentsMargins(4, 8, 4, 4)  # the round corners stay free
        self._stack = QStackedLayout()
        around.addLayout(self._stack)
        self._stack.addWidget(blank)
        self._stack.addWidget(answer)

    @property
    def state(self) -> str:
        """blank, waiting, running or done."""
        if self._stack.currentIndex() == 0:
            return "blank" if self.ask.isVisibleTo(self) else "waiting"
        return "running" if self._running else "done"

    def set_view(self, view: QWidget) -> None:
        """Take what draws the answer."""
        self.view = view
        view.setAccessibleName(self.accessibleName())
        self._answer.insertWidget(1, view, 1)

    def set_pictures(self, pictures: Sequence[QWidget]) -> None:
        """Let these stand above the answer, each with its own height, and what stood there go."""
        for gone in self.pictures:
            gone.hide()
            gone.deleteLater()
        self.pictures = list(pictures)
        for picture in pictures:
            self._above.addWidget(picture, 1)
        higher = max((picture.minimumHeight() for picture in pictures), default=0)
        self._above.setContentsMargins(INSET, 4 if pictures else 0, INSET, 4 if pictures else 0)
        self.setMinimumHeight(max(HEIGHT, higher + WORDS))

    def show_blank(self) -> None:
        """Nobody was asked."""
        self.waiting.hide()
        self.ask.show()
        self._stack.setCurrentIndex(0)

    def show_waiting(self, words: str) -> None:
        """It will be asked; `words` say what for it waits."""
        self.waiting.setText(words)
        self.waiting.show()
        self.ask.hide()
        self._stack.setCurrentIndex(0)

    def show_answer(self, line: str, *, running: bool) -> None:
        """The view draws an answer; `line` is what is known of it, and the button stops it while it
        runs and asks again after."""
        self._running = running
        self.line.setText(line)
        icon, words = ("square", self.tr("Stop")) if running else ("rotate-ccw", self.tr("Ask again"))
        self.deed.show_as(icon, words)
        self._stack.setCurrentIndex(1)

    def _do(self) -> None:
        (self.stop_requested if self._running else self.ask_requested).emit()
