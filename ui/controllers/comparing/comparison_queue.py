"""Who of a table is asked when: each endpoint a few questions at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from app.chat.answering import Show
from app.chat.comparing import same_way, with_picture
from app.chat.edits import AnsweredAgain, Asked
from app.chat.exchange import Exchange
from app.chat.route import Route
from app.domain.conversation import Draft
from app.domain.errors import FoveaError
from app.domain.message import Message, RunCard
from app.domain.model import Endpoint
from app.providers.registry import UnknownEndpoint
from app.services import Services
from ui import problems
from ui.compare.compare_window import PictureRow
from ui.compare.heads import Key
from ui.controllers.asking.running import RunningAnswers
from ui.tasks import TaskOwner

AT_ONCE, AT_ONCE_HERE = 2, 1
"""Questions that one endpoint answers at a time; one on this computer has a single engine."""

Cell = tuple[str, Key]
"""The keys of a row and of a column."""


class Rooms:
    """One for each endpoint, whichever tables ask it: so many questions at a time are let in."""

    def __init__(self) -> None:
        self._rooms: dict[tuple[str, bool], asyncio.Semaphore] = {}

    def of(self, endpoint: Endpoint) -> asyncio.Semaphore:
        """The room of an endpoint; one that moves to this computer gets another."""
        place = endpoint.id, endpoint.on_this_computer
        room = self._rooms.get(place)
        if room is None:
            size = AT_ONCE_HERE if endpoint.on_this_computer else AT_ONCE
            room = self._rooms[place] = asyncio.Semaphore(size)
        return room


class Row:
    """A picture of the table. Its question is stored when the first model is asked."""

    def __init__(self, key: str, draft: Draft, question: Message | None) -> None:
        self.key = key
        self.draft = draft
        self.question = question
        self.storing = asyncio.Lock()

    @property
    def shown(self) -> PictureRow:
        """As the window shows it."""
        sha256, name = self.draft.pictures[0] if self.draft.pictures else ("", "")
        return PictureRow(self.key, sha256, name, max(0, len(self.draft.pictures) - 1))


class ComparisonQueue(QObject):
    """Asks beside `question` in its conversation, as the answer of `run` was asked."""

    asked = Signal(object)
    """Something was stored that can be undone: Asked or AnsweredAgain."""

    stored = Signal(object)
    """An Exchange is in the library."""

    begun = Signal(object, object)
    """The answer (Message) of a Cell begins."""

    ended = Signal(object, str)
    """Nothing more comes of a Cell; with a sentence where it could not be asked."""

    def __init__(
        self,
        services: Services,
        running: RunningAnswers,
        tasks: TaskOwner,
        rooms: Rooms,
        conversation_id: str,
        question: Message,
        run: RunCard | None,
    ) -> None:
        super().__init__()  # without a parent: it lives as long as somebody asks
        self._services = services
        self._running = running
        self._tasks = tasks
        self._conversation_id = conversation_id
        self._question = question
        self._run = run
        self._rooms = rooms
        self.waiting: set[Cell] = set()
        """The cells that are asked, or will be."""
        self.projector: Callable[[str], str | None] = lambda endpoint_id: None
        """The vision part that belongs to the model file of an endpoint."""

    def ask(self, row: Row, column: Key) -> None:
        """Ask when there is room at the endpoint."""
        cell = (row.key, column)
        if cell not in self.waiting:
            self.waiting.add(cell)
            self._tasks.start(self._answer(row, column), self._task(cell))

    async def draft(self) -> Draft:
        """What its question is made of by now. Raises StoreFailed, and KeyError where it is gone."""
        return await self._services.chat.draft_of(self._conversation_id, self._question.id)

    def give_up(self, cells: Iterable[Cell]) -> None:
        """Ask those not that still wait for their turn; what is being answered goes on."""
        for cell in tuple(cells):
            self._tasks.cancel(self._task(cell))

    async def _answer(self, row: Row, column: Key) -> None:
        cell, problem = (row.key, column), ""
        try:
            route = await self._route(column)
            async with self._rooms.of(route.provider.endpoint):
                exchange = await self._store(row, route)
                self.stored.emit(exchange)
                await self._answered(cell, exchange, route)
        except (FoveaError, UnknownEndpoint, ValueError, KeyError) as error:
            problem = self._why(error)
        finally:
            self.waiting.discard(cell)
            self.ended.emit(cell, problem)

    async def _answered(self, cell: Cell, exchange: Exchange, route: Route) -> None:
        """Until the answer has ended, which it does in its own time."""
        ended = asyncio.Event()

        async def work(show: Show) -> Message:
            try:
                return await self._services.chat.answer(exchange, route, show)
            finally:
                ended.set()

        self._running.start(exchange, work)
        self.begun.emit(cell, exchange.answer)
        await ended.wait()

    def _why(self, error: Exception) -> str:
        if isinstance(error, FoveaError):
            return problems.sentence(error)
        if isinstance(error, UnknownEndpoint):
            return self.tr("An endpoint of this table is not set up any more.")
        if isinstance(error, ValueError):
            return self.tr("The parameters of the first answer cannot be read.")
        return self.tr("The question is no longer in the library.")

    async def _route(self, column: Key) -> Route:
        """Raises InputRefused and UnknownEndpoint for an endpoint that cannot be asked, ValueError for
        parameters that cannot be read."""
        endpoint_id, model = column
        await self._services.registry.prepare(endpoint_id)
        provider = self._services.registry.provider(endpoint_id)
        return same_way(self._run, provider, model, self.projector(endpoint_id))

    async def _store(self, row: Row, route: Route) -> Exchange:
        chat, conversation_id, shown = self._services.chat, self._conversation_id, self._question.id
        async with row.storing:
            if row.question is None:
                draft = with_picture(await self.draft(), *row.draft.pictures[0])
                exchange = await chat.ask(draft, route, conversation_id, self._question.parent_id or "")
                row.question = exchange.question
                self.asked.emit(Asked(conversation_id, exchange.question.id, shown))
                return exchange
            exchange = await chat.ask_again(conversation_id, row.question.id, route)
        self.asked.emit(AnsweredAgain(conversation_id, exchange.answer.id, shown))
        return exchange

    def _task(self, cell: Cell) -> str:
        row, (endpoint_id, model) = cell
        return f"compare {id(self)} {row} {endpoint_id} {model}"  # another table may ask the same
