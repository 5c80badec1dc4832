"""What PySide makes of Qt before the window is ready, and what after."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.composer.composer import Composer
from ui.filling import Filling, made
from ui.library.list_view import LibraryView
from ui.loading import Loading
from ui.theme import ground
from ui.top_bar import TopBar
from ui.window_frame import WindowFrame

ROOT = Path(__file__).resolve().parents[2]

# A class of Qt is a type in Python from the moment that PySide first meets it.
START = """
import json
from ui.start import import_plainly
import_plainly()
from PySide6.QtWidgets import QScrollArea, QWidget
from ui import bootstrap

def kinds(of=QWidget):
    met = type.__subclasses__(of)
    return {kind.__name__ for kind in met if "PySide6" in kind.__module__}.union(*map(kinds, met))

def has_styles():
    return any(kind.__name__ == "QStyle" for kind in type.__subclasses__(QWidget.__base__))

def tell(start, told=bootstrap._tell_ready):
    bootstrap.ready = [*kinds()], has_styles()
    told(start)

bootstrap._tell_ready = tell
assert bootstrap.main(["--quit-when-ready"]) == 0
(ready, styled), later = bootstrap.ready, kinds()
area = QScrollArea()
area.viewport()
print(json.dumps({"ready": ready, "styled": styled, "later": [*later], "at_last": [*kinds()]}))
"""


@pytest.mark.usefixtures("home")
def test_what_qt_makes_itself_is_met_after_the_window_is_ready() -> None:
    done = subprocess.run([sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=True)
    met = json.loads(done.stdout.splitlines()[-1])
    assert "QPlainTextEdit" in met["ready"]
    assert "QWizard" not in met["ready"]
    assert not met["styled"]
    assert set(met["at_last"]) == set(met["later"]) > set(met["ready"])


def test_a_class_that_another_pyside_lacks_ends_no_start() -> None:
    assert len(list(made((("QWidget", "QOfAnotherTime"), ("QLabel",))))) == 2


def test_the_window_comes_into_its_frame_as_a_whole(qtbot: QtBot, qapp: QApplication) -> None:
    frame = WindowFrame(ground.Ground(*[QColor("white")] * 3))
    qtbot.addWidget(frame)
    frame.resize(1280, 820)
    frame.show()
    skeleton, loading = frame.centralWidget(), Loading()
    filling = Filling(qapp, frame, "light", loading)
    painted: list[bool] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, TopBar | LibraryView | Composer):
                sidebar = getattr(filling.window, "sidebar", None)
                painted.append(sidebar is not None and sidebar.isVisible())
            return False

    watch = Watch(frame)
    qapp.installEventFilter(watch)
    assert frame.centralWidget() is skeleton
    with qtbot.waitSignal(filling.finished, timeout=60_000):
        filling.begin()
    qtbot.waitUntil(lambda: bool(painted))
    qapp.removeEventFilter(watch)
    loading.wait()
    assert all(painted)
    assert frame.centralWidget() is filling.result()
    assert filling.result().size() == frame.size()
