"""What answers point at, on the pictures: drawn, listed, and found again in the text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QCursor, QGuiApplication

from app.domain.errors import StoreFailed
from app.domain.message import Message
from app.domain.picture import Attachment
from app.domain.shape import Shape
from app.services import Services
from ui import problems
from ui.controllers.conversation import ConversationController
from ui.controllers.entries import SHAPES
from ui.controllers.found_shapes import FoundShapes, region_of
from ui.controllers.picture_choices import PictureChoicesController
from ui.controllers.shape_reading import ShapeReading
from ui.main_window import MainWindow
from ui.panes.pane_shapes import PaneShapes
from ui.panes.picture_pane import PicturePane
from ui.tasks import TaskOwner
from ui.theme import palette
from ui.transcript.announcer import say
from ui.transcript.spans import SpanMark

if TYPE_CHECKING:
    from ui.panes.shape_list import ShapeList

_COPY = "copy shapes"


class GroundingController(QObject):
    """Shows the shapes of one answer: of the one that was chosen, else of the newest that has some.

    `show_picture` brings a picture to the active pane.
    """

    ask_about = Signal(str, object)
    """The hash of a picture, and a Region of it that the next question is to be about."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        choices: PictureChoicesController,
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
        self._found: dict[str, FoundShapes] = {}
        self._growing: set[str] = set()
        self._conversation_id: str | None = None
        self._chosen = ""
        self._current: FoundShapes | None = None
        self._hidden: frozenset[str] = frozenset()
        self._shown = True
        self._awaited: Callable[[], object] | None = None
        self._panes: dict[PicturePane, PaneShapes] = {}
        self._reading = ShapeReading(services, lambda: choices.choices.dialect, tasks, self)
        self._reading.read.connect(self._take_found)
        choices.changed.connect(self._reading.take_again)
        conversations.opened.connect(self._turn)
        conversations.branch_shown.connect(self._show)
        window.transcript.span_hovered.connect(self._hover_span)
        window.transcript.span_clicked.connect(self._click_span)
        window.transcript.action_requested.connect(self._act)
        window.actions_table["shapes"].triggered.connect(self.toggle_list)
        palette.notifier.changed.connect(self._mark_all)
        for pane in window.panes.panes():
            self._attend(pane)
        window.panes.pane_added.connect(self._attend)
        window.panes.pane_removed.connect(self._let_go)

    def take(self, message: Message) -> None:
        """An answer is on the screen as it is now."""
        self._turn()
        if not message.status.finished:
            self._growing.add(message.id)
        self._reading.take(message)

    def close(self) -> None:
        """Read nothing any more."""
        self._reading.forget()

    # ---- which answer

    def _take_found(self, found: FoundShapes) -> None:
        before = self._found.get(found.message_id)
        self._found[found.message_id] = found
        if found.shapes or (before is not None and before.shapes):
            self._mark(found)
            self._conversations.count_shapes(found.message_id, len(found.shapes))
            self._show()
        if found.state.finished and found.message_id in self._growing:
            self._growing.discard(found.message_id)
            if found.shapes and found is self._current:
                say(self._window.transcript, self._summary(found))

    def _turn(self) -> None:
        """Forget what belongs to another conversation than the open one."""
        if self._conversation_id != self._conversations.conversation_id:
            self._conversation_id = self._conversations.conversation_id
            self._found.clear()
            self._growing.clear()
            self._reading.forget()
            self._chosen, self._hidden = "", frozenset()
            self._show()

    def _pick(self) -> FoundShapes | None:
        thread = self._conversations.shown
        if thread is None:
            return None
        chosen = self._found.get(self._chosen)
        if chosen is not None and chosen.shapes and thread.shows(self._chosen):
            return chosen
        newest_first = (self._found.get(node.id) for node in reversed(thread.branch))
        return next((found for found in newest_first if found is not None and found.shapes), None)

    def _choose(self, message_id: str) -> None:
        if message_id in self._found and (self._current is None or message_id != self._current.message_id):
            self._chosen = message_id
            self._show()

    # ---- what is shown

    def _show(self) -> None:
        """Draw and list the shapes of the answer that is meant now."""
        found = self._pick()
        if found is self._current:
            return
        if self._current is not None and (found is None or found.message_id != self._current.message_id):
            self._window.transcript.highlight_spans(self._current.message_id, ())
            self._highlight(())
        self._current = found
        for pane in self._window.panes.panes():
            self._show_on(pane)
        if "_list" in self.__dict__:
            self._fill_list()

    def _attend(self, pane: PicturePane) -> None:
        pane.picture_shown.connect(lambda _: self._show_on(pane))
        self._show_on(pane)

    def _let_go(self, pane: PicturePane) -> None:
        self._panes.pop(pane, None)
        if "_list" in self.__dict__ and pane.isAncestorOf(self._list):
            self._list.setParent(self._window)
            self._list.hide()

    def _show_on(self, pane: PicturePane) -> None:
        found = self._current
        scene = found.scenes.get(pane.sha256) if found is not None and pane.sha256 else None
        if scene is None and pane not in self._panes:
            return
        words = self._summary(found, pane.sha256) if found is not None and scene is not None else ""
        shapes = self._panes.get(pane) or self._made(pane)
        shapes.show_scene(scene, self._shown, words)
        shapes.layer.hide_labels(self._hidden)
        if scene is not None and self._awaited is not None:
            then, self._awaited = self._awaited, None
            then()

    def _made(self, pane: PicturePane) -> PaneShapes:
        shapes = self._panes[pane] = PaneShapes(pane)
        shapes.pointed.connect(self._point_at)
        shapes.chosen.connect(lambda number: self._open_menu(number, QCursor.pos()))
        shapes.list_requested.connect(lambda: self._open_list(pane))
        return shapes

    def _summary(self, found: FoundShapes, sha256: str = "") -> str:
        return " ".join(problems.translated(what, facts) for what, facts in found.summary(sha256))

    # ---- text and shapes

    def _mark(self, found: FoundShapes) -> None:
        shown = palette.current()
        kinds = [shown.color(f"overlay_{number}") for number in range(1, 9)]
        marks = [
            SpanMark(*span, _key(span), kinds[found.colours[found.shapes[numbers[0]].label]])
            for span, numbers in found.spans.items()
        ]
        self._window.transcript.set_spans(found.message_id, marks)

    def _mark_all(self) -> None:
        for found in self._found.values():
            if found.spans:
                self._mark(found)

    def _point_at(self, number: int) -> None:
        """The pointer is over a shape, or (-1) over none any more."""
        if self._current is not None:
            known = 0 <= number < len(self._current.shapes)
            spans = self._current.spans_of([number]) if known else ()
            self._window.transcript.highlight_spans(self._current.message_id, {_key(span) for span in spans})

    def _hover_span(self, message_id: str, key: str) -> None:
        if key:
            self._choose(message_id)
        found = self._found.get(message_id)
        if found is not None and found is self._current:
            self._highlight(_numbers(found, key))
            self._window.transcript.highlight_spans(message_id, [key] if key else ())

    def _click_span(self, message_id: str, key: str) -> None:
        self._hover_span(message_id, key)
        if self._current is not None and (numbers := _numbers(self._current, key)):
            self._bring(numbers[0])

    def _highlight(self, numbers: Iterable[int]) -> None:
        meant = tuple(numbers)
        for shapes in self._panes.values():
            shapes.highlight(meant)

    def _bring(self, number: int, then: Callable[[PaneShapes], object] | None = None) -> None:
        """Bring a shape into view, and its picture where no pane shows it."""
        found = self._current
        if found is None or number >= len(found.shapes):
            return
        shown = next((s for s in self._panes.values() if s.layer.box_of(number) is not None), None)
        if shown is None:
            self._awaited = lambda: self._bring(number, then)
            self._show_picture(found.shapes[number].original)
            return
        shown.reveal(number)
        if then is not None:
            then(shown)

    # ---- the list

    @cached_property
    def _list(self) -> ShapeList:
        from ui.panes.shape_list import ShapeList  # most never open it

        made = ShapeList(self._window)
        made.meant.connect(self._mean)
        made.chosen.connect(lambda number: self._bring(number, lambda on: self._open_menu_at(number, on)))
        made.shown_changed.connect(self._show_shapes)
        made.hidden_changed.connect(self._hide)
        made.copy_requested.connect(self._copy_all)
        made.dialect_chosen.connect(lambda dialect: self._choices.change(dialect=dialect))
        return made

    def toggle_list(self) -> None:
        """Open the list of the shapes beside them, or close it."""
        if "_list" in self.__dict__ and self._list.isVisible():
            self._list.close_list()
        elif self._current is not None:
            self._open_list(next((pane for pane in self._panes if self._has_shapes(pane)), None))

    def _act(self, message_id: str, action: str) -> None:
        if action == SHAPES:
            self._choose(message_id)
            self._open_list(next((pane for pane in self._panes if self._has_shapes(pane)), None))

    def _has_shapes(self, pane: PicturePane) -> bool:
        return self._current is not None and pane.sha256 in self._current.scenes

    def _open_list(self, pane: PicturePane | None) -> None:
        """Open the list over a pane, after its picture has come where none shows it."""
        if self._current is None:
            return
        if pane is None:
            self._awaited = lambda: self._open_list(next(filter(self._has_shapes, self._panes), None))
            self._show_picture(next(iter(self._current.scenes)))
            return
        self._fill_list()
        self._list.open_over(pane.view)

    def _fill_list(self) -> None:
        found = self._current
        if found is None:
            self._list.hide()
            return
        names = dict(self._conversations.pictures)
        self._list.set_shapes(found.shapes, found.colours, names)
        self._list.rows.hide(self._hidden)
        self._list.set_dialects(
            found.dialects if len(found.dialects) > 1 else {}, next(iter(found.dialects), "")
        )

    def _mean(self, numbers: tuple[int, ...]) -> None:
        """Let the shapes of the list's current row stand out."""
        self._highlight(numbers)
        if self._current is not None:
            keys = {_key(span) for span in self._current.spans_of(numbers)}
            self._window.transcript.highlight_spans(self._current.message_id, keys)

    def _show_shapes(self, shown: bool) -> None:
        self._shown = shown
        for pane in self._panes:
            self._show_on(pane)

    def _hide(self, hidden: frozenset[str]) -> None:
        self._hidden = hidden
        for shapes in self._panes.values():
            shapes.layer.hide_labels(hidden)

    # ---- what can be done with a shape

    def _open_menu_at(self, number: int, shapes: PaneShapes) -> None:
        place = shapes.corner_of(number)
        self._open_menu(number, place if place is not None else QCursor.pos())

    def _open_menu(self, number: int, place: QPoint) -> None:
        from ui.panes.shape_menu import open_menu  # not needed before one is clicked

        found = self._current
        if found is None or number >= len(found.shapes):
            return
        shape = found.shapes[number]
        menu = open_menu(self._window, shape, place)
        menu.asked.connect(lambda: self.ask_about.emit(shape.original, region_of(shape)))
        menu.copied.connect(lambda form: self._tasks.start(self._copy((shape,), form), _COPY))
        menu.hidden.connect(lambda: self._hide_label(shape.label))

    def _hide_label(self, label: str) -> None:
        self._hide(self._hidden | {label})
        if "_list" in self.__dict__:
            self._list.rows.hide(self._hidden)

    def _copy_all(self, form: str) -> None:
        if self._current is not None:
            self._tasks.start(self._copy(self._current.shapes, form), _COPY)

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
        if "_list" in self.__dict__:
            self._list.tell_copied(form)
        say(self._window, self.tr("Copied"))


def _key(span: tuple[int, int]) -> str:
    return f"{span[0]}-{span[1]}"


def _numbers(found: FoundShapes, key: str) -> tuple[int, ...]:
    """The shapes that a stretch of text speaks of."""
    start, _, end = key.partition("-")
    return found.spans.get((int(start), int(end)), ()) if key else ()
