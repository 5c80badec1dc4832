"""The way to draw on pictures: what it takes is loaded with the first picture that is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint

from ui.controllers.asking.attachments import AttachmentController
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.history import HistoryController
from ui.filling import imported
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.controllers.regions.regions import RegionsController
    from ui.panes.drop import DropPlace
    from ui.panes.view.picture_pane import PicturePane

NEEDED = (
    "ui.panes.regions.geometry",
    "ui.panes.regions.marks",
    "ui.panes.regions.tools",
    "ui.panes.regions.keys",
    "ui.panes.view.tool_bar",
    "ui.panes.view.picture_marker",
    "ui.panes.regions.painter",
    "ui.panes.regions.sheet",
    "ui.panes.regions.board",
    "ui.panes.regions.layer",
    "ui.controllers.regions.near",
    "ui.controllers.regions.regions",
)
"""Imported one after the other, so that no frame waits for all of them."""


class DrawingDoor(QObject):
    """Lets pictures be drawn on, and put in the place of others. `show_picture` brings one to the
    active pane."""

    def __init__(
        self,
        window: MainWindow,
        attachments: AttachmentController,
        conversations: ConversationController,
        show_picture: Callable[[str], None],
        history: HistoryController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._attachments = attachments
        self._conversations = conversations
        self._show_picture = show_picture
        self._history = history
        self._tasks = tasks

    @cached_property
    def regions(self) -> RegionsController:
        """What is drawn."""
        from ui.controllers.regions.regions import RegionsController

        parts = self._attachments, self._conversations, self._show_picture, self._history
        return RegionsController(self._window, *parts)

    def attend(self, pane: PicturePane) -> None:
        """Let the picture of a pane be drawn on."""
        if "regions" in self.__dict__:
            self.regions.attend(pane)
        else:
            self._tasks.start(self._begin(pane))

    def place_at(self, point: QPoint) -> DropPlace | None:
        """What a drop at a point of the window puts aside; None where that is nothing."""
        from ui.panes.drop import DropPlace

        window, attachments = self._window, self._attachments
        found = window.composer.strip.chip_at(window.mapToGlobal(point))
        if found is None or found[0].state != "ready":
            return None
        chip, area = found
        area.moveTopLeft(window.mapFromGlobal(area.topLeft()))
        words = self.tr("Drop to put it in the place of {name}").format(name=chip.name)
        return DropPlace(area, words, lambda offered: attachments.offer(offered, instead_of=chip.key))

    async def _begin(self, pane: PicturePane) -> None:
        for _ in imported(NEEDED):
            await asyncio.sleep(0)
        self.regions.attend(pane)
