"""The files that the local engine runs, chosen by the user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from ui.controllers.endpoints.choices import Choices
from ui.sidebar.sidebar import Sidebar


class ModelFileController(QObject):
    """Asks for the model and for its vision part, and keeps what was chosen."""

    def __init__(self, sidebar: Sidebar, choices: Choices, parent: QObject) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._choices = choices
        sidebar.model_file_requested.connect(self._ask_for_model)
        sidebar.projector_requested.connect(self._ask_for_projector)

    def _ask_for_model(self) -> None:
        self._ask_for_file(
            self.tr("Choose a model file"),
            self._choices.settings.local_model,
            lambda path: self._choices.change(local_model=path, local_projector=None),
        )

    def _ask_for_projector(self) -> None:
        self._ask_for_file(
            self.tr("Choose its vision part (mmproj)"),
            self._choices.settings.local_projector or self._choices.settings.local_model,
            lambda path: self._choices.change(local_projector=path),
        )

    def _ask_for_file(self, title: str, near: str | None, chosen_file: Callable[[str], object]) -> None:
        """Ask for a GGUF file, starting in the folder of the file `near` or at home."""
        from PySide6.QtWidgets import QFileDialog

        start = Path(near).parent if near else Path.home()
        dialog = QFileDialog(self._sidebar.window(), title, str(start))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("GGUF models") + " (*.gguf)", self.tr("All files") + " (*)"])
        dialog.fileSelected.connect(chosen_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
