"""The first look at pictures, which waits for nothing else that is decoded."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.domain.picture import Pixels
from app.pictures.decoder import Decoder
from app.services import Services
from ui.tasks import TaskOwner

IDLE_MS = 60_000
"""After so long without anything to look at, the further child goes."""
_EXPECTING = "expect a picture"
_RENEWING = "renew the decoder"
_REST = "rest from glances"


class Glances(QObject):
    """Owns a further decoder for what comes while the usual one has something to do."""

    def __init__(self, services: Services, tasks: TaskOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._usual = services.decoder
        self._tasks = tasks
        self._further: Decoder | None = None
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(lambda: self._tasks.start(self.close(), _REST))

    @property
    def ready(self) -> bool:
        """Whether a child runs that is free for the next look."""
        return self._free() is not None

    def expect(self) -> None:
        """A picture may come in a moment: start what is going to look at it, unless that is ready."""
        if self.ready or self._tasks.runs(_EXPECTING):
            return
        decoder = self._usual
        if decoder.busy:
            decoder = self._further = self._further or Decoder()
            self._idle.start()
        self._tasks.start(decoder.get_ready(), _EXPECTING)

    def renew(self) -> None:
        """A picture was taken away, and with it the child that was reading it, if one was: have the next one
        ready for what comes in its place."""
        if self._usual.pid is not None and not self._tasks.runs(_RENEWING):
            self._tasks.start(self._usual.get_ready(), _RENEWING)

    async def look(self, path: Path, name: str, side: int) -> Pixels:
        """As `Decoder.glance`."""
        decoder = self._free() or self._usual
        if decoder is self._further:
            self._idle.start()
        return await decoder.glance(path, name, side)

    async def close(self) -> None:
        """End the further child, if there is one."""
        decoder, self._further = self._further, None
        if decoder is not None:
            await decoder.close()

    def _free(self) -> Decoder | None:
        for decoder in (self._usual, self._further):
            if decoder is not None and decoder.pid is not None and not decoder.busy:
                return decoder
        return None
