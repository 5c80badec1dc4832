"""The question whether an address that stands in a message is to be opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.addresses import ENCODED, place_of
from ui.widgets.buttons import TextButton
from ui.widgets.labels import ElidedLabel, PlainLabel

WIDTH = 480
LINES = 5


class LinkDialog(QDialog):
    """Shows where an address leads on a line of its own, and below it the whole address.

    Both are as they are sent: what is no plain letter is encoded, so that nothing can look like
    something else. Escape leaves it unopened.
    """

    agreed = Signal()
    """The user wants to open it."""

    def __init__(self, url: QUrl, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        mail = url.scheme().lower() == "mailto"
        question = (
            self.tr("Write to this address with your mail program?")
            if mail
            else self.tr("Open this address in your browser?")
        )
        self.setWindowTitle(self.tr("Write a mail") if mail else self.tr("Open an address"))
        self.place = ElidedLabel(place_of(url), size="body", bold=True, elide=Qt.TextElideMode.ElideLeft)
        self.address = QPlainTextEdit(bytes(url.toEncoded(ENCODED).data()).decode("ascii", "replace"))
        self.cancel_button = TextButton(self.tr("Cancel"))
        self.open_button = TextButton(self.tr("Open"))
        self._set_up_address()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel(question, size="body"))
        column.addWidget(self.place)
        if url.userInfo():
            warning = self.tr("What stands before the @ is a name to sign in with, not where it leads.")
            column.addWidget(PlainLabel(warning, tone="warning"))
        column.addWidget(self.address)
        column.addLayout(self._buttons())
        self.setFixedWidth(min(WIDTH, parent.width() - 48))
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_up_address(self) -> None:
        address = self.address
        address.setProperty("kind", "field")
        address.setReadOnly(True)
        address.setTabChangesFocus(True)
        address.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        address.setAccessibleName(self.tr("The whole address"))
        address.setFixedHeight(LINES * address.fontMetrics().lineSpacing() + 16)

    def _buttons(self) -> QHBoxLayout:
        self.cancel_button.setDefault(True)
        self.cancel_button.clicked.connect(self.reject)
        self.open_button.setAutoDefault(False)
        self.open_button.clicked.connect(self.accept)
        self.accepted.connect(self.agreed)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.open_button)
        return buttons
