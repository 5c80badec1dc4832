"""What a full disk refused: it is saved as soon as it can be, elsewhere if the user likes, and the
window is not closed over it unasked."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QTimer

from app import durable_files
from app.domain.errors import StoreFailed
from app.domain.message import Role
from app.services import Services
from ui import problems
from ui.controllers.asking.drafts import DraftController
from ui.controllers.asking.running import Running, RunningAnswers
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

log = logging.getLogger(__name__)

TRY_EVERY_MS = 2000
_SAVE_AS = "save unsaved elsewhere"


class UnsavedController(QTimer):
    """Tries again from time to time while something waits for room on the disk."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        running: RunningAnswers,
        drafts: DraftController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window, interval=TRY_EVERY_MS)
        self._window = window
        self._services = services
        self._running = running
        self._drafts = drafts
        self._tasks = tasks
        self._failing = False
        self._elsewhere: Path | None = None
        self._let_go = False
        self.timeout.connect(self._look)
        running.grew.connect(self._take_growth)

    def text(self) -> str:
        """Everything that is only in memory, to be read by a person; empty where there is nothing."""
        names = {Role.USER: self.tr("Question"), Role.ASSISTANT: self.tr("Answer")}
        parts = [
            (names.get(message.role, message.role.value), message.text or message.reasoning)
            for message in self._services.chat.unsaved
        ]
        parts += [(self.tr("Draft"), draft.text) for draft in self._drafts.unsaved]
        return "\n\n".join(f"{name}\n\n{text}" for name, text in parts if text.strip())

    async def may_leave(self) -> bool:
        """Whether the window may close; asks the user where something would be lost with it."""
        while True:
            error = await self._try_to_save()
            if not self.text():
                return True
            self._window.window().show()
            answer = await self._ask(error)
            if answer == "save" and await self._save_elsewhere():
                return True
            if answer in ("quit", "stay"):
                self._let_go = answer == "quit"
                return self._let_go

    async def write_at_last(self) -> None:
        """Write what is still unsaved where the user had it saved before, and where nobody could be
        asked, because the system ends the program, to a temporary file. Never raises."""
        text = "" if self._let_go else self.text()
        if not text:
            return
        path = self._elsewhere or Path(tempfile.gettempdir(), f"fovea-not-saved-{os.getpid()}.txt")
        try:
            await _write(path, text)
            log.error("what was not saved is in %s", path)
        except OSError as error:
            log.error("not saved elsewhere: %s", error)

    def _look(self) -> None:
        if self._failing or self._services.chat.unsaved or self._drafts.failing is not None:
            self._tasks.start(self._say_how_it_is(), "save unsaved")

    def _take_growth(self, running: Running) -> None:
        if running.snapshot.unsaved is not None:
            self._say_failed(running.snapshot.unsaved)

    async def _say_how_it_is(self) -> None:
        error = await self._try_to_save()
        if error is not None:
            self._say_failed(error)
        elif self._failing:
            self._failing = False
            self._window.show_notice(self.tr("Everything is saved again."), "positive")

    def _say_failed(self, error: StoreFailed) -> None:
        """Once, until it works again."""
        if not self._failing:
            self._failing = True
            later = self.tr("What is not saved yet is saved as soon as that works again.")
            self._say(f"{problems.sentence(error)} {later}")

    def _say(self, words: str) -> None:
        self._window.show_notice(words, "warning", self.tr("Save as…"), self._begin_to_save)

    async def _try_to_save(self) -> StoreFailed | None:
        """Why not everything could be saved; None where it is."""
        try:
            await self._services.chat.save_unsaved()
        except StoreFailed as error:
            return error
        self._running.forget_unsaved()
        await self._drafts.save()
        return self._drafts.failing

    def _begin_to_save(self) -> None:
        self._tasks.start(self._save_and_say(), _SAVE_AS)

    async def _save_and_say(self) -> None:
        if self.text() and await self._save_elsewhere():
            words = self.tr("Saved to {path}. Fovea still tries to save it in your library.")
            self._window.show_notice(words.format(path=self._elsewhere), "positive")

    async def _save_elsewhere(self) -> bool:
        """Whether the user chose a file and it was written."""
        path = await self._file()
        if path is None:
            return False
        try:
            await _write(path, self.text())
        except OSError as error:
            words = self.tr("{path} could not be written: {reason}.")
            self._say(words.format(path=path, reason=error.strerror or type(error).__name__))
            return False
        self._elsewhere = path
        return True

    async def _file(self) -> Path | None:
        from PySide6.QtCore import QStandardPaths
        from PySide6.QtWidgets import QFileDialog

        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self._window.window(), self.tr("Save as"), documents)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Text") + " (*.txt)", self.tr("All files") + " (*)"])
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(self.tr("Not saved by Fovea") + ".txt")
        chosen: asyncio.Future[Path | None] = asyncio.get_running_loop().create_future()
        dialog.fileSelected.connect(lambda name: _settle(chosen, Path(name)))
        dialog.finished.connect(lambda _: _settle(chosen, None))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return await chosen

    async def _ask(self, error: StoreFailed | None) -> str:
        from ui.unsaved_question import ask_what_to_do

        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        ask_what_to_do(
            self._window.window(),
            "" if error is None else problems.sentence(error),
            lambda chosen: _settle(answer, chosen),
        )
        return await answer


def _settle(future: asyncio.Future, result: object) -> None:  # type: ignore[type-arg]
    if not future.done():
        future.set_result(result)


async def _write(path: Path, text: str) -> None:
    """Raises OSError."""
    await asyncio.to_thread(durable_files.replace, path, text.encode("utf-8", "replace"))
