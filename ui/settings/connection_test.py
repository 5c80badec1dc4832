"""A try whether an endpoint answers, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.buttons import TextButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PlainLabel
from ui.widgets.soft_progress import SoftProgress
from ui.widgets.status_line import StatusLine

TICK_MS = 1000


class ConnectionTest(QWidget):
    """At rest, asking (with seconds and a way out), or with the answer: a sentence in its tone."""

    requested = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doing = ""
        self.label = PlainLabel(self.tr("Connection"), self, bold=True)
        self.start_button = TextButton(self.tr("Test"), self)
        self.start_button.setAccessibleDescription(self.tr("Asks the endpoint something that costs nothing."))
        self.cancel_button = TextButton(self.tr("Cancel"), self)
        self.progress = SoftProgress(self)
        self.line = StatusLine(self)
        self._since = QElapsedTimer()
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._tick)
        buttons = FlowLayout()
        buttons.addWidget(self.start_button)
        buttons.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.label)
        column.addLayout(buttons)
        column.addWidget(self.progress)
        column.addWidget(self.line)
        self.start_button.clicked.connect(self.requested)
        self.cancel_button.clicked.connect(self.cancelled)
        self.rest()

    @property
    def asking(self) -> bool:
        """Whether a test is under way."""
        return self._ticks.isActive()

    def rest(self) -> None:
        """Nothing is asked, and nothing is said."""
        self._show_asking(False)
        self.line.say("")

    def show_asking(self, host: str) -> None:
        """A test is under way at `host`."""
        self._show_doing(self.tr("Asking {host}…").format(host=host))

    def show_waiting_for_keyring(self) -> None:
        """A test is under way, and its key has yet to be found."""
        self._show_doing(self.tr("Waiting for your keyring…"))

    def show_result(self, text: str, tone: str) -> None:
        """What came of it: a plain sentence, `positive` or `danger`."""
        self._show_asking(False)
        self.line.say(text, tone, alert=True)

    def _show_asking(self, asking: bool) -> None:
        had_keyboard = self.start_button.hasFocus() or self.cancel_button.hasFocus()
        self.start_button.setVisible(not asking)
        self.cancel_button.setVisible(asking)
        self.progress.setVisible(asking)
        if asking:
            self._ticks.start()
        else:
            self._ticks.stop()
        if had_keyboard:
            (self.cancel_button if asking else self.start_button).setFocus()

    def _show_doing(self, doing: str) -> None:
        self._doing = doing
        self._since.start()
        self._show_asking(True)
        self.line.say(doing, alert=True)

    def _tick(self) -> None:
        seconds = self._since.elapsed() // 1000
        self.line.say(self.tr("{doing} {seconds} s").format(doing=self._doing, seconds=seconds))
