"""What a model pointed at, drawn over the picture."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QTransform

from ui.panes.shapes.painting import DOT, draw_meant
from ui.panes.shapes.sheet import BETWEEN_S, IN_FRAME_S, QUIET_S, ShapeSheet
from ui.panes.shapes.tags import Tag, Tags, draw_tags
from ui.panes.view.layer import PictureLayer
from ui.theme import palette

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPainter

    from ui.panes.shapes.scene import ShapeScene
    from ui.panes.view.placement import Placement

REACH = DOT + 4
"""Logical pixels that a shape and its name are drawn beyond where they are."""
DIMMED = 0.35
"""How much is left of the other shapes while some are meant."""
MOST_MEANT = 300
"""So many shapes at most stand out together."""
LEAVE_MS = 40
"""So long a scene that is not shown any more is kept: to free ten thousand shapes takes half a frame,
which is not to be one of those that draw the next."""
REST_MS = 120
"""After this long without a move or a zoom many shapes are drawn for where they are then."""
PAUSE_MS = 3
"""After a frame, and between two steps of drawing, for what else is to be done."""
SOON_MS = 9
QUIET_MS = 24
"""So long after a frame the next one is near, if frames follow each other, and a step would make it
late; and so long after it there is none to wait for."""


class ShapeLayer(PictureLayer):
    """Shapes go by their numbers among all that an answer has."""

    pointed = Signal(int)
    """The number of the shape that the pointer is over now; -1 for none."""
    chosen = Signal(int)
    """The number of a shape that was clicked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene: ShapeScene | None = None
        self._hidden: frozenset[str] = frozenset()
        self._words = ""
        self._over = -1
        self._meant: tuple[int, ...] = ()
        self._placement: Placement | None = None
        self._painted_at = QTransform()
        self._sheet = ShapeSheet()
        self._left: list[ShapeScene] = []
        self._leaving = QTimer(self, singleShot=True, interval=LEAVE_MS)
        self._leaving.timeout.connect(self._left.clear)
        self._frame = QElapsedTimer()
        self._in_frame = False
        self._grower = QTimer(self, singleShot=True)
        self._grower.timeout.connect(self._grow)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._renew)
        palette.notifier.changed.connect(self.changed)

    # ---- what is shown

    def set_scene(self, scene: ShapeScene | None, words: str = "") -> None:
        """Show other shapes, or none; `words` say them to a screen reader. What the pointer is over
        stays so where it is still there."""
        if self._scene is not None and scene is not self._scene:
            self._left.append(self._scene)
            self._leaving.start()
        self._scene, self._words = scene, words
        if scene is None:
            self._sheet.forget()
        if scene is None or scene.place_of(self._over) is None:
            self._point_at(-1)
        self.changed.emit()

    def hide_labels(self, hidden: frozenset[str]) -> None:
        """Leave out the shapes of some labels."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._point_at(-1)
            self.changed.emit()

    def highlight(self, numbers: Collection[int]) -> None:
        """Let shapes stand out, and the others stand back; none of them brings all forward."""
        meant = tuple(numbers)[:MOST_MEANT]
        if meant != self._meant:
            self._meant = meant
            self.changed.emit()

    def box_of(self, number: int) -> QRectF | None:
        """What a shape reaches over, in pixels of the original; None where it is not on this picture."""
        place = self._scene.place_of(number) if self._scene is not None else None
        return self._scene.rect(place) if self._scene is not None and place is not None else None

    @property
    def settled(self) -> bool:
        """Whether everything that is in sight has been drawn."""
        return not self._sheet.growing and not self._rest.isActive()

    # ---- layer

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """Draw what is in sight, the shapes that are meant over the others."""
        scene, self._placement = self._scene, placement
        if scene is None:
            return
        meant = self._standing_out(scene)
        painter.save()
        tags = _names_of(scene, meant, placement)
        if meant:
            painter.setOpacity(DIMMED)
        self._sheet.paint(painter, scene, self._hidden, placement, [tag.place for tag in tags])
        painter.restore()
        if self._sheet.growing:
            # Not anew where it is about to: frames that are quicker would put it off for ever.
            if not 0 <= self._grower.remainingTime() <= PAUSE_MS:
                self._in_frame = True
                self._grower.start(0)
        elif self._sheet.elsewhere and self._painted_at != placement.transform():
            self._rest.start()
        self._painted_at = placement.transform()
        self._frame.start()
        if meant:
            draw_meant(painter, scene, meant, placement.transform())
            draw_tags(painter, scene, tags)

    def hover(self, at: QPointF | None, reach: float) -> bool:
        """Let the shape under the pointer stand out."""
        self._point_at(self._number_at(at, reach) if at is not None else -1)
        return self._over >= 0

    def click(self, at: QPointF, reach: float) -> bool:
        """Tell which shape is meant."""
        number = self._number_at(at, reach)
        if number >= 0:
            self.chosen.emit(number)
        return number >= 0

    def cursor(self) -> Qt.CursorShape | None:
        """A hand over a shape."""
        return Qt.CursorShape.PointingHandCursor if self._over >= 0 else None

    def describe(self) -> str:
        """How many shapes there are, and where."""
        return self._words

    # ---- what is meant

    def _standing_out(self, scene: ShapeScene) -> list[int]:
        """The places of what is meant, as far as it is shown here."""
        meant = (self._over,) if self._over >= 0 else self._meant
        places = (scene.place_of(number) for number in meant)
        return [p for p in places if p is not None and scene.shapes[p].label not in self._hidden]

    def _number_at(self, at: QPointF, reach: float) -> int:
        scene = self._scene
        place = scene.at(at, reach, self._hidden) if scene is not None else -1
        return scene.numbers[place] if scene is not None and place >= 0 else -1

    def _point_at(self, number: int) -> None:
        if number == self._over:
            return
        before, self._over = self._area(), number
        self.pointed.emit(number)
        after = self._area()
        if before.isEmpty() or after.isEmpty():  # the others stand back, or come forward
            self.changed.emit()
            return
        self.touched.emit(before)
        self.touched.emit(after)

    def _area(self) -> QRect:
        """What is drawn of shapes that stand out, in pixels of the view; empty for none."""
        scene, placement = self._scene, self._placement
        meant = self._standing_out(scene) if scene is not None else []
        if scene is None or placement is None or not meant:
            return QRect()
        transform = placement.transform()
        rects = [transform.mapRect(scene.frame(place)) for place in meant]
        rects += [tag.rect for tag in _names_of(scene, meant, placement)]
        rects += self._sheet.name_rects(scene, meant, placement)
        drawn = (rect.adjusted(-REACH, -REACH, REACH, REACH) for rect in rects)
        return reduce(QRectF.united, drawn).toAlignedRect()

    # ---- drawing on

    def _grow(self) -> None:
        if self._in_frame:  # what lies over the picture is painted by now: the pause begins
            self._in_frame = False
            self._grower.start(PAUSE_MS)
            return
        since_ms = self._frame.elapsed()
        near = SOON_MS < since_ms < QUIET_MS
        if self._sheet.grow(IN_FRAME_S if near else BETWEEN_S if since_ms < QUIET_MS else QUIET_S):
            self.changed.emit()
        elif self._sheet.growing:
            soon = SOON_MS - PAUSE_MS < since_ms < QUIET_MS
            self._grower.start(QUIET_MS if soon else PAUSE_MS)

    def _renew(self) -> None:
        if self._scene is not None and self._placement is not None:
            self._sheet.renew(self._scene, self._hidden, self._placement)
            self._in_frame = False
            self._grower.start(PAUSE_MS)


def _names_of(scene: ShapeScene, meant: list[int], placement: Placement) -> list[Tag]:
    """Where the names of what is meant stand."""
    if not meant:
        return []
    tags = Tags(placement.clear, placement.rect())
    tags.place_meant(scene, meant, placement.transform())
    return tags.placed
