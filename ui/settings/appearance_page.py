"""How Fovea looks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from ui.widgets.labels import PlainLabel


class AppearancePage(QWidget):
    """One theme of those there are. Only choices by the user are emitted."""

    theme_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = PlainLabel(self.tr("Appearance"), self, size="title", bold=True)
        self.label = PlainLabel(self.tr("Theme"), self, bold=True)
        words = {
            "system": self.tr("As the desktop"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
            "high_contrast": self.tr("High contrast"),
        }
        self.options = {name: QRadioButton(text, self) for name, text in words.items()}
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addSpacing(12)
        column.addWidget(self.label)
        for name, option in self.options.items():
            option.setAccessibleDescription(self.label.text())
            group.addButton(option)
            column.addWidget(option, 0, Qt.AlignmentFlag.AlignLeft)
            option.clicked.connect(lambda _=False, name=name: self.theme_chosen.emit(name))
        column.addStretch(1)

    def show_theme(self, name: str) -> None:
        """Check the theme in force."""
        self.options.get(name, self.options["system"]).setChecked(True)
