"""What answers point at: read, shown on their pictures, listed, and found again in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from app.domain.message import Message
from app.services import Services
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.entries import SHAPES, SUBJECT, Pointing
from ui.controllers.pictures.picture_choices import PictureChoicesController
from ui.controllers.shapes.found_shapes import NO_MARKS, FoundShapes, pointing_of, remark_of
from ui.controllers.shapes.shape_listing import ShapeListing
from ui.controllers.shapes.shape_reading import ShapeReading
from ui.controllers.shapes.shapes_in_panes import ShapesInPanes, summary_of
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.transcript.reading.announcer import say


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
        self._transcript = window.transcript
        self._actions = window.actions_table
        self._conversations = conversations
        self._choices = choices
        self._found: dict[str, FoundShapes] = {}
        self._growing: set[str] = set()
        self._conversation_id: str | None = None
        self._chosen = ""
        self._moved = ""
        self.current: FoundShapes | None = None
        """The shapes that are shown now."""
        self.drawn = ShapesInPanes(window.panes, show_picture, self)
        self.listing = ShapeListing(window, services, conversations, self.drawn, tasks)
        self._reading = ShapeReading(services, lambda: choices.choices, tasks, self)
        self._reading.read.connect(self._take_found)
        self.listing.ask_about.connect(self.ask_about)
        self.listing.meant.connect(self._mean)
        self.listing.dialect_chosen.connect(lambda dialect: choices.change(dialect=dialect))
        self.listing.subject_chosen.connect(self._choose_subject)
        self.drawn.pointed.connect(lambda number: self._mark_meant([number] if number >= 0 else ()))
        choices.changed.connect(self._reading.take_again)
        conversations.opened.connect(self._turn)
        conversations.branch_shown.connect(self._show)
        self._transcript.span_hovered.connect(self._hover_span)
        self._transcript.span_clicked.connect(self._click_span)
        self._transcript.action_requested.connect(self._act)
        window.actions_table["shapes"].triggered.connect(self.listing.toggle)
        self._allow()

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
            if found.message_id in self._growing and not (before is not None and before.shapes):
                self._chosen = ""  # what is new is looked at
            self._transcript.set_spans(found.message_id, found.marks)
            pointing = pointing_of(found, remark_of(found, self._conversations.pictures))
            self._conversations.pointings.take(found.message_id, pointing)
            self._show()
            if found.message_id == self._moved and found is self.current:
                self._moved = ""
                self.drawn.bring_any(self.listing.open_choice, found.subject)
        elif found.marked and found.state.finished:
            self._conversations.pointings.take(found.message_id, Pointing(recognised=False))
        if found.state.finished and found.message_id in self._growing:
            self._growing.discard(found.message_id)
            if found.shapes and found is self.current:
                say(self._transcript, summary_of(found))

    def _turn(self) -> None:
        """Forget what belongs to another conversation than the open one."""
        if self._conversation_id != self._conversations.conversation_id:
            self._conversation_id = self._conversations.conversation_id
            for message_id in self._found:
                self._transcript.set_spans(message_id, NO_MARKS)
            self._found.clear()
            self._growing.clear()
            self._reading.forget()
            self._chosen = self._moved = ""
            self.listing.hide(frozenset())
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
        if message_id in self._found and (self.current is None or message_id != self.current.message_id):
            self._chosen = message_id
            self._show()

    def _show(self) -> None:
        """Draw and list the shapes of the answer that is meant now."""
        found = self._pick()
        if found is self.current:
            return
        if self.current is not None and (found is None or found.message_id != self.current.message_id):
            self._mean(())
        self.current = found
        self.drawn.show(found)
        self.listing.show(found)
        self._allow()

    def _allow(self) -> None:
        """Offer the list where there is something to be listed."""
        nothing = self.tr("No answer here points at a place in a picture.")
        self._actions.forbid("shapes", "" if self.current is not None else nothing)

    def _choose_subject(self, sha256: str) -> None:
        """Lay what names no picture on another one, for the answer that is shown."""
        if self.current is not None and self.current.subject != sha256:
            self._moved = self.current.message_id
            subjects = self._choices.choices.subjects
            self._choices.change(subjects={**subjects, self._moved: sha256})

    def _act(self, message_id: str, action: str) -> None:
        opening = {SHAPES: self.listing.open, SUBJECT: self.listing.open_choice}.get(action)
        if opening is not None:
            self._choose(message_id)
            self.drawn.bring_any(opening)

    # ---- text and shapes

    def _mark_meant(self, numbers: Iterable[int]) -> None:
        """Let the words stand out that speak of some shapes."""
        if self.current is not None:
            known = [number for number in numbers if number < len(self.current.shapes)]
            self._transcript.highlight_spans(self.current.message_id, self.current.keys_of(known))

    def _mean(self, numbers: tuple[int, ...]) -> None:
        """Let shapes stand out, and the words that speak of them."""
        self.drawn.highlight(numbers)
        self._mark_meant(numbers)

    def _hover_span(self, message_id: str, key: str) -> None:
        if key:
            self._choose(message_id)
        found = self._found.get(message_id)
        if found is not None and found is self.current:
            self.drawn.highlight(found.spans.get(key, ()))
            self._transcript.highlight_spans(message_id, [key] if key else ())

    def _click_span(self, message_id: str, key: str) -> None:
        self._hover_span(message_id, key)
        if self.current is not None and (numbers := self.current.spans.get(key)):
            self.drawn.bring(numbers[0])
