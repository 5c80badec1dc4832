"""Choosing frames of an animation, or pages of a document, that is attached."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.errors import FoveaError
from app.pictures.decoder import FrameCount
from app.pictures.intake import FrameOf, Offer
from app.services import Services
from ui.controllers.asking.attachments import AttachmentController
from ui.controllers.pictures.images import to_image
from ui.filling import imported
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.frames_dialog import FramesDialog

FORMATS = {"gif", "webp", "png", "avif", "tiff", "heif"}
AT_ONCE = 8
"""So many frames are shown before the window may do something else."""
_OPENING = "open frames"
_READING = "read frames"


class FramesController(QObject):
    """Looks which attached pictures have more than one frame, and takes those that are chosen."""

    def __init__(
        self, window: MainWindow, services: Services, attachments: AttachmentController, tasks: TaskOwner
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._attachments = attachments
        self._tasks = tasks
        self._known: dict[str, FrameCount] = {}
        self._looking = False
        attachments.has_frames = self._has_frames
        window.composer.attachment_frames_requested.connect(self.choose)

    def look(self) -> None:
        """Mark those of the ready pictures that have frames to choose from."""
        if not self._looking and any(sha256 not in self._known for sha256 in self._ready()):
            self._looking = True
            self._tasks.start(self._look())

    def choose(self, key: str) -> None:
        """Let the user choose frames of the attached picture with this key."""
        for chip in self._window.composer.strip.chips():
            if chip.key == key and chip.sha256 in self._known:
                self._tasks.start(self._open(chip.sha256, chip.name), _OPENING)

    def _has_frames(self, sha256: str) -> bool:
        return sha256 in self._known and self._known[sha256].listed > 1

    def _ready(self) -> list[str]:
        return [sha256 for sha256, _ in self._attachments.ready]

    async def _look(self) -> None:
        try:
            while missing := [sha256 for sha256 in self._ready() if sha256 not in self._known]:
                await self._look_at(missing[0])
        finally:
            self._looking = False  # at once: its task ends some turns later

    async def _look_at(self, sha256: str) -> None:
        self._known[sha256] = await self._count(sha256)
        if self._known[sha256].listed > 1:
            chips = self._window.composer.strip.chips()
            self._window.composer.set_attachments(
                [chip._replace(framed=self._has_frames(chip.sha256)) for chip in chips]
            )

    async def _count(self, sha256: str) -> FrameCount:
        try:
            picture = await self._services.store.pictures.get(sha256)
            if picture.format in FORMATS:
                return await self._services.decoder.frames(self._path(sha256), "")
        except (FoveaError, KeyError):
            pass  # whatever is wrong with it is said where it is shown
        return FrameCount(1)

    async def _open(self, sha256: str, name: str) -> None:
        for _ in imported(("ui.widgets.picture_grid", "ui.frames_dialog")):
            await asyncio.sleep(0)
        from ui.frames_dialog import FrameList, FramesDialog  # few pictures have frames

        known = self._known[sha256]
        dialog = FramesDialog(FrameList(name, known.listed, known.more, known.pages), self._window)
        dialog.frames_chosen.connect(lambda numbers: self._take(sha256, name, numbers))
        dialog.finished.connect(lambda _: self._tasks.cancel(_READING))
        await asyncio.sleep(0)
        dialog.open()
        self._tasks.start(self._read(dialog, self._path(sha256), name, known.large), _READING)

    async def _read(self, dialog: FramesDialog, path: Path, name: str, large: bool) -> None:
        """Show the frames in their order, until the last or the dialog is closed; then nothing is kept of
        them."""
        try:
            await self._show(dialog, path, name, large)
            dialog.end()
        finally:
            await self._services.decoder.forget()

    async def _show(self, dialog: FramesDialog, path: Path, name: str, large: bool) -> None:
        from ui.frames_dialog import LONGEST_SIDE

        came = 0
        try:
            while strip := await self._services.decoder.strip(path, name, came, LONGEST_SIDE, large):
                for number, frame in enumerate(strip, 1):
                    if frame.pixels is None:
                        dialog.add_unseen(frame.reason)
                    else:
                        dialog.add_frame(to_image(frame.pixels), frame.milliseconds)
                    if number % AT_ONCE == 0:
                        await asyncio.sleep(0)
                came += len(strip)
        except FoveaError:
            pass  # the rest cannot be read, and is not offered

    def _take(self, sha256: str, name: str, numbers: list[int]) -> None:
        known = self._known[sha256]
        called = self.tr("{name}, page {number}") if known.pages else self.tr("{name}, frame {number}")
        frames = [
            FrameOf(self._path(sha256), called.format(name=name, number=number + 1), number)
            for number in numbers
        ]
        self._attachments.take(Offer(frames=tuple(frames), large=known.large))

    def _path(self, sha256: str) -> Path:
        return self._services.store.pictures.path(sha256)
