"""The line at the top: what is open, and what shows or hides beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedLabel
from ui.widgets.surfaces import Separator, Surface


class TopBar(QWidget):
    """Library and new at the left, the title in the middle, at the right what opens and changes things."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel(bold=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        surface = Surface("surface")
        row = QHBoxLayout(surface)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(4)
        for name in ("library", "new"):
            row.addWidget(_button(actions, name))
        row.addWidget(self._title, 1)
        for name in ("open", "theme", "settings", "sidebar"):
            row.addWidget(_button(actions, name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(surface)
        column.addWidget(Separator())

    def set_title(self, title: str) -> None:
        """Plain text; it may come from outside."""
        self._title.setText(title)


def _button(actions: Actions, name: str) -> IconButton:
    action = actions[name]
    button = IconButton("circle-alert", action.text())
    button.follow(action)
    return button
