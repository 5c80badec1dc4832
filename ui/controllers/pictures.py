"""Which picture the pane shows."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QSize

from app.domain.errors import FoveaError
from app.services import Services
from ui import problems
from ui.controllers.images import to_image
from ui.panes.filmstrip import Filmstrip
from ui.panes.picture_pane import PicturePane
from ui.tasks import TaskOwner

LONGEST_SIDE = 4096
_TASK = "show picture"


class PictureController(QObject):
    """Keeps the filmstrip and the pane in step with the conversation's pictures."""

    def __init__(
        self,
        pane: PicturePane,
        filmstrip: Filmstrip,
        services: Services,
        tasks: TaskOwner,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._filmstrip = filmstrip
        self._services = services
        self._tasks = tasks
        self._names: dict[str, str] = {}
        self._shown = ""
        filmstrip.picture_chosen.connect(self.show_picture)

    def set_pictures(self, pictures: list[tuple[str, str]]) -> None:
        """The (sha256, name) of every picture, oldest first; the newest is shown."""
        names = dict(pictures)
        added = [sha256 for sha256 in names if sha256 not in self._names]
        self._names = names
        self._filmstrip.set_pictures(list(names.items()))
        if not names:
            self._shown = ""
            self._tasks.cancel(_TASK)
            self._pane.show_empty()
        elif added or self._shown not in names:
            self.show_picture(added[-1] if added else next(reversed(names)))

    def show_picture(self, sha256: str) -> None:
        """Show one of the pictures, large."""
        if sha256 == self._shown or sha256 not in self._names:
            return
        self._shown = sha256
        self._filmstrip.set_current(sha256)
        self._pane.show_loading(self._names[sha256])
        self._tasks.start(self._load(sha256), _TASK)

    async def _load(self, sha256: str) -> None:
        name = self._names[sha256]
        pictures = self._services.store.pictures
        try:
            picture = await pictures.get(sha256)
            pixels = await self._services.decoder.pixels(pictures.path(sha256), name, LONGEST_SIDE)
        except FoveaError as error:
            self._pane.show_problem(problems.sentence(error))
            return
        image = await asyncio.to_thread(to_image, pixels)
        self._pane.show_picture(image, name, QSize(picture.width, picture.height))
