"""The bar above the conversation in which words are typed that are to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.widgets.buttons import IconButton
from ui.widgets.escape import keep_escape
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from ui.transcript.finding.finder import Finder

HEIGHT = 48
LONGEST = 500


class FindBar(QWidget):
    """Return goes to the next place, Shift+Return to the one before, Escape closes."""

    words_changed = Signal(str)
    step_requested = Signal(int)
    """1 for the next place, -1 for the one before."""
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.field = QLineEdit()
        self.field.setMaxLength(LONGEST)
        self.field.setPlaceholderText(self.tr("Find in this conversation"))
        self.field.setAccessibleName(self.tr("Find in this conversation"))
        self.field.textChanged.connect(self.words_changed)
        self.count = PlainLabel(size="caption", tone="muted", wrap=False)
        back = IconButton("chevron-up", self.tr("Previous place"), shortcut="Shift+F3")
        on = IconButton("chevron-down", self.tr("Next place"), shortcut="F3")
        shut = IconButton("x", self.tr("Close"), shortcut="Esc")
        back.clicked.connect(lambda: self.step_requested.emit(-1))
        on.clicked.connect(lambda: self.step_requested.emit(1))
        shut.clicked.connect(self.closed)
        row = self._row = QHBoxLayout(self)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        for widget in (self.count, back, on, shut):
            row.addWidget(widget)

    def fit(self, left: int, width: int) -> None:
        """Stand above a column that begins at `left` and is `width` wide."""
        right = max(0, self.width() - left - width)
        self._row.setContentsMargins(left, 8, right, 8)

    def show_state(self, finder: Finder) -> None:
        """Say which place of how many is the current one."""
        locale = QLocale()
        if not self.field.text():
            said = ""
        elif finder.asking:
            said = self.tr("Searching…")
        elif not finder.total:
            said = self.tr("Not found")
        elif not finder.number:
            said = self.tr("{count} found").format(count=locale.toString(finder.total))
        else:
            number, total = locale.toString(finder.number), locale.toString(finder.total)
            said = self.tr("{number} of {total}").format(number=number, total=total)
        self.count.setText(said)
        self.count.setAccessibleName(said)

    def event(self, event: QEvent) -> bool:
        """Keep Escape in the bar."""
        return keep_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that the field does not."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step_requested.emit(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
