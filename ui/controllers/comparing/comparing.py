"""Asking the same of other pictures and of other models: at once, or in a table."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.chat.comparing import same_way, table_of, with_picture
from app.domain.errors import FoveaError, PictureRefused, StoreFailed
from app.domain.message import Message, Role
from app.pictures.intake import Offer
from app.providers.registry import UnknownEndpoint
from app.services import Services
from ui import problems
from ui.compare.compare_window import CompareWindow
from ui.controllers.asking.asking import AskingController
from ui.controllers.asking.running import RunningAnswers
from ui.controllers.comparing.comparison import Comparison
from ui.controllers.comparing.comparison_queue import ComparisonQueue, Rooms
from ui.controllers.comparing.offered_models import OfferedModels
from ui.controllers.comparing.table_shapes import TableShapes
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.thread import Thread
from ui.controllers.endpoints.choices import Choices
from ui.controllers.endpoints.chosen import LOCAL
from ui.controllers.pictures.picture_choices import PictureChoicesController
from ui.controllers.pictures.picture_dialog import picture_dialog
from ui.controllers.pictures.removal import lost_words
from ui.controllers.pictures.thumbnails import ThumbnailController
from ui.main_window import MainWindow
from ui.tasks import TaskOwner


class ComparingController(QObject):
    """Opens tables, and swaps the picture of a question."""

    asked = Signal(object)
    """Something was stored that can be undone."""

    change_wanted = Signal(object)
    """A change of a question (Draft) is to be looked at before it is sent."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        asking: AskingController,
        running: RunningAnswers,
        choices: Choices,
        picture_choices: PictureChoicesController,
        thumbnails: ThumbnailController,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._conversations = conversations
        self._asking = asking
        self._running = running
        self._choices = choices
        self._picture_choices = picture_choices
        self._thumbnails = thumbnails
        self._tasks = tasks
        self._rooms = Rooms()
        self._offered = OfferedModels(services, choices, tasks, self)

    async def open(self, message: Message) -> None:
        """Show a question of the open conversation, or that of an answer, in a table."""
        thread = self._conversations.shown
        question = await self._question_of(message)
        if thread is None or question is None or question.id not in thread.tree:
            return
        beside = thread.beside(question.id)
        below = [node.id for other in beside for node in thread.tree.children(other)]
        stored = self._services.store.conversations
        try:
            questions, answers = await stored.messages(beside), await stored.messages(below)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        await self._conversations.pointings.get_ready((question, *answers))
        shown = message if message.run else next((m for m in reversed(answers) if m.run), None)
        run = shown.run if shown is not None else None
        await asyncio.sleep(0)
        table = CompareWindow(question.text, self._window)
        await asyncio.sleep(0)
        parts = self._services, self._running, self._tasks, self._rooms
        queue = ComparisonQueue(*parts, thread.id, question, run)
        queue.projector = self._projector
        queue.asked.connect(self.asked)
        queue.stored.connect(self._conversations.take_beside)
        shapes = self._shapes_of(table, thread, question)
        parts_of = self._services, self._running, queue, self._tasks, shapes
        comparison = Comparison(table, *parts_of, question)
        self._connect(table, comparison)
        comparison.show(table_of(question, questions, answers))
        await asyncio.sleep(0)
        table.show()

    async def swap(self, message: Message) -> None:
        """Let the user choose the picture that the same is asked of."""
        question = await self._question_of(message)
        if question is None:
            return
        dialog = picture_dialog(self._window, self.tr("Ask the same of another picture"), several=False)
        dialog.filesSelected.connect(
            lambda paths: self._tasks.start(self._ask_of(Path(paths[0]), question, message))
        )
        dialog.open()

    async def _ask_of(self, path: Path, question: Message, message: Message) -> None:
        """Ask the same of the picture at `path`, of whoever answered before. Where something was drawn
        on the one before, nothing is sent: it is not on this one, and what it covered may be seen."""
        thread, answer = self._conversations.shown, await self._answer_of(message)
        if thread is None or answer is None or answer.run is None:
            return
        run = answer.run
        try:
            async for taken in self._services.intake.take(Offer(paths=(path,))):
                if isinstance(taken, PictureRefused):
                    self._window.show_notice(problems.sentence(taken))
                    return
                await self._services.registry.prepare(run.endpoint_id)
                provider = self._services.registry.provider(run.endpoint_id)
                before = await self._services.chat.draft_of(thread.id, question.id)
                draft = with_picture(before, taken.picture.sha256, taken.name).replace(edits=question.id)
                route = same_way(run, provider, run.model, run.projector)
                if lost := lost_words(before, taken.name):
                    self.change_wanted.emit(draft)
                    words = self.tr("It was not sent yet: look at it first.")
                    self._window.show_notice(f"{lost} {words}")
                else:
                    self._asking.ask(draft, route)
        except FoveaError as error:
            self._window.show_notice(problems.sentence(error))
        except KeyError:
            self._window.show_notice(self.tr("The question is no longer in the library."))
        except (UnknownEndpoint, ValueError):
            gone = self.tr("{endpoint} cannot be asked as it was before.")
            self._window.show_notice(gone.format(endpoint=run.endpoint))

    async def _question_of(self, message: Message) -> Message | None:
        if message.role is Role.USER:
            return message
        return await self._conversations.message(message.parent_id or "")

    async def _answer_of(self, message: Message) -> Message | None:
        """The shown answer of a question."""
        if message.role is Role.ASSISTANT:
            return message
        thread = self._conversations.shown
        branch = thread.branch if thread is not None else ()
        below = next((node.id for node in branch if node.parent_id == message.id), "")
        return await self._conversations.message(below)

    def _connect(self, table: CompareWindow, comparison: Comparison) -> None:
        table.thumbnail_wanted.connect(self._thumbnails.want)
        self._thumbnails.add_receiver(table.set_thumbnail)
        table.closed.connect(lambda: self._thumbnails.remove_receiver(table.set_thumbnail))
        table.add_pictures_requested.connect(lambda: self._ask_for_pictures(table, comparison))
        self._connect_models(table)

    def _shapes_of(self, table: CompareWindow, thread: Thread, question: Message) -> TableShapes:
        """What answers in a table point at, read as is chosen in the conversation while that is open."""
        above = thread.tree.branch(question.parent_id) if question.parent_id else ()
        earlier = [(part.sha256, part.name) for node in above for part in node.pictures]
        shapes = TableShapes(self._services, thread.choices, earlier, table.thumbnails, self._tasks, table)
        choices = self._picture_choices

        def choose() -> None:
            if self._conversations.conversation_id == thread.id:
                shapes.choose(choices.choices)

        choices.changed.connect(choose)
        table.closed.connect(lambda: choices.changed.disconnect(choose))
        return shapes

    def _connect_models(self, table: CompareWindow) -> None:
        offered = self._offered

        def fill() -> None:
            table.offer_models(offered.rows())

        table.models_wanted.connect(fill)
        table.models_wanted.connect(offered.look)
        table.models_of_wanted.connect(offered.ask)
        offered.changed.connect(fill)
        table.closed.connect(lambda: offered.changed.disconnect(fill))

    def _ask_for_pictures(self, table: CompareWindow, comparison: Comparison) -> None:
        dialog = picture_dialog(table, self.tr("Open pictures"))
        dialog.filesSelected.connect(
            lambda paths: comparison.take(Offer(paths=tuple(Path(path) for path in paths)))
        )
        dialog.open()

    def _projector(self, endpoint_id: str) -> str | None:
        return self._choices.settings.local_projector if endpoint_id == LOCAL else None
