"""The endpoints: the list, the form of one of them, or a new one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.settings.endpoint_form import EndpointForm
from ui.settings.endpoint_list import EndpointList
from ui.settings.new_endpoint import NewEndpoint
from ui.settings.rows import AddressVerdict, EndpointRow, KindRow
from ui.settings.scrolling import scrolling

Check = Callable[[str, str, str], AddressVerdict]
"""Judges an address: the endpoint's id ("" for a new one), its kind, the address."""


class EndpointsPage(QWidget):
    """Shows what it is told with `set_rows`; what the user wants is emitted."""

    added = Signal(str, str, str)
    opened = Signal(str)

    def __init__(self, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check = check
        self._rows: dict[str, EndpointRow] = {}
        self._kinds: list[KindRow] = []
        self.list = EndpointList()
        self.form = EndpointForm()
        self.new = NewEndpoint()
        self._stack = QStackedWidget()
        self._places = {part: scrolling(part) for part in (self.list, self.form, self.new)}
        for place in self._places.values():
            self._stack.addWidget(place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.list.opened.connect(self.open)
        self.list.add_requested.connect(self._begin_new)
        self.form.closed.connect(self.show_list)
        self.form.said.connect(self._bring_into_sight)
        self.new.cancelled.connect(self._cancel_new)
        self.new.added.connect(self.added)

    @property
    def open_id(self) -> str:
        """The endpoint whose form is open; empty for none."""
        return self.form.row.id if self._stack.currentWidget() is self._places[self.form] else ""

    def set_kinds(self, kinds: list[KindRow]) -> None:
        """The kinds of servers that can be added, the likeliest first."""
        self._kinds = kinds

    def set_rows(self, rows: list[EndpointRow]) -> None:
        """All endpoints as they stand now."""
        self._rows = {row.id: row for row in rows}
        self.list.set_rows(rows)
        if self.open_id in self._rows:
            self.form.show_row(self._rows[self.open_id])
        elif self.open_id:
            self.show_list("")

    def open(self, endpoint_id: str) -> None:
        """Open the form of an endpoint; nothing happens for one that is not there or is fixed."""
        row = self._rows.get(endpoint_id)
        if row is None or row.fixed:
            return
        self.form.open_row(row, self._kinds, lambda text: self._check(endpoint_id, self.form.kind_id, text))
        self._stack.setCurrentWidget(self._places[self.form])
        self._places[self.form].verticalScrollBar().setValue(0)
        self.form.focus_first()
        self.opened.emit(endpoint_id)

    def show_list(self, last: str = "") -> None:
        """Go back to the list, with the keyboard on `last`."""
        self._stack.setCurrentWidget(self._places[self.list])
        self.list.focus_row(last)

    def go_back(self) -> bool:
        """One step back, as Escape asks for. False where there is none."""
        if self._stack.currentWidget() is self._places[self.list]:
            return False
        if self.open_id:
            self.form.back_button.click()
        else:
            self._cancel_new()
        return True

    def leave(self) -> None:
        """The user goes elsewhere: what was typed holds where it can, and a key is dropped."""
        if self.open_id:
            self.form.commit()
            self.form.key.forget()

    def _bring_into_sight(self, part: QWidget) -> None:
        """Once it has its height."""
        scroll = self._places[self.form]
        QTimer.singleShot(0, scroll, lambda: scroll.ensureWidgetVisible(part, 0, 24))

    def _begin_new(self) -> None:
        self.new.begin(self._kinds, lambda kind, text: self._check("", kind, text))
        self._stack.setCurrentWidget(self._places[self.new])

    def _cancel_new(self) -> None:
        self._stack.setCurrentWidget(self._places[self.list])
        self.list.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
