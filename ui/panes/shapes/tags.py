"""The names beside shapes: as many as stand side by side, none beyond the view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTransform

from ui.panes.shapes.painting import DOT, HALO, LINE, colors
from ui.signs import one_line
from ui.theme import fonts, palette

if TYPE_CHECKING:
    from ui.panes.shapes.scene import ShapeScene

MOST_TAGS = 60
MOST_MEANT_TAGS = 8
FEW = 25
"""So many shapes are named whatever their size."""
MOST_TRIED = 300
"""Shapes, the largest first, that are looked at for a place for their name."""
SMALLEST = 0.5
"""Where there are many, a shape is this part of its name wide to be named before it is pointed at."""
MOST_SHARE, MOST_SHARE_OF_FEW = 0.15, 0.3
"""Names that would cover a larger part of the picture are left for the pointer; the latter where there are
few."""
WIDEST = 220
WIDEST_SHARE = 0.6
"""A name takes no larger part of the picture's width, but NARROWEST anyway."""
NARROWEST = 72
MOST_MEASURED = 1_000
PADDING = 5
GAP = 2


class Tag(NamedTuple):
    """The name of a shape, in a rectangle of the view."""

    place: int
    rect: QRectF
    words: str


class _Lettering:
    """The font of names, and how wide each of them is, measured once."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetricsF(font)
        self.height = self._metrics.height() + 4
        self._fitted: dict[tuple[str, float], tuple[str, float]] = {}

    def fitted(self, label: str, widest: float) -> tuple[str, float]:
        """The words of a label as they fit, and how wide their tag is."""
        known = self._fitted.get((label, widest))
        if known is None:
            if len(self._fitted) >= MOST_MEASURED:
                self._fitted.clear()
            words = self._metrics.elidedText(
                one_line(label), Qt.TextElideMode.ElideRight, widest - 2 * PADDING
            )
            known = words, round(self._metrics.horizontalAdvance(words)) + 2 * PADDING
            self._fitted[label, widest] = known
        return known


class _Known:
    lettering: _Lettering | None = None


def _lettering() -> _Lettering:
    """That of the font in force."""
    font = fonts.font("caption")
    if _Known.lettering is None or _Known.lettering.font != font:
        _Known.lettering = _Lettering(font)
    return _Known.lettering


class Tags:
    """Finds room for names. What has been named stays named, and others make way.

    `picture` is where in the view the picture lies. Names that would hide too much of it are not placed
    at all, as some of them, picked by their size, would mislead.
    """

    def __init__(self, view: QRectF, picture: QRectF) -> None:
        self.placed: list[Tag] = []
        self._picture = picture.intersected(view)
        self._crowded = False
        self._covered = 0.0
        self._view = view.adjusted(GAP, GAP, -GAP, -GAP)
        self._widest = min(WIDEST, self._view.width(), max(self._picture.width() * WIDEST_SHARE, NARROWEST))
        self._lettering = _lettering()
        self._height = self._lettering.height

    def place_some(
        self, scene: ShapeScene, places: Sequence[int], transform: QTransform, *, few: bool
    ) -> None:
        """Name as many shapes as there is room for; unless they are `few`, none that is tiny."""
        room = self._picture.width() * self._picture.height() * (MOST_SHARE_OF_FEW if few else MOST_SHARE)
        for place in places:
            if len(self.placed) == MOST_TAGS or self._crowded:
                break
            shown = transform.mapRect(scene.frame(place))
            if few or shown.width() >= SMALLEST * self._fitted(scene.shapes[place].label)[1]:
                self._try(scene, place, shown)
                if self._covered > room:
                    self._crowded = True
                    self.placed.clear()

    def place_meant(self, scene: ShapeScene, places: Iterable[int], transform: QTransform) -> None:
        """Name shapes that are pointed at, the first of them whatever it lies over."""
        for place in islice(places, MOST_MEANT_TAGS):
            self._try(scene, place, transform.mapRect(scene.frame(place)), insist=not self.placed)

    def _try(self, scene: ShapeScene, place: int, shown: QRectF, *, insist: bool = False) -> None:
        label = scene.shapes[place].label
        in_sight = shown.adjusted(-DOT, -DOT, DOT, DOT).intersects(self._view)
        if not label or not (insist or in_sight):
            return
        words, width = self._fitted(label)
        rects = [self._inside(QRectF(x, y, width, self._height)) for x, y in self._corners(shown, width)]
        free = (rect for rect in rects if not any(rect.intersects(tag.rect) for tag in self.placed))
        rect = next(free, rects[0] if insist else None)
        if rect is not None:
            self.placed.append(Tag(place, rect, words))
            over = rect.intersected(self._picture)
            self._covered += over.width() * over.height()

    def _corners(self, shown: QRectF, width: float) -> Iterable[tuple[float, float]]:
        """Where a name may stand: over the shape, in its corner, under it, at its right end."""
        edge = LINE / 2 + HALO
        left, over = shown.left() - edge, shown.top() - edge - self._height
        if shown.width() < DOT and shown.height() < DOT:
            middle = shown.center()
            beside = middle.y() - self._height / 2
            return ((middle.x() + DOT + GAP + 1, beside), (middle.x() - DOT - GAP - 1 - width, beside))
        return (
            (left, over),
            (shown.left() + edge, shown.top() + edge),
            (left, shown.bottom() + edge),
            (shown.right() + edge - width, over),
        )

    def _inside(self, rect: QRectF) -> QRectF:
        view = self._view
        x = max(view.left(), min(rect.left(), view.right() - rect.width()))
        y = max(view.top(), min(rect.top(), view.bottom() - rect.height()))
        return QRectF(round(x), round(y), rect.width(), rect.height())

    def _fitted(self, label: str) -> tuple[str, float]:
        return self._lettering.fitted(label, self._widest)


def draw_tags(painter: QPainter, scene: ShapeScene, tags: Iterable[Tag]) -> None:
    """Paint names, each on the colour of its shape."""
    kinds = colors()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(_lettering().font)
    for tag in tags:
        color = kinds[scene.colours[tag.place]]
        painter.setPen(QPen(palette.current().overlay_halo, HALO))
        painter.setBrush(color)
        painter.drawRoundedRect(tag.rect.adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3)
        painter.setPen(_ink(color))
        painter.drawText(tag.rect, Qt.AlignmentFlag.AlignCenter, tag.words)


def _ink(ground: QColor) -> QColor:
    """What reads best on a colour: the halo's dark, or white."""
    dark = QColor(palette.current().overlay_halo)
    dark.setAlpha(255)
    return dark if _luminance(ground) > 0.17 else palette.current().overlay_8


def _luminance(color: QColor) -> float:
    """How bright a colour is, 0 to 1, as WCAG 2 defines it."""
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (color.redF(), color.greenF(), color.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
