"""Whether an endpoint keeps the conversation, and under which name."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import fonts
from ui.widgets.buttons import TextButton
from ui.widgets.labels import PlainLabel
from ui.widgets.switch import Switch


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
            self.tr("Everything said is sent each time all the same. Off, nothing asks it to be kept."),
            size="caption",
            tone="muted",
        )
        self.session = PlainLabel(size="caption")
        self.session.setFont(fonts.mono("caption"))
        self.session.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.session.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.session.setAccessibleName(self.tr("Session"))
        self.renew = TextButton(self.tr("New session"))
        self.renew.setProperty("kind", "small")
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
        self.session.setVisible(on and bool(session))
        self.renew.setVisible(on and bool(session))
