"""The endpoints: the list, the form of one of them, or a new one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.settings.endpoint_list import EndpointList
from ui.settings.rows import AddressVerdict, EndpointRow, KindRow
from ui.widgets.scrolling import Scrolling
from ui.widgets.steps import Steps

if TYPE_CHECKING:
    from ui.settings.endpoint_form import EndpointForm
    from ui.settings.new_endpoint import NewEndpoint

Check = Callable[[str, str, str], AddressVerdict]
"""Judges an address: the endpoint's id ("" for a new one), its kind, the address."""


class EndpointsPage(QWidget):
    """Shows what it is told with `set_rows`; what the user wants is emitted."""

    added = Signal(str, str, str)
    opened = Signal(str)

    form_made = Signal(object)
    """The form (EndpointForm), before it is shown for the first time."""

    made = Signal()
    """Another part of the page was made, behind all that Tab walked through before."""

    def __init__(self, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check = check
        self._rows: dict[str, EndpointRow] = {}
        self._kinds: list[KindRow] = []
        self._stack = QStackedWidget(self)
        self._list_place = self._new_place()
        self.list = EndpointList(self._list_place.viewport())
        self._list_place.setWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._steps = Steps(self)
        self.list.completed.connect(self._make_ahead)
        self.list.opened.connect(self.open)
        self.list.add_requested.connect(self._begin_new)

    @cached_property
    def form(self) -> EndpointForm:
        """Made before an endpoint is opened, or when one is."""
        form, steps = self._begun_form
        for _ in steps:
            pass
        form.closed.connect(self.show_list)
        form.said.connect(self._bring_into_sight)
        self.form_made.emit(form)
        self.made.emit()
        return form

    @cached_property
    def new(self) -> NewEndpoint:
        """Made before one is added, or when one is."""
        new, steps = self._begun_new
        for _ in steps:
            pass
        new.cancelled.connect(self._cancel_new)
        new.added.connect(self.added)
        self.made.emit()
        return new

    @cached_property
    def _begun_form(self) -> tuple[EndpointForm, Iterator[None]]:
        from ui.settings.endpoint_form import EndpointForm

        form = EndpointForm(self._form_place.viewport())
        self._form_place.setWidget(form)
        return form, form.build()

    @cached_property
    def _begun_new(self) -> tuple[NewEndpoint, Iterator[None]]:
        from ui.settings.new_endpoint import NewEndpoint

        new = NewEndpoint(self._new_endpoint_place.viewport())
        self._new_endpoint_place.setWidget(new)
        return new, new.build()

    def _make_ahead(self) -> None:
        if not {"form", "new"} <= self.__dict__.keys() and not self._steps.busy:
            self._steps.run(self._parts())

    def _parts(self) -> Iterator[None]:
        """What is not seen yet, while the user looks at the list."""
        yield
        yield from self.make_form()
        yield
        _, steps = self._begun_new
        yield
        yield from steps
        _ = self.new

    def make_form(self) -> Iterator[None]:
        """Make the form step by step, for an endpoint that will be opened."""
        importlib.import_module("ui.settings.endpoint_form")
        yield
        _, steps = self._begun_form
        yield
        yield from steps
        _ = self.form

    @cached_property
    def _form_place(self) -> Scrolling:
        return self._new_place()

    @cached_property
    def _new_endpoint_place(self) -> Scrolling:
        return self._new_place()

    def _new_place(self) -> Scrolling:
        place = Scrolling(self._stack)
        self._stack.addWidget(place)
        return place

    @property
    def made_form(self) -> EndpointForm | None:
        """The form, if one has been made."""
        return self.__dict__.get("form")

    @property
    def open_id(self) -> str:
        """The endpoint whose form is open; empty for none."""
        form = self.made_form
        return form.row.id if form is not None and self._shows(form) else ""

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
        self._stack.setCurrentWidget(self._form_place)
        self._form_place.verticalScrollBar().setValue(0)
        self.form.focus_first()
        self.opened.emit(endpoint_id)

    def show_list(self, last: str = "") -> None:
        """Go back to the list, with the keyboard on `last`."""
        self._stack.setCurrentWidget(self._list_place)
        self.list.focus_row(last)

    def go_back(self) -> bool:
        """One step back, as Escape asks for. False where there is none."""
        if self._shows(self.list):
            return False
        if self.open_id:
            self.form.back_button.click()
        else:
            self._cancel_new()
        return True

    def begin_again(self) -> None:
        """The list from its top, as when the settings are first opened."""
        self._stack.setCurrentWidget(self._list_place)
        self._list_place.verticalScrollBar().setValue(0)

    def leave(self) -> None:
        """The user goes elsewhere: what was typed holds where it can, and a key is dropped."""
        if self.open_id:
            self.form.commit()
            self.form.key.forget()

    def _shows(self, part: QWidget) -> bool:
        place = self._stack.currentWidget()
        return isinstance(place, Scrolling) and place.widget() is part

    def _bring_into_sight(self, part: QWidget) -> None:
        """Once it has its height."""
        scroll = self._form_place
        QTimer.singleShot(0, scroll, lambda: scroll.ensureWidgetVisible(part, 0, 24))

    def _begin_new(self) -> None:
        self.new.begin(self._kinds, lambda kind, text: self._check("", kind, text))
        self._stack.setCurrentWidget(self._new_endpoint_place)

    def _cancel_new(self) -> None:
        self._stack.setCurrentWidget(self._list_place)
        self.list.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
