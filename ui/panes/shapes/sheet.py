"""All shapes of a picture, drawn once and then only moved, until they are drawn anew."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from ui.panes.shapes.painting import Step, in_steps
from ui.panes.shapes.tags import FEW as FEW_NAMES
from ui.panes.shapes.tags import MOST_TRIED, Tag, Tags, draw_tags
from ui.theme import palette

if TYPE_CHECKING:
    from ui.panes.shapes.scene import ShapeScene
    from ui.panes.view.placement import Placement

IN_FRAME_S = 0.0005
"""How long is drawn while a frame is, or just before it."""
BETWEEN_S = 0.0007
"""The same between two frames."""
QUIET_S = 0.002
"""The same while there are none."""
FEW = 150
"""So many shapes are drawn anew whenever the picture moves; more get a margin to be moved in."""
AT_ONCE = 250
"""Shapes that are looked through in one step."""
TAGS_AT_ONCE = 2
EDGE = 2
"""Logical pixels that a name is drawn beyond its rectangle."""
BAND = 100
"""Logical pixels of the sheet's height that are wiped in one step."""
MARGIN = 0.25
"""Of the view's width and height, at each side."""


class _Look(NamedTuple):
    """What a sheet shows, and of which scene; one that shows something else is drawn anew."""

    serial: int
    hidden: frozenset[str]
    turn: int
    zoom: float
    ratio: float
    size: tuple[float, ...]
    """Of the view, and of the part of it where names stand."""
    theme: str


class _Named(NamedTuple):
    """A name on a sheet, and what is below it: a part of the sheet's image with its corner, in pixels of
    that image."""

    tag: Tag
    corner: QPoint
    below: QImage


class _Drawn(NamedTuple):
    """A sheet. `transform` leads from the picture to the view that it was drawn for, `corner` is its
    own in that view, and `area` the part of the picture that it covers. `names` go by the places of
    their shapes; those in `without`, with what they look like, are not seen now."""

    look: _Look
    image: QImage
    transform: QTransform
    corner: QPointF
    area: QRectF
    names: dict[int, _Named]
    without: dict[int, QImage]


class ShapeSheet:
    """Keeps what was drawn last while it draws the next, a few milliseconds at a time."""

    def __init__(self) -> None:
        self._done: _Drawn | None = None
        self._next: _Drawn | None = None
        self._spare = QImage()
        self._veiled = QImage()
        self._steps: Iterator[Step] = iter(())
        self._zoom = 0.0
        self.elsewhere = False
        """Whether what was painted last was drawn for another place of the picture."""

    @property
    def growing(self) -> bool:
        """Whether something is still to be drawn."""
        return self._next is not None

    def forget(self) -> None:
        """Keep nothing: other shapes are to be drawn."""
        self._done = self._next = None
        self._steps = iter(())
        self._veiled = QImage()

    def name_rects(self, scene: ShapeScene, places: Iterable[int], placement: Placement) -> list[QRectF]:
        """Where in the view the names of some shapes were painted, as far as they have one."""
        shown = self._done or self._next
        if shown is None or shown.look.serial != scene.serial:
            return []
        back, _ = shown.transform.inverted()
        moved = back * placement.transform()
        found = (shown.names[place].tag.rect for place in places if place in shown.names)
        return [moved.mapRect(rect.translated(shown.corner)) for rect in found]

    def paint(
        self,
        painter: QPainter,
        scene: ShapeScene,
        hidden: frozenset[str],
        placement: Placement,
        without: Collection[int] = (),
    ) -> None:
        """Paint the shapes as far as they are drawn; what is missing follows with `grow`. The names of
        the places in `without` are left out."""
        look = _look(scene, hidden, placement)
        waits = len(scene.shapes) > FEW and self._waits(look)
        if not _suits(self._done, look, placement) and not waits:
            if not _suits(self._next, look, placement):
                self._begin(scene, look, placement)
            if self._done is None or len(scene.shapes) <= FEW:
                self.grow(IN_FRAME_S)
        elif self._next is None and self._zoom == look.zoom and _nearly_left(self._done, placement):
            self._begin(scene, look, placement)
        self._zoom = look.zoom
        shown = self._done or self._next
        if shown is None:
            return
        if shown.look.serial == scene.serial:
            _leave_out(shown, without)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        moved = placement.transform()
        self.elsewhere = moved != shown.transform
        if shown.look[2:5] == look[2:5]:
            self._veiled = QImage()
            ratio = placement.ratio
            at = moved.map(QPointF()) - shown.transform.map(QPointF()) + shown.corner
            at = QPointF(round(at.x() * ratio) / ratio, round(at.y() * ratio) / ratio)
            painter.drawImage(at, shown.image)
        elif painter.opacity() < 1:
            self._paint_veiled(painter, shown, placement)
        else:
            _paint_scaled(painter, shown, moved)

    def _paint_veiled(self, painter: QPainter, shown: _Drawn, placement: Placement) -> None:
        """Scale, and then let it shine through: both in one go takes Qt three times as long."""
        view, ratio = placement.view, placement.ratio
        size = (view.size() * ratio).toSize()
        if self._veiled.size() != size:
            self._veiled = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        self._veiled.setDevicePixelRatio(ratio)
        self._veiled.fill(Qt.GlobalColor.transparent)
        inner = QPainter(self._veiled)
        _paint_scaled(inner, shown, placement.transform() * QTransform.fromTranslate(-view.x(), -view.y()))
        inner.end()
        painter.drawImage(view.topLeft(), self._veiled)

    def renew(self, scene: ShapeScene, hidden: frozenset[str], placement: Placement) -> None:
        """Begin to draw for where the picture lies now, so that names stand within the view."""
        self._begin(scene, _look(scene, hidden, placement), placement)

    def grow(self, for_s: float) -> bool:
        """Draw a little more; whether the sheet is complete now."""
        drawn, deadline = self._next, time.perf_counter() + for_s
        if drawn is None:
            return False
        painter = QPainter(drawn.image)
        try:
            for step in self._steps:
                step(painter)
                if time.perf_counter() > deadline:
                    return False
        finally:
            painter.end()
        if self._done is not None:
            self._spare = self._done.image
        self._done, self._next, self._steps = drawn, None, iter(())
        return True

    def _waits(self, look: _Look) -> bool:
        """Whether nothing is drawn yet because the picture is being zoomed, which would be in vain: it
        would not be done before the next zoom."""
        return self._done is not None and self._done.look._replace(zoom=look.zoom) == look

    def _begin(self, scene: ShapeScene, look: _Look, placement: Placement) -> None:
        area, view = placement.seen(), QRectF(placement.view)
        if len(scene.shapes) > FEW:
            across, down = view.width() * MARGIN, view.height() * MARGIN
            view.adjust(-across, -down, across, down)
            area = placement.to_picture_rect(view).intersected(QRectF(QPointF(), placement.picture))
        corner = view.topLeft()
        if self._next is not None:
            self._spare = self._next.image
        image = self._sheet_of((view.size() * look.ratio).toSize(), look.ratio)
        transform = placement.transform()
        self._next = _Drawn(look, image, transform, corner, area, {}, {})
        shifted = transform * QTransform.fromTranslate(-corner.x(), -corner.y())
        seen = placement.clear.translated(-corner)
        self._steps = _steps(scene, self._next, shifted, seen, view.size())

    def _sheet_of(self, size: QSize, ratio: float) -> QImage:
        """A picture to draw on, in the memory of one that is not shown any more where it fits."""
        image, self._spare = self._spare, QImage()
        if image.size() != size:
            image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        return image


def _steps(
    scene: ShapeScene, drawn: _Drawn, transform: QTransform, view: QRectF, size: QSizeF
) -> Iterator[Step]:
    tags, hidden, area = Tags(view, transform.mapRect(drawn.area)), drawn.look.hidden, drawn.area
    places: list[int] = []
    for top in range(0, math.ceil(size.height()), BAND):
        yield partial(_wipe, QRectF(0, top, size.width(), BAND))
    for start in range(0, len(scene.shapes), AT_ONCE):
        yield partial(_look_for, scene, hidden, area, range(start, start + AT_ONCE), places)
    yield from in_steps(scene, places, transform)
    for start in range(0, min(len(places), MOST_TRIED), TAGS_AT_ONCE):
        yield partial(_name, tags, scene, places, range(start, start + TAGS_AT_ONCE), transform)
    for start in range(0, len(tags.placed), TAGS_AT_ONCE):
        yield partial(_draw_names, scene, drawn, tags.placed[start : start + TAGS_AT_ONCE])


def _paint_scaled(painter: QPainter, shown: _Drawn, moved: QTransform) -> None:
    """Paint what was drawn for another zoom or turn where it lies now."""
    back, _ = shown.transform.inverted()
    painter.setTransform(back * moved, combine=True)
    painter.drawImage(shown.corner, shown.image)


def _name(
    tags: Tags,
    scene: ShapeScene,
    places: list[int],
    some: range,
    transform: QTransform,
    _painter: QPainter,
) -> None:
    tags.place_some(scene, places[some.start : some.stop], transform, few=len(places) <= FEW_NAMES)


def _draw_names(scene: ShapeScene, drawn: _Drawn, some: list[Tag], painter: QPainter) -> None:
    for tag in some:
        around = tag.rect.adjusted(-EDGE, -EDGE, EDGE, EDGE)
        ratio = drawn.look.ratio
        part = QRectF(around.topLeft() * ratio, around.size() * ratio).toAlignedRect()
        part &= drawn.image.rect()
        drawn.names[tag.place] = _Named(tag, part.topLeft(), drawn.image.copy(part))
    draw_tags(painter, scene, some)


def _leave_out(drawn: _Drawn, places: Collection[int]) -> None:
    """Let the names of these shapes, and no others, be missing on a sheet."""
    wanted = drawn.names.keys() & set(places)
    if wanted == drawn.without.keys():
        return
    painter = QPainter(drawn.image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    while drawn.without:  # the last one first, as names may touch each other
        place, name = drawn.without.popitem()
        painter.drawImage(QPointF(drawn.names[place].corner) / drawn.look.ratio, name)
    for place in wanted:
        below, corner = drawn.names[place].below, drawn.names[place].corner
        drawn.without[place] = drawn.image.copy(QRect(corner, below.size()))
        painter.drawImage(QPointF(corner) / drawn.look.ratio, below)
    painter.end()


def _wipe(band: QRectF, painter: QPainter) -> None:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.fillRect(band, Qt.GlobalColor.transparent)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def _look_for(
    scene: ShapeScene,
    hidden: frozenset[str],
    area: QRectF,
    ranks: range,
    places: list[int],
    _painter: QPainter,
) -> None:
    found = scene.in_sight(area, ranks)
    places.extend(place for place in found if scene.shapes[place].label not in hidden)


def _look(scene: ShapeScene, hidden: frozenset[str], placement: Placement) -> _Look:
    view, clear = placement.view, placement.clear
    size = view.width(), view.height(), clear.width(), clear.height()
    theme = palette.current().name
    return _Look(scene.serial, hidden, placement.turn, placement.zoom, placement.ratio, size, theme)


def _suits(drawn: _Drawn | None, look: _Look, placement: Placement) -> bool:
    """Whether a sheet shows what is to be seen."""
    if drawn is None or drawn.look != look or not drawn.area.contains(placement.seen()):
        return False
    return _has_margin(drawn, placement) or drawn.transform == placement.transform()


def _nearly_left(drawn: _Drawn | None, placement: Placement) -> bool:
    """Whether the picture was moved so far that little of a sheet's margin is left."""
    if drawn is None or not _has_margin(drawn, placement):
        return False
    view = placement.view
    across, down = view.width() * MARGIN / 3, view.height() * MARGIN / 3
    wanted = placement.to_picture_rect(view.adjusted(-across, -down, across, down))
    return not drawn.area.contains(wanted.intersected(QRectF(QPointF(), placement.picture)))


def _has_margin(drawn: _Drawn, placement: Placement) -> bool:
    return drawn.corner != placement.view.topLeft()
