"""The window with its features, and nothing behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.theme import ground, palette
from ui.window_frame import WindowFrame


@pytest.fixture
def dressed(qapp: QApplication) -> None:
    """Theme and fonts of the application, whichever test came before: they decide how high things are."""
    palette.apply(qapp, "light")


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[[int, int], MainWindow]]:
    """`open_window(width, height)` opens a full window and makes it the active one."""
    frames: list[WindowFrame] = []

    def open_one(width: int, height: int) -> MainWindow:
        window = MainWindow()
        frame = WindowFrame(ground.Ground(*[QColor("white")] * 3))
        frames.append(frame)
        qtbot.addWidget(frame)
        frame.setCentralWidget(window)
        frame.resize(width, height)
        frame.show()
        for _ in window.build():
            pass
        frame.activateWindow()
        qtbot.waitUntil(frame.isActiveWindow)
        return window

    yield open_one
