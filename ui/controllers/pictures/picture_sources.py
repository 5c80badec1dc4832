"""Where pictures come from besides drops, pastes and files: each is imported when first asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services import Services
from ui.controllers.asking.attachments import AttachmentController
from ui.controllers.endpoints.choices import Choices
from ui.filling import imported
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.controllers.pictures.camera_roll import CameraRollController
    from ui.controllers.pictures.capturing import CaptureController
    from ui.controllers.pictures.frames import FramesController


ROLL = (
    "app.pictures.camera_roll",
    "ui.widgets.picture_grid",
    "ui.camera_roll.folder_question",
    "ui.camera_roll.dialog",
    "ui.controllers.pictures.camera_roll",
)
CAPTURE = (
    "ui.capture.stills",
    "ui.capture.countdown",
    "ui.capture.overlay",
    "ui.capture.dialog",
    "ui.controllers.pictures.capturing",
)
"""Imported one after the other, so that no frame waits for all of them."""
_OPENING = "open a source of pictures"


class PictureSources(QObject):
    """Screen captures, the newest pictures of a folder, folders that are dropped, and single frames."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        attachments: AttachmentController,
        choices: Choices,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._attachments = attachments
        self._choices = choices
        self._tasks = tasks
        attachments.changed.connect(self._look_for_frames)
        attachments.folder_given.connect(self._take_folder)
        actions = window.actions_table
        actions["capture"].triggered.connect(lambda: self._open(CAPTURE, lambda: self.capturing.open()))
        actions["newest"].triggered.connect(lambda: self._open(ROLL, lambda: self.camera_roll.open()))

    @cached_property
    def frames(self) -> FramesController:
        """What lets frames be chosen."""
        from ui.controllers.pictures.frames import FramesController

        return FramesController(self._window, self._services, self._attachments, self._tasks)

    @cached_property
    def capturing(self) -> CaptureController:
        """What captures the screen."""
        from ui.controllers.pictures.capturing import CaptureController

        return CaptureController(self._window, self._attachments, self._tasks)

    @cached_property
    def camera_roll(self) -> CameraRollController:
        """What shows the newest pictures of a folder."""
        from ui.controllers.pictures.camera_roll import CameraRollController

        return CameraRollController(self._window, self._attachments, self._choices, self._tasks)

    def _open(self, needed: tuple[str, ...], do: Callable[[], object]) -> None:
        """Open one of them, unless one is being opened."""
        if not self._tasks.runs(_OPENING):
            self._tasks.start(_when_imported(needed, do), _OPENING)

    def _take_folder(self, key: str, path: str) -> None:
        self._tasks.start(_when_imported(ROLL, lambda: self.camera_roll.take_folder(key, path)))

    def _look_for_frames(self) -> None:
        if self._attachments.ready:
            self.frames.look()


async def _when_imported(needed: tuple[str, ...], do: Callable[[], object]) -> None:
    for _ in imported(needed):
        await asyncio.sleep(0)
    do()
