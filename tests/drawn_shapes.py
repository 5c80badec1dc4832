"""Shapes of a picture, drawn for a test."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from app.domain.geometry import Box, Point
from app.domain.shape import Shape, ShapeKind
from tests.grounded_answers import HEIGHT, WIDTH
from ui.panes.shapes.layer import ShapeLayer
from ui.panes.shapes.scene import ShapeScene, colours_of
from ui.panes.view.placement import Placement
from ui.theme import palette

VIEW = QSize(640, 480)
GREY = QColor("#808080")
TURNS = (0, 90, 180, 270)


def shape(label: str, left: float, top: float, right: float, bottom: float, **more: object) -> Shape:
    """A shape of a picture of 2000 by 1500."""
    fractions = Box(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)
    made = Shape(label=label, box=fractions, pixels=Box(left, top, right, bottom))
    return made.replace(**more)


def point(label: str, x: float, y: float) -> Shape:
    return shape(label, x, y, x, y, kind=ShapeKind.POINT, points=(Point(x, y),))


def scene(*shapes: Shape) -> ShapeScene:
    return ShapeScene(list(enumerate(shapes)), colours_of(shapes))


def placed(turn: int = 0, zoom: float | None = None, centre: QPointF | None = None) -> Placement:
    placement = Placement()
    placement.set_picture(QSizeF(WIDTH, HEIGHT))
    placement.set_view(QRectF(0, 0, VIEW.width(), VIEW.height()), 1.0)
    placement.turn_to(turn)
    if zoom is not None:
        placement.look_at(centre or placement.centre, zoom)
    return placement


def painted(layer: ShapeLayer, placement: Placement) -> QImage:
    """What the layer draws over grey, once it is through."""
    while True:
        image = QImage(VIEW, QImage.Format.Format_RGB32)
        image.fill(GREY)
        painter = QPainter(image)
        layer.paint(painter, placement)
        painter.end()
        if layer.settled:
            return image


def overlay(number: int) -> str:
    return palette.current().color(f"overlay_{number + 1}").name()


def colors_near(image: QImage, at: QPointF, reach: int = 1) -> set[str]:
    around = itertools.product(range(-reach, reach + 1), repeat=2)
    places = (at.toPoint() + QPoint(dx, dy) for dx, dy in around)
    return {image.pixelColor(place).name() for place in places if image.rect().contains(place)}


def many(count: int) -> list[Shape]:
    places = itertools.islice(itertools.product(range(0, 1990, 14), range(0, 1490, 14)), count)
    return [shape(f"kind {n % 12}", x, y, x + 10, y + 10) for n, (x, y) in enumerate(places)]
