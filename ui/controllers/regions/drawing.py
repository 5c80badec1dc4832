"""The way to draw on pictures: what it takes is loaded with the first picture that is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPoint

from ui.controllers.asking.attachments import AttachmentController
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.history import HistoryController
from ui.filling import imported
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ui.controllers.regions.regions import RegionsController
    from ui.panes.drop import DropPlace
    from ui.panes.regions.tools import Tool
    from ui.panes.view.picture_pane import PicturePane
    from ui.panes.view.picture_view import PictureView

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
        self._early: dict[PicturePane, EarlyTool] = {}

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
        elif pane not in self._early:
            self._early[pane] = EarlyTool(pane.view, lambda: self._attend(pane))
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
        self._attend(pane)

    def _attend(self, pane: PicturePane) -> None:
        if (early := self._early.pop(pane, None)) is not None:
            self.regions.attend(pane)
            if early.tool is not None:
                self.regions.take_up(pane, early.tool)
            early.end()


class EarlyTool(QObject):
    """Keeps what is taken in the hand over a picture until it can be drawn on; `needed` is called when
    it is to be used already."""

    def __init__(self, view: PictureView, needed: Callable[[], None]) -> None:
        super().__init__(view)
        self._view = view
        self._needed = needed
        self.tool: Tool | None = None
        view.installEventFilter(self)

    def end(self) -> None:
        """It can be drawn on now."""
        self._view.removeEventFilter(self)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            from ui.panes.regions.keys import tool_of

            tool = tool_of(cast("QKeyEvent", event))
            self.tool = tool or self.tool
            return tool is not None
        if event.type() == QEvent.Type.MouseButtonPress and self.tool is not None:
            self._needed()
        return False
