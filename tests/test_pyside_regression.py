"""Some builds of PySide6 lose a reference to True or None at every call and end the process."""

from __future__ import annotations

import subprocess
import sys

MANY_CALLS = """
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

class Sender(QObject):
    sent = Signal(int)

application = QApplication(["calls"])
sender, widget, received = Sender(), QWidget(), []
sender.sent.connect(received.append)
for number in range(5_000):
    sender.sent.emit(number)
for number in range(20_000):
    widget.setEnabled(number % 2 == 0)
assert len(received) == 5_000
"""


def test_many_calls_into_qt_end_with_exit_code_0() -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", MANY_CALLS], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
