"""Nothing is shown as a window of its own on its way to its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.camera_roll.dialog import CameraRollDialog
from ui.inspector.dialog import InspectorDialog
from ui.main_window import MainWindow
from ui.panes.area.arrangement import Side, Tab
from ui.panes.view.picture_pane import PicturePane
from ui.panes.view.picture_view import PictureView


class ShownWindows(QObject):
    """Notes the classes of the windows that appear, in that order."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[ShownWindows]:
    noting = ShownWindows()
    qapp.installEventFilter(noting)
    yield noting
    qapp.removeEventFilter(noting)


def test_none_while_the_window_and_further_panes_are_made(
    shown: ShownWindows, open_window: Callable[[int, int], MainWindow]
) -> None:
    window = open_window(1200, 800)
    names = {"a" * 64: "a.png", "b" * 64: "b.png"}
    window.panes.set_pictures(names)
    for sha256 in names:
        window.panes.open_beside(Tab(sha256), Side.RIGHT)
    window.filmstrip.set_pictures(list(names.items()))
    assert len(window.panes.panes()) == 2 and window.filmstrip.isVisible()
    assert shown.names == ["WindowFrame"]


def test_none_while_a_pane_is_made_and_says_what_it_can_say(qtbot: QtBot, shown: ShownWindows) -> None:
    pane = PicturePane()
    qtbot.addWidget(pane)
    pane.set_missing("Something has to be installed.")
    pane.show_loading("a.png")
    pane.show_picture(QImage(8, 8, QImage.Format.Format_RGB32), "a.png")
    pane.show_problem("It cannot be read.")
    pane.show_failure("Nothing works.")
    assert shown.names == []


def test_none_while_the_newest_pictures_are_offered(qtbot: QtBot, shown: ShownWindows) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = CameraRollDialog(window)
    dialog.show_looking("Pictures", "/home/pictures")
    dialog.show_pictures([], 0, more=False)
    assert shown.names == []


def test_none_while_what_is_sent_is_made(qtbot: QtBot, shown: ShownWindows) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = InspectorDialog(PictureView(), window)
    for _ in dialog.build():
        pass
    assert shown.names == []
