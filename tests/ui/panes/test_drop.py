from __future__ import annotations

from collections.abc import Iterator

import PySide6
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.composer.question_edit import QuestionEdit
from ui.panes.drop import DropTarget

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction
Place = QPointF if PySide6.__version_info__ >= (6, 12) else QPoint  # what 6.12 wants 6.11 does not know


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    made.resize(500, 400)
    QVBoxLayout(made).addWidget(QuestionEdit())
    qtbot.addWidget(made)
    made.show()
    yield made


@pytest.fixture
def target(window: QWidget) -> DropTarget:
    return DropTarget(window)


def pictures(*paths: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return mime


def address() -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png")])
    return mime


def enter(widget: QWidget, mime: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(Place(10, 10), COPY, mime, LEFT, NONE)
    QApplication.sendEvent(widget, event)
    return event


def drop(widget: QWidget, mime: QMimeData) -> QDropEvent:
    event = QDropEvent(QPointF(10, 10), COPY, mime, LEFT, NONE)
    QApplication.sendEvent(widget, event)
    return event


def test_hovering_pictures_cover_the_window_with_what_will_happen(
    window: QWidget, target: DropTarget
) -> None:
    event = enter(window, pictures("/tmp/a.png", "/tmp/b.png", "/tmp/c.png"))
    assert event.isAccepted() and event.dropAction() == COPY
    assert target.overlay.isVisible()
    assert target.overlay.size() == window.size()
    assert target.overlay.sentence == "Drop to add 3 pictures"
    assert not target.overlay.refused


def test_the_overlay_takes_the_drag_over_and_stays(qtbot: QtBot, window: QWidget, target: DropTarget) -> None:
    mime = pictures("/tmp/a.png")
    enter(window, mime)
    QApplication.sendEvent(window, QDragLeaveEvent())
    enter(target.overlay, mime)
    QApplication.processEvents()
    assert target.overlay.isVisible()
    QApplication.sendEvent(target.overlay, QDragLeaveEvent())
    qtbot.waitUntil(lambda: not target.overlay.isVisible())


def test_a_drag_that_leaves_at_once_uncovers_the_window(
    qtbot: QtBot, window: QWidget, target: DropTarget
) -> None:
    enter(window, pictures("/tmp/a.png"))
    QApplication.sendEvent(window, QDragLeaveEvent())
    qtbot.waitUntil(lambda: not target.overlay.isVisible())


def test_letting_go_offers_the_pictures(qtbot: QtBot, window: QWidget, target: DropTarget) -> None:
    mime, covered = pictures("/tmp/a.png"), []
    target.covered.connect(covered.append)
    enter(window, mime)
    assert covered == [True]
    with qtbot.waitSignal(target.pictures_offered) as offered:
        assert drop(target.overlay, mime).isAccepted()
    assert offered.args[0].paths == ["/tmp/a.png"]
    assert not target.overlay.isVisible() and covered == [True, False]


def test_an_address_alone_is_refused_with_its_reason(
    qtbot: QtBot, window: QWidget, target: DropTarget
) -> None:
    event = enter(window, address())
    assert event.dropAction() == Qt.DropAction.IgnoreAction
    assert target.overlay.refused
    assert "Save the picture first" in target.overlay.sentence
    assert target.overlay.accessibleName() == target.overlay.sentence
    with qtbot.assertNotEmitted(target.pictures_offered):
        assert not drop(target.overlay, address()).isAccepted()


def test_text_is_left_to_the_widgets_below(window: QWidget, target: DropTarget) -> None:
    mime = QMimeData()
    mime.setText("hello")
    enter(window, mime)
    assert not target.overlay.isVisible()


def test_pictures_over_a_text_field_reach_the_window(window: QWidget, target: DropTarget) -> None:
    edit = window.findChild(QuestionEdit)
    assert edit is not None
    enter(edit.viewport(), pictures("/tmp/a.png"))
    assert target.overlay.isVisible()


def test_the_overlay_follows_the_size_of_the_window(window: QWidget, target: DropTarget) -> None:
    mime = pictures("/tmp/a.png")
    enter(window, mime)
    QApplication.sendEvent(target.overlay, QDragMoveEvent(Place(5, 5), COPY, mime, LEFT, NONE))
    window.resize(700, 300)
    assert target.overlay.size() == window.size()
