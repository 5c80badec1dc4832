"""The list of an answer's shapes, and what can be done with each of them."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QCursor, QGuiApplication

from app.domain.errors import StoreFailed
from app.domain.picture import Attachment
from app.domain.shape import Shape
from app.services import Services
from ui import problems
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.shapes.found_shapes import FoundShapes, called, region_of
from ui.controllers.shapes.shapes_in_panes import ShapesInPanes
from ui.main_window import MainWindow
from ui.panes.view.picture_pane import PicturePane
from ui.tasks import TaskOwner
from ui.transcript.reading.announcer import say

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.panes.shapes.list_view import ShapeList
    from ui.panes.shapes.pane_shapes import PaneShapes

_COPY = "copy shapes"


class ShapeListing(QObject):
    """The list is made when it is first opened, and lies over the pane that shows the shapes."""

    meant = Signal(object)
    """The numbers of the shapes (tuple) that are meant in the list."""
    ask_about = Signal(str, object)
    """The hash of a picture, and a Region of it that the next question is to be about."""
    dialect_chosen = Signal(str)
    """How coordinates are to be read."""
    subject_chosen = Signal(str)
    """The hash of the picture that places are on which name none."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        drawn: ShapesInPanes,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._conversations = conversations
        self._drawn = drawn
        self._tasks = tasks
        self._over: QWidget = window.pane.view
        self._found: FoundShapes | None = None
        self._hidden: frozenset[str] = frozenset()
        drawn.menu_wanted.connect(self.open_menu)
        drawn.list_wanted.connect(self._press)
        window.panes.pane_removed.connect(self._leave)

    def show(self, found: FoundShapes | None) -> None:
        """List the shapes of another answer, or of none."""
        self._found = found
        if "list" in self.__dict__ and self.list.isVisible():
            self._fill()

    def prepare(self) -> None:
        """Make the list between two frames, so that it is there when it is asked for."""
        self.list.make_ready()

    def toggle(self) -> None:
        """Open the list beside the shapes, or close it."""
        if "list" in self.__dict__ and self.list.isVisible():
            self.list.close_list()
        else:
            self._drawn.bring_any(self.open)

    def _press(self, pane: PicturePane) -> None:
        """The button of a pane closes the list that it opened."""
        if "list" in self.__dict__ and self.list.isVisible() and pane.isAncestorOf(self.list):
            self.list.close_list()
        else:
            self.open(pane)

    def open(self, pane: PicturePane) -> None:
        """Open the list over a pane."""
        self._open(pane)

    def open_choice(self, pane: PicturePane) -> None:
        """The same, with the keyboard where another picture is chosen."""
        self._open(pane, to_choose=True)

    def _open(self, pane: PicturePane, *, to_choose: bool = False) -> None:
        self._over = pane.view
        self._fill()
        if not self.list.has_room(pane.view):
            self._window.show_notice(
                self.tr(
                    "There is no room for the list of shapes here. Make the window larger, or let the picture"
                    " fill the screen."
                )
            )
            return
        self.list.open_over(pane.view, self.list.subject if to_choose else None)

    def hide(self, hidden: frozenset[str]) -> None:
        """Leave out the shapes of some labels."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._drawn.hide(hidden)
            if "list" in self.__dict__:
                self.list.rows.hide(hidden)

    @cached_property
    def list(self) -> ShapeList:
        """The list, made with the first answer that points at something."""
        from ui.panes.shapes.list_view import ShapeList

        made = ShapeList(self._over)  # to be put over another widget takes as long as to be made
        made.meant.connect(self.meant)
        made.chosen.connect(lambda number: self._drawn.bring(number, lambda on: self._offer(number, on)))
        made.shown_changed.connect(self._drawn.switch)
        made.hidden_changed.connect(self.hide)
        made.copy_requested.connect(self._copy_all)
        made.dialect_chosen.connect(self.dialect_chosen)
        made.subject_chosen.connect(self.subject_chosen)
        return made

    def open_menu(self, number: int, place: QPoint) -> None:
        """Offer what can be done with a shape at a place of the screen."""
        from ui.panes.shapes.menu import open_menu  # not needed before one is clicked

        found = self._found
        if found is None or number >= len(found.shapes):
            return
        shape = found.shapes[number]
        menu = open_menu(self._window, shape, place)
        menu.asked.connect(lambda: self.ask_about.emit(shape.original, region_of(shape)))
        menu.copied.connect(lambda form: self._tasks.start(self._copy((shape,), form), _COPY))
        menu.hidden.connect(lambda: self.hide(self._hidden | {shape.label}))

    def _offer(self, number: int, shapes: PaneShapes) -> None:
        place = shapes.corner_of(number)
        self.open_menu(number, place if place is not None else QCursor.pos())

    def _fill(self) -> None:
        found = self._found
        if found is None:
            self.list.hide()
            return
        pictures = self._conversations.pictures
        dialects = found.dialects if len(found.dialects) > 1 else {}
        self.list.set_dialects(dialects, next(iter(dialects), ""))
        subjects = found.pictures if found.unnamed else ()
        self.list.set_subjects({each: called(each, pictures) for each in subjects}, found.subject)
        self.list.set_shapes(found.shapes, found.groups, found.colours, dict(pictures))
        self.list.rows.hide(self._hidden)

    def _leave(self, pane: PicturePane) -> None:
        """A pane goes, but not the list over it."""
        if "list" in self.__dict__ and pane.isAncestorOf(self.list):
            self.list.hide()
            self.list.setParent(self._window)

    def _copy_all(self, form: str) -> None:
        if self._found is not None:
            self._tasks.start(self._copy(self._found.shapes, form), _COPY)

    async def _copy(self, shapes: tuple[Shape, ...], form: str) -> None:
        from app.grounding import coco  # not needed before one is copied

        names = dict(self._conversations.pictures)
        pictures: list[Attachment] = []
        for sha256 in dict.fromkeys(shape.original for shape in shapes):
            try:
                picture = await self._services.store.pictures.get(sha256)
            except KeyError:
                continue  # it is told without its name and size
            except StoreFailed as error:
                self._window.show_notice(problems.sentence(error))
                return
            pictures.append(Attachment(picture, names.get(sha256, "")))
        write = {"json": coco.as_json, "coco": coco.as_coco}[form]
        QGuiApplication.clipboard().setText(await asyncio.to_thread(write, shapes, pictures))
        if "list" in self.__dict__:
            self.list.tell_copied()
        say(self._window, self.tr("Copied"))
