"""Fetches each wanted thumbnail once and hands it to every feature that shows it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.domain.errors import FoveaError
from app.services import Services
from ui.controllers.pictures.images import to_image
from ui.tasks import TaskOwner

LONGEST_SIDE = 320


class ThumbnailController(QObject):
    """Features ask by `want`; each of `receivers` is called as (sha256, image)."""

    def __init__(self, services: Services, tasks: TaskOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._tasks = tasks
        self._receivers: list[Callable[[str, QImage], None]] = []
        self._wanted: set[str] = set()

    def add_receiver(self, receiver: Callable[[str, QImage], None]) -> None:
        """`receiver` gets every thumbnail from now on."""
        self._receivers.append(receiver)

    def remove_receiver(self, receiver: Callable[[str, QImage], None]) -> None:
        """`receiver` gets none any more."""
        self._receivers.remove(receiver)

    def want(self, sha256: str) -> None:
        """Fetch a thumbnail unless it is on its way."""
        if sha256 and sha256 not in self._wanted:
            self._wanted.add(sha256)
            self._tasks.start(self._fetch(sha256))

    async def _fetch(self, sha256: str) -> None:
        try:
            image = to_image(await self._services.thumbnails.get(sha256, LONGEST_SIDE))
        except FoveaError:
            return  # the pane says why when the picture is opened
        finally:
            self._wanted.discard(sha256)
        for receiver in self._receivers:
            receiver(sha256, image)
