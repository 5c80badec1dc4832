"""The way to what answers point at, which is imported with the first that may point at something."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.message import Message, Role
from app.services import Services
from ui.controllers.conversation.conversation import ConversationController
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.widgets.steps import Steps

if TYPE_CHECKING:
    from ui.controllers.pictures.picture_choices import PictureChoicesController
    from ui.controllers.shapes.grounding import GroundingController

SIGNS = ("{", "<loc", "<box>", "_start|>", "<|det|>", "<patch_index_", "<x_", "<point", "begin_of_box", "[[")
"""One of these is in every answer that points at something; only Molmo's may be without."""
TAIL = 2_000
"""Characters at the end of an answer that grows in which a new sign is looked for."""
PARTS = (
    "ui.panes.shapes.mask",
    "ui.panes.shapes.scene",
    "ui.panes.shapes.painting",
    "ui.panes.shapes.sheet",
    "ui.panes.shapes.layer",
    "ui.panes.shapes.pane_shapes",
    "ui.panes.shapes.rows",
    "ui.panes.shapes.row_delegate",
    "ui.panes.shapes.row_list",
    "ui.panes.shapes.side_panel",
    "ui.panes.shapes.list_head",
    "ui.panes.shapes.list_view",
    "ui.transcript.spans",
    "ui.controllers.pictures.picture_choices",
    "ui.controllers.shapes.shape_reading",
    "ui.controllers.shapes.shapes_in_panes",
    "ui.controllers.shapes.shape_listing",
    "ui.controllers.shapes.grounding",
)
"""One step each; what a module needs of the earlier ones is there already."""


class ShapeDoor(QObject):
    """Hears of every answer to a question with pictures, and lets in those that may point at something."""

    ask_about = Signal(str, object)
    """The hash of a picture, and a Region of it that the next question is to be about."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        choices: Callable[[], PictureChoicesController],
        show_picture: Callable[[str], None],
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._conversations = conversations
        self._choices = choices
        self._show_picture = show_picture
        self._tasks = tasks
        self._grounding: GroundingController | None = None
        self._pointing: set[str] = set()
        self._waiting: dict[str, Message] = {}
        self._steps = Steps(self)
        self._closed = False

    def hear(self, answer: Message) -> None:
        """An answer is on the screen as it is now."""
        if self._closed or (answer.id not in self._pointing and not may_point(answer)):
            return
        self._pointing.add(answer.id)
        if self._grounding is not None:
            self._grounding.take(answer)
            return
        self._waiting[answer.id] = answer
        if not self._steps.busy:
            self._steps.run(self._load())

    def close(self) -> None:
        """The window closes: nothing is read any more."""
        self._closed = True
        self._steps.run(iter(()))
        if self._grounding is not None:
            self._grounding.close()

    def _load(self) -> Iterator[None]:
        for name in PARTS:
            importlib.import_module(name)
            yield
        from ui.controllers.shapes.grounding import GroundingController

        parts = self._conversations, self._choices(), self._show_picture
        made = GroundingController(self._window, self._services, *parts, self._tasks)
        made.ask_about.connect(self.ask_about)
        self._grounding = made
        for answer in self._waiting.values():
            made.take(answer)
        self._waiting.clear()
        yield
        made.listing.prepare()


def may_point(message: Message) -> bool:
    """Whether it is worth reading an answer. While it grows, only its end is looked at."""
    run = message.run
    if message.role is not Role.ASSISTANT or run is None or not run.prepared:
        return False
    if run.entities or "molmo" in run.model.casefold():
        return True
    text = message.text if message.status.finished else message.text[-TAIL:]
    return any(sign in text for sign in SIGNS)
