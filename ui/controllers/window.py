"""Connects the window's features with each other and with the services."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from app import log as log_files
from app.domain.errors import StoreFailed
from app.services import Services
from app.store.opening import OpenReport
from ui import problems, restart
from ui.actions import THEMES
from ui.controllers.asking.asking import AskingController
from ui.controllers.asking.composing import ComposingController
from ui.controllers.asking.running import RunningAnswers
from ui.controllers.asking.unsaved import UnsavedController
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.history import HistoryController
from ui.controllers.conversation.message_commands import MessageCommands
from ui.controllers.endpoints.choices import Choices
from ui.controllers.endpoints.endpoints import EndpointController
from ui.controllers.library.library import LibraryController
from ui.controllers.library.library_care import LibraryCare
from ui.controllers.pictures.dragged_pictures import DraggedPictures
from ui.controllers.pictures.picture_places import PicturePlaces
from ui.controllers.pictures.picture_sources import PictureSources
from ui.controllers.pictures.pictures import PictureController
from ui.controllers.pictures.thumbnails import ThumbnailController
from ui.controllers.sent.sent_door import SentDoor
from ui.controllers.settings.settings_door import SettingsDoor
from ui.filling import imported
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.theme import palette

if TYPE_CHECKING:
    from app.domain.message import Message
    from ui.controllers.comparing.comparing import ComparingController
    from ui.controllers.library.transfer import TransferController
    from ui.transcript.view import TranscriptView


log = logging.getLogger(__name__)

_LEAVE = "leave"
COMPARING = (
    "app.chat.comparing",
    "ui.controllers.pictures.picture_choices",
    "ui.compare.heads",
    "ui.compare.answer_cell",
    "ui.compare.model_offer",
    "ui.compare.compare_window",
    "ui.controllers.comparing.comparison_queue",
    "ui.controllers.comparing.table_shapes",
    "ui.controllers.comparing.comparison",
    "ui.controllers.comparing.offered_models",
    "ui.controllers.comparing.comparing",
)
"""Imported one after the other when it is first asked for."""


class WindowController(QObject):
    """Opens the library and everything on it, and ends both in order."""

    left = Signal()
    """The window was closed, and nothing that is only there keeps it open."""

    def __init__(self, window: MainWindow, home: Path) -> None:
        super().__init__(window)
        self._window = window
        self._home = home
        self._tasks = TaskOwner(self)
        self._tasks.failed.connect(lambda error: window.show_notice(problems.unexpected(error)))
        self._services: Services | None = None
        self._unsaved: UnsavedController | None = None
        self._early_paths: list[str] = []
        self._care = LibraryCare(window, home, self._tasks, self._start_again)
        window.panes.retry_requested.connect(self._start_again)

    async def start(self, pictures: Sequence[Path]) -> None:
        """Open the library, show it, and take the pictures in. A library that cannot be opened
        is said in the window."""
        choices = Choices(self._home)
        try:
            self._services = await Services.open(self._home, choices.settings)
        except StoreFailed as error:
            self._early_paths.extend(str(path) for path in pictures)
            self._window.show_failure(problems.sentence(error))
            self._care.offer(error)
            return
        self._window.show_failure("")
        log_files.to_file(self._home)
        self._build(self._services, choices)
        self._endpoints.forbidden = self._care.begin(self._services)
        await self._services.registry.prepare(choices.settings.endpoint)
        self._connect()
        await self._composing.begin()
        self._places.take_early([*(str(path) for path in pictures), *self._early_paths])
        await self._library.begin()
        await self._tell_what_opening_found(self._services.store.report)
        self._resume_pending()
        self._tasks.start(self._services.registry.tidy(), "tidy")

    def open_paths(self, paths: list[str]) -> None:
        """Bring the window to the front and take the pictures of another start in."""
        if self._services is not None:
            self._composing.attachments.open_paths(paths)
        else:
            self._early_paths.extend(paths)
        self._window.window().raise_()
        self._window.window().activateWindow()

    def leave(self) -> None:
        """The user closed the window; it comes back where something would be lost with it."""
        if self._unsaved is None:
            self.left.emit()
        elif self._tasks.runs(_LEAVE):
            self._window.window().show()  # with the question that is still to be answered
        else:
            self._tasks.start(self._leave(self._unsaved), _LEAVE)

    async def _leave(self, unsaved: UnsavedController) -> None:
        may_leave = True
        try:
            may_leave = await unsaved.may_leave()
        finally:
            if may_leave:
                self.left.emit()
            else:
                self._care.stay()

    async def close(self) -> None:
        """Keep the draft and the answers, then end everything."""
        if self._services is None:
            await self._care.end()
            await self._tasks.close()
            return
        self._endpoints.settle()
        await self._asking.settled()  # else what is asked would be a draft as well
        await self._composing.drafts.save()
        self._services.chat.closing = True
        self._sent.close()
        self._places.close()
        await self._settings.close()
        await self._tasks.close()
        await self._pictures.close()
        await self._choices.close()
        await self._keep_unsaved(self._services)
        await self._care.end()
        await self._services.close()
        await self._care.after_end()

    async def _keep_unsaved(self, services: Services) -> None:
        try:
            await services.chat.save_unsaved()
        except StoreFailed as error:
            log.error("not saved at the end: %s", error)
        await self._composing.drafts.save()  # what came into the composer, or left it, while tasks ended
        if self._unsaved is not None:
            await self._unsaved.write_at_last()

    def _start_again(self) -> None:
        self._tasks.start(self.start(()), "start")

    def _build(self, services: Services, choices: Choices) -> None:
        window, tasks = self._window, self._tasks
        self._choices = choices
        choices.setParent(self)
        choices.not_saved.connect(lambda why: window.show_notice(why, "danger"))
        self._running = RunningAnswers(tasks, self)
        self._conversations = ConversationController(window, services, self._running, tasks)
        self._asking = AskingController(window, services, self._conversations, self._running, tasks)
        self._endpoints = EndpointController(window.sidebar, services, choices, tasks, self)
        self._composing = ComposingController(
            window, services, self._conversations, self._asking, self._endpoints, tasks
        )
        self._messages = MessageCommands(window, services, self._conversations, self._asking, tasks)
        self._history = HistoryController(
            window, services, self._conversations, self._asking, self._composing, tasks
        )
        self._library = LibraryController(
            window, services, self._conversations, self._composing, self._history, self._running, tasks
        )
        asked_by = self._conversations, self._asking, self._composing, self._endpoints
        self._sent = SentDoor(window, services, *asked_by, tasks)
        self._settings = SettingsDoor(window, services, choices, tasks, self)
        files = DraggedPictures(services.store.pictures.path, tasks)
        self._pictures = PictureController(window, services, files, tasks)
        self._thumbnails = ThumbnailController(services, tasks, self)
        self._places = PicturePlaces(
            window,
            services,
            self._conversations,
            self._composing,
            self._history,
            self._pictures,
            self._sent,
            self._thumbnails,
            tasks,
        )
        self._sources = PictureSources(window, services, self._composing.attachments, choices, tasks)
        window.talk.when_made(lambda transcript: self._attend(transcript, services, files))
        self._unsaved = UnsavedController(window, services, self._running, self._composing.drafts, tasks)
        self._unsaved.start()

    def _attend(self, transcript: TranscriptView, services: Services, files: DraggedPictures) -> None:
        from ui.controllers.conversation.finding import FindController  # with what shows the words

        transcript.set_picture_files(files.find)
        transcript.link_activated.connect(self._open_link)
        FindController(transcript, services, self._conversations, self._tasks, self)

    def _connect(self) -> None:
        self._composing.connect_all()
        self._connect_messages()
        self._places.connect_all()
        self._connect_library()
        actions = self._window.actions_table
        actions["open"].triggered.connect(self._composing.attachments.ask_for_files)
        actions["new"].triggered.connect(lambda: self._composing.open(None))
        actions["restore"].triggered.connect(self._care.open_copies)
        actions["export"].triggered.connect(self._export)
        actions["export-all"].triggered.connect(lambda: self._transfer.export_library())
        actions["import"].triggered.connect(lambda: self._transfer.ask_for_source())
        actions["stop"].triggered.connect(self._composing.escape)
        for theme in THEMES:
            actions[f"theme-{theme}"].triggered.connect(lambda _=False, name=theme: self._theme(name))
        actions.show_theme(palette.chosen())

    def _connect_messages(self) -> None:
        messages, endpoints = self._messages, self._endpoints
        messages.route = endpoints.route
        messages.blocked = lambda pictures: endpoints.blocked(pictures=pictures)
        messages.edit_requested.connect(self._composing.editing.begin)
        messages.delete_requested.connect(self._history.delete)
        messages.branched_off.connect(self._history.record)
        messages.branched_off.connect(lambda done: self._composing.open(done.new_id))
        messages.branched_off.connect(lambda done: self._library.show_changed((done.new_id,)))
        messages.key_requested.connect(self._settings.open)
        messages.sent_requested.connect(self._sent.open_answer)
        self._sent.chose.connect(self._history.record)
        self._sent.chose_before.connect(self._history.put_near)
        messages.comparison_requested.connect(lambda *asked: self._tasks.start(self._compare(*asked)))
        endpoints.settings_requested.connect(self._settings.open)
        self._settings.endpoints_changed.connect(endpoints.refresh)
        self._settings.endpoints_changed.connect(self._resume_pending)

    def _connect_library(self) -> None:
        library = self._window.library
        library.new_requested.connect(self._window.actions_table["new"].trigger)
        self._library.export_requested.connect(lambda ids: self._transfer.ask_for_target(ids))
        self._conversations.opened.connect(self._show_opened)

    def _resume_pending(self) -> None:
        assert self._services is not None
        if not self._services.store.read_only:
            self._tasks.start(self._asking.resume_pending(), "resume")

    async def _tell_what_opening_found(self, report: OpenReport) -> None:
        assert self._services is not None
        if words := restart.told():
            self._window.show_notice(words, "danger")
            return
        if report.log_missing:
            self._window.show_notice(
                self.tr("A part of the library was missing; the newest changes may be lost.")
            )
            return
        try:
            cut_off = await self._services.chat.interrupted()
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        if cut_off:
            from ui.controllers.conversation.continuing import offer_to_continue  # hardly ever needed

            offer_to_continue(self._window, cut_off, self._composing.open)

    def _show_opened(self) -> None:
        self._window.library.set_current(self._conversations.conversation_id or "")
        self._endpoints.show_conversation(self._conversations.conversation_id, self._conversations.session)

    @cached_property
    def _transfer(self) -> TransferController:
        """What exports and imports, made when that is first asked for."""
        from ui.controllers.library.transfer import TransferController

        assert self._services is not None
        made = TransferController(self._window, self._services, self._tasks, self)
        made.imported.connect(self._show_imported)
        made.done.connect(self._history.record)
        return made

    @cached_property
    def _comparing(self) -> ComparingController:
        """What asks the same of other pictures and models, made when that is first asked for."""
        from ui.controllers.comparing.comparing import ComparingController

        assert self._services is not None
        parts = self._conversations, self._asking, self._running, self._choices, self._sent.choices
        known = self._window, self._services, *parts, self._thumbnails, self._tasks
        made = ComparingController(*known)
        made.asked.connect(self._history.record)
        made.change_wanted.connect(self._composing.editing.begin_with)
        return made

    async def _compare(self, message: Message, in_a_table: bool) -> None:
        for _ in imported(COMPARING):
            await asyncio.sleep(0)
        deed = self._comparing.open if in_a_table else self._comparing.swap
        await deed(message)

    def _export(self) -> None:
        if conversation_id := self._conversations.conversation_id:
            self._transfer.ask_for_target([conversation_id])

    def _show_imported(self, ids: tuple[str, ...]) -> None:
        self._library.show_changed(ids)
        if self._conversations.conversation_id in ids:
            self._composing.open(self._conversations.conversation_id)

    def _open_link(self, url: str) -> None:
        """The transcript lets only http, https and mailto through; the user sees the whole address."""
        self._window.confirm_link(url, lambda: QDesktopServices.openUrl(QUrl(url)))

    def _theme(self, name: str) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        palette.apply(application, name)
        self._endpoints.set_theme(name)
