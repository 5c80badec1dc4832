"""The endpoints: what each is called, where it is, how its key stands, and whether it is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
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
from ui.widgets.surfaces import Card, Separator
from ui.widgets.switch import Switch

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent


class _OpenArea(QAbstractButton):
    """The words of an endpoint; a press opens its form."""

    def __init__(self) -> None:
        super().__init__()
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
        self.area: QWidget = QWidget() if row.fixed else _OpenArea()
        self.name = ElidedLabel(bold=True)
        self.host = ElidedLabel(size="caption", tone="muted")
        self.key = StatusLine(size="caption")
        self.switch = Switch("")
        self.chevron = Pictogram("chevron-right", 16)
        self._lay_out()
        if isinstance(self.area, _OpenArea):
            self.area.clicked.connect(lambda: self.opened.emit(self.row.id))
        self.switch.clicked.connect(lambda on: self.shown_changed.emit(self.row.id, on))
        self.show_row(row)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.name, self.host, self.key):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        inside = QHBoxLayout(self.area)
        inside.setContentsMargins(12, 8, 8, 8)
        inside.setSpacing(8)
        inside.addLayout(words, 1)
        inside.addWidget(self.chevron)
        line = QHBoxLayout(self)
        line.setContentsMargins(4, 4, 12, 4)
        line.setSpacing(8)
        line.addWidget(self.area, 1)
        line.addWidget(self.switch)

    def show_row(self, row: EndpointRow) -> None:
        """Show what has become of the endpoint; its id stays."""
        self.row = row
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
            self.switch.setToolTip(self.switch.accessibleName())


class _Group(QWidget):
    """A heading and a card of endpoints."""

    def __init__(self, heading: str, items: list[EndpointItem]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(PlainLabel(heading, bold=True))
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        for number, item in enumerate(items):
            if number:
                inside.addWidget(Separator())
            inside.addWidget(item)
        column.addWidget(card)


class EndpointList(QWidget):
    """What the user added, then what Fovea knows by itself; `add_button` starts a new one."""

    opened = Signal(str)
    shown_changed = Signal(str, bool)
    add_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items: dict[str, EndpointItem] = {}
        self.title = PlainLabel(self.tr("Endpoints"), size="title", bold=True)
        self.help = PlainLabel(
            self.tr("Who can answer. A switch puts an endpoint into the list you choose from in the window."),
            size="caption",
            tone="muted",
        )
        self.none_yet = PlainLabel(
            self.tr("You have added none yet. Any server that speaks the OpenAI protocol will do."),
            tone="muted",
        )
        self.add_button = TextButton(self.tr("Add an endpoint"))
        self.add_button.clicked.connect(self.add_requested)
        self._groups = QVBoxLayout()
        self._groups.setSpacing(24)
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
        column.addLayout(self._groups)
        column.addStretch(1)

    def set_rows(self, rows: list[EndpointRow]) -> None:
        """All endpoints in their order. Rows that stay keep the keyboard."""
        if [self._place(row) for row in rows] == [self._place(item.row) for item in self.items.values()]:
            for row in rows:
                self.items[row.id].show_row(row)
            return
        self._rebuild(rows)
        self.none_yet.setVisible(not any(row.own for row in rows))

    def focus_row(self, endpoint_id: str) -> None:
        """Give the keyboard to an endpoint; to the button that adds one where it is gone."""
        item = self.items.get(endpoint_id)
        (item.area if item else self.add_button).setFocus(Qt.FocusReason.OtherFocusReason)

    @staticmethod
    def _place(row: EndpointRow) -> tuple[str, bool, bool]:
        return row.id, row.own, row.fixed

    def _rebuild(self, rows: list[EndpointRow]) -> None:
        while (taken := self._groups.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.items = {row.id: self._item(row) for row in rows}
        for heading, chosen in (
            (self.tr("Yours"), [row.id for row in rows if row.own]),
            (self.tr("Part of Fovea"), [row.id for row in rows if row.fixed]),
            (self.tr("Known servers"), [row.id for row in rows if not row.fixed and not row.own]),
        ):
            if chosen:
                self._groups.addWidget(_Group(heading, [self.items[one] for one in chosen]))

    def _item(self, row: EndpointRow) -> EndpointItem:
        item = EndpointItem(row)
        item.opened.connect(self.opened)
        item.shown_changed.connect(self.shown_changed)
        return item
