"""Connects the window's features with each other and with the services."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from app import log as log_files
from app.domain.conversation import Draft
from app.domain.errors import StoreFailed
from app.services import Services
from app.store.opening import OpenReport
from ui import problems
from ui.actions import THEMES
from ui.controllers.attachments import AttachmentController
from ui.controllers.choices import Choices
from ui.controllers.conversation import ConversationController
from ui.controllers.drafts import DraftController
from ui.controllers.endpoints import EndpointController
from ui.controllers.entries import AGAIN, NEXT, PREVIOUS
from ui.controllers.library_care import LibraryCare
from ui.controllers.pictures import PictureController
from ui.controllers.settings_door import SettingsDoor
from ui.controllers.thumbnails import ThumbnailController
from ui.controllers.unsaved import UnsavedController
from ui.library.list_view import LibraryRow
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.theme import palette

_LIST = "list conversations"
_OPEN = "open conversation"


class WindowController(QObject):
    """Opens the library and everything on it, and ends both in order."""

    def __init__(self, window: MainWindow, home: Path) -> None:
        super().__init__(window)
        self._window = window
        self._home = home
        self._tasks = TaskOwner(self)
        self._tasks.failed.connect(lambda error: window.show_notice(problems.unexpected(error)))
        self._services: Services | None = None
        self._early_paths: list[str] = []
        self._care = LibraryCare(window, home, self._tasks, self._start_again)
        window.pane.retry_requested.connect(self._start_again)

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
        draft = await self._drafts.load(None)
        await self._services.registry.prepare(choices.settings.endpoint)
        self._connect()
        self._conversations.show(None)
        self._put_back(draft.replace(text=draft.text + self._window.composer.text()))
        self._take_early_pictures(pictures)
        self._show_whether_sending_works()
        await self._refresh_library()
        self._tell_what_opening_found(self._services.store.report)
        self._resume_pending()
        self._tasks.start(self._services.registry.tidy(), "tidy")

    def open_paths(self, paths: list[str]) -> None:
        """Bring the window to the front and take the pictures of another start in."""
        if self._services is not None:
            self._attachments.open_paths(paths)
        else:
            self._early_paths.extend(paths)
        self._window.window().raise_()
        self._window.window().activateWindow()

    async def close(self) -> None:
        """Keep the draft and the answers, then end everything."""
        if self._services is None:
            await self._care.end()
            await self._tasks.close()
            return
        self._endpoints.settle()
        await self._drafts.save()
        self._services.chat.closing = True
        await self._settings.close()
        await self._tasks.close()
        await self._choices.close()
        try:
            await self._services.chat.save_unsaved()
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
        await self._care.end()
        await self._services.close()
        await self._care.after_end()

    def _start_again(self) -> None:
        self._tasks.start(self.start(()), "start")

    def _build(self, services: Services, choices: Choices) -> None:
        window, tasks = self._window, self._tasks
        self._conversations = ConversationController(window, services, tasks)
        self._attachments = AttachmentController(window.composer, services, tasks, window)
        self._choices = choices
        choices.setParent(self)
        choices.not_saved.connect(lambda why: window.show_notice(why, "danger"))
        self._endpoints = EndpointController(window.sidebar, services, self._choices, tasks, self)
        self._settings = SettingsDoor(window, services, self._choices, tasks, self)
        self._pictures = PictureController(window.pane, window.filmstrip, services, tasks, self)
        self._thumbnails = ThumbnailController(services, tasks, self)
        self._drafts = DraftController(services, tasks, self._current_draft, self)
        self._unsaved = UnsavedController(window, services, tasks)

    def _connect(self) -> None:
        self._connect_asking()
        self._connect_pictures()
        self._connect_library()
        actions = self._window.actions_table
        actions["open"].triggered.connect(self._attachments.ask_for_files)
        actions["new"].triggered.connect(lambda: self._switch(None))
        actions["restore"].triggered.connect(self._care.open_copies)
        actions["stop"].triggered.connect(self._conversations.stop)
        for name in (AGAIN, PREVIOUS, NEXT):
            act = partial(self._conversations.act_on_last, name)
            actions[name].triggered.connect(lambda _=False, act=act: act())
        for theme in THEMES:
            actions[f"theme-{theme}"].triggered.connect(lambda _=False, name=theme: self._theme(name))
        actions.show_theme(palette.chosen())

    def _connect_asking(self) -> None:
        composer = self._window.composer
        composer.message_submitted.connect(self._submit)
        composer.stop_requested.connect(self._conversations.stop)
        composer.draft_changed.connect(lambda _: self._drafts.changed())
        self._attachments.link_taker = self._endpoints.link_taker
        self._attachments.changed.connect(self._drafts.changed)
        self._attachments.changed.connect(self._show_whether_sending_works)
        self._endpoints.changed.connect(self._show_whether_sending_works)
        self._endpoints.settings_requested.connect(self._settings.open)
        self._settings.endpoints_changed.connect(self._endpoints.refresh)
        self._settings.endpoints_changed.connect(self._resume_pending)
        self._conversations.running_changed.connect(self._show_whether_sending_works)
        self._conversations.question_stored.connect(self._clear_composer)
        self._conversations.again_requested.connect(self._ask_again)
        self._conversations.key_requested.connect(self._settings.open)
        self._window.transcript.link_activated.connect(self._open_link)
        self._unsaved.start()

    def _connect_pictures(self) -> None:
        window, thumbnails = self._window, self._thumbnails
        for asking in (window.filmstrip, window.transcript, window.library, self._attachments):
            asking.thumbnail_wanted.connect(thumbnails.want)
        for showing in (window.filmstrip, window.transcript, window.library, window.composer):
            thumbnails.add_receiver(showing.set_thumbnail)
        window.pictures_offered.connect(self._attachments.offer)
        window.pane.open_requested.connect(self._attachments.ask_for_files)
        window.transcript.picture_activated.connect(self._pictures.show_picture)
        self._attachments.changed.connect(self._show_pictures)
        self._conversations.opened.connect(self._show_pictures)

    def _connect_library(self) -> None:
        library = self._window.library
        library.conversation_chosen.connect(self._switch)
        library.new_requested.connect(self._window.actions_table["new"].trigger)
        self._conversations.library_changed.connect(lambda: self._tasks.start(self._refresh_library(), _LIST))
        self._conversations.opened.connect(self._show_opened)

    def _submit(self, text: str) -> None:
        self._endpoints.settle()
        pictures = self._attachments.ready
        question = text.strip() or (self._endpoints.picture_question() if pictures else "")
        blocked = self._endpoints.blocked(pictures=bool(pictures))
        if question and not self._attachments.reading and not blocked:
            title = "" if text.strip() else pictures[0][1]
            draft = Draft(text=question, pictures=pictures, links=self._attachments.links)
            self._conversations.ask(draft, self._endpoints.route(), title)

    def _ask_again(self, question_id: str) -> None:
        """Answer a question once more, by whoever is chosen now."""
        self._endpoints.settle()
        if why := self._endpoints.blocked(pictures=self._conversations.has_pictures(question_id)):
            self._window.show_notice(why)
        else:
            self._conversations.ask_again(question_id, self._endpoints.route())

    def _clear_composer(self, typed_in: str | None, sent: Draft) -> None:
        """What was sent goes; what was added while it was being stored stays."""
        if typed_in == self._conversations.conversation_id:
            left = sent.left_of(self._current_draft()[1])
            self._window.composer.set_text(left.text)
            self._attachments.drop_sent(sent)
        self._drafts.forget(typed_in, sent)

    def _show_whether_sending_works(self) -> None:
        composer = self._window.composer
        composer.set_tasks(self._endpoints.task_buttons())
        composer.set_running(self._conversations.asking)
        composer.set_send_blocked(self._endpoints.blocked(pictures=bool(self._attachments.ready)))

    def _resume_pending(self) -> None:
        self._tasks.start(self._conversations.resume_pending(), "resume")

    def _take_early_pictures(self, pictures: Sequence[Path]) -> None:
        """Those of the command line, and what came while the library was being opened."""
        self._attachments.open_paths([*(str(path) for path in pictures), *self._early_paths])
        for offered, pasted in self._window.take_early_offers():
            self._attachments.offer(offered, pasted)

    def _tell_what_opening_found(self, report: OpenReport) -> None:
        if report.log_missing:
            self._window.show_notice(
                self.tr("A part of the library was missing; the newest changes may be lost.")
            )
        elif report.interrupted:
            self._window.show_notice(
                self.tr("Fovea did not end properly last time. Answers that were cut off are marked.")
            )

    def _put_back(self, draft: Draft) -> None:
        composer = self._window.composer
        composer.set_text(draft.text)
        self._attachments.restore(draft)
        composer.focus_text()

    def _switch(self, conversation_id: str | None) -> None:
        self._tasks.start(self._open(conversation_id), _OPEN)

    async def _open(self, conversation_id: str | None) -> None:
        """Show a conversation with its draft; the draft of the one before is kept first."""
        await self._attachments.settled()
        await self._drafts.save()
        draft = await self._drafts.load(conversation_id)
        conversation = await self._conversations.fetch(conversation_id)
        if conversation is None and conversation_id is not None:
            draft = await self._drafts.load(None)
        self._conversations.show(conversation)  # at once: its answer may end at any moment
        self._put_back(draft)

    def _current_draft(self) -> tuple[str | None, Draft]:
        written, attached = self._window.composer.text(), self._attachments
        draft = Draft(text=written, pictures=attached.ready, links=attached.links)
        return self._conversations.conversation_id, draft

    def _show_pictures(self) -> None:
        asked = self._conversations.pictures
        new = [(sha256, name) for sha256, name in self._attachments.ready if sha256 not in dict(asked)]
        self._pictures.set_pictures([*asked, *new])

    def _show_opened(self) -> None:
        self._window.library.set_current(self._conversations.conversation_id or "")
        self._endpoints.show_conversation(self._conversations.conversation_id, self._conversations.session)

    async def _refresh_library(self) -> None:
        assert self._services is not None
        try:
            summaries = await self._services.store.conversations.list()
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        self._window.library.set_rows(
            [LibraryRow(row.id, row.title, row.changed, row.picture) for row in summaries]
        )
        self._show_opened()

    def _open_link(self, url: str) -> None:
        """The transcript lets only http, https and mailto through; the user sees the whole address."""
        self._window.confirm_link(url, lambda: QDesktopServices.openUrl(QUrl(url)))

    def _theme(self, name: str) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        palette.apply(application, name)
        self._endpoints.set_theme(name)
