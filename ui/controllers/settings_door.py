"""The way to the settings, which are imported when they are first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import Services
from ui.controllers.choices import Choices
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.controllers.settings import SettingsController


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
        window.actions_table["settings"].triggered.connect(lambda: self.open())

    def open(self, endpoint_id: str = "") -> None:
        """Show the settings, at the form of an endpoint where one is named."""
        if self.controller is None:
            from ui.controllers.settings import SettingsController

            self.controller = SettingsController(
                self._window, self._services, self._choices, self._tasks, self
            )
            self.controller.theme_chosen.connect(self._choose_theme)
            self.controller.endpoints_changed.connect(self.endpoints_changed)
        self.controller.open(endpoint_id)

    async def close(self) -> None:
        """Do for good what could still have been undone."""
        if self.controller is not None:
            await self.controller.close()

    def _choose_theme(self, name: str) -> None:
        """As the command of the window does, so that both show the same."""
        self._window.actions_table[f"theme-{name}"].trigger()
