from __future__ import annotations

from itertools import permutations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.panes.view.picture_marker import PictureMarker
from ui.panes.view.picture_view import PictureView
from ui.widgets.buttons import IconButton


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(900, 600)
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(0)
    made.set_image(image, "black.png")
    made.show()
    return made


@pytest.mark.parametrize("came", list(permutations(("draw", "sent", "shapes"))))
def test_groups_stand_and_are_walked_in_one_order_whichever_came_first(
    view: PictureView, came: tuple[str, ...]
) -> None:
    made = {name: IconButton("scan", name) for name in came}
    for name in came:
        view.bar.add_tools(name, [made[name]])
    stops = view.bar.stops
    assert [stop for stop in stops if stop in made.values()] == [made[n] for n in ("draw", "sent", "shapes")]
    lefts = [stop.mapTo(view.bar, QPoint()).x() for stop in stops]
    assert lefts == sorted(lefts)


def test_tab_reaches_the_tools_in_the_drawer_behind_the_bar(qtbot: QtBot, view: PictureView) -> None:
    qtbot.waitExposed(view)
    PictureMarker(view)
    view.bar.add_tools("sent", [IconButton("scan", "sent")])
    view.setFocus()
    QTest.keyClick(view, "b")
    walked = []
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget() or view, "\t")
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused is view:
            break
        walked.append(focused.accessibleName())
    assert walked[-4:] == ["sent", "Cover a rectangle", "Cover with a brush", "Width of the brush"]
