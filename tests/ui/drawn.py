"""Hands that draw on the pictures of a whole window, and eyes for what was sent of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import PySide6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.events import Finished, TextDelta
from app.domain.geometry import Point
from app.domain.model import Limits
from app.domain.region import (
    COVER_GREY,
    Redaction,
    RedactionKind,
    Region,
    RegionKind,
    RegionSend,
    Treatment,
)
from app.domain.request import PromptPicture
from tests.photos import PHOTOS
from tests.ui.desk import Desk
from ui.composer.attachment_chip import ChipWidget
from ui.panes.regions.board import RegionBoard
from ui.panes.view.picture_view import PictureView

RunAsync = Callable[[Any], Any]
SIGN = Region("0a1b2c3d", RegionKind.RECTANGLE, (Point(20, 30), Point(120, 90)), "the sign")
FACE = Redaction(RedactionKind.BOX, (Point(10, 10), Point(60, 50)))
DONE = Treatment((SIGN,), RegionSend.MARKED, (FACE,))
ANSWERED = (TextDelta(text="Yes."), Finished(reason="stop"))
PHOTO, OTHER = PHOTOS / "rocket.jpg", next(path for path in sorted(PHOTOS.iterdir()) if path.suffix == ".png")
CAT = PHOTOS / "chelsea.png"
Place = QPointF if PySide6.__version_info__ >= (6, 12) else QPoint  # what 6.12 wants 6.11 does not know
ABOUT = 20
"""Levels by which JPEG may change what is painted."""
ROOMY = Limits(longest_side=4096, most_pictures=12)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def attached(desk: Desk) -> str:
    """The hash of the first picture of the draft."""
    return desk.controller._composing.attachments.ready[0][0]


def view_of(desk: Desk) -> PictureView:
    return desk.window.pane.view


def board_of(desk: Desk) -> RegionBoard:
    return desk.controller._places.drawing.regions._markers[desk.window.pane].board


async def shown(desk: Desk) -> str:
    """Wait until the pane shows a picture, and return its hash."""
    await desk.until(lambda: desk.window.pane.sha256)
    await desk.until(lambda: desk.window.pane in desk.controller._places.drawing.regions._markers)
    view_of(desk).setFocus()
    return desk.window.pane.sha256


def draw(desk: Desk, key: str, *way: tuple[float, float], drop: bool = True) -> None:
    """Take a tool by its key and drag it over places of the picture."""
    view = view_of(desk)
    QTest.keyClick(view, key)
    places = [view.placement.to_view(QPointF(*place)).toPoint() for place in way]
    QTest.mousePress(view, LEFT, NONE, places[0])
    for place in places[1:]:
        moved = QMouseEvent(
            *(QEvent.Type.MouseMove, QPointF(place), QPointF(view.mapToGlobal(place))),
            *(Qt.MouseButton.NoButton, LEFT, NONE),
        )
        QApplication.sendEvent(view, moved)
    if drop:
        QTest.mouseRelease(view, LEFT, NONE, places[-1])


def chips(desk: Desk) -> list[ChipWidget]:
    return desk.window.composer.strip.findChildren(ChipWidget)


def seen(picture: PromptPicture) -> QImage:
    return QImage.fromData(picture.data)


def is_covered(picture: PromptPicture, x: int, y: int) -> bool:
    """Whether a place of the original is painted over in what was sent."""
    sent = picture.prepared
    at = QPoint(round((x - sent.left) / sent.scale_x), round((y - sent.top) / sent.scale_y))
    colour = seen(picture).pixelColor(at)
    return all(abs(level - COVER_GREY) <= ABOUT for level in (colour.red(), colour.green(), colour.blue()))
