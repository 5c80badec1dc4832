"""Where a picture or a tab comes that is dragged over the panes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.panes.area import pane_moves
from ui.panes.area.arrangement import Side
from ui.panes.area.tab_strip import TAB_OF
from ui.panes.drop import PICTURE_HERE
from ui.theme import palette
from ui.theme.style import RADIUS

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QPaintEvent

    from ui.panes.area.pane_area import PaneArea
    from ui.panes.area.pane_group import PaneGroup

EDGE = 0.28
"""The share of a pane's width and height that stands for a new pane on that side."""

INSET = 6


class Zone(NamedTuple):
    """Into a pane (as a tab before the one at `tab`, if that is said), or beside it."""

    group: PaneGroup
    side: Side | None = None
    tab: int | None = None


class DropZones(QObject):
    """Shows softly where what hovers would come, and brings it there."""

    def __init__(self, area: PaneArea) -> None:
        super().__init__(area)
        self._area = area
        self.shade = _Shade(area)
        self._dropped: tuple[str, PaneGroup, Zone] | None = None
        area.installEventFilter(self)

    def enter(self, event: QDragEnterEvent) -> None:
        """A picture or a tab came over the panes."""
        event.acceptProposedAction()
        self._show(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragMove:
            self._show(cast("QDragMoveEvent", event))
            event.accept()
        elif kind == QEvent.Type.DragLeave:
            self.shade.hide()
        elif kind == QEvent.Type.Drop:
            self._drop(cast("QDropEvent", event))
        else:
            return False
        return True

    def zone_at(self, position: QPoint) -> Zone | None:
        """What letting go at a place of the area means; None between panes."""
        for group in self._area.groups():
            inside = QRect(group.mapTo(self._area, QPoint()), group.size())
            if not inside.contains(position):
                continue
            if group.has_strip and group.strip.rect().contains(
                at := group.strip.mapFrom(self._area, position)
            ):
                return Zone(group, tab=group.strip.place_at(at))
            return Zone(group, _side(position - inside.topLeft(), inside) if group.tabs else None)
        return None

    def _show(self, event: QDropEvent) -> None:
        zone = self.zone_at(event.position().toPoint())
        if zone is None:
            self.shade.hide()
        else:
            self.shade.cover(self._place(zone), line=zone.tab is not None)

    def _place(self, zone: Zone) -> QRect:
        group = zone.group
        if zone.tab is not None:
            line = group.strip.line_at(zone.tab)
            return line.translated(group.strip.mapTo(self._area, QPoint()))
        rect = QRect(group.mapTo(self._area, QPoint()), group.size())
        if zone.side is not None and zone.side.orientation == Qt.Orientation.Horizontal:
            half = rect.width() // 2
            return rect.adjusted(0, 0, -half, 0) if zone.side.before else rect.adjusted(half, 0, 0, 0)
        if zone.side is not None:
            half = rect.height() // 2
            return rect.adjusted(0, 0, 0, -half) if zone.side.before else rect.adjusted(0, half, 0, 0)
        return rect

    def _drop(self, event: QDropEvent) -> None:
        self.shade.hide()
        zone = self.zone_at(event.position().toPoint())
        if zone is None:
            event.ignore()
            return
        event.acceptProposedAction()
        sha256, number = _text(event.mimeData(), PICTURE_HERE), _text(event.mimeData(), TAB_OF)
        if not number:
            pane_moves.bring(self._area, sha256, None, *zone)
        elif source := next((group for group in self._area.groups() if str(id(group)) == number), None):
            # The tab is moved when its own drag has ended: with it the strip may go.
            self._dropped = (sha256, source, zone)
            once = Qt.ConnectionType(
                Qt.ConnectionType.QueuedConnection.value | Qt.ConnectionType.SingleShotConnection.value
            )
            source.strip.drag_ended.connect(self._bring_tab, once)

    def _bring_tab(self) -> None:
        dropped, self._dropped = self._dropped, None
        if dropped is not None:
            sha256, source, zone = dropped
            pane_moves.bring(self._area, sha256, source, *zone)


class _Shade(QWidget):
    """The accent, let through, over the place."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._line = False
        self.hide()

    def cover(self, rect: QRect, *, line: bool) -> None:
        """Lie over a rectangle of the area; a `line` between tabs is opaque."""
        self._line = line
        self.setGeometry(rect)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        if self._line:
            painter.fillRect(self.rect(), colors.accent)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.veil("accent", 0.7), 1.5))
        painter.setBrush(colors.veil("accent", 0.14))
        inside = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        painter.drawRoundedRect(inside, RADIUS, RADIUS)


def _side(at: QPoint, rect: QRect) -> Side | None:
    """The edge that a place in a pane is near to, the nearest first; None: it is in the middle."""
    x, y = at.x() / max(1, rect.width()), at.y() / max(1, rect.height())
    distance, side = min(
        ((x, Side.LEFT), (1 - x, Side.RIGHT), (y, Side.ABOVE), (1 - y, Side.BELOW)), key=lambda pair: pair[0]
    )
    return side if distance < EDGE else None


def _text(mime: QMimeData, form: str) -> str:
    return bytes(mime.data(form).data()).decode("ascii", "replace")
