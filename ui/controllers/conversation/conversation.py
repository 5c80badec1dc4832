"""The open conversation: one of its branches, on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from app.chat.exchange import Exchange
from app.domain.errors import StoreFailed
from app.domain.message import Message, Status
from app.services import Services
from ui import problems
from ui.controllers.asking.running import Running, RunningAnswers
from ui.controllers.conversation.entries import Place, entry_of
from ui.controllers.conversation.pointings import Pointings
from ui.controllers.conversation.thread import Thread
from ui.filling import taken
from ui.main_window import MainWindow
from ui.tasks import TaskOwner
from ui.transcript.entry import Entry, Unloaded
from ui.transcript.reading.announcer import announce
from ui.transcript.stream_buffer import StreamBuffer

if TYPE_CHECKING:
    from ui.transcript.view import TranscriptView

_ROWS = "show branch"


class Loaded(NamedTuple):
    """A conversation as it comes from the library, with the words that are seen first."""

    thread: Thread
    bodies: tuple[Message, ...]


class ConversationController(QObject):
    """An answer runs on in its own place, whichever conversation and branch is on the screen."""

    opened = Signal()
    """Another conversation, or a new one, is on the screen, or the open one was read anew."""

    branch_shown = Signal()
    """Other messages of the open conversation are on the screen."""

    branch_left = Signal()
    """Another branch of the open conversation is on the screen: what belonged to the one before is not
    said any longer."""

    library_changed = Signal(object)
    """Conversations were created or have changed: their ids (tuple); without any, the folders."""

    running_changed = Signal()
    """What is on the screen began or ended being answered."""

    answer_seen = Signal(object)
    """An answer to a question with pictures as it is shown now (Message)."""

    def __init__(
        self, window: MainWindow, services: Services, running: RunningAnswers, tasks: TaskOwner
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._tasks = tasks
        self._running = running
        self._thread: Thread | None = None
        self.left_for_new = 0
        """How often a new conversation was asked for, also in the place of another new one."""
        self.pointings = Pointings(self)
        """What answers tell of places, as far as that is known."""
        self.pointings.changed.connect(self._show_again)
        running.grew.connect(self._show_growth)
        running.changed.connect(self._take_change)

        def attend(transcript: TranscriptView) -> None:
            self._buffer = StreamBuffer(transcript)
            transcript.action_requested.connect(self.pointings.act)
            transcript.entries_wanted.connect(self._fetch_wanted)

        window.talk.when_made(attend)

    # ---- what is open

    @property
    def shown(self) -> Thread | None:
        """The open conversation; None for a new one that has no question yet."""
        return self._thread

    @property
    def conversation_id(self) -> str | None:
        """Its id; None for a new one that has no question yet."""
        return self._thread.id if self._thread else None

    @property
    def session(self) -> str:
        """The id under which endpoints are asked to keep the open conversation; empty for none."""
        return self._thread.session if self._thread else ""

    @property
    def shown_running(self) -> Running | None:
        """The answer at the end of the shown branch, while it grows."""
        return self._running.holding(self._thread.leaf) if self._thread else None

    @property
    def pictures(self) -> list[tuple[str, str]]:
        """The (sha256, name) of the pictures on the shown branch, oldest first."""
        return self._thread.pictures() if self._thread else []

    def has_pictures(self, question_id: str) -> bool:
        """Whether pictures come with a question of the open conversation."""
        thread = self._thread
        return thread is not None and question_id in thread.tree and bool(thread.tree[question_id].pictures)

    # ---- opening

    async def fetch(
        self, conversation_id: str | None, leaf: str = "", *, may_be_gone: bool = False
    ) -> Loaded | None:
        """A conversation of the library, at the branch through `leaf` or the one shown last. None
        for a new one, and, after saying so in the window, for one that cannot be read; nothing is
        said of one that `may_be_gone`."""
        if conversation_id is None:
            return None
        await taken(self._window.talk.steps())
        conversations = self._services.store.conversations
        try:
            while True:
                seen = self._running.changes(conversation_id)
                outline = await conversations.outline(conversation_id)
                before = self._thread if conversation_id == self.conversation_id else None
                thread = await asyncio.to_thread(Thread, outline, leaf, before)
                bodies = await conversations.messages(thread.last_screen(leaf))
                await self.pointings.get_ready(bodies)
                if seen == self._running.changes(conversation_id):  # else it is out of date
                    return Loaded(thread, bodies)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
        except KeyError:
            if not may_be_gone:
                self._window.show_notice(self.tr("This conversation is no longer in the library."))
        return None

    def show(self, loaded: Loaded | None) -> None:
        """Put a conversation on the screen, or an empty one (None), of which nothing is stored
        before its first question."""
        self._thread = thread = loaded.thread if loaded else None
        if thread is not None:
            for running in self._running.of(thread.id):
                thread.put(running.messages)
        self._tasks.cancel(_ROWS)
        self._set_rows(loaded.bodies if loaded else ())
        self._window.set_title(thread.title if thread else "", can_rename=thread is not None)
        self.opened.emit()
        self.branch_shown.emit()
        self.running_changed.emit()

    async def reload(self) -> bool:
        """Read the open conversation anew: it was changed in the library. False where it is not
        there any more; then it stays on the screen."""
        conversation_id = self.conversation_id
        loaded = await self.fetch(conversation_id, may_be_gone=True)
        if loaded is not None and conversation_id == self.conversation_id:
            self.show(loaded)
        return loaded is not None

    def _fetch_wanted(self, ids: list[str]) -> None:
        self._tasks.start(self._load_wanted(ids, self.conversation_id))

    async def _load_wanted(self, ids: Sequence[str], conversation_id: str | None) -> None:
        try:
            bodies = await self._services.store.conversations.messages(ids)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        await self.pointings.get_ready(bodies)
        if conversation_id == self.conversation_id:
            self._buffer.drop(body.id for body in bodies)
            self._window.transcript.update_entries([self._entry(body) for body in bodies])

    async def message(self, message_id: str) -> Message | None:
        """A message as it is now; None where it is not there, or, after saying so, cannot be read."""
        try:
            found = await self._services.store.conversations.messages([message_id])
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return None
        return self._running.now(found[0]) if found else None

    # ---- rows

    def _set_rows(self, bodies: Iterable[Message]) -> None:
        if self._thread is None and not self._window.talk.is_made:
            return  # nothing was ever shown
        rows: list[Entry | Unloaded] = []
        if self._thread is not None:
            growing = (answer for running in self._running.of(self._thread.id) for answer in running.answers)
            rows = self._thread.rows(self._entry(message) for message in (*bodies, *growing))
        self._window.talk.show(bool(rows))  # first, as all heights follow from the width
        self._buffer.clear()
        self._window.transcript.set_entries(rows)

    def _entry(self, message: Message) -> Entry:
        message = self._running.now(message)
        place = Place()
        if self._thread is not None and message.id in self._thread.tree:
            beside = self._thread.beside(message.id)
            place = Place(beside.index(message.id) + 1, len(beside))
        if message.run is not None and message.run.prepared:
            self.answer_seen.emit(message)
        running, pointing = self._running.holding(message.id), self.pointings.of(message.id)
        written = self.pointings.is_written(message.id)
        if running is None:
            return entry_of(message, place=place, pointing=pointing, written=written)
        progress = running.snapshot.progress if running.exchange.answer.id == message.id else None
        return entry_of(message, progress, place, running=True, pointing=pointing, written=written)

    def _show_again(self, message_id: str) -> None:
        """Show an answer in the way in which its places are to be shown now."""
        running = self._running.holding(message_id)
        grown = running.answer(message_id) if running is not None else None
        if grown is not None and self._thread is not None:
            self._put_rows((grown,))
        elif self._thread is not None and self._thread.shows(message_id):
            self._fetch_wanted([message_id])

    # ---- branches

    def show_branch(
        self, message_id: str, *, spoken: bool = False, words: str = "", to_end: bool = False
    ) -> None:
        """Show the newest branch through a message, and the message itself or (`to_end`) what is
        last; `spoken` says it to screen readers too, `words` are marked in it."""
        thread = self._thread
        if thread is None or message_id not in thread.tree:
            return
        if not thread.shows(message_id):
            thread.show(message_id)
            self._remember()
            self._window.notice.let_go(left=True)
            self.branch_left.emit()
            self.branch_shown.emit()
            self.running_changed.emit()
        self._tasks.start(self._show_rows(thread, message_id, words, spoken=spoken, to_end=to_end), _ROWS)

    async def _show_rows(
        self, thread: Thread, message_id: str, words: str, *, spoken: bool, to_end: bool
    ) -> None:
        ids = thread.last_screen(message_id)
        try:
            bodies = await self._services.store.conversations.messages(ids)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            bodies = ()
        if thread is not self._thread:
            return
        self._set_rows(bodies)
        if to_end:
            self._window.transcript.scroll_to_bottom()
        elif message_id != thread.leaf or words:
            self._window.transcript.reveal(message_id, words)
        if spoken and (said := next((body for body in bodies if body.id == message_id), None)):
            announce(self._window.transcript, self._entry(said))

    def _remember(self) -> None:
        """Let the library keep which branch is shown."""
        thread = self._thread
        if thread is None or self._services.store.read_only:
            return
        leaf = "" if thread.leaf == thread.tree.newest else thread.leaf
        if leaf != thread.remembered:
            thread.remembered = leaf
            self._tasks.start(self._keep_leaf(thread.id, leaf))

    async def _keep_leaf(self, conversation_id: str, leaf: str) -> None:
        try:
            await self._services.store.conversations.set_leaf(conversation_id, leaf)
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
        except KeyError:
            return  # it was deleted meanwhile

    # ---- answers on their way

    def show_begun(self, exchange: Exchange, asked_at: str) -> None:
        """Show what was asked when `asked_at` was the shown leaf, unless the user went to another
        branch meanwhile."""
        thread = self._thread
        assert thread is not None
        follow = thread.leaf == asked_at
        self._tasks.start(self.pointings.get_ready((exchange.question,)))
        question, answer = exchange.question.replace(status=Status.DONE), exchange.answer
        if follow and question.parent_id == (thread.leaf or None) and question.id not in thread.tree:
            thread.extend((question, answer))
            self._window.transcript.append(self._entry(question))
            self._window.transcript.append(self._entry(answer))
            self._window.talk.show(True)
            self._window.transcript.scroll_to_bottom()
        else:
            thread.put((question, answer))
            if follow:
                self.show_branch(answer.id, to_end=True)
                return
        self._remember()
        self.branch_shown.emit()
        self.running_changed.emit()

    def take_beside(self, exchange: Exchange) -> None:
        """Something was asked beside what is shown, which stays on the screen."""
        thread = self._thread
        if thread is None or exchange.conversation_id != thread.id:
            return
        asked = (exchange.question.replace(status=Status.DONE), exchange.answer)
        thread.put(asked)
        self._remember()
        beside = (other for message in asked for other in thread.beside(message.id))
        if shown := [other for other in beside if thread.shows(other)]:
            self._fetch_wanted(shown)  # they say how many they are

    def _show_growth(self, running: Running) -> None:
        if running.conversation_id == self.conversation_id and self._thread is not None:
            new = [answer for answer in running.answers if answer.id not in self._thread.tree]
            self._thread.put(new)
            self._put_rows(running.answers)

    def _take_change(self, running: Running) -> None:
        if running.conversation_id == self.conversation_id and self._thread is not None:
            self._thread.put(message for message in running.messages if message.id in self._thread.tree)
            self._put_rows(running.answers)
            self.running_changed.emit()
        if self._running.holding(running.exchange.answer.id) is None:
            self.library_changed.emit((running.conversation_id,))

    def _put_rows(self, messages: Iterable[Message]) -> None:
        assert self._thread is not None
        for message in messages:
            if self._thread.shows(message.id):
                self._buffer.put(self._entry(message))
