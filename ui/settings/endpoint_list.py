"""The endpoints: what each is called, where it is, how its key stands, and whether it is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from ui.settings.key_words import key_icon, key_tone, key_words
from ui.settings.rows import EndpointRow
from ui.theme import palette
from ui.theme.style import RADIUS
from ui.widgets.buttons import TextButton
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.pictogram import Pictogram
from ui.widgets.status_line import StatusLine
from ui.widgets.surfaces import Card
from ui.widgets.switch import Switch
from ui.widgets.tab_order import walk_through
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent


_ORDER = _OWN, _FIXED, _KNOWN = ("own", "fixed", "known")

PAUSE_MS = 1
"""Between two endpoints that are made; with none, Qt makes several of them before it paints."""


class _OpenArea(QAbstractButton):
    """The words of an endpoint; a press opens its form."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(colors.focus, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isDown():
            painter.setBrush(colors.pressed)
        elif self.underMouse() and self.isEnabled():
            painter.setBrush(colors.hover)
        painter.drawRoundedRect(inside, RADIUS, RADIUS)


class EndpointItem(QWidget):
    """A row of the list."""

    opened = Signal(str)
    shown_changed = Signal(str, bool)

    def __init__(self, row: EndpointRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.area: QWidget = QWidget(self) if row.fixed else _OpenArea(self)
        self.name = ElidedLabel("", self.area, bold=True)
        self.host = ElidedLabel("", self.area, size="caption", tone="muted")
        self.key = StatusLine(self.area, size="caption")
        self.switch = Switch("", self)
        self.chevron = Pictogram("chevron-right", 16, parent=self.area)
        self._lay_out()
        if isinstance(self.area, _OpenArea):
            self.area.clicked.connect(lambda: self.opened.emit(self.row.id))
        self.switch.clicked.connect(lambda on: self.shown_changed.emit(self.row.id, on))
        self._show()

    def _lay_out(self) -> None:
        inside = QHBoxLayout(self.area)
        inside.setContentsMargins(12, 8, 8, 8)
        inside.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        inside.addLayout(words, 1)
        for label in (self.name, self.host, self.key):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        inside.addWidget(self.chevron)
        line = QHBoxLayout(self)
        line.setContentsMargins(4, 5, 12, 4)
        line.setSpacing(8)
        line.addWidget(self.area, 1)
        line.addWidget(self.switch)

    @property
    def group(self) -> str:
        """Which part of the list it belongs to."""
        return _group_of(self.row)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, from left to right."""
        return (self.switch,) if self.row.fixed else (self.area, self.switch)

    def show_row(self, row: EndpointRow) -> None:
        """Show what has become of the endpoint; its id stays."""
        if row != self.row:
            self.row = row
            self._show()

    def _show(self) -> None:
        row = self.row
        self.name.setText(row.name)
        self.host.setText(row.host)
        self.key.say(key_words(row), key_tone(row), icon=key_icon(row))
        self.chevron.setVisible(not row.fixed)
        self.area.setAccessibleName(f"{row.name}, {row.host}, {self.key.label.text()}")
        self.area.setAccessibleDescription("" if row.fixed else self.tr("Opens its settings"))
        self.switch.setAccessibleName(self.tr("Show {name} in the picker").format(name=row.name))
        self.switch.setChecked(row.shown)
        self.switch.forbid(row.held)
        if not row.held:
            self.switch.setToolTip(plain_tooltip(self.switch.accessibleName()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line parts it from the endpoint above."""
        if self.y() > 1:
            QPainter(self).fillRect(0, 0, self.width(), 1, palette.current().separator)


class _Group(QWidget):
    """A heading and a card of endpoints; hidden while it has none."""

    def __init__(self, heading: str, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(PlainLabel(heading, self, bold=True))
        self.card = Card(self)
        column.addWidget(self.card)
        self._inside = QVBoxLayout(self.card)
        self._inside.setContentsMargins(1, 1, 1, 1)
        self._inside.setSpacing(0)
        self.hide()

    def insert(self, place: int, item: EndpointItem) -> None:
        """Show `item` as the endpoint at `place`."""
        self._inside.insertWidget(place, item)
        self.show()

    def take(self, item: EndpointItem) -> None:
        """Show `item` no longer."""
        self._inside.removeWidget(item)
        self.setVisible(self._inside.count() > 0)


class EndpointList(QWidget):
    """What the user added, then what Fovea knows by itself; `add_button` starts a new one.

    The endpoints are made one after the other, so that no frame waits for all of them.
    """

    opened = Signal(str)
    shown_changed = Signal(str, bool)
    add_requested = Signal()

    completed = Signal()
    """Every endpoint is shown by now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items: dict[str, EndpointItem] = {}
        self._rows: list[EndpointRow] = []
        self._wanted = ""
        self._pause = QTimer(self, interval=PAUSE_MS)
        self._pause.timeout.connect(self._make_next)
        self.title = PlainLabel(self.tr("Endpoints"), self, size="title", bold=True)
        self.help = PlainLabel(
            self.tr("Who can answer. A switch puts an endpoint into the list you choose from in the window."),
            self,
            size="caption",
            tone="muted",
        )
        self.none_yet = PlainLabel(
            self.tr("You have added none yet. Any server that speaks the OpenAI protocol will do."),
            self,
            tone="muted",
        )
        self.add_button = TextButton(self.tr("Add an endpoint"), self)
        self.add_button.clicked.connect(self.add_requested)
        self._groups = {
            _OWN: _Group(self.tr("Yours"), self),
            _FIXED: _Group(self.tr("Part of Fovea"), self),
            _KNOWN: _Group(self.tr("Known servers"), self),
        }
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.help)
        column.addSpacing(12)
        column.addWidget(self.none_yet)
        column.addSpacing(4)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(20)
        groups = QVBoxLayout()
        groups.setSpacing(24)
        column.addLayout(groups)
        for group in self._groups.values():
            groups.addWidget(group)
        column.addStretch(1)

    @property
    def complete(self) -> bool:
        """Whether every endpoint is shown by now."""
        return not self._pause.isActive()

    def set_rows(self, rows: list[EndpointRow]) -> None:
        """All endpoints in their order. Rows that stay keep the keyboard."""
        before = [_place(item.row) for item in self.items.values()]
        self._rows = sorted(rows, key=lambda row: _ORDER.index(_group_of(row)))
        stay = [_place(row) for row in self._rows if _place(row) in before]
        if stay != [place for place in before if place in stay]:
            stay = []
        for item in tuple(self.items.values()):
            if _place(item.row) not in stay:
                self._drop(item)
        for row in rows:
            if row.id in self.items:
                self.items[row.id].show_row(row)
        self.none_yet.setVisible(not any(row.own for row in rows))
        if len(self.items) < len(rows):
            self._pause.start()
        else:
            self._pause.stop()

    def focus_row(self, endpoint_id: str) -> None:
        """Give the keyboard to an endpoint; to the button that adds one where it is gone."""
        item = self.items.get(endpoint_id)
        self._wanted = endpoint_id if item is None else ""
        (item.area if item else self.add_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_next(self) -> None:
        missing = [row for row in self._rows if row.id not in self.items]
        if len(missing) <= 1:
            self._pause.stop()
        if missing:
            self._make(missing[0])
        if self.complete:
            self.completed.emit()

    def _make(self, row: EndpointRow) -> None:
        """Into its place among those that are there."""
        group = self._groups[_group_of(row)]
        item = EndpointItem(row, group.card)
        item.opened.connect(self.opened)
        item.shown_changed.connect(self.shown_changed)
        made = {**self.items, row.id: item}
        self.items = {one.id: made[one.id] for one in self._rows if one.id in made}
        items = list(self.items.values())
        group.insert([one for one in items if one.group == item.group].index(item), item)
        above = items.index(item) - 1
        walk_through((items[above].switch if above >= 0 else self.add_button, *item.stops))
        if row.id == self._wanted and self.add_button.hasFocus():
            self.focus_row(row.id)

    def _drop(self, item: EndpointItem) -> None:
        del self.items[item.row.id]
        self._groups[item.group].take(item)
        item.hide()
        item.deleteLater()


def _group_of(row: EndpointRow) -> str:
    return _OWN if row.own else _FIXED if row.fixed else _KNOWN


def _place(row: EndpointRow) -> tuple[str, str]:
    return row.id, _group_of(row)
