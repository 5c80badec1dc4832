"""A table of pictures and models: its questions stand beside each other in the conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath

from PySide6.QtCore import QObject

from app.chat.comparing import Column, Table, with_picture
from app.chat.exchange import draft_of
from app.domain.conversation import Draft
from app.domain.errors import PictureRefused, StoreFailed
from app.domain.message import Message
from app.pictures.intake import Offer
from app.services import Services
from ui import problems
from ui.compare.answer_cell import INSET
from ui.compare.compare_window import CompareWindow
from ui.compare.heads import Key, ModelColumn
from ui.controllers.asking.attachments import offer_of
from ui.controllers.asking.running import Running, RunningAnswers
from ui.controllers.comparing.comparison_queue import Cell, ComparisonQueue, Row
from ui.controllers.comparing.table_shapes import TableShapes
from ui.controllers.conversation.entries import PLACES, entry_of
from ui.controllers.pictures.removal import lost_words
from ui.tasks import TaskOwner
from ui.transcript.ringed_area import RING
from ui.transcript.view import TranscriptView
from ui.widgets.offered import OfferedPictures
from ui.widgets.steps import Steps

MOST_ROWS = 50


def named(column: Column) -> ModelColumn:
    """A column as people call it: a file by its name, an endpoint with one model by its own."""
    if column.model == column.endpoint_id:
        return ModelColumn(column.key, column.endpoint, "")
    model = PurePath(column.model).stem if column.model.endswith(".gguf") else column.model
    return ModelColumn(column.key, model, column.endpoint)


class Comparison(QObject):
    """One open table; it lives as long as its window. With the window closed, what is being answered
    goes on, and what waits for its turn is given up."""

    def __init__(
        self,
        window: CompareWindow,
        services: Services,
        running: RunningAnswers,
        queue: ComparisonQueue,
        tasks: TaskOwner,
        shapes: TableShapes,
        question: Message,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._running = running
        self._queue = queue
        self._tasks = tasks
        self._question = question
        self._shapes = shapes
        shapes.pointings.changed.connect(self._show_again)
        self._showing = Steps(self)
        self._rows: dict[str, Row] = {}
        self._columns: dict[Key, ModelColumn] = {}
        self._answers: dict[Cell, Message] = {}
        self._views: dict[Cell, tuple[str, TranscriptView]] = {}
        running.grew.connect(self._show_running)
        running.changed.connect(self._show_running)
        queue.begun.connect(self._take_begun)
        queue.ended.connect(self._take_end)
        window.ask_requested.connect(lambda row, column: self._ask((row, column)))
        window.stop_requested.connect(lambda row, column: self._give_up([(row, column)]))
        window.ask_all_requested.connect(self._ask_all)
        window.stop_all_requested.connect(lambda: self._give_up(queue.waiting))
        window.row_removed.connect(self._remove_row)
        window.column_removed.connect(self._remove_column)
        window.model_added.connect(self._add_column)
        window.pictures_offered.connect(self._take_offered)
        window.closed.connect(lambda: queue.give_up(queue.waiting))
        window.closed.connect(shapes.close)

    # ---- what the table is made of

    def show(self, table: Table) -> None:
        """Take what was asked and answered so far."""
        for question in table.rows:
            self._rows[question.id] = Row(question.id, draft_of(question), question)
        self._columns.update((column.key, named(column)) for column in table.columns)
        self._answers.update(table.cells)
        self._show_table()

    def take(self, offer: Offer) -> None:
        """Take further pictures; each stands for the first one of the question."""
        self._tasks.start(self._take(offer))

    def _take_offered(self, offered: OfferedPictures) -> None:
        self.take(offer_of(offered))

    async def _take(self, offer: Offer) -> None:
        said: list[str] = []
        before = await self._asked()
        try:
            async for taken in self._services.intake.take(offer):
                if isinstance(taken, PictureRefused):
                    said.append(problems.sentence(taken))
                elif len(self._rows) < MOST_ROWS:
                    self._add_row(taken.picture.sha256, taken.name)
                    said.append(lost_words(before, taken.name))
        except StoreFailed as error:
            said.append(problems.sentence(error))
        self._window.show_problem("\n".join(filter(None, said)))
        self._show_table()

    async def _asked(self) -> Draft:
        """What the question of the table is made of by now."""
        try:
            return await self._queue.draft()
        except (StoreFailed, KeyError):
            return draft_of(self._question)

    def _add_row(self, sha256: str, name: str) -> None:
        if all(row.shown.sha256 != sha256 for row in self._rows.values()):
            draft = with_picture(draft_of(self._question), sha256, name)
            self._rows[sha256] = Row(sha256, draft, None)

    def _add_column(self, one: ModelColumn) -> None:
        self._columns.setdefault(one.key, one)
        self._show_table()

    def _remove_row(self, key: str) -> None:
        """Out of the table; what was asked stays in the conversation."""
        self._give_up((key, column) for column in self._columns)
        self._rows.pop(key, None)
        self._show_table()

    def _remove_column(self, key: Key) -> None:
        self._give_up((row, key) for row in self._rows)
        self._columns.pop(key, None)
        self._show_table()

    def _show_table(self) -> None:
        for gone in [cell for cell in self._views if not self._shows(cell)]:
            _, view = self._views.pop(gone)
            self._shapes.leave(view)
        rows = [row.shown for row in self._rows.values()]
        self._window.set_table(rows, list(self._columns.values()))
        unseen = [cell for cell in self._answers if self._shows(cell) and not self._is_seen(cell)]
        for cell in unseen:
            self._window.cell(*cell).show_waiting("")
        self._showing.run(self._show_answers(unseen))
        self._show_missing()

    def _show_answers(self, cells: list[Cell]) -> Iterator[None]:
        """One in two steps; nothing is made twice that came to be seen meanwhile."""
        for cell in cells:
            if self._shows(cell) and not self._is_seen(cell):
                self._make_view(cell)
                yield
            if self._shows(cell) and not self._is_seen(cell):
                self._show_answer(cell, self._running.now(self._answers[cell]))
                yield

    def _is_seen(self, cell: Cell) -> bool:
        """Whether an answer stands in a cell that is in the table."""
        _, view = self._views.get(cell, ("", None))
        return view is not None and self._window.cell(*cell).view is view

    def _shows(self, cell: Cell) -> bool:
        row, column = cell
        return row in self._rows and column in self._columns

    # ---- asking and stopping

    def _missing(self) -> list[Cell]:
        every = ((row, column) for row in self._rows for column in self._columns)
        return [cell for cell in every if cell not in self._answers and cell not in self._queue.waiting]

    def _ask_all(self) -> None:
        for cell in self._missing():
            self._ask(cell)

    def _ask(self, cell: Cell) -> None:
        row, column = cell
        if cell not in self._queue.waiting:
            self._queue.ask(self._rows[row], column)
            self._window.cell(row, column).show_waiting(self.tr("Waiting for its turn"))
            self._show_missing()

    def _give_up(self, cells: Iterable[Cell]) -> None:
        """Stop what is being answered, and do not ask what waits for its turn."""
        for cell in tuple(cells):
            answer = self._answers.get(cell)
            running = self._running.holding(answer.id) if answer is not None else None
            if running is not None:
                self._running.stop(running)
            else:
                self._queue.give_up([cell])

    # ---- what is shown

    def _take_begun(self, cell: Cell, answer: Message) -> None:
        self._answers[cell] = answer
        self._show_answer(cell, answer)

    def _take_end(self, cell: Cell, problem: str) -> None:
        if problem:
            self._window.show_problem(problem)
        if self._shows(cell) and self._window.cell(*cell).state == "waiting":
            if (before := self._answers.get(cell)) is not None:
                self._show_answer(cell, self._running.now(before))
            else:
                self._window.cell(*cell).show_blank()
        self._show_missing()

    def _show_running(self, running: Running) -> None:
        for cell, answer in self._answers.items():
            if (now := running.answer(answer.id)) is not None:
                self._answers[cell] = now
                self._show_answer(cell, now)
                return

    def _show_answer(self, cell: Cell, answer: Message) -> None:
        if not self._shows(cell):
            return
        running = self._running.holding(answer.id)
        progress = running.snapshot.progress if running is not None else None
        known = self._shapes.pointings
        pointing, written = known.of(answer.id), known.is_written(answer.id)
        entry = entry_of(answer, progress, running=running is not None, pointing=pointing, written=written)
        actions = tuple(action for action in entry.actions if action.id == PLACES)
        alone = replace(entry, heading="", metrics="", actions=actions)
        place = self._window.cell(*cell)
        shown, view = self._views.get(cell, ("", None))
        if view is None or place.view is not view:
            shown, view = "", self._make_view(cell)
        if shown == answer.id:
            view.update_entry(alone)
        else:
            view.set_entries([alone])
            if running is None:
                view.reveal(answer.id)
        self._views[cell] = (answer.id, view)
        self._shapes.show(answer, place, view, self._rows[cell[0]].draft.pictures)
        place.show_answer(entry.metrics, running=running is not None)

    def _make_view(self, cell: Cell) -> TranscriptView:
        """What shows the answer of a cell, which has none or gets another."""
        place = self._window.cell(*cell)
        if isinstance(place.view, TranscriptView):
            return place.view
        view = TranscriptView()
        view.stand_left(INSET - RING)
        view.offer_way_down(False)  # the bar shows that there is more, and the button would hide some
        self._shapes.follow(view)
        place.set_view(view)
        return view

    def _show_again(self, answer_id: str) -> None:
        """Show an answer in the way in which its places are to be shown now."""
        for cell, answer in self._answers.items():
            if answer.id == answer_id and self._views.get(cell, ("",))[0] == answer_id:
                self._show_answer(cell, self._running.now(answer))

    def _show_missing(self) -> None:
        self._window.show_missing(len(self._missing()), running=bool(self._queue.waiting))
