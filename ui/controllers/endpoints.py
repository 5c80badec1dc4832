"""Which endpoint and model answer, chosen in the sidebar and kept in the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app import settings as settings_file
from app.chat.route import Route
from app.domain.errors import FoveaError, LocalExtraMissing
from app.domain.model import Capability
from app.services import Services
from app.settings import Settings
from ui import problems
from ui.sidebar.sidebar import EndpointRow, Sidebar
from ui.tasks import TaskOwner

LOCAL = "local"
_TASK = "examine model"


class EndpointController(QObject):
    """Fills the sidebar and answers who is asked next."""

    changed = Signal()
    """Another endpoint or model will answer."""

    def __init__(self, sidebar: Sidebar, services: Services, tasks: TaskOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._services = services
        self._tasks = tasks
        self._settings = settings_file.load(services.home)
        if self._settings.endpoint not in {p.endpoint.id for p in services.registry.providers}:
            self._settings = self._settings.replace(endpoint="quick-look")
        sidebar.endpoint_chosen.connect(lambda endpoint: self._change(endpoint=endpoint))
        sidebar.model_file_requested.connect(self._ask_for_model)
        sidebar.projector_requested.connect(self._ask_for_projector)
        self._show()

    def blocked(self) -> str:
        """Why nobody can answer now; empty when somebody can."""
        if self._settings.endpoint == LOCAL and not self._settings.local_model:
            return self.tr("Choose a model file for the local engine first.")
        return ""

    def route(self) -> Route:
        """Who answers the next question."""
        chosen = self._settings
        provider = self._services.registry.provider(chosen.endpoint)
        if chosen.endpoint == LOCAL:
            return Route(provider, chosen.local_model or "", chosen.local_projector)
        return Route(provider, chosen.endpoint)

    def set_theme(self, theme: str) -> None:
        """Keep the chosen theme."""
        self._change(theme=theme)

    def _change(self, **changes: str | None) -> None:
        changed = self._settings.replace(**changes)
        if changed == self._settings:
            return
        self._settings = changed
        try:
            settings_file.save(self._services.home, changed)
        except OSError as error:
            self._sidebar.set_state(self.tr("Not saved: {reason}").format(reason=error.strerror), "danger")
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        chosen: Settings = self._settings
        rows = [
            EndpointRow(endpoint.id, endpoint.name, endpoint.on_this_computer, self._note(endpoint.id))
            for endpoint in (provider.endpoint for provider in self._services.registry.providers)
        ]
        self._sidebar.set_endpoints(rows, chosen.endpoint)
        if chosen.endpoint == LOCAL:
            self._sidebar.set_model_file(chosen.local_model or "")
            self._sidebar.set_projector(chosen.local_projector or "")
        self._tasks.start(self._examine(), _TASK)

    def _note(self, endpoint: str) -> str:
        if endpoint == LOCAL:
            return self.tr("Runs a GGUF model file of yours with llama.cpp.")
        return self.tr("Names what it recognises, reads text and colours. It does not chat.")

    async def _examine(self) -> None:
        """Say whether the chosen model sees pictures, or why it cannot be used."""
        missing = ""
        if why := self.blocked():
            self._sidebar.set_state(why, "warning")
        else:
            route = self.route()
            try:
                self._show_vision(await route.provider.probe(route.model, route.projector))
            except FoveaError as error:
                self._sidebar.set_state(problems.sentence(error), "danger")
                missing = problems.sentence(error) if isinstance(error, LocalExtraMissing) else ""
        self._sidebar.set_missing(missing)

    def _show_vision(self, vision: Capability) -> None:
        texts = {
            True: (self.tr("Ready. It takes pictures."), "positive"),
            False: (self.tr("It takes no pictures: {reason}.").format(reason=vision.source), "warning"),
            None: (self.tr("Ready. Nobody knows whether it takes pictures."), "muted"),
        }
        self._sidebar.set_state(*texts[vision.value])
        if vision.file and not self._settings.local_projector:
            self._sidebar.set_projector(vision.file, found=True)

    def _ask_for_model(self) -> None:
        self._ask_for_file(
            self.tr("Choose a model file"),
            self._settings.local_model,
            lambda path: self._change(local_model=path, local_projector=None),
        )

    def _ask_for_projector(self) -> None:
        self._ask_for_file(
            self.tr("Choose its vision part (mmproj)"),
            self._settings.local_projector or self._settings.local_model,
            lambda path: self._change(local_projector=path),
        )

    def _ask_for_file(self, title: str, near: str | None, chosen: Callable[[str], None]) -> None:
        """Ask for a GGUF file, starting in the folder of the file `near` or at home."""
        start = Path(near).parent if near else Path.home()
        dialog = QFileDialog(self._sidebar.window(), title, str(start))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("GGUF models") + " (*.gguf)", self.tr("All files") + " (*)"])
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
