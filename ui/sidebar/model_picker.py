"""Who answers: the endpoint, and its model."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.sidebar.model_files import ModelFiles
from ui.sidebar.rows import EndpointRow
from ui.widgets.combo import ComboBox
from ui.widgets.field import Field
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram

STATE_ICONS = {"positive": "check", "warning": "triangle-alert", "danger": "circle-alert", "muted": "info"}


class ModelPicker(QWidget):
    """Only choices by the user are emitted; what is set from outside is shown in silence."""

    endpoint_chosen = Signal(str)
    model_file_requested = Signal()
    projector_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._endpoints: list[EndpointRow] = []
        self.endpoint_combo = ComboBox()
        self.endpoint = Field(self.tr("Answers come from"), self.endpoint_combo)
        self.badge = _Line()
        self.state = _Line()
        self._place()
        self.endpoint_combo.activated.connect(self._endpoint_activated)

    def _place(self) -> None:
        top = QVBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.endpoint)
        top.addWidget(self.badge)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        self._column.addLayout(top)
        self._column.addWidget(self.state)

    @cached_property
    def files(self) -> ModelFiles:
        """The files of the local engine, made when they are first spoken of."""
        files = ModelFiles()
        files.model_requested.connect(self.model_file_requested)
        files.projector_requested.connect(self.projector_requested)
        self._column.insertWidget(1, files)
        return files

    def set_endpoints(self, rows: list[EndpointRow], current: str = "") -> None:
        """All endpoints, and the id of the one that answers (default: the one before)."""
        before = self._chosen()
        self._endpoints = list(rows)
        with QSignalBlocker(self.endpoint_combo):
            self.endpoint_combo.clear()
            for row in rows:
                self.endpoint_combo.addItem(row.name, row.id)
            wanted = current or (before.id if before else "")
            self.endpoint_combo.setCurrentIndex(max(0, self.endpoint_combo.findData(wanted)))
        self._show()

    def say_state(self, text: str, tone: str) -> None:
        """Whether the model can answer; `tone` is one of the tones of a label."""
        self.state.say(STATE_ICONS.get(tone, "info"), text, tone)

    def _endpoint_activated(self) -> None:
        self._show()
        self.endpoint_chosen.emit(self.endpoint_combo.currentData())

    def _chosen(self) -> EndpointRow | None:
        chosen = self.endpoint_combo.currentData()
        return next((row for row in self._endpoints if row.id == chosen), None)

    def _show(self) -> None:
        row = self._chosen()
        if row is None:
            return
        self.endpoint.set_help(row.note)
        if row.on_this_computer:
            self.badge.say("shield-check", self.tr("Nothing leaves this computer"), "positive")
        else:
            self.badge.say("cloud", self.tr("Pictures and text are sent over the network"), "warning")
        if row.takes_files or "files" in self.__dict__:
            self.files.setVisible(row.takes_files)


class _Line(QWidget):
    """An icon and a line of small text in one tone; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = Pictogram("info", 16, "text_muted")
        self.label = PlainLabel(size="caption", tone="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        self.hide()

    def say(self, icon: str, text: str, tone: str) -> None:
        """`tone` is one of the tones of a label; an empty text says nothing."""
        self._icon.show_icon(icon, {"muted": "text_muted", "": "text"}.get(tone, tone))
        self.label.set_tone(tone)
        self.label.setText(text)
        self.setVisible(bool(text))
