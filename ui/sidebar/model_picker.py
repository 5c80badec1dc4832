"""Who answers: the endpoint, and its model."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.sidebar.file_field import FileField
from ui.sidebar.rows import EndpointRow, ModelRow
from ui.widgets.combo import ComboBox
from ui.widgets.field import Field
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram

STATE_ICONS = {
    "positive": "check",
    "warning": "triangle-alert",
    "danger": "circle-alert",
    "muted": "info",
    "": "info",
}


class ModelPicker(QWidget):
    """Only choices by the user are emitted; what is set from outside is shown in silence."""

    endpoint_chosen = Signal(str)
    model_chosen = Signal(str)
    model_file_requested = Signal()
    projector_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._endpoints: list[EndpointRow] = []
        self._models: list[ModelRow] = []
        self.endpoint = Field(self.tr("Answers come from"), ComboBox())
        self.model = Field(self.tr("Model"), ComboBox())
        self.badge = _Badge()
        self.model_file = FileField(self.tr("Model file"), self.tr("None chosen yet"))
        self.projector = FileField(self.tr("Vision part (mmproj)"), self.tr("None chosen"))
        self.state = _State()
        self._place()
        self.endpoint_combo.activated.connect(self._endpoint_activated)
        self.model_combo.activated.connect(self._model_activated)
        self.model_file.choose_requested.connect(self.model_file_requested)
        self.projector.choose_requested.connect(self.projector_requested)
        self._show()

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        top = QVBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.endpoint)
        top.addWidget(self.badge)
        column.addLayout(top)
        for part in (self.model, self.model_file, self.projector, self.state):
            column.addWidget(part)

    @property
    def endpoint_combo(self) -> ComboBox:
        """The drop-down of endpoints."""
        assert isinstance(self.endpoint.control, ComboBox)
        return self.endpoint.control

    @property
    def model_combo(self) -> ComboBox:
        """The drop-down of models."""
        assert isinstance(self.model.control, ComboBox)
        return self.model.control

    def set_endpoints(self, rows: list[EndpointRow], current: str = "") -> None:
        """All endpoints, and the id of the one that answers (default: the one before)."""
        before = self._chosen()
        self._endpoints = list(rows)
        with QSignalBlocker(self.endpoint_combo):
            self.endpoint_combo.clear()
            for row in rows:
                self.endpoint_combo.addItem(row.name, row.id)
        self.set_endpoint(current or (before.id if before else ""))

    def set_endpoint(self, endpoint_id: str) -> None:
        """The endpoint that answers; the first one for an unknown id."""
        with QSignalBlocker(self.endpoint_combo):
            self.endpoint_combo.setCurrentIndex(max(0, self.endpoint_combo.findData(endpoint_id)))
        self._show()

    def set_models(self, rows: list[ModelRow], current: str = "") -> None:
        """The models of the endpoint, and the id of the chosen one; none hides the choice."""
        self._models = list(rows)
        with QSignalBlocker(self.model_combo):
            self.model_combo.clear()
            for row in rows:
                self.model_combo.addItem(row.name, row.id)
            self.model_combo.setCurrentIndex(max(0, self.model_combo.findData(current)))
        self._show()

    def _endpoint_activated(self) -> None:
        self._show()
        self.endpoint_chosen.emit(self.endpoint_combo.currentData())

    def _model_activated(self) -> None:
        self._show()
        self.model_chosen.emit(self.model_combo.currentData())

    def _chosen(self) -> EndpointRow | None:
        chosen = self.endpoint_combo.currentData()
        return next((row for row in self._endpoints if row.id == chosen), None)

    def _show(self) -> None:
        row = self._chosen()
        files = row is not None and row.takes_files
        self.endpoint.set_help(row.note if row else "")
        self.badge.setVisible(row is not None)
        self.badge.show_place(row is not None and row.on_this_computer)
        self.model_file.setVisible(files)
        self.projector.setVisible(files)
        self.model.setVisible(bool(self._models) and not files)
        model = next((m for m in self._models if m.id == self.model_combo.currentData()), None)
        self.model.set_help(model.detail if model else "")


class _Badge(QWidget):
    """Whether pictures and words leave this computer."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = Pictogram("shield-check", 16, "positive")
        self.label = PlainLabel(size="caption", tone="positive")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)

    def show_place(self, on_this_computer: bool) -> None:
        """Say where the question goes."""
        if on_this_computer:
            self._icon.show_icon("shield-check", "positive")
            self.label.setText(self.tr("Nothing leaves this computer"))
            self.label.set_tone("positive")
        else:
            self._icon.show_icon("cloud", "warning")
            self.label.setText(self.tr("Pictures and text are sent over the network"))
            self.label.set_tone("warning")


class _State(QWidget):
    """One line on whether the model can answer."""

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

    def say(self, text: str, tone: str) -> None:
        """`tone` is one of the tones of a label; an empty text says nothing."""
        self._icon.show_icon(
            STATE_ICONS.get(tone, "info"), {"muted": "text_muted", "": "text"}.get(tone, tone)
        )
        self.label.set_tone(tone)
        self.label.setText(text)
        self.setVisible(bool(text))
