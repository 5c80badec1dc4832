from __future__ import annotations

from collections.abc import Iterator

import PySide6
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.panes.area.arrangement import Side, Tab
from ui.panes.area.drop_zones import DropZones
from ui.panes.area.pane_area import PaneArea
from ui.panes.drop import PICTURE_HERE
from ui.panes.view.picture_pane import PicturePane

NAMES = {letter * 64: f"{letter}.png" for letter in "abc"}
A, B, C = NAMES
LEFT, NONE, COPY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
Place = QPointF if PySide6.__version_info__ >= (6, 12) else QPoint  # what 6.12 wants 6.11 does not know


def bring(pane: PicturePane, sha256: str) -> None:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0)
    pane.show_picture(image if sha256 else QImage(), NAMES.get(sha256, ""), None, sha256)


@pytest.fixture
def area(qtbot: QtBot) -> Iterator[PaneArea]:
    made = PaneArea()
    qtbot.addWidget(made)
    made.picture_wanted.connect(bring)
    made.set_pictures(NAMES)
    made.resize(1000, 800)
    made.show()
    made.active_group.show_picture(A)
    yield made


def picture(sha256: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(PICTURE_HERE, sha256.encode())
    return mime


def zones(area: PaneArea) -> DropZones:
    assert area._zones is not None
    return area._zones


def hover(area: PaneArea, mime: QMimeData, at: QPoint) -> None:
    QApplication.sendEvent(area, QDragEnterEvent(Place(at), COPY, mime, LEFT, NONE))
    QApplication.sendEvent(area, QDragMoveEvent(Place(at), COPY, mime, LEFT, NONE))


def drop(area: PaneArea, mime: QMimeData, at: QPoint) -> None:
    hover(area, mime, at)
    QApplication.sendEvent(area, QDropEvent(QPointF(at), COPY, mime, LEFT, NONE))


def tabs(area: PaneArea) -> list[str]:
    return ["".join(tab.sha256[0] for tab in group.tabs) for group in area.groups()]


@pytest.mark.parametrize(
    ("at", "opened", "shaded"),
    [
        (QPoint(950, 400), ["a", "b"], (500, 0, 500, 800)),
        (QPoint(50, 400), ["b", "a"], (0, 0, 500, 800)),
        (QPoint(500, 40), ["b", "a"], (0, 0, 1000, 400)),
        (QPoint(500, 760), ["a", "b"], (0, 400, 1000, 400)),
        (QPoint(500, 400), ["ab"], (0, 0, 1000, 800)),
    ],
)
def test_a_picture_comes_where_the_shade_was(
    area: PaneArea, at: QPoint, opened: list[str], shaded: tuple[int, int, int, int]
) -> None:
    hover(area, picture(B), at)
    shade = zones(area).shade
    assert shade.isVisible() and shade.geometry().getRect() == shaded
    drop(area, picture(B), at)
    assert not shade.isVisible() and tabs(area) == opened
    assert area.active.sha256 == B


def test_a_drag_that_leaves_takes_the_shade_along(area: PaneArea) -> None:
    hover(area, picture(B), QPoint(500, 400))
    QApplication.sendEvent(area, QDragLeaveEvent())
    assert not zones(area).shade.isVisible() and tabs(area) == ["a"]


def test_files_of_other_programs_are_left_to_the_window(area: PaneArea) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/tmp/x.png")])
    event = QDragEnterEvent(Place(QPoint(500, 400)), COPY, mime, LEFT, NONE)
    QApplication.sendEvent(area, event)
    assert not event.isAccepted() and area._zones is None


def test_a_picture_of_another_conversation_comes_nowhere(area: PaneArea) -> None:
    drop(area, picture("f" * 64), QPoint(500, 400))
    assert tabs(area) == ["a"]


def test_a_tab_goes_to_another_pane_when_its_drag_has_ended(qtbot: QtBot, area: PaneArea) -> None:
    area.open_tab(Tab(B))
    area.open_beside(Tab(C), Side.RIGHT)
    first, second = area.groups()
    drop(area, first.strip.mime_of(0), second.pane.mapTo(area, second.pane.rect().center()))
    assert tabs(area) == ["ab", "c"]
    first.strip.drag_ended.emit()
    qtbot.waitUntil(lambda: tabs(area) == ["b", "ca"])


def test_a_tab_is_put_between_others(qtbot: QtBot, area: PaneArea) -> None:
    area.open_tab(Tab(B))
    area.open_tab(Tab(C))
    (group,) = area.groups()
    strip = group.strip
    at = strip.mapTo(area, strip.tabRect(0).topLeft() + QPoint(4, 10))
    hover(area, strip.mime_of(2), at)
    assert zones(area).shade.width() == 2
    drop(area, strip.mime_of(2), at)
    strip.drag_ended.emit()
    qtbot.waitUntil(lambda: tabs(area) == ["cab"])


def test_a_tab_dropped_at_an_edge_makes_a_pane(qtbot: QtBot, area: PaneArea) -> None:
    area.open_tab(Tab(B))
    (group,) = area.groups()
    drop(area, group.strip.mime_of(0), QPoint(980, 400))
    group.strip.drag_ended.emit()
    qtbot.waitUntil(lambda: tabs(area) == ["b", "a"])


def test_the_only_tab_of_a_pane_dropped_on_itself_stays(qtbot: QtBot, area: PaneArea) -> None:
    area.open_tab(Tab(B))
    area.open_beside(Tab(C), Side.RIGHT)
    group = area.groups()[0]
    at = group.mapTo(area, group.rect().center())
    drop(area, group.strip.mime_of(1), at)
    group.strip.drag_ended.emit()
    QApplication.sendPostedEvents(area)
    assert tabs(area) == ["ab", "c"]
