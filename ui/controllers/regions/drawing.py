"""The way to draw on pictures: what it takes is loaded with the first picture that is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QMouseEvent

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

PRESSING = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
POINTING = (*PRESSING, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease)


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
        elif pane in self._early:
            self._early[pane].forget_stroke()  # it was meant for the picture before
        else:
            self._early[pane] = EarlyTool(pane.view)
            pane.destroyed.connect(lambda: self._early.pop(pane, None))
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
        """What was done meanwhile is done then."""
        for _ in imported(NEEDED):
            await asyncio.sleep(0)
        if pane in self._early:
            self.regions.attend(pane)
            await asyncio.sleep(0)
        taken: Tool | None = None
        while (early := self._early.get(pane)) is not None and early.tool is not taken:
            taken = early.tool
            self.regions.take_up(pane, taken)
            await asyncio.sleep(0)
        while (early := self._early.get(pane)) is not None and early.holds:
            early.go_on()
            await asyncio.sleep(0)
        if early is not None:
            del self._early[pane]
            early.end()


class EarlyTool(QObject):
    """Keeps what is taken in the hand over a picture until it can be drawn on, and what is drawn."""

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._stroke: list[QMouseEvent] = []
        self._gives_back = False
        self.tool: Tool | None = None
        view.installEventFilter(self)

    @property
    def holds(self) -> bool:
        """Whether the pointer went ahead."""
        return bool(self._stroke)

    def go_on(self) -> None:
        """It can be drawn on now: draw as the pointer went, or end what was drawn so."""
        self._gives_back = True
        ends = self._stroke[0].type() == QEvent.Type.MouseButtonRelease
        while self._stroke and (self._stroke[0].type() == QEvent.Type.MouseButtonRelease) == ends:
            QCoreApplication.sendEvent(self._view, self._stroke.pop(0))
        self._gives_back = False

    def end(self) -> None:
        """Nothing is kept any more."""
        self._view.removeEventFilter(self)
        self.deleteLater()

    def forget_stroke(self) -> None:
        """Nothing comes of what was drawn."""
        self._stroke.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return self._press_key(cast("QKeyEvent", event))
        if event.type() not in POINTING or self.tool is None or self._gives_back:
            return False
        pointing = cast("QMouseEvent", event)
        begins = event.type() in PRESSING and pointing.button() == Qt.MouseButton.LeftButton
        if begins or self._stroke:
            self._stroke.append(_copy(pointing))
        return begins or bool(self._stroke)

    def _press_key(self, event: QKeyEvent) -> bool:
        from ui.panes.regions.keys import tool_of

        if event.key() == Qt.Key.Key_Escape and self.tool is not None:
            if event.type() == QEvent.Type.KeyPress:
                self.tool = None
                self.forget_stroke()
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        tool = tool_of(event)
        self.tool = tool or self.tool
        return tool is not None


def _copy(event: QMouseEvent) -> QMouseEvent:
    """The event itself is gone when it was heard."""
    return QMouseEvent(
        event.type(),
        event.position(),
        event.globalPosition(),
        event.button(),
        event.buttons(),
        event.modifiers(),
    )
