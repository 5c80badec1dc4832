"""Reads the parts of pictures that are looked at closely."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import FoveaError
from app.domain.geometry import Box
from app.pictures.decoder import Decoder
from app.services import Services
from ui.controllers.pictures.images import to_image
from ui.panes.view.tiles import SIDE
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.panes.view.picture_pane import PicturePane
    from ui.panes.view.tiles import TileKey

IDLE_MS = 30_000
"""After so long without anything to read, the child and the picture in it go."""
_TASK = "read tiles"
_REST = "rest from tiles"


class PictureTiles(QObject):
    """Owns a decoder of its own, which keeps the picture that is looked at.

    One part is read at a time, one pane after the other; what is not wanted any more is not read.
    """

    def __init__(self, services: Services, tasks: TaskOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures = services.store.pictures
        self._tasks = tasks
        self._decoder: Decoder | None = None
        self._wanted: dict[PicturePane, list[TileKey]] = {}
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._rest)

    def want(self, pane: PicturePane, keys: tuple[TileKey, ...]) -> None:
        """A pane needs these parts of its picture now, the first most, and no others."""
        self._wanted.pop(pane, None)
        if keys and pane.sha256:
            self._wanted = {pane: list(keys), **self._wanted}
            if not self._tasks.runs(_TASK):
                self._idle.stop()
                self._tasks.start(self._work(), _TASK)

    async def close(self) -> None:
        """End the child, if there is one."""
        decoder, self._decoder = self._decoder, None
        if decoder is not None:
            await decoder.close()

    def _rest(self) -> None:
        self._tasks.start(self.close(), _REST)

    async def _work(self) -> None:
        while self._wanted:
            pane, keys = next(iter(self._wanted.items()))
            if not keys or not pane.sha256:
                del self._wanted[pane]
                continue
            try:
                await self._read(pane, keys.pop(0))
            except FoveaError:
                self._wanted.pop(pane, None)  # the coarser copy stays
        self._idle.start()

    async def _read(self, pane: PicturePane, key: TileKey) -> None:
        sha256, box = pane.sha256, key.box(pane.view.placement.picture)
        if self._decoder is None:
            self._decoder = Decoder()
        part = Box(box.left(), box.top(), box.right(), box.bottom())
        pixels = await self._decoder.part(self._pictures.path(sha256), pane.name, part, SIDE)
        image = await asyncio.to_thread(to_image, pixels)
        if pane.sha256 == sha256:
            pane.view.put_tile(key, image)

    def forget(self, pane: PicturePane) -> None:
        """A pane is gone."""
        self._wanted.pop(pane, None)
