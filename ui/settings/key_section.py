"""The key of an endpoint: where it is, a new one, and its removal."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.settings.key_edit import KeyEdit
from ui.settings.key_words import key_icon, key_tone, key_words
from ui.settings.rows import REMOVABLE, EndpointRow
from ui.widgets.buttons import IconButton, TextButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PlainLabel
from ui.widgets.status_line import StatusLine
from ui.widgets.tooltips import plain_tooltip


class KeySection(QWidget):
    """A stored key is never shown, only where it is. The field is empty but while the user types."""

    submitted = Signal(str)
    removed = Signal()
    skipped = Signal()
    """The user does not want to wait for the keyring."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = KeyEdit(self)
        self.label = PlainLabel(self.tr("Key"), self, bold=True)
        self.label.setBuddy(self.edit)
        self.edit.setAccessibleName(self.label.text())
        self.show_button = IconButton("eye", self.tr("Show the key"), self)
        self.save_button = TextButton(self.tr("Save key"), self, primary=True)
        self.remove_button = TextButton(self.tr("Remove key"), self)
        self.skip_button = TextButton(self.tr("Skip"), self)
        self.place = StatusLine(self, size="caption")
        self.line = StatusLine(self)
        self._lay_out()
        self.edit.textChanged.connect(lambda _: self._typed())
        self.edit.returnPressed.connect(self.submit)
        self.show_button.clicked.connect(self._turn_legible)
        self.save_button.clicked.connect(self.submit)
        self.remove_button.clicked.connect(self.removed)
        self.skip_button.clicked.connect(self.skipped)
        self._typed()
        self.set_waiting(False)

    def _lay_out(self) -> None:
        entry = QHBoxLayout()
        entry.setSpacing(4)
        entry.addWidget(self.edit, 1)
        entry.addWidget(self.show_button)
        buttons = FlowLayout()
        for button in (self.save_button, self.remove_button, self.skip_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.label)
        column.addWidget(self.place)
        column.addLayout(entry)
        column.addLayout(buttons)
        column.addWidget(self.line)

    def show_row(self, row: EndpointRow) -> None:
        """Where the key of `row` is, and whether one can be kept."""
        words = row.keyless or key_words(row)
        tone = "warning" if row.keyless else key_tone(row)
        self.place.say(words, tone, icon="" if row.keyless else key_icon(row))
        self.edit.setAccessibleDescription(words)
        self.edit.setEnabled(not row.keyless)
        self.edit.setToolTip(plain_tooltip(row.keyless))
        self.edit.setPlaceholderText(
            self.tr("Type another key") if row.key in REMOVABLE else self.tr("Type or paste the key")
        )
        self.remove_button.setVisible(row.key in REMOVABLE)

    def submit(self) -> None:
        """Hand over what was typed, if anything was, and empty the field."""
        key = self.edit.text().strip()
        had_keyboard = self.save_button.hasFocus()
        self.edit.forget()
        if had_keyboard:
            self.edit.setFocus()
        if key:
            self.line.say("")
            self.submitted.emit(key)

    def forget(self) -> None:
        """Drop what was typed and what was said."""
        self.edit.forget()
        self.set_waiting(False)
        self.line.say("")

    def say(self, text: str, tone: str) -> None:
        """What happened to the key; plain text."""
        self.set_waiting(False)
        self.line.say(text, tone, alert=True)

    def set_waiting(self, waiting: bool) -> None:
        """Whether the keyring is being waited for."""
        self.skip_button.setVisible(waiting)
        self.edit.setReadOnly(waiting)
        self.remove_button.setEnabled(not waiting)
        if waiting:
            self.line.say(self.tr("Waiting for your keyring…"), "muted", alert=True)

    def _typed(self) -> None:
        typed = bool(self.edit.text())
        self.show_button.setVisible(typed)
        self.save_button.setVisible(typed)
        if not typed:
            self._set_legible(False)

    def _turn_legible(self) -> None:
        self._set_legible(not self.edit.legible)

    def _set_legible(self, legible: bool) -> None:
        self.edit.set_legible(legible)
        if legible:
            self.show_button.show_as("eye-off", self.tr("Hide the key"))
        else:
            self.show_button.show_as("eye", self.tr("Show the key"))
