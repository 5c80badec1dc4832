"""The screen of conftest.py is a real one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

Run = Callable[..., subprocess.CompletedProcess[str]]

WINDOW = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication(["window"])
window = QWidget(windowTitle="seen")
window.show()
QTimer.singleShot(0, lambda: print(application.platformName(), window.winId() > 0))
QTimer.singleShot(0, application.quit)
application.exec()
"""


def test_the_screen_has_its_size_and_a_window_manager(run_on_display: Run) -> None:
    assert run_on_display("xdotool", "getdisplaygeometry").stdout.split() == ["1280", "800"]
    assert run_on_display("xdotool", "get_num_desktops").stdout.strip().isdigit()


def test_qt_opens_a_window_on_it(run_on_display: Run) -> None:
    ran = run_on_display(sys.executable, "-c", WINDOW)
    assert (ran.returncode, ran.stdout.split()) == (0, ["xcb", "True"]), ran.stderr


COPY_AND_PASTE = """
printf words | xclip -selection clipboard -quiet -loops 1 >/dev/null 2>&1 &
until xclip -selection clipboard -o 2>/dev/null; do sleep 0.05; done
wait
"""


def test_what_one_program_copies_another_can_paste(run_on_display: Run) -> None:
    assert run_on_display("sh", "-c", COPY_AND_PASTE).stdout == "words"
