"""What the answers of a table point at: in their words, and on a small picture above them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QSizeF

from app.domain.errors import StoreFailed
from app.domain.message import Message
from app.domain.region import PictureChoices
from app.services import Services
from ui.controllers.conversation.entries import Pointing
from ui.controllers.conversation.pointings import Pointings
from ui.controllers.shapes.pointing_answers import PointingAnswers
from ui.controllers.shapes.shape_door import PARTS
from ui.filling import imported
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.compare.answer_cell import AnswerCell
    from ui.controllers.shapes.found_shapes import FoundShapes
    from ui.controllers.shapes.shape_reading import ShapeReading
    from ui.panes.shapes.small_picture import SmallPicture
    from ui.transcript.view import TranscriptView
    from ui.widgets.thumbnails import Thumbnails

MOST_PICTURES = 3
"""So many pictures of one answer stand beside each other."""


class _Place(NamedTuple):
    """Where an answer is shown; `own` are the pictures of its question, as (sha256, name)."""

    cell: AnswerCell
    view: TranscriptView
    own: Sequence[tuple[str, str]]


class TableShapes(QObject):
    """Reads the answers that may point at something, beside the window's own work."""

    def __init__(
        self,
        services: Services,
        chosen: PictureChoices,
        earlier: Sequence[tuple[str, str]],
        thumbnails: Thumbnails,
        tasks: TaskOwner,
        parent: QObject,
    ) -> None:
        """`chosen` holds in the conversation, and `earlier` are the pictures of the questions above, oldest
        first, as (sha256, name)."""
        super().__init__(parent)
        self._services = services
        self._earlier = tuple(earlier)
        self._chosen = chosen
        self._thumbnails = thumbnails
        self._tasks = tasks
        self.pointings = Pointings(self)
        """What is known of answers, and which of them are shown as they are written."""
        self._reading: ShapeReading | None = None
        self._answers = PointingAnswers(self._load, self)
        self._places: dict[str, _Place] = {}
        self._found: dict[str, FoundShapes] = {}
        self._sizes: dict[str, QSizeF] = {}
        self._pictures: dict[str, list[SmallPicture]] = {}
        self._closed = False

    def show(
        self, answer: Message, cell: AnswerCell, view: TranscriptView, own: Sequence[tuple[str, str]]
    ) -> None:
        """An answer is shown in a cell as it is now, to a question with pictures of its `own`."""
        place = self._places.get(answer.id)
        if place is None or place.view is not view:
            self.leave(view)
            self._places[answer.id] = _Place(cell, view, own)
            cell.set_pictures(())
            if (found := self._found.get(answer.id)) is not None:
                self._show(found)
        self._answers.take(answer)

    def follow(self, view: TranscriptView) -> None:
        """Answer to the pointer in a view that shows answers of the table."""
        view.action_requested.connect(self.pointings.act)
        view.span_hovered.connect(self._hover_span)

    def leave(self, view: TranscriptView) -> None:
        """A view goes, or shows another answer: nothing is shown there any more of the one before."""
        for gone in [id_ for id_, place in self._places.items() if place.view is view]:
            self._forget(gone)

    def choose(self, chosen: PictureChoices) -> None:
        """Other choices hold in the conversation: read anew what is to be read otherwise by now."""
        self._chosen = chosen
        if self._reading is not None:
            self._reading.take_again()

    def close(self) -> None:
        """The table closes: nothing is read any more."""
        self._closed = True
        self._answers.close()
        if self._reading is not None:
            self._reading.close()

    # ---- reading

    def _load(self) -> Iterator[None]:
        yield from imported((*PARTS, "ui.panes.shapes.small_picture"))
        from ui.controllers.shapes.shape_reading import ShapeReading

        self._reading = ShapeReading(self._services, lambda: self._chosen, self._tasks, self)
        self._reading.read.connect(self._take)
        self._answers.read_with(self._reading.take)

    def _take(self, found: FoundShapes) -> None:
        before = self._found.get(found.message_id)
        self._found[found.message_id] = found
        if found.shapes or (before is not None and before.shapes):
            self._tasks.start(self._measure(found), f"size pictures {id(self)} {found.message_id}")
        elif found.marked and found.state.finished:
            self.pointings.take(found.message_id, Pointing(recognised=False))

    async def _measure(self, found: FoundShapes) -> None:
        """Learn how large the pictures are, then show what is on them."""
        for sha256 in found.scenes.keys() - self._sizes.keys():
            try:
                picture = await self._services.store.pictures.get(sha256)
            except (KeyError, StoreFailed):
                continue  # what is on it is told by the words
            self._sizes[sha256] = QSizeF(picture.width, picture.height)
        if not self._closed and self._found.get(found.message_id) is found:
            self._show(found)

    # ---- showing

    def _show(self, found: FoundShapes) -> None:
        from ui.controllers.shapes.found_shapes import pointing_of, remark_of

        place = self._places.get(found.message_id)
        if place is None:
            return
        place.view.set_spans(found.message_id, found.marks)
        self._show_pictures(found, place)
        remark = remark_of(found, (*self._earlier, *place.own))
        self.pointings.take(found.message_id, pointing_of(found, remark))

    def _show_pictures(self, found: FoundShapes, place: _Place) -> None:
        from ui.controllers.shapes.shapes_in_panes import summary_of

        names = dict((*place.own, *self._earlier, *place.own))  # its own come first
        shown = [sha256 for sha256 in names if sha256 in found.scenes and sha256 in self._sizes]
        shown = shown[:MOST_PICTURES]
        pictures = self._pictures.get(found.message_id, [])
        if [picture.sha256 for picture in pictures] != shown or not place.cell.pictures:
            pictures = [self._made(found.message_id, sha256, names[sha256]) for sha256 in shown]
            self._pictures[found.message_id] = pictures
            place.cell.set_pictures(pictures)
        for picture in pictures:
            picture.show_scene(found.scenes[picture.sha256], summary_of(found, picture.sha256))

    def _made(self, message_id: str, sha256: str, name: str) -> SmallPicture:
        from ui.panes.shapes.small_picture import SmallPicture

        picture = SmallPicture(sha256, name, self._sizes[sha256], self._thumbnails)
        picture.pointed.connect(partial(self._point, message_id))
        return picture

    def _forget(self, message_id: str) -> None:
        """An answer is shown no more; its words are known if it comes again."""
        del self._places[message_id]
        self._pictures.pop(message_id, None)
        self._answers.drop(message_id)
        if self._reading is not None:
            self._reading.drop(message_id)

    # ---- pointing

    def _point(self, message_id: str, number: int) -> None:
        """Let the words stand out that speak of a shape."""
        found, place = self._found.get(message_id), self._places.get(message_id)
        if found is not None and place is not None:
            numbers = [number] if 0 <= number < len(found.shapes) else []
            place.view.highlight_spans(message_id, found.keys_of(numbers))

    def _hover_span(self, message_id: str, key: str) -> None:
        """Let the shapes stand out that some words speak of."""
        found, place = self._found.get(message_id), self._places.get(message_id)
        if found is not None and place is not None:
            self._highlight(message_id, found.spans.get(key, ()))
            place.view.highlight_spans(message_id, [key] if key else ())

    def _highlight(self, message_id: str, numbers: Collection[int]) -> None:
        for picture in self._pictures.get(message_id, ()):
            picture.highlight(numbers)
