"""Where a key is typed: hidden, never filled, never copied from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent

_TAKES_OUT = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut)


class KeyEdit(QLineEdit):
    """Takes a key in. What it holds can be looked at while typing, and goes nowhere but to its user."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setDragEnabled(False)

    @property
    def legible(self) -> bool:
        """Whether the key can be read on the screen."""
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def set_legible(self, legible: bool) -> None:
        """Show what was typed, or hide it again."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if legible else QLineEdit.EchoMode.Password)

    def forget(self) -> None:
        """Empty the field for good: undo does not bring the key back either."""
        self.setText("")
        self.set_legible(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if any(event.matches(keys) for keys in _TAKES_OUT):
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Selecting with the pointer would copy to the selection that a middle click pastes."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """As for a move."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        paste = menu.addAction(self.tr("Paste"), self.paste)
        paste.setEnabled(self.isEnabled())
        clear = menu.addAction(self.tr("Clear"), self.forget)
        clear.setEnabled(bool(self.text()))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())
