"""The small bar that floats over a picture."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication, QGraphicsOpacityEffect, QHBoxLayout, QWidget

from ui.panes.view.bar_rows import (
    DRAWER,
    GAP,
    INSET,
    LOW,
    LOW_EDGE,
    OVER_EDGE,
    ROW,
    WHOLE_SHARE,
    BarRows,
    arranged,
    row_width,
)
from ui.theme import fonts, palette
from ui.theme.style import RADIUS
from ui.widgets.buttons import IconButton
from ui.widgets.motion import fade_ms
from ui.widgets.tab_order import walk_through

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.panes.view.picture_view import PictureView

STAYS_MS = 2500
"""How long the bar stays when the pointer rests."""
NARROW = 440
"""In a view that is narrower, what the menu has as well is left out."""
LITTLE = 240
"""Where less than this is left of a view's width, the bar does not stand beside the picture as well."""
SPACE = 2
"""Between the buttons of a group."""

GROUPS = ("zoom", "turn", "draw", "sent", "shapes")
"""The groups of buttons in the order in which they stand, whichever of them comes first."""


class _Standing(NamedTuple):
    """Rows without the drawer, rows with it if it is open, how wide their parts are, what is left out."""

    quiet: BarRows
    rows: BarRows
    widths: dict[str, int]
    spared: frozenset[IconButton]


class ZoomBar(QWidget):
    """Fit, 100 %, closer, further; appears while the pointer moves or the keyboard is in it."""

    fit_requested = Signal()
    full_requested = Signal()
    zoom_in_requested = Signal()
    zoom_out_requested = Signal()
    turn_requested = Signal()
    menu_requested = Signal(QPoint)
    """At a place of the screen."""
    room_changed = Signal(int, int)
    """So many logical pixels at the bottom and at the right of what is left of the view are the bar's, with
    its drawer only beside the picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._available = False
        self._aside = False
        self._right = self._below = 0
        self._crowded = False
        """Whether the drawer has to lie over the picture."""
        self.picture_rect: Callable[[], QRectF] = QRectF
        """Where the picture lies in the view: tools do not stay over it."""
        self.room = (0, 0)
        """What room_changed told last."""
        self._lines: list[QRect] = []
        self._drawer: QWidget | None = None
        self._build()
        self._effect = QGraphicsOpacityEffect(self)
        self._effect.setOpacity(0.0)
        self.setGraphicsEffect(self._effect)
        self._fade = QPropertyAnimation(self._effect, b"opacity", self)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fade.finished.connect(self._settle)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(STAYS_MS)
        self._rest.timeout.connect(self.conceal)
        self.hide()

    def _build(self) -> None:
        self.smaller = IconButton("minus", self.tr("Zoom out"), shortcut="-")
        self.percent = IconButton("image", self.tr("Show the picture at 100 %"), shortcut="1")
        self.percent.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.percent.setFont(fonts.font("caption"))
        self.percent.setFixedWidth(self.percent.fontMetrics().horizontalAdvance("3200 %") + 16)
        self.show_zoom(1.0)
        self.larger = IconButton("plus", self.tr("Zoom in"), shortcut="+")
        self.fit = IconButton("scan", self.tr("Fit the picture to the view"), shortcut="0")
        self.smaller.clicked.connect(self.zoom_out_requested)
        self.larger.clicked.connect(self.zoom_in_requested)
        self.fit.clicked.connect(self.fit_requested)
        self.percent.clicked.connect(self.full_requested)
        self.stops: list[QWidget] = []
        """The buttons and what is in the drawer, in the order in which Tab walks through them."""
        self._tools: dict[str, list[IconButton]] = {}
        self._groups: dict[str, QWidget] = {}
        self._drawn: list[QWidget] = []
        self.turn = IconButton("rotate-cw", self.tr("Turn the picture right"), shortcut="]")
        self.more = IconButton("ellipsis", self.tr("More for this picture"))
        self.turn.clicked.connect(self.turn_requested)
        self.more.clicked.connect(
            lambda: self.menu_requested.emit(self.more.mapToGlobal(QPoint(0, self.more.height() + INSET)))
        )
        self._place_group("zoom", [self.smaller, self.percent, self.larger, self.fit])
        self._place_group("turn", [self.turn, self.more])

    def add_tools(self, name: str, tools: list[IconButton]) -> None:
        """Put one of GROUPS where it belongs; Tab walks through the buttons as they stand."""
        self._place_group(name, tools)
        self._walk()

    def set_drawer(self, drawer: QWidget, stops: list[QWidget]) -> None:
        """Put tools in the place of the other groups than the one they belong to; Tab comes to their
        `stops` behind the buttons. To be called again after it is shown or hidden, or has other stops."""
        if drawer is not self._drawer:
            drawer.setParent(self)
            self._drawer = drawer
        for stop in [stop for stop in stops if stop not in self._drawn]:
            stop.installEventFilter(self)
        if stops != self._drawn:
            self._drawn = stops
            self._walk()
        self.place()

    def _walk(self) -> None:
        self.stops = [*(tool for name in GROUPS for tool in self._tools.get(name, ())), *self._drawn]
        walk_through([self._over, *self.stops])

    def _place_group(self, name: str, tools: list[IconButton]) -> None:
        group = QWidget(self)
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for part in tools:
            self.stops.append(part)
            row.addWidget(part)
            part.installEventFilter(self)
        self._tools[name] = tools
        self._groups[name] = group
        group.setVisible(True)
        self.place()

    def set_available(self, available: bool) -> None:
        """Whether there is anything to zoom; without it the bar stays away."""
        self._available = available
        if not available:
            self._fade.stop()
            self.hide()

    def show_zoom(self, zoom: float) -> None:
        """Show a zoom, 1.0 for 100 %."""
        self.percent.setText(self.tr("{percent} %").format(percent=round(zoom * 100)))

    def place(self) -> None:
        """Stand at the bottom of the picture, in its middle, in rows where that is narrow; in a low view
        beside the picture, if it can."""
        area = self._over.rect().adjusted(0, 0, -self._right, -self._below)
        low = area.height() < LOW
        standing = self._arranged(area)
        if self._right and not low and len(standing.quiet.rows) > 1:
            area.setWidth(self._over.width())  # below what lies at the right
            standing = self._arranged(area)
        rows = standing.rows
        self._crowded = low and DRAWER in standing.widths and not rows.beside
        self._leave_out(standing.spared, rows)
        self._stand(area, rows, standing.widths)
        higher = len(rows.rows) > len(standing.quiet.rows)  # else taking a tool moves no picture
        room = (rows if low or higher else standing.quiet).room(standing.widths)
        if room != self.room:
            self.room = room
            self.room_changed.emit(*room)

    def _arranged(self, area: QRect) -> _Standing:
        """How the bar stands in a part of the view, with as much of it as there is room for."""
        drawer = self._drawer if self._drawer is not None and not self._drawer.isHidden() else None
        lean = frozenset({self.smaller, self.percent, self.larger, self.turn})
        whole: tuple[tuple[frozenset[IconButton], float], ...] = ((frozenset(), WHOLE_SHARE),)
        half = 0.5 if not self._right or area.width() >= LITTLE else 0.0
        for spared, most in (*(whole if area.width() >= NARROW else ()), (lean, half)):
            widths = {name: _width(tools, spared) for name, tools in self._shown_groups()}
            quiet = rows = arranged(widths, area.width(), area.height(), most)
            if drawer is not None:
                widths[DRAWER] = drawer.sizeHint().width()
                rows = arranged(widths, area.width(), area.height(), most)
            if rows.beside or area.height() >= LOW:
                break
        return _Standing(quiet, rows, widths, spared)

    def _shown_groups(self) -> list[tuple[str, list[IconButton]]]:
        there = [(name, self._tools[name]) for name in GROUPS if name in self._tools]
        return [(name, tools) for name, tools in there if not self._groups[name].isHidden()]

    def _stand(self, area: QRect, rows: BarRows, widths: dict[str, int]) -> None:
        width, height = rows.width(widths), rows.height
        left = area.width() - width - LOW_EDGE if rows.beside else (area.width() - width) // 2
        edge = LOW_EDGE if area.height() < LOW else OVER_EDGE
        top = (area.height() - height) // 2 if rows.beside else area.height() - height - edge
        self.setGeometry(left, top, width, height)
        self._lines = []
        for number, row in enumerate(rows.rows):
            x, y = (width - row_width(row, widths)) // 2, INSET + number * (ROW + INSET)
            for name in row:
                if name != row[0]:
                    self._lines.append(QRect(x - GAP // 2 - 1, y + 6, 1, ROW - 12))
                part = self._drawer if name == DRAWER else self._groups[name]
                if part is not None:
                    part.setGeometry(x, y, widths[name], ROW)
                x += widths[name] + GAP
        self.update()

    def leave(self, right: int, below: int = 0) -> None:
        """Stay away from so many logical pixels at the right and at the bottom of the view. Those at the
        right are the bar's all the same where it does not fit into the rest of a high view in one row."""
        if (right, below) != (self._right, self._below):
            self._right, self._below = right, below
            self.place()

    def _leave_out(self, spared: Collection[IconButton], rows: BarRows) -> None:
        """Hide the buttons that have no place now, so that Tab does not come to them."""
        there = {name for row in rows.rows for name in row}
        for name, tools in self._tools.items():
            for button in tools:
                button.setVisible(name in there and button not in spared)
            if name not in there:
                self._groups[name].setGeometry(0, 0, 0, 0)

    def reveal(self, *, by_pointer: bool = False) -> None:
        """Appear, and go again when nothing happens; tools that lie over the picture for want of room do
        not come back with each move of the pointer (`by_pointer`)."""
        if not self._available or self._aside or (by_pointer and self._crowded):
            return
        self._rest.start()
        if self.isVisible() and self._fade.endValue() == 1.0:
            return
        self.place()
        self.show()
        self.raise_()
        self._fade_to(1.0)

    def conceal(self) -> None:
        """Fade away, unless it is being used."""
        if self.isVisible() and not self._in_use():
            self._fade_to(0.0)

    def hold(self, held: bool) -> None:
        """Whether the keyboard came to the picture: the bar appears, and goes as after the pointer."""
        if held:
            self.reveal()
        else:
            self._rest.start()

    def stand_aside(self, aside: bool) -> None:
        """Whether something is being drawn, perhaps where the bar is: then it is not to be seen."""
        if aside and self.isVisible():
            self._fade_to(0.0)
        self._aside = aside
        if not aside:
            self.reveal()

    def _in_use(self) -> bool:
        drawing = self._drawer is not None and not self._drawer.isHidden()
        beside = drawing and not self._crowded and not self.picture_rect().intersects(QRectF(self.geometry()))
        focus = QApplication.focusWidget() or self._over
        return beside or self.underMouse() or self.isAncestorOf(focus)

    def _fade_to(self, opacity: float) -> None:
        self._fade.stop()
        self._effect.setEnabled(True)
        self._fade.setDuration(fade_ms(self))
        self._fade.setStartValue(self._effect.opacity())
        self._fade.setEndValue(opacity)
        self._fade.start()

    def _settle(self) -> None:
        self._effect.setEnabled(self._effect.opacity() < 1.0)  # else each frame would draw it twice
        if self._effect.opacity() == 0.0:
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.reveal()
        elif event.type() == QEvent.Type.FocusOut:
            self._rest.start()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.outline, 1))
        painter.setBrush(colors.surface_raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 2, RADIUS + 2)
        for line in self._lines:
            painter.fillRect(line, colors.separator)


def bar_over(view: PictureView) -> ZoomBar:
    """The bar of a view, which does there what it is asked for."""
    bar = ZoomBar(view)
    bar.picture_rect = view.picture_rect
    bar.fit_requested.connect(view.fit)
    bar.full_requested.connect(view.show_full)
    bar.zoom_in_requested.connect(view.zoom_in)
    bar.zoom_out_requested.connect(view.zoom_out)
    bar.turn_requested.connect(lambda: view.turn_by(90))
    bar.menu_requested.connect(view.menu_requested)
    bar.room_changed.connect(view.leave_room)
    view.zoom_changed.connect(bar.show_zoom)
    walk_through([view, *bar.stops])
    view.leave_room(*bar.room)
    return bar


def _width(tools: list[IconButton], spared: Collection[IconButton]) -> int:
    """What those of the buttons take that are not left out."""
    widths = [button.width() for button in tools if button not in spared]
    return sum(widths) + SPACE * (len(widths) - 1)
