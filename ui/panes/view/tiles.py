"""The parts of a picture that are looked at closely, where its copy in memory is too small.

Level 0 is the picture in its own pixels, and each level after it half as large as the one before.
Every level is cut into tiles.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QTransform

from ui.panes.view.mipmap import let_go

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QImage, QPainter

    from ui.panes.view.placement import Placement

SIDE = 512
"""Pixels of a tile's sides."""

MOST_BYTES = 64_000_000
MOST_SEEN = 56
"""Tiles in view; a level that would take more is passed over for the next coarser one."""

COARSER = 0.25
"""So many levels too coarse for the screen are fine enough."""


class TileKey(NamedTuple):
    """Which tile of which level."""

    level: int
    column: int
    row: int

    def box(self, picture: QSizeF) -> QRectF:
        """What it shows, in pixels of the picture."""
        side = SIDE << self.level
        whole = QRectF(QPointF(), picture)
        return QRectF(self.column * side, self.row * side, side, side).intersected(whole)


class Tiles(QObject):
    """The tiles of one picture that are here, the newest used within MOST_BYTES."""

    wanted = Signal(object)
    """All TileKeys that are to be read now, the most urgent first; those named before are not any more."""

    arrived = Signal()

    def __init__(self, parent: QObject | None = None, *, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(parent)
        self._most_bytes = most_bytes
        self._picture = QSizeF()
        self._tiles: OrderedDict[TileKey, QImage] = OrderedDict()
        self._turn = 0
        self._bytes = 0
        self._asked: tuple[TileKey, ...] = ()
        self._pointed: TileKey | None = None
        self._seen: tuple[TileKey, ...] = ()

    @property
    def cover(self) -> bool:
        """Whether all that is seen is here as finely as it is wanted."""
        return bool(self._seen) and all(key in self._tiles for key in self._seen)

    @property
    def byte_count(self) -> int:
        """What the tiles take."""
        return self._bytes

    def start(self, picture: QSizeF) -> None:
        """Another picture of that size: nothing of it is here."""
        self._picture = picture
        self._let_go()
        self._pointed = None
        self._seen = ()
        self._ask()

    def look(self, placement: Placement | None) -> None:
        """Ask for what is seen through `placement` and is not here; None: nothing is needed."""
        self._seen = tuple(self._keys(placement)) if placement is not None else ()
        if placement is not None and placement.turn != self._turn:
            self._turn = placement.turn
            self._let_go()
            self._asked = ()
        self._ask()

    def point_at(self, place: QPointF | None) -> None:
        """Ask for the picture's own pixels round a place, None for none."""
        if place is None:
            self._pointed = None
        else:
            self._pointed = TileKey(0, int(place.x()) // SIDE, int(place.y()) // SIDE)
        self._ask()

    def put(self, key: TileKey, image: QImage) -> None:
        """A tile was read, upright; the one that was not used for longest goes when there are too many."""
        if self._turn:
            image = image.transformed(QTransform().rotate(self._turn))
        before = self._tiles.pop(key, None)
        self._bytes += image.sizeInBytes() - (before.sizeInBytes() if before is not None else 0)
        self._tiles[key] = image
        while self._bytes > self._most_bytes and len(self._tiles) > 1:
            _, gone = self._tiles.popitem(last=False)
            self._bytes -= gone.sizeInBytes()
        self._asked = tuple(asked for asked in self._asked if asked != key)
        self.arrived.emit()

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """Draw what is here of what is seen, each tile at its place in the view."""
        for key in self._seen:
            coarse = key
            while coarse not in self._tiles and coarse.level < key.level + 3:
                coarse = TileKey(coarse.level + 1, coarse.column // 2, coarse.row // 2)
            tile = self._tiles.get(coarse)
            if tile is None:
                continue
            self._tiles.move_to_end(coarse)
            part = placement.to_view_rect(key.box(self._picture))
            whole = placement.to_view_rect(coarse.box(self._picture))
            shown = part.intersected(placement.view)
            across, down = tile.width() / whole.width(), tile.height() / whole.height()
            taken = QRectF(
                (shown.x() - whole.x()) * across,
                (shown.y() - whole.y()) * down,
                shown.width() * across,
                shown.height() * down,
            )
            painter.drawImage(shown, tile, taken)

    def color_at(self, place: QPointF) -> QColor | None:
        """The colour of the picture's own pixel at a place; None while that is not here."""
        x, y = int(place.x()), int(place.y())
        tile = self._tiles.get(TileKey(0, x // SIDE, y // SIDE))
        if tile is None:
            return None
        x, y = x % SIDE, y % SIDE
        right, bottom = tile.width() - 1, tile.height() - 1
        turned = {0: (x, y), 90: (right - y, x), 180: (right - x, bottom - y), 270: (y, bottom - x)}
        return tile.pixelColor(*turned[self._turn])

    def _let_go(self) -> None:
        held = list(self._tiles.values())
        self._tiles.clear()
        self._bytes = 0
        let_go(held)

    def _keys(self, placement: Placement) -> list[TileKey]:
        """The tiles that are in view, from its middle outwards: as fine as the screen, but not too many."""
        seen = placement.seen()
        level = max(0, math.floor(math.log2(1 / placement.zoom) + COARSER))
        while len(keys := _covering(seen, level)) > MOST_SEEN:
            level += 1
        middle = seen.center() / (SIDE << level)
        keys.sort(key=lambda key: abs(key.column + 0.5 - middle.x()) + abs(key.row + 0.5 - middle.y()))
        return keys

    def _ask(self) -> None:
        keys = (*((self._pointed,) if self._pointed is not None else ()), *self._seen)
        missing = tuple(dict.fromkeys(key for key in keys if key not in self._tiles))
        if missing != self._asked:
            self._asked = missing
            self.wanted.emit(missing)


def _covering(seen: QRectF, level: int) -> list[TileKey]:
    """The tiles of a level that a part of the picture lies on."""
    if seen.isEmpty():
        return []
    side = SIDE << level
    columns = range(int(seen.left()) // side, (math.ceil(seen.right()) - 1) // side + 1)
    rows = range(int(seen.top()) // side, (math.ceil(seen.bottom()) - 1) // side + 1)
    return [TileKey(level, column, row) for row in rows for column in columns]
