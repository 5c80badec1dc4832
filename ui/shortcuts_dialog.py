"""Every shortcut, in two columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from ui.actions import shortcut_rows
from ui.widgets.labels import PlainLabel


class ShortcutsDialog(QDialog):
    """Lists what `ui.actions` binds; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 20, 24, 24)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        for row, (words, keys) in enumerate(shortcut_rows()):
            grid.addWidget(PlainLabel(words, wrap=False), row, 0)
            grid.addWidget(PlainLabel(keys, tone="muted", wrap=False), row, 1)
