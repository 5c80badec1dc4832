"""Buttons that say what they do to the eye, the pointer and the screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from ui.theme import icons
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeyEvent

ICON_SIZE = QSize(20, 20)


def spoken(text: str) -> str:
    """`text` of a command without its mnemonic marks and dots."""
    return text.replace("&", "").removesuffix("…")


class IconButton(QToolButton):
    """An icon alone; its words are the tooltip and the accessible name.

    A click does not take the keyboard from where it is; Tab reaches the button.
    """

    def __init__(
        self, icon: str, text: str, parent: QWidget | None = None, *, shortcut: str = "", role: str = "text"
    ) -> None:
        super().__init__(parent)
        self._icon = ("", "")
        self.setIconSize(ICON_SIZE)
        self.setFixedSize(32, 32)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.show_as(icon, text, shortcut=shortcut, role=role)

    def show_as(self, icon: str, text: str, *, shortcut: str = "", role: str = "text") -> None:
        """Take another icon and other words; `shortcut` is only named, not bound."""
        if self._icon != (icon, role):
            self._icon = (icon, role)
            self.setIcon(icons.icon(icon, role))
        native = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(plain_tooltip(f"{spoken(text)} ({native})" if native else spoken(text)))
        self.setAccessibleName(spoken(text))

    def follow(self, action: QAction) -> None:
        """Do what `action` does and show what it shows; it has to have an icon."""
        self.setDefaultAction(action)
        if action.menu() is not None:
            self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(spoken(action.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses the button, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class TextButton(QPushButton):
    """A button with words; `primary` is the one thing to do in a view."""

    def __init__(self, text: str, parent: QWidget | None = None, *, primary: bool = False) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(True)
        if primary:
            self.setProperty("kind", "primary")


class SmallButton(TextButton):
    """A button with words for a place beside what it belongs to."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", "small")
