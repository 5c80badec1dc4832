"""The field in which words are typed that are searched for in all conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit

from ui.theme import icons
from ui.widgets.escape import keep_escape

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

ICON = 16
LONGEST = 500


class SearchField(QLineEdit):
    """Return takes the first place found, Down goes to the list, Escape empties the field."""

    confirmed = Signal()
    left_down = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST)
        self.setTextMargins(ICON + 6, 0, 0, 0)
        self.setPlaceholderText(self.tr("Search"))
        self.setAccessibleName(self.tr("Search all conversations"))

    def event(self, event: QEvent) -> bool:
        return (bool(self.text()) and keep_escape(event)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if not self.text():
                event.ignore()
                return
            self.clear()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left_down.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        drawn = icons.pixmap("search", "text_muted", ICON, self.devicePixelRatioF())
        QPainter(self).drawPixmap(9, (self.height() - ICON) // 2, drawn)
