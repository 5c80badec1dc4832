"""Tab goes through the window as the features stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.composer.attachment_chip import AttachmentChip
from ui.library.list_view import LibraryRow
from ui.main_window import MainWindow
from ui.sidebar.sidebar import EndpointRow

OpenWindow = Callable[[int, int], MainWindow]


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """Every feature in it has something to show."""
    window = open_window(1280, 700)
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(0)
    window.talk.show(True)
    window.pane.show_picture(picture, "cat.png")
    window.filmstrip.set_pictures([("a" * 64, "cat.png"), ("b" * 64, "dog.png")])
    window.library.set_rows([LibraryRow("1", "A cat", datetime.now(UTC))])
    window.composer.set_attachments([AttachmentChip("1", "cat.png", "ready")])
    window.composer.set_attachments([AttachmentChip(key, f"{key}.png", "ready") for key in ("0", "1", "2")])
    window.sidebar.set_endpoints([EndpointRow("local", "Local engine", True)], "local")
    window.sidebar.set_model_file("/models/m.gguf")
    return window


def walk(qtbot: QtBot, start: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[str]:
    """The accessible names of what the key comes to, until it is back."""
    start.setFocus()
    names: list[str] = []
    focused: QWidget | None = start
    while focused is not None and len(names) < 60:
        names.append(focused.accessibleName())
        qtbot.keyClick(focused, key)
        focused = QApplication.focusWidget()
        if focused is start:
            return names
    raise AssertionError(f"the walk does not end: {names}")


def test_tab_walks_from_the_top_left_to_the_bottom_right(qtbot: QtBot, window: MainWindow) -> None:
    first = window.top_bar.nextInFocusChain()
    while first.focusPolicy() == Qt.FocusPolicy.NoFocus:
        first = first.nextInFocusChain()
    assert walk(qtbot, first) == [
        *("Library", "New conversation", "Capture the screen", "Open pictures", "What is sent"),
        *("More", "Theme", "Settings"),
        "Model sidebar",
        *("Search all conversations", "Filter the conversations", "New conversation"),
        *("All conversations", "Conversations"),
        *(
            "Picture: cat.png",
            "Zoom out",
            "Show the picture at 100 %",
            "Zoom in",
            "Fit the picture to the view",
        ),
        *("Turn the picture right", "More for this picture"),
        "Pictures of this conversation",
        "Conversation",
        *("Remove 0.png", "Remove 1.png", "Remove 2.png"),
        *("Add pictures", "Question", "Send"),
        *("Answers come from", "Choose Model file", "Choose Vision part (mmproj)"),
    ]


def test_tab_reaches_the_zoom_bar_after_a_click_on_the_picture(qtbot: QtBot, window: MainWindow) -> None:
    view = window.pane.view
    view.bar.hide()
    view.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert view.bar.smaller.hasFocus() and view.bar.isVisible()


def test_tab_backwards_comes_the_same_way(qtbot: QtBot, window: MainWindow) -> None:
    names = walk(qtbot, window.composer.send, Qt.Key.Key_Backtab)
    assert names[:6] == ["Send", "Question", "Add pictures", "Remove 2.png", "Remove 1.png", "Remove 0.png"]


def test_tab_comes_to_what_a_notice_offers_before_its_cross(qtbot: QtBot, window: MainWindow) -> None:
    window.show_notice("The answer is in the trash.", offer="Undo", do=lambda: None)
    assert window.notice.button is not None
    window.notice.button.setAccessibleName("Undo")
    assert walk(qtbot, window.transcript)[:4] == ["Conversation", "Undo", "Dismiss", "Remove 0.png"]
