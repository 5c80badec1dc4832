"""The right edge: which model answers, and how it is asked."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.sidebar.model_picker import ModelPicker
from ui.sidebar.rows import EndpointRow
from ui.theme import fonts
from ui.widgets.scrolling import Scrolling
from ui.widgets.surfaces import Surface

if TYPE_CHECKING:
    from ui.sidebar.model_details import ModelDetails

__all__ = ["EndpointRow", "Sidebar"]

CHOICES = (
    "ui.widgets.soft_progress",
    "ui.sidebar.badges",
    "ui.sidebar.model_list",
    "ui.sidebar.model_choice",
    "ui.sidebar.vision_choice",
)
DETAILS = (
    "ui.widgets.slider",
    "ui.widgets.switch",
    "ui.widgets.section",
    "ui.sidebar.parameter_rows",
    "ui.sidebar.parameter_form",
    "ui.sidebar.session_panel",
    "ui.sidebar.usage_panel",
    "ui.sidebar.model_details",
)
"""What the two lower parts are made of; one step each."""

NARROWEST = 244
"""In pixels with text of the usual size; larger text wants more, up to WIDEST."""

WIDEST = 400


class Sidebar(Surface):
    """A column of sections that scrolls where the window is low."""

    endpoint_chosen = Signal(str)
    model_file_requested = Signal()
    projector_requested = Signal()

    settings_requested = Signal(str)
    """The settings of an endpoint are wanted; of all endpoints where the id is empty."""

    missing_said = Signal(str)
    """What has to be installed before anybody can answer; empty when nothing has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setMinimumWidth(min(NARROWEST * fonts.pixels("label") // fonts.SIZES["label"], WIDEST))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scroll = Scrolling(self)
        column.addWidget(scroll)
        sections = QWidget()
        sections.setMinimumWidth(1)  # the parts take the width there is, whatever they would like
        scroll.setWidget(sections)
        self.picker = ModelPicker(sections)
        self.picker.endpoint_chosen.connect(self.endpoint_chosen)
        self.picker.model_file_requested.connect(self.model_file_requested)
        self.picker.projector_requested.connect(self.projector_requested)
        self.picker.settings_requested.connect(self.settings_requested)
        self.picker.made.connect(self._lead_tab)
        self._inside = QVBoxLayout(sections)
        self._inside.setContentsMargins(16, 16, 16, 16)
        self._inside.setSpacing(24)
        self._inside.addWidget(self.picker)
        self._inside.addStretch(1)

    def complete(self, *, models: bool) -> bool:
        """Whether all is made that is needed to tell a model something, and to choose one (`models`)."""
        return "details" in self.__dict__ and (self.picker.has_models or not models)

    def steps(self, *, models: bool) -> Iterator[None]:
        """Import and make what `complete` asks for, so that no frame waits for all of it."""
        if models and not self.picker.has_models:
            for name in CHOICES:
                importlib.import_module(name)
                yield
            self.picker.models.show_models([], "")
            yield
            self.picker.vision.hide()
            yield
        if "details" not in self.__dict__:
            for name in DETAILS:
                importlib.import_module(name)
                yield
            self.details.hide()
            yield

    @cached_property
    def details(self) -> ModelDetails:
        """How the model is asked, made for the first model that can be told something."""
        from ui.sidebar.model_details import ModelDetails

        details = ModelDetails()
        details.made.connect(self._lead_tab)
        self._inside.insertWidget(1, details)
        self._lead_tab()
        return details

    def settle(self) -> None:
        """Let what is being typed anywhere in the sidebar hold now, as if its field were left."""
        for name, owner in (("models", self.picker), ("details", self)):
            part = owner.__dict__.get(name)
            if part is not None and not part.isHidden():
                part.settle()

    def set_endpoints(self, rows: list[EndpointRow], current: str = "") -> None:
        """All endpoints, and the id of the one that answers."""
        self.picker.set_endpoints(rows, current)

    def set_model_file(self, path: str) -> None:
        """The model file of the local engine; empty for none."""
        self.picker.files.model.set_path(path)

    def set_projector(self, path: str, *, found: bool = False) -> None:
        """The vision part of the model file, empty for none; `found` says that nobody chose it."""
        note = self.tr("Found beside the model file") if found else ""
        self.picker.files.projector.set_path(path, note)

    def set_state(self, text: str, tone: str = "muted") -> None:
        """Whether the model can answer, in one line; `tone` as of a PlainLabel."""
        self.picker.say_state(text, tone)

    def set_missing(self, sentence: str) -> None:
        """What has to be installed before anybody can answer; empty when nothing has."""
        self.missing_said.emit(sentence)

    def focus_endpoint(self) -> None:
        """Let the user choose who answers."""
        self.picker.endpoint_combo.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _lead_tab(self) -> None:
        """Tab walks as the parts stand, whenever they were made."""
        from ui.sidebar.tab_walk import lead_tab

        lead_tab(self)
