"""The window with its features, and nothing behind them."""

from __future__ import annotations

from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.theme import ground
from ui.window_frame import WindowFrame


def open_window(qtbot: QtBot, width: int, height: int = 700) -> MainWindow:
    """A full, active window."""
    window = MainWindow()
    frame = WindowFrame(ground.Ground(*[QColor("white")] * 3))
    qtbot.addWidget(frame)
    frame.setCentralWidget(window)
    frame.resize(width, height)
    frame.show()
    for _ in window.build():
        pass
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    return window
