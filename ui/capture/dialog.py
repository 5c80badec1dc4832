"""What of the screen to capture, and when."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from ui.capture.stills import Way
from ui.widgets.buttons import TextButton
from ui.widgets.labels import PlainLabel
from ui.widgets.switch import Switch

DELAYS = (0, 3, 5, 10)
_REMEMBERED = "capture/wish"


class What(StrEnum):
    """What of the screen."""

    REGION = "region"
    WINDOW = "window"
    SCREEN = "screen"


class Wish(NamedTuple):
    """What to capture, after how many seconds, and whether Fovea's window hides before."""

    what: What = What.REGION
    delay: int = 0
    hide: bool = True


class CaptureDialog(QDialog):
    """Window-modal. Remembers what was chosen last; Escape leaves.

    Where the desktop asks itself what to capture, only the delay and hiding are asked here; where
    nothing can be captured, it says so.
    """

    wanted = Signal(object)
    """The user wants it (Wish)."""

    def __init__(self, way: Way, parent: QWidget, *, windows: bool) -> None:
        """`windows`: single windows can be told apart."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Capture the screen"))
        self._whats = QButtonGroup(self)
        self._delays = QButtonGroup(self)
        self.hide_switch = Switch(self.tr("Hide this window first"))
        self.capture_button = TextButton(self.tr("Capture"), primary=True)
        self.cancel_button = TextButton(self.tr("Cancel"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        if way is Way.NONE:
            sentence = self.tr("There is no screen here that Fovea could capture.")
            column.addWidget(PlainLabel(sentence, size="body"))
        else:
            self._ask(column, way, windows=windows)
        column.addSpacing(8)
        column.addLayout(self._buttons(way))
        self.setMinimumWidth(380)

    def wish(self) -> Wish:
        """What is chosen now."""
        what = self._whats.checkedButton()
        delay = self._delays.checkedButton()
        return Wish(
            What(what.objectName()) if what is not None else What.REGION,
            int(delay.objectName()) if delay is not None else 0,
            self.hide_switch.isChecked(),
        )

    def _ask(self, column: QVBoxLayout, way: Way, *, windows: bool) -> None:
        last = _remembered()
        if way is Way.GRAB:
            column.addWidget(PlainLabel(self.tr("What"), bold=True))
            words = {
                What.REGION: self.tr("A region"),
                What.WINDOW: self.tr("A window"),
                What.SCREEN: self.tr("The whole screen"),
            }
            for what, said in words.items():
                button = _radio(self._whats, what.value, said, chosen=what is last.what)
                if what is What.WINDOW and not windows:
                    self._forbid(button)
                column.addWidget(button)
        else:
            column.addWidget(PlainLabel(self.tr("Your desktop asks you what to capture."), size="body"))
        column.addSpacing(8)
        column.addWidget(PlainLabel(self.tr("When"), bold=True))
        row = QHBoxLayout()
        row.setSpacing(4)
        for delay in DELAYS:
            said = self.tr("In {seconds} s").format(seconds=delay) if delay else self.tr("Now")
            row.addWidget(_radio(self._delays, str(delay), said, chosen=delay == last.delay))
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(8)
        self.hide_switch.setChecked(last.hide)
        hiding = QHBoxLayout()
        hiding.setSpacing(8)
        hiding.addWidget(self.hide_switch)
        hiding.addWidget(PlainLabel(self.hide_switch.accessibleName()), 1)
        column.addLayout(hiding)

    def _forbid(self, button: QRadioButton) -> None:
        """Windows cannot be told apart on this system."""
        if button.isChecked():
            self._whats.buttons()[0].setChecked(True)
        button.setEnabled(False)
        button.setToolTip(self.tr("Windows cannot be told apart here: choose a region."))
        button.setAccessibleDescription(button.toolTip())

    def _buttons(self, way: Way) -> QHBoxLayout:
        self.capture_button.setDefault(True)
        self.capture_button.clicked.connect(self._take)
        self.capture_button.setVisible(way is not Way.NONE)
        self.cancel_button.setText(self.tr("Close") if way is Way.NONE else self.tr("Cancel"))
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.capture_button)
        return row

    def _take(self) -> None:
        wish = self.wish()
        QSettings().setValue(_REMEMBERED, [wish.what.value, wish.delay, wish.hide])
        self.accept()
        self.wanted.emit(wish)


def _radio(group: QButtonGroup, name: str, words: str, *, chosen: bool) -> QRadioButton:
    button = QRadioButton(words)
    button.setObjectName(name)
    button.setChecked(chosen)
    group.addButton(button)
    return button


def _remembered() -> Wish:
    """The wish of the last time; the usual one where it cannot be read."""
    try:
        what, delay, hide = QSettings().value(_REMEMBERED)
        wish = Wish(What(what), int(delay), str(hide).lower() == "true")
    except (TypeError, ValueError):
        return Wish()
    return wish if wish.delay in DELAYS else Wish()
