"""How regions and covers look over a picture, at any zoom and turn."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from app.domain.region import COVER_GREY, Redaction, RedactionKind, Region, RegionKind
from ui.panes.regions.marks import Mark, bounds_of, handles_of, outline_of
from ui.signs import one_line
from ui.theme import fonts, palette

if TYPE_CHECKING:
    from ui.panes.view.placement import Placement

HALO = 3.0
"""What a line's halo is wider than the line."""
LINE, THICK_LINE = 2.0, 3.0
HANDLE = 9.0
HEAD = 14.0
"""How long the head of an arrow is."""
SPOT = 7.0
"""The radius of a point."""
RIM = 5.0
"""How far a cover is hatched from its edge."""
FAINT = 0.5
TAG_HEIGHT = 20.0
LONGEST_NAME = 160.0
STRIP = QColor.fromRgb(COVER_GREY, COVER_GREY, COVER_GREY)
"""As it is painted into what is sent."""


def draw_region(
    painter: QPainter,
    placement: Placement,
    region: Region,
    label: str,
    *,
    selected: bool = False,
    faint: bool = False,
) -> None:
    """Draw a region, its label, and where it can be taken hold of if it is `selected`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(FAINT if faint and not selected else 1.0)
    line = THICK_LINE if selected else LINE
    bright = _pen(palette.current().accent, line)
    if faint:
        bright.setDashPattern([3.0, 2.0])
    points = _points(placement, region)
    for pen in (_pen(_halo(), line + HALO), _edge(line), bright):
        if pen is not None:
            painter.setPen(pen)
            _trace(painter, points, region)
    if label and has_tag(placement, region):
        _draw_tag(painter, tag_box(placement, region, label), label)
    if selected and not faint:
        draw_handles(painter, placement, region)
    painter.restore()


def draw_cover(painter: QPainter, placement: Placement, cover: Redaction, *, faint: bool = False) -> None:
    """Draw what is painted over, hatched at its edge so that it is seen to be a cover."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(FAINT if faint else 1.0)
    hatch = QColor(Qt.GlobalColor.white)
    hatch.setAlphaF(0.45)
    pattern = QBrush(hatch, Qt.BrushStyle.BDiagPattern)
    if cover.kind is RedactionKind.BOX:
        box = _box(placement, cover)
        painter.fillRect(box, STRIP)
        painter.fillRect(box, pattern)
        painter.fillRect(box.adjusted(RIM, RIM, -RIM, -RIM), STRIP)
    else:
        width = cover.width * placement.scale
        inner = width - 2 * RIM
        points = _points(placement, cover)
        for brush, across in ((QBrush(STRIP), width), (pattern, width), (QBrush(STRIP), inner)):
            if across > 0:
                painter.setPen(_round_pen(brush, across))
                _draw_line(painter, points)
    painter.restore()


def draw_selected_cover(painter: QPainter, placement: Placement, cover: Redaction) -> None:
    """Draw a line round a cover that was chosen, and where it can be taken hold of."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    bright = _pen(palette.current().accent, THICK_LINE)
    for pen in (_pen(_halo(), THICK_LINE + HALO), _edge(THICK_LINE), bright):
        if pen is None:
            continue
        painter.setPen(pen)
        painter.drawRect(_box(placement, cover))
    draw_handles(painter, placement, cover)
    painter.restore()


def draw_handles(painter: QPainter, placement: Placement, mark: Mark) -> None:
    """Draw where a mark can be taken hold of."""
    colors = palette.current()
    painter.setPen(_pen(_halo(), 1.0))
    for point in handles_of(mark):
        box = QRectF(0, 0, HANDLE, HANDLE)
        box.moveCenter(placement.to_view(QPointF(point.x, point.y)))
        if isinstance(mark, Region) and mark.kind is RegionKind.POINT:
            continue  # it is its own
        painter.setBrush(_halo())
        painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)
        painter.setBrush(colors.accent)
        painter.drawRoundedRect(box, 2, 2)
        painter.setBrush(colors.accent_text)
        painter.drawRoundedRect(box.adjusted(2.5, 2.5, -2.5, -2.5), 1, 1)


def draw_brush(painter: QPainter, at: QPointF, size: float) -> None:
    """Draw how much the brush would cover, `size` logical pixels wide."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    veil = QColor(STRIP)
    veil.setAlphaF(0.25)
    painter.setBrush(veil)
    for pen in (_pen(_halo(), 3.0), _pen(QColor(Qt.GlobalColor.white), 1.0)):
        painter.setPen(pen)
        painter.drawEllipse(at, size / 2, size / 2)
    painter.restore()


def has_tag(placement: Placement, region: Region) -> bool:
    """Whether the label of a region is shown: that of one out of sight would stand at an edge."""
    box = bounds_of(region)
    shown = placement.to_view_rect(QRectF(box.left, box.top, box.width, box.height))
    return placement.view.intersects(shown.adjusted(-SPOT, -SPOT, SPOT, SPOT))


def tag_box(placement: Placement, region: Region, label: str) -> QRectF:
    """Where the label of a region stands in the view: over its upper left corner."""
    metrics = QFontMetricsF(fonts.font("caption", bold=True))
    width = max(TAG_HEIGHT, min(metrics.horizontalAdvance(one_line(label)), LONGEST_NAME) + 12)
    box = bounds_of(region)
    shown = placement.to_view_rect(QRectF(box.left, box.top, box.width, box.height))
    tag = QRectF(shown.left() - 1, shown.top() - TAG_HEIGHT - 3, width, TAG_HEIGHT)
    if region.kind is RegionKind.ARROW:
        tail, head = (placement.to_view(QPointF(end.x, end.y)) for end in region.points)
        tag.moveCenter(tail + _unit(tail - head) * TAG_HEIGHT)
    elif region.kind is RegionKind.POINT:
        tag.moveTo(shown.left() + SPOT + 5, shown.top() - TAG_HEIGHT / 2)
    elif tag.top() < placement.view.top() + 2:
        tag.moveTop(max(shown.top() + 3, placement.view.top() + 2))
    tag.moveRight(min(tag.right(), placement.view.right() - 2))
    tag.moveLeft(max(tag.left(), placement.view.left() + 2))
    return tag


def _draw_tag(painter: QPainter, box: QRectF, label: str) -> None:
    colors = palette.current()
    painter.setPen(_pen(_halo(), 1.5))
    painter.setBrush(colors.accent)
    painter.drawRoundedRect(box, 5, 5)
    font = fonts.font("caption", bold=True)
    painter.setFont(font)
    painter.setPen(colors.accent_text)
    room = box.width() - 8
    shown = QFontMetricsF(font).elidedText(one_line(label), Qt.TextElideMode.ElideRight, room)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), shown)


def _trace(painter: QPainter, line: QPolygonF, region: Region) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if region.kind is RegionKind.POINT:
        painter.drawEllipse(line.first(), SPOT, SPOT)
        painter.drawEllipse(line.first(), 1.0, 1.0)
        return
    if outline_of(region)[1]:
        painter.drawPolygon(line)
        return
    _draw_line(painter, line)
    if region.kind is RegionKind.ARROW and line.first() != line.last():
        _draw_head(painter, line.first(), line.last())


def _draw_head(painter: QPainter, tail: QPointF, head: QPointF) -> None:
    way = _unit(head - tail)
    back, side = way * HEAD, QPointF(-way.y(), way.x()) * (HEAD * 0.55)
    painter.drawPolyline([head - back + side, head, head - back - side])


def _unit(way: QPointF) -> QPointF:
    length = max((way.x() ** 2 + way.y() ** 2) ** 0.5, 1e-6)
    return QPointF(way.x() / length, way.y() / length)


def _draw_line(painter: QPainter, line: QPolygonF) -> None:
    if line.count() == 1:
        painter.drawPoint(line.first())
    else:
        painter.drawPolyline(line)


def _points(placement: Placement, mark: Mark) -> QPolygonF:
    return placement.transform().map(_polygon(mark))


@lru_cache(maxsize=256)
def _polygon(mark: Mark) -> QPolygonF:
    return QPolygonF([QPointF(point.x, point.y) for point in outline_of(mark)[0]])


def _box(placement: Placement, cover: Redaction) -> QRectF:
    box = bounds_of(cover)
    return placement.to_view_rect(QRectF(box.left, box.top, box.width, box.height))


def _edge(line: float) -> QPen | None:
    """What lifts a dark accent from a dark picture; nothing in a theme whose accent is bright."""
    if palette.current().dark:
        return None
    return _pen(palette.current().accent_text, line + HALO / 2)


def _halo() -> QColor:
    halo = QColor(Qt.GlobalColor.black)
    halo.setAlphaF(0.55)
    return halo


def _pen(color: QColor, width: float) -> QPen:
    return _round_pen(QBrush(color), width)


def _round_pen(brush: QBrush, width: float) -> QPen:
    return QPen(brush, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
