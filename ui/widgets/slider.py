"""A slider that the wheel does not move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent


class Slider(QSlider):
    """Horizontal. While it is `quiet` it stands where nobody put it, and takes no accent."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setProperty("quiet", False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_quiet(self, quiet: bool) -> None:
        """Whether it shows what holds without the user."""
        if self.property("quiet") != quiet:
            self.setProperty("quiet", quiet)
            self.style().unpolish(self)
            self.style().polish(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
