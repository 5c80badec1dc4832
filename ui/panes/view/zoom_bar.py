"""The small bar that floats over a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication, QGraphicsOpacityEffect, QHBoxLayout, QWidget

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
INSET = 4
GAP = 13
OVER_EDGE = 12
"""Logical pixels between the bar and the bottom of the view."""
NARROW = 440
"""In a view that is narrower, what the menu has as well is left out."""

GROUPS = ("zoom", "turn", "draw", "sent", "shapes")
"""The groups of buttons in the order in which they stand, whichever of them comes first."""


class ZoomBar(QWidget):
    """Fit, 100 %, closer, further; appears while the pointer moves or the keyboard is in it."""

    fit_requested = Signal()
    full_requested = Signal()
    zoom_in_requested = Signal()
    zoom_out_requested = Signal()
    turn_requested = Signal()
    menu_requested = Signal(QPoint)
    """At a place of the screen."""
    room_changed = Signal(int)
    """So many logical pixels at the bottom of the view are the bar's, without its drawer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._available = False
        self._aside = False
        self._narrow = False
        self._right = 0
        self.room = 0
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
        self._groups: list[QWidget] = []
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
        """Put a row over the buttons, which belongs to one of them; Tab comes to its `stops` behind
        the buttons. To be called again after it is shown or hidden, or has other stops."""
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
        row.setSpacing(2)
        for part in tools:
            self.stops.append(part)
            row.addWidget(part)
            part.installEventFilter(self)
        before = GROUPS[: GROUPS.index(name)]
        self._groups.insert(sum(other in self._tools for other in before), group)
        self._tools[name] = tools
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
        """Stand at the bottom of the picture, in its middle; in rows where that is narrow."""
        area = self._over.rect().adjusted(0, 0, -self._right, 0)
        self._leave_out(area.width() < NARROW)
        rows = self._rows(area.width() - 2 * INSET)
        height = max(group.sizeHint().height() for group in self._groups)
        widths = [_width(row) for row in rows]
        drawn = self._drawer.sizeHint() if self._drawer and not self._drawer.isHidden() else QSize(0, -INSET)
        top = INSET + drawn.height() + INSET
        self.resize(max(*widths, drawn.width()) + 2 * INSET, top + len(rows) * (height + INSET))
        if self._drawer is not None:
            self._drawer.setGeometry(
                (self.width() - drawn.width()) // 2, INSET, drawn.width(), drawn.height()
            )
        self._lines = []
        for number, (row, width) in enumerate(zip(rows, widths, strict=True)):
            x, y = (self.width() - width) // 2, top + number * (height + INSET)
            for group in row:
                if group is not row[0]:
                    self._lines.append(QRect(x - GAP // 2 - 1, y + 6, 1, height - 12))
                group.setGeometry(x, y, group.sizeHint().width(), height)
                x += group.width() + GAP
        self.move((area.width() - self.width()) // 2, area.height() - self.height() - OVER_EDGE)
        self.update()
        room = 2 * OVER_EDGE + INSET + len(rows) * (height + INSET)
        if room != self.room:
            self.room = room
            self.room_changed.emit(room)

    def leave_right(self, width: int) -> None:
        """Stay away from so many logical pixels at the right of the view."""
        if width != self._right:
            self._right = width
            self.place()

    def _leave_out(self, narrow: bool) -> None:
        if narrow != self._narrow:
            self._narrow = narrow
            for button in (self.smaller, self.percent, self.larger, self.turn):
                button.setVisible(not narrow)
            for group in self._groups:
                group.updateGeometry()
                if (row := group.layout()) is not None:
                    row.invalidate()

    def _rows(self, room: int) -> list[list[QWidget]]:
        """The groups that are not hidden, as many beside each other as there is room for."""
        rows: list[list[QWidget]] = []
        for group in (group for group in self._groups if not group.isHidden()):
            if rows and _width([*rows[-1], group]) <= room - 2 * INSET:
                rows[-1].append(group)
            else:
                rows.append([group])
        return rows

    def reveal(self) -> None:
        """Appear, and go again when nothing happens."""
        if not self._available or self._aside:
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
        focus = QApplication.focusWidget() or self._over
        return drawing or self.underMouse() or self.isAncestorOf(focus)

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
    bar.fit_requested.connect(view.fit)
    bar.full_requested.connect(view.show_full)
    bar.zoom_in_requested.connect(view.zoom_in)
    bar.zoom_out_requested.connect(view.zoom_out)
    bar.turn_requested.connect(lambda: view.turn_by(90))
    bar.menu_requested.connect(view.menu_requested)
    bar.room_changed.connect(view.leave_room)
    view.zoom_changed.connect(bar.show_zoom)
    walk_through([view, *bar.stops])
    view.leave_room(bar.room)
    return bar


def _width(row: list[QWidget]) -> int:
    """What groups beside each other take."""
    return sum(group.sizeHint().width() for group in row) + GAP * (len(row) - 1)
