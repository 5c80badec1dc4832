"""One pane that fills the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from ui.widgets.surfaces import Surface

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from ui.panes.area.pane_area import PaneArea
    from ui.panes.area.pane_group import PaneGroup


class FullScreen(Surface):
    """A window with nothing but a pane of the area, until Escape or F11 puts it back."""

    def __init__(self, area: PaneArea) -> None:
        super().__init__("mat", area.window())
        self.setWindowFlag(Qt.WindowType.Window)
        self.setWindowTitle(area.window().windowTitle())
        self._area = area
        self._group: PaneGroup | None = area.active_group
        area.full_screen = self
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._group.lend_pane())
        self.showFullScreen()
        self._group.pane.take_focus()
        area.activate(self._group.pane)  # another was given the keyboard while this one moved

    def leave(self) -> None:
        """Put the pane back where it was."""
        group, self._group = self._group, None
        if group is not None:
            self._area.full_screen = None
            group.take_pane_back()
            group.pane.take_focus()
            self.hide()
            self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.leave()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.leave()


def toggle(area: PaneArea) -> None:
    """Let the active pane fill the screen, or put it back."""
    if area.full_screen is not None:
        area.leave_full_screen()
    else:
        FullScreen(area)
