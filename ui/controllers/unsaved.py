"""What a full disk refused is saved as soon as it can be."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from app.domain.errors import StoreFailed
from app.services import Services
from ui import problems
from ui.controllers.running import RunningAnswers
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

TRY_EVERY_MS = 2000


class UnsavedController(QTimer):
    """Tries again from time to time while an answer waits for room on the disk."""

    def __init__(
        self, window: MainWindow, services: Services, running: RunningAnswers, tasks: TaskOwner
    ) -> None:
        super().__init__(window, interval=TRY_EVERY_MS)
        self._window = window
        self._services = services
        self._running = running
        self._tasks = tasks
        self.timeout.connect(self._look)

    def _look(self) -> None:
        if self._services.chat.unsaved:
            self._tasks.start(self._try_to_save(), "save unsaved")

    async def _try_to_save(self) -> None:
        try:
            await self._services.chat.save_unsaved()
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
        else:
            self._running.forget_unsaved()
            self._window.show_notice(self.tr("Everything is saved again."), "positive")
