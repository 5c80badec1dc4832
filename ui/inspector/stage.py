"""The picture as it is sent, large, with a way to see the original in its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import SmallButton
from ui.widgets.combo import ComboBox
from ui.widgets.empty_state import EmptyState
from ui.widgets.soft_progress import Waiting
from ui.widgets.surfaces import Surface


class Stage(Surface):
    """Shows `view`, the widget that draws pictures, or says why there is nothing to draw."""

    original_wanted = Signal(bool)
    view_chosen = Signal(int)
    """Which of the pictures that are sent for this one is to be seen."""

    def __init__(self, view: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("mat", parent)
        self.view = view
        self.waiting = Waiting(self)
        self.nothing = EmptyState("image-off", "", parent=self, primary=False, size="label")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._stack = QStackedLayout()
        column.addLayout(self._stack, 1)  # before what is put into it, which it shows
        self._stack.setContentsMargins(0, 0, 0, 0)
        for part in (self.view, self.waiting, self.nothing):
            self._stack.addWidget(part)
        self.as_sent = SmallButton(self.tr("As sent"))
        self.original = SmallButton(self.tr("Original"))
        self.views = ComboBox()
        self.views.setAccessibleName(self.tr("Which part"))
        self.views.activated.connect(self.view_chosen)
        for button, original in ((self.as_sent, False), (self.original, True)):
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, original=original: self._choose(original=original))
        self.original.setToolTip(self.tr("The same place in the original"))
        self._controls = QWidget(self)
        row = QHBoxLayout(self._controls)
        row.setContentsMargins(12, 8, 12, 10)
        row.setSpacing(6)
        row.addWidget(self.as_sent)
        row.addWidget(self.original)
        row.addStretch(1)
        row.addWidget(self.views)
        self.views.setMinimumWidth(100)
        column.addWidget(self._controls)
        self.set_original(False)
        self.show_views((), 0)

    @property
    def state(self) -> str:
        """What is shown: picture, waiting or nothing."""
        return ("picture", "waiting", "nothing")[self._stack.currentIndex()]

    def show_picture(self) -> None:
        """The view has the picture."""
        self._stack.setCurrentWidget(self.view)

    def show_waiting(self, sentence: str) -> None:
        """It is on its way."""
        self.waiting.set_sentence(sentence)
        self._stack.setCurrentWidget(self.waiting)

    def show_nothing(self, sentence: str, icon: str = "image-off") -> None:
        """There is nothing to see, and why."""
        self.nothing.show_sentence(sentence, icon=icon)
        self._stack.setCurrentWidget(self.nothing)

    def show_views(self, titles: Sequence[str], current: int) -> None:
        """Offer the pictures that are sent for this one; with a single one there is no choice."""
        shown = [self.views.itemText(row) for row in range(self.views.count())]
        with QSignalBlocker(self.views):
            if shown != list(titles):
                self.views.clear()
                self.views.addItems(list(titles))
            self.views.setCurrentIndex(current)
        self.views.setVisible(len(titles) > 1)

    def set_controls(self, shown: bool) -> None:
        """Whether there is something to choose from."""
        self._controls.setVisible(shown)

    def set_comparable(self, why_not: str) -> None:
        """Whether there is something sent to compare the original with; if not, why."""
        self.as_sent.setEnabled(not why_not)
        self.as_sent.setAccessibleDescription(why_not)

    def set_original(self, original: bool) -> None:
        """Show which of the two is seen."""
        self.as_sent.setChecked(not original)
        self.original.setChecked(original)

    def _choose(self, *, original: bool) -> None:
        self.set_original(original)
        self.original_wanted.emit(original)
