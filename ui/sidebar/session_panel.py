"""Whether an endpoint keeps the conversation, and under which name."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.theme import fonts
from ui.widgets.buttons import SmallButton
from ui.widgets.labels import PlainLabel
from ui.widgets.switch import Switch
from ui.widgets.tooltips import plain_tooltip


class SessionPanel(QWidget):
    """Off until the user switches it on."""

    switched = Signal(bool)
    renew_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.label = PlainLabel()
        self.switch = Switch("")
        self.label.setBuddy(self.switch)
        self.help = PlainLabel(
            self.tr("It may store what is said. Each question carries the whole conversation all the same."),
            size="caption",
            tone="muted",
        )
        self.session = QLineEdit()
        self.session.setReadOnly(True)
        self.session.setProperty("kind", "number")
        self.session.setFont(fonts.mono("caption"))
        self.session.setAccessibleName(self.tr("Session id"))
        self.renew = SmallButton(self.tr("New session"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        row.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.help)
        column.addWidget(self.session)
        column.addWidget(self.renew, 0, Qt.AlignmentFlag.AlignLeft)
        self.switch.toggled.connect(self.switched)
        self.renew.clicked.connect(self.renew_requested)

    def show_state(self, endpoint: str, on: bool, session: str) -> None:
        """Whether the endpoint of that name keeps this conversation; `session` is its id, once
        there is one."""
        words = self.tr("Let {endpoint} keep this conversation").format(endpoint=endpoint)
        self.label.setText(words)
        self.switch.setAccessibleName(words)
        self.switch.setAccessibleDescription(self.help.text())
        with QSignalBlocker(self.switch):
            self.switch.setChecked(on)
        self.switch.update()
        self.session.setText(session)
        self.session.setCursorPosition(0)
        self.session.setToolTip(plain_tooltip(session))
        self.session.setVisible(on and bool(session))
        self.renew.setVisible(on and bool(session))
