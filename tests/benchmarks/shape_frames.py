"""Hovers, pans and zooms with 10,000 shapes over a picture and without any, and prints, as JSON, the
CPU a frame takes, and the longest step between two frames.

Run with QT_QPA_PLATFORM=offscreen and QT_NO_GLIB=1.
"""

from __future__ import annotations

import gc
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEventLoop, QPoint, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.domain.geometry import Box
from app.domain.shape import Shape
from tests.benchmarks.frame_meter import FrameMeter, percentile
from ui.panes.shapes.layer import ShapeLayer
from ui.panes.shapes.scene import ShapeScene, colours_of
from ui.panes.view.picture_view import PictureView
from ui.theme import palette

COUNT = 10_000
PICTURE = QSize(4000, 3000)
FRAMES = 300
FRAME_MS = 16


def shapes() -> list[Shape]:
    """Boxes of many sizes under forty names."""
    chance = random.Random(7)
    found = []
    for number in range(COUNT):
        left, top = chance.uniform(0, 3800), chance.uniform(0, 2800)
        wide, high = chance.uniform(10, 200), chance.uniform(10, 200)
        box = Box(left, top, left + wide, top + high)
        found.append(Shape(label=f"thing {number % 40}", box=Box(0, 0, 1, 1), pixels=box))
    return found


class Drive:
    """Moves the mouse over the view, one move for each frame."""

    def __init__(self, app: QApplication, *, layered: bool) -> None:
        self._app = app
        self._layered = layered
        self.view = PictureView()
        self.view.resize(1280, 800)
        self.view.show()
        picture = QImage(PICTURE / 2, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.darkGray)
        self.view.set_image(picture, "crowd.png", PICTURE)
        self.layer = ShapeLayer(self.view)
        if layered:
            self.view.add_layer(self.layer)
            drawn = shapes()
            self.layer.set_scene(ShapeScene(list(enumerate(drawn)), colours_of(drawn)))
        self.meter = FrameMeter([self.view], bursts=True)
        self._chance = random.Random(3)
        self.settle()

    def settle(self) -> None:
        """Wait until all is drawn."""
        self._spin(lambda _: None, 10)
        while not self.layer.settled:
            self._spin(lambda _: None, 10)

    def hover(self) -> list[float]:
        """The pointer wanders. With shapes they say what is to be drawn; without, all is."""
        return self._spin(
            lambda _: self._mouse(self._somewhere(), Qt.MouseButton.NoButton),
            FRAMES,
            whole=not self._layered,
        )

    def pan(self) -> list[float]:
        """The picture is dragged to and fro, about twice as large as the view."""
        self.view.zoom_to(0.6)
        self.settle()
        self._mouse(QPointF(640, 400), Qt.MouseButton.LeftButton, QMouseEvent.Type.MouseButtonPress)
        places = [QPointF(640 + 500 * _wave(n / 75), 400 + 300 * _wave(n / 50)) for n in range(FRAMES)]
        frames = self._spin(lambda n: self._mouse(places[n], Qt.MouseButton.LeftButton), FRAMES)
        self._mouse(places[-1], Qt.MouseButton.LeftButton, QMouseEvent.Type.MouseButtonRelease)
        return frames

    def zoom(self) -> list[float]:
        """The wheel turns closer and back."""
        return self._spin(lambda n: self._wheel(1 if n // 30 % 2 else -1), FRAMES)

    def _spin(self, move: Callable[[int], object], count: int, *, whole: bool = True) -> list[float]:
        self.meter.frames_ms.clear()
        self.meter.others_ms.clear()
        state, loop = {"n": 0}, QEventLoop()
        timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=FRAME_MS)

        def step() -> None:
            if state["n"] == count:
                timer.stop()
                loop.quit()
                return
            move(state["n"])
            if whole:
                self.view.update()
            state["n"] += 1

        timer.timeout.connect(step)
        timer.start()
        loop.exec()
        return list(self.meter.frames_ms)

    def _somewhere(self) -> QPointF:
        return QPointF(self._chance.uniform(150, 1100), self._chance.uniform(50, 700))

    def _mouse(
        self,
        at: QPointF,
        button: Qt.MouseButton,
        kind: QMouseEvent.Type = QMouseEvent.Type.MouseMove,
    ) -> None:
        event = QMouseEvent(kind, at, at, button, button, Qt.KeyboardModifier.NoModifier)
        self._app.sendEvent(self.view, event)

    def _wheel(self, step: int) -> None:
        at, none = QPointF(640, 400), QPoint()
        buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        phase = Qt.ScrollPhase.NoScrollPhase
        self._app.sendEvent(
            self.view, QWheelEvent(at, at, none, QPoint(0, 30 * step), buttons, keys, phase, False)
        )


def _wave(turns: float) -> float:
    """To and fro between -1 and 1, once a turn."""
    part = turns % 1.0
    return 4 * part - 1 if part < 0.5 else 3 - 4 * part


def main() -> None:
    """Print the figures as JSON."""
    app = QApplication([])
    gc.disable()  # as the window does while it is used
    palette.apply(app, "dark")
    told: dict[str, float] = {}
    for name, layered in (("bare", False), ("shapes", True)):
        drive = Drive(app, layered=layered)
        for way in ("hover", "pan", "zoom"):
            frames = getattr(drive, way)()
            told[f"{name} {way} frames"] = len(frames)
            told[f"{name} {way} p50"] = percentile(frames, 0.5)
            told[f"{name} {way} p99"] = percentile(frames, 0.99)
            told[f"{name} {way} longest step"] = max(drive.meter.others_ms, default=0.0)
        drive.view.deleteLater()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
