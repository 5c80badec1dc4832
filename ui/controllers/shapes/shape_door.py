"""The way to what answers point at, which is imported with the first that may point at something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.message import Message
from app.services import Services
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.shapes.pointing_answers import PointingAnswers
from ui.filling import imported
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.controllers.pictures.picture_choices import PictureChoicesController
    from ui.controllers.shapes.grounding import GroundingController

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
        self._answers = PointingAnswers(self._load, self)

    def hear(self, answer: Message) -> None:
        """An answer is on the screen as it is now."""
        self._answers.take(answer)

    def close(self) -> None:
        """The window closes: nothing is read any more."""
        self._answers.close()
        if self._grounding is not None:
            self._grounding.close()

    def _load(self) -> Iterator[None]:
        yield from imported(PARTS)
        from ui.controllers.shapes.grounding import GroundingController

        parts = self._conversations, self._choices(), self._show_picture
        made = GroundingController(self._window, self._services, *parts, self._tasks)
        made.ask_about.connect(self.ask_about)
        self._grounding = made
        self._answers.read_with(made.take)
        yield
        made.listing.prepare()
