"""Whether a model takes pictures: as found, tested, or as the user says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.combo import ComboBox
from ui.widgets.labels import PlainLabel
from ui.widgets.soft_progress import SoftProgress
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

GAP = 8
NARROWEST_CHOICE = 100


class VisionChoice(QWidget):
    """Three answers to choose from, and a test that finds out."""

    said = Signal(object)
    """The user's word: True, False, or None for what was found."""

    test_requested = Signal()
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._testing = False
        self.label = PlainLabel(self.tr("Vision"), bold=True)
        self.combo = ComboBox()
        for text, word in (
            (self.tr("As found"), None),
            (self.tr("Yes"), True),
            (self.tr("No"), False),
        ):
            self.combo.addItem(text, word)
        self.combo.setAccessibleName(self.tr("It takes pictures"))
        self.label.setBuddy(self.combo)
        self.test = TextButton("")
        self.line = SoftProgress()
        self.combo.setMinimumWidth(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(GAP)
        self._row.addWidget(self.combo, 1)
        self._row.addWidget(self.test)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.label)
        column.addLayout(self._row)
        column.addWidget(self.line)
        self.combo.activated.connect(lambda _: self.said.emit(self.combo.currentData()))
        self.test.clicked.connect(self._press)
        self.show_testing(False)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST_CHOICE, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = NARROWEST_CHOICE + GAP + self.test.sizeHint().width()
        beside = QBoxLayout.Direction.LeftToRight
        self._row.setDirection(beside if self.width() >= needed else QBoxLayout.Direction.TopToBottom)

    def show_word(self, word: bool | None) -> None:
        """What the user said before; None where nothing."""
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex({None: 0, True: 1, False: 2}[word])

    def show_host(self, host: str) -> None:
        """Who gets the request of the test."""
        hint = self.tr("Sends one tiny picture and one short question to {host}.").format(host=host)
        self.test.setToolTip(plain_tooltip(hint))
        self.test.setAccessibleDescription(hint)

    def show_testing(self, testing: bool) -> None:
        """While the test runs its button ends it."""
        self._testing = testing
        self.test.setText(self.tr("Stop test") if testing else self.tr("Test vision"))
        self.line.setVisible(testing)

    def _press(self) -> None:
        if self._testing:
            self.stop_requested.emit()
        else:
            self.test_requested.emit()
