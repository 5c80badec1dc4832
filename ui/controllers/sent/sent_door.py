"""The way to what is sent: the line in the composer, the inspector and the menus of pictures, which
are imported when there is a picture that they are about."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from app.domain.region import PictureRule
from app.services import Services
from ui.controllers.asking.asking import AskingController
from ui.controllers.asking.composing import ComposingController
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.endpoints.endpoints import EndpointController
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.theme import icons
from ui.widgets.buttons import IconButton
from ui.widgets.steps import Steps

if TYPE_CHECKING:
    from app.domain.message import Message
    from ui.controllers.pictures.picture_choices import PictureChoicesController
    from ui.controllers.pictures.picture_menus import PictureMenus
    from ui.controllers.sent.inspecting import InspectingController
    from ui.panes.filmstrip import Filmstrip
    from ui.panes.view.picture_pane import PicturePane

PARTS = (
    "ui.composer.meter",
    "ui.controllers.pictures.picture_choices",
    "ui.controllers.sizes",
    "ui.controllers.sent.details",
    "app.chat.plan",
    "app.pictures.prepare",
    "app.pictures.families",
    "app.pictures.tokens",
    "ui.inspector.shown",
    "ui.controllers.sent.sent_facts",
    "ui.controllers.sent.sent_words",
    "ui.controllers.sent.sent_pictures",
    "ui.controllers.sent.inspector_window",
    "ui.controllers.sent.inspecting",
    "ui.widgets.combo",
    "ui.inspector.way_choice",
    "ui.inspector.rule_choice",
    "ui.inspector.facts_panel",
    "ui.inspector.picture_list",
    "ui.inspector.stage",
    "ui.controllers.sent.sent_stage",
    "ui.inspector.dialog",
)
"""One step each; what a module needs of the earlier ones is there already."""
INSPECTING = "ui.controllers.sent.inspecting"
"""With it the line in the composer is made; what follows is for the inspector."""


class SentDoor(QObject):
    """Stands for all of them until there is a picture."""

    chose = Signal(object)
    """Something was chosen for the pictures of a conversation that can be undone (Chose)."""

    chose_before = Signal(object)
    """The same, for a conversation that is not begun (Near)."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        asking: AskingController,
        composing: ComposingController,
        endpoints: EndpointController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._conversations = conversations
        self._asking = asking
        self._composing = composing
        self._endpoints = endpoints
        self._tasks = tasks
        self._steps = Steps(self)
        self._closed = False
        self._attended: set[PicturePane] = set()
        self._in_panes = False
        composing.pictures_changed.connect(self._wake)
        conversations.branch_shown.connect(self._wake)
        window.actions_table["sent"].triggered.connect(lambda: self.inspecting.open())
        window.talk.when_made(lambda transcript: transcript.picture_menu_wanted.connect(self._fill_menu))
        window.composer.strip.menu_requested.connect(self.show_menu)

    def attend(self, pane: PicturePane) -> None:
        """Put a button into the bar over the pictures of a pane, with the first of them."""

        def add(sha256: str) -> None:
            if sha256 and not self._in_panes:
                self._add_to_menu()
            if sha256 and pane not in self._attended:
                self._attended.add(pane)
                button = IconButton("scan-eye", self.tr("What is sent of it"))
                button.clicked.connect(lambda: self.inspecting.open(pane.sha256))
                pane.view.bar.add_tools("sent", [button])

        pane.picture_shown.connect(add)
        pane.destroyed.connect(lambda: self._attended.discard(pane))

    def take_strip(self, strip: Filmstrip) -> None:
        """The pictures of the conversation are shown in a row: mark those with a fate of their own."""
        signals = self._composing.pictures_changed, self._conversations.branch_shown, self._endpoints.changed
        for changed in (*signals, self.choices.changed):
            changed.connect(lambda: self._mark(strip))
        QTimer.singleShot(0, strip, lambda: self._mark(strip))  # its first frame does not wait for that

    @cached_property
    def choices(self) -> PictureChoicesController:
        """What the user chose for the pictures of the open conversation."""
        from ui.controllers.pictures.picture_choices import PictureChoicesController

        made = PictureChoicesController(
            self._window, self._services, self._conversations, self._composing.drafts, self._tasks
        )
        made.kept.connect(self.chose)
        made.chosen_before.connect(self.chose_before)
        return made

    @cached_property
    def inspecting(self) -> InspectingController:
        """The line in the composer and the inspector."""
        from ui.controllers.sent.inspecting import InspectingController

        parts = self._conversations, self._composing, self._endpoints, self.choices
        made = InspectingController(self._window, self._services, *parts, self._tasks)
        made.window.rule_chosen.connect(self._choose_rule)
        made.window.menu_requested.connect(
            lambda sha256, at: self.menus.pop_up(sha256, at, self.inspecting.window.dialog)
        )
        return made

    @cached_property
    def menus(self) -> PictureMenus:
        """The menus of pictures."""
        from ui.controllers.pictures.picture_menus import PictureMenus

        parts = self._conversations, self._endpoints, self.choices
        made = PictureMenus(self._window, self._services, *parts, self._tasks)
        made.inspect = self.inspecting.open
        made.treatment = self._composing.attachments.treatment
        made.names = lambda: dict([*self._conversations.pictures, *self._composing.attachments.ready])
        return made

    def open_answer(self, answer: Message) -> None:
        """Show what was sent for an answer."""
        self.inspecting.open_answer(answer)

    def show_menu(self, sha256: str, at: QPoint) -> None:
        """Show the menu of a picture of the conversation at a place of the screen."""
        self.menus.pop_up(sha256, at)

    def close(self) -> None:
        """The window closes: nothing stays open, and nothing is made any more."""
        self._closed = True
        self._steps.run(iter(()))
        if "inspecting" in self.__dict__:
            self.inspecting.close()

    def _fill_menu(self, sha256: str, menu: QMenu) -> None:
        self.menus.fill(sha256, menu)

    def _choose_rule(self, sha256: str, rule: str) -> None:
        if rule == PictureRule.DESCRIBE:
            self.menus.describe(sha256, self.inspecting.window.dialog)
        else:
            self.choices.set_rule(sha256, PictureRule(rule))

    def _add_to_menu(self) -> None:
        """How the picture of the active pane goes along, in the menu of pictures and panes."""
        self._in_panes = True
        panes = self._window.actions_table.menus["panes"]
        panes.addSeparator()
        inside = panes.addMenu(icons.icon("images"), self.tr("Which pictures go along"))

        def fill() -> None:
            sha256 = self._window.panes.active.sha256
            for within in (*inside.findChildren(QMenu), *inside.findChildren(QActionGroup)):
                within.deleteLater()
            inside.clear()
            inside.menuAction().setVisible(sha256 in self.menus.names())
            self.menus.fill(sha256, inside)

        panes.aboutToShow.connect(fill)

    def _mark(self, strip: Filmstrip) -> None:
        from ui.controllers.pictures.picture_marks import marks  # not before there are several pictures

        thread, route = self._conversations.shown, self._endpoints.route_so_far()
        attachments, limits = self._composing.attachments, route.provider.limits(route.model)
        branch = thread.branch if thread is not None else ()
        parts = branch, attachments.ready, self.choices.choices, limits, route.sees
        strip.set_marks(marks(*parts, attachments.treatments))

    def _wake(self) -> None:
        """There may be a picture now."""
        there = self._composing.attachments.ready or self._conversations.pictures
        if there and "inspecting" not in self.__dict__ and not self._steps.busy and not self._closed:
            self._steps.run(self._load())

    def _load(self) -> Iterator[None]:
        for name in PARTS:
            importlib.import_module(name)
            yield
            if name == INSPECTING:
                self.inspecting  # noqa: B018  made here
                yield
