"""The way to the settings, which are imported when they are first opened."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import Services
from ui.controllers.endpoints.choices import Choices
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.widgets.steps import Steps

if TYPE_CHECKING:
    from ui.controllers.settings.settings import SettingsController

PARTS = (
    "ui.controllers.settings.endpoint_edits",
    "ui.controllers.settings.endpoint_keys",
    "ui.settings.rows",
    "ui.controllers.settings.endpoint_rows",
    "ui.settings.key_words",
    "ui.settings.endpoint_list",
    "ui.settings.endpoints_page",
    "ui.settings.appearance_page",
    "ui.settings.dialog",
    "ui.controllers.settings.endpoint_test",
    "ui.settings.storage_page",
    "ui.controllers.settings.storage",
    "ui.controllers.settings.settings",
)
"""One step each; what a module needs of the earlier ones is there already."""


class SettingsDoor(QObject):
    """Stands for the settings until somebody wants to see them."""

    endpoints_changed = Signal()
    """An endpoint or a key is another one now: who asks an endpoint asks it anew."""

    def __init__(
        self, window: MainWindow, services: Services, choices: Choices, tasks: TaskOwner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._services = services
        self._choices = choices
        self._tasks = tasks
        self.controller: SettingsController | None = None
        self._wanted = ""
        self._steps = Steps(self)
        window.actions_table["settings"].triggered.connect(lambda: self.open())

    def open(self, endpoint_id: str = "") -> None:
        """Show the settings, at the form of an endpoint where one is named."""
        self._wanted = endpoint_id
        if self.controller is not None:
            self.controller.open(endpoint_id)
        elif not self._steps.busy:
            self._steps.run(self._make())

    def _make(self) -> Iterator[None]:
        for name in PARTS:
            importlib.import_module(name)
            yield
        from ui.controllers.settings.settings import SettingsController

        controller = SettingsController(self._window, self._services, self._choices, self._tasks, self)
        yield from controller.build(with_form=bool(self._wanted))
        controller.theme_chosen.connect(self._choose_theme)
        controller.endpoints_changed.connect(self.endpoints_changed)
        self.controller = controller
        controller.open(self._wanted)

    async def close(self) -> None:
        """Do for good what could still have been undone, and show nothing more."""
        self._steps.run(iter(()))
        if self.controller is not None:
            await self.controller.close()

    def _choose_theme(self, name: str) -> None:
        """As the command of the window does, so that both show the same."""
        self._window.actions_table[f"theme-{name}"].trigger()
