"""Who answers: the endpoint, and its model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.sidebar.model_files import ModelFiles
from ui.sidebar.rows import EndpointRow
from ui.widgets.combo import ComboBox
from ui.widgets.field import Field
from ui.widgets.status_line import StatusLine
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ui.sidebar.model_choice import ModelChoice
    from ui.sidebar.vision_choice import VisionChoice

MORE = ""
"""The data of the last entry, which leads to the settings."""


class ModelPicker(QWidget):
    """Only choices by the user are emitted; what is set from outside is shown in silence."""

    endpoint_chosen = Signal(str)
    model_file_requested = Signal()
    projector_requested = Signal()

    settings_requested = Signal(str)
    """The settings of an endpoint are wanted; of all endpoints where the id is empty."""

    made = Signal()
    """A part was made that was not there before, so Tab has to learn of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._endpoints: list[EndpointRow] = []
        self._shown = ""
        self.endpoint_combo = _EndpointCombo()
        self.endpoint = Field(self.tr("Answers come from"), self.endpoint_combo)
        self.badge = StatusLine(size="caption")
        self.state = StatusLine(size="caption")
        self._place()
        self.endpoint_combo.activated.connect(self._endpoint_activated)

    def _place(self) -> None:
        top = QVBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.endpoint)
        top.addWidget(self.badge)
        self._model = QVBoxLayout()
        self._model.setSpacing(16)
        bottom = QVBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.state)
        self._eyes = bottom
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        for part in (top, self._model, bottom):
            self._column.addLayout(part)

    @cached_property
    def files(self) -> ModelFiles:
        """The files of the local engine, made when they are first spoken of."""
        files = ModelFiles()
        files.model_requested.connect(self.model_file_requested)
        files.projector_requested.connect(self.projector_requested)
        self._model.addWidget(files)
        self.made.emit()
        return files

    @cached_property
    def models(self) -> ModelChoice:
        """The models of an endpoint, made when the first endpoint that has some is chosen."""
        from ui.sidebar.model_choice import ModelChoice

        models = ModelChoice()
        models.key_requested.connect(lambda: self.settings_requested.emit(self.chosen_id()))
        self._model.addWidget(models)
        chosen = self._chosen()
        models.setVisible(chosen is not None and chosen.has_models)
        self.made.emit()
        return models

    @property
    def has_models(self) -> bool:
        """Whether the parts for choosing one of an endpoint's models are made."""
        return "models" in self.__dict__ and "vision" in self.__dict__

    @cached_property
    def vision(self) -> VisionChoice:
        """Whether the model takes pictures, tested or said by the user."""
        from ui.sidebar.vision_choice import VisionChoice

        vision = VisionChoice()
        self._eyes.insertWidget(0, vision)
        self.made.emit()
        return vision

    def set_endpoints(self, rows: list[EndpointRow], current: str = "") -> None:
        """All endpoints, and the id of the one that answers (default: the one before)."""
        before = self._chosen()
        self._endpoints = list(rows)
        with QSignalBlocker(self.endpoint_combo):
            self.endpoint_combo.clear()
            for row in rows:
                self.endpoint_combo.addItem(row.name, row.id)
            self.endpoint_combo.addItem(self.tr("More endpoints…"), MORE)
            wanted = current or (before.id if before else "")
            self.endpoint_combo.setCurrentIndex(self._place_of(wanted))
        self._show()

    def chosen_id(self) -> str:
        """The id of the endpoint that answers; empty before there are any."""
        row = self._chosen()
        return row.id if row else ""

    def say_state(self, text: str, tone: str, *, icon: str = "") -> None:
        """Whether the model can answer; `tone` is one of the tones of a label."""
        self.state.say(text, tone, icon=icon)

    def _place_of(self, endpoint_id: str) -> int:
        """Its place in the list; the first where it is not there."""
        return max(0, self.endpoint_combo.findData(endpoint_id)) if endpoint_id else 0

    def _endpoint_activated(self) -> None:
        endpoint_id: str = self.endpoint_combo.currentData()
        if endpoint_id == MORE:
            self.endpoint_combo.setCurrentIndex(self._place_of(self._shown))
            self.settings_requested.emit("")
            return
        self._show()
        self.endpoint_chosen.emit(endpoint_id)

    def _chosen(self) -> EndpointRow | None:
        chosen = self.endpoint_combo.currentData()
        return next((row for row in self._endpoints if row.id == chosen), None)

    def _show(self) -> None:
        row = self._chosen()
        if row is None:
            return
        self._shown = row.id
        self.endpoint.set_help(row.note)
        self.badge.setToolTip(plain_tooltip("\n".join(row.hosts)))
        if row.on_this_computer:
            self.badge.say(self.tr("Nothing leaves this computer"), "positive", icon="shield-check")
        else:
            where = row.host or self.tr("the network")
            text = self.tr("Pictures and text go to {host}").format(host=where)
            self.badge.say(text, "warning", icon="cloud")
        if row.takes_files or "files" in self.__dict__:
            self.files.setVisible(row.takes_files)
        if "models" in self.__dict__:
            self.models.setVisible(row.has_models)


class _EndpointCombo(ComboBox):
    """The arrows walk through the endpoints and stop before what leads to the settings."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self.count() - 2
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_End):
            self._choose(last)
        elif event.key() == Qt.Key.Key_Down and self.currentIndex() >= last:
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def _choose(self, place: int) -> None:
        if place > self.currentIndex():
            self.setCurrentIndex(place)
            self.activated.emit(place)
