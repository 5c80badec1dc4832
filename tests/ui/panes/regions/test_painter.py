"""How regions look over a picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.domain.geometry import Point
from app.domain.region import Region, RegionKind
from ui.panes.regions.painter import draw_region
from ui.panes.view.placement import Placement


def is_seen(centre: QPointF, region: Region) -> bool:
    """Whether anything is drawn of a region while a picture of 1000 by 1000 is looked at closely."""
    placement = Placement()
    placement.set_picture(QSizeF(1000, 1000))
    placement.set_view(QRectF(0, 0, 300, 200), 1.0)
    placement.look_at(centre, 4.0)
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.gray)
    plain = image.copy()
    painter = QPainter(image)
    draw_region(painter, placement, region, "1")
    painter.end()
    return image != plain


def test_the_number_of_a_region_that_is_out_of_sight_does_not_stand_at_the_edge(qapp: QApplication) -> None:
    region = Region("00000001", RegionKind.RECTANGLE, (Point(x=100, y=100), Point(x=200, y=200)))
    point = Region("00000002", RegionKind.POINT, (Point(x=150, y=150),))
    for each in (region, point):
        assert is_seen(QPointF(150, 150), each)
        assert not is_seen(QPointF(150, 500), each) and not is_seen(QPointF(600, 150), each)
