"""Where pictures are seen, drawn on and pointed at, and what leads between those places."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services import Services
from ui.controllers.asking.composing import ComposingController
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.history import HistoryController
from ui.controllers.pictures.pictures import PictureController
from ui.controllers.pictures.thumbnails import ThumbnailController
from ui.controllers.sent.sent_door import SentDoor
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.controllers.regions.drawing import DrawingDoor
    from ui.controllers.shapes.shape_door import ShapeDoor
    from ui.panes.filmstrip import Filmstrip
    from ui.panes.view.picture_pane import PicturePane
    from ui.transcript.view import TranscriptView


NEED_A_PICTURE = (
    *("zoom-in", "zoom-out", "zoom-fit", "zoom-full", "zoom-fill", "turn-right", "turn-left", "full-screen"),
    *("grid", "readout", "copy-colour", "together", "pane-right", "pane-down", "pane-close"),
)
"""Commands that have nothing to do without a picture."""


class PicturePlaces(QObject):
    """Connects the panes, the row of pictures, the composer, the transcript and the library."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        composing: ComposingController,
        history: HistoryController,
        pictures: PictureController,
        sent: SentDoor,
        thumbnails: ThumbnailController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._conversations = conversations
        self._composing = composing
        self._history = history
        self._pictures = pictures
        self._sent = sent
        self._thumbnails = thumbnails
        self._tasks = tasks

    def connect_all(self) -> None:
        """From now on pictures go where they belong."""
        window, attachments = self._window, self._composing.attachments
        for asking in (window.library, attachments):
            asking.thumbnail_wanted.connect(self._thumbnails.want)
        for showing in (window.library, window.composer):
            self._thumbnails.add_receiver(showing.set_thumbnail)
        self._pictures.strip_made.connect(self._take_strip)
        self._pictures.menu_fillers.append(lambda sha256, menu: self._sent.menus.fill(sha256, menu))
        window.pictures_offered.connect(
            lambda offered, pasted: self._pictures.preview(
                offered, lambda: attachments.offer(offered, pasted)
            )
        )
        window.drops.covered.connect(lambda covered: self._pictures.glances.expect() if covered else None)
        window.composer.attachment_removed.connect(lambda _: self._pictures.glances.renew())
        window.drops.place_at = lambda point: self.drawing.place_at(point)
        window.panes.open_requested.connect(attachments.ask_for_files)
        window.talk.when_made(self._attend_transcript)
        for pane in window.panes.panes():
            self._attend(pane)
        window.panes.pane_added.connect(self._attend)
        self._composing.pictures_changed.connect(self.show_pictures)
        self._conversations.branch_shown.connect(self.show_pictures)
        self._conversations.answer_seen.connect(lambda answer: self.shapes.hear(answer))
        nothing = self.tr("No answer here points at a place in a picture.")
        window.actions_table.forbid("shapes", nothing)

    def take_early(self, paths: list[str]) -> None:
        """Take in files, and what was offered before somebody listened."""
        attachments = self._composing.attachments
        attachments.open_paths(paths)
        for offered, pasted in self._window.take_early_offers():
            attachments.offer(offered, pasted)

    def show_pictures(self) -> None:
        """Show the pictures of the conversation and those of the next question."""
        attachments, asked = self._composing.attachments, self._conversations.pictures
        known = dict(asked)
        new = [(sha256, name) for sha256, name in attachments.ready if sha256 not in known]
        nothing = "" if asked or new else self.tr("Open a picture first.")
        for name in NEED_A_PICTURE:
            self._window.actions_table.forbid(name, nothing)
        self._pictures.set_pictures(
            [*asked, *new], self._conversations.conversation_id or "", reading=attachments.reading
        )

    def close(self) -> None:
        """End what works beside the window."""
        if "shapes" in self.__dict__:
            self.shapes.close()

    @cached_property
    def drawing(self) -> DrawingDoor:
        """The way to draw on pictures, made with the first picture that is shown."""
        from ui.controllers.regions.drawing import DrawingDoor

        parts = self._composing.attachments, self._conversations, self._pictures.show_picture
        return DrawingDoor(self._window, *parts, self._history, self._tasks)

    @cached_property
    def shapes(self) -> ShapeDoor:
        """What shows what answers point at, made with the first answer about a picture."""
        from ui.controllers.shapes.shape_door import ShapeDoor

        made = ShapeDoor(
            self._window,
            self._services,
            self._conversations,
            lambda: self._sent.choices,
            self._pictures.show_picture,
            self._tasks,
        )
        made.ask_about.connect(lambda sha256, region: self.drawing.regions.add_region(sha256, region))
        return made

    def _take_strip(self, strip: Filmstrip) -> None:
        panes = self._window.panes

        def tell() -> None:
            strip.set_open({tab.sha256 for group in panes.groups() for tab in group.tabs})

        panes.tabs_changed.connect(tell)
        panes.pane_removed.connect(lambda _: tell())
        tell()
        strip.keyboard_left.connect(lambda: panes.active.take_focus())
        strip.thumbnail_wanted.connect(self._thumbnails.want)
        self._sent.take_strip(strip)
        self._thumbnails.add_receiver(strip.set_thumbnail)

    def _attend_transcript(self, transcript: TranscriptView) -> None:
        transcript.thumbnail_wanted.connect(self._thumbnails.want)
        self._thumbnails.add_receiver(transcript.set_thumbnail)
        transcript.picture_activated.connect(self._pictures.show_picture)

    def _attend(self, pane: PicturePane) -> None:
        pane.picture_shown.connect(lambda sha256: self.drawing.attend(pane) if sha256 else None)
        self._sent.attend(pane)
