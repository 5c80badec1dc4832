"""A control with its label above and a line of help below."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.labels import PlainLabel


class Field(QWidget):
    """Names its control: the label is its buddy and its accessible name, the help its description."""

    def __init__(
        self, label: str, control: QWidget, help_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.control = control
        self.label = PlainLabel(label, self, size="label", bold=True)
        self.label.setBuddy(control)
        self.help = PlainLabel("", self, size="caption", tone="muted")
        control.setAccessibleName(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.label)
        column.addWidget(control)
        column.addWidget(self.help)
        self.set_help(help_text)

    def set_help(self, help_text: str) -> None:
        """One plain line below the control; empty for none."""
        self.help.setText(help_text)
        self.help.setVisible(bool(help_text))
        self.control.setAccessibleDescription(help_text)
