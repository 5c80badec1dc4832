"""The trash: what lies in it, the way back, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QObject

from app.chat.edits import TakeBackBranch, TakeBackConversations
from app.domain.conversation import Trashed
from app.domain.errors import StoreFailed
from app.services import Services
from ui import problems
from ui.controllers.conversation.history import HistoryController
from ui.library.list_view import LibraryView
from ui.library.rows import Line
from ui.tasks import TaskOwner

_TRASH = "list the trash"


class LibraryTrash(QObject):
    """What comes back can be put there again by undoing it."""

    def __init__(
        self,
        view: LibraryView,
        services: Services,
        history: HistoryController,
        tasks: TaskOwner,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page = view.trash
        self._store = services.store
        self._history = history
        self._tasks = tasks
        self._things: dict[tuple[str, str], Trashed] = {}
        self._page.restore_requested.connect(self._restore)
        self._page.purge_requested.connect(lambda lines: tasks.start(self._purge(lines)))

    def show(self) -> None:
        """Read what lies in the trash."""
        self._tasks.start(self._show(), _TRASH)

    async def _show(self) -> None:
        try:
            things = await self._store.trash.contents()
        except StoreFailed as error:
            self._page.show_failed(problems.sentence(error))
            return
        self._things = {(thing.conversation_id, thing.message_id): thing for thing in things}
        self._page.show_lines([self._line(thing) for thing in things])

    def _line(self, thing: Trashed) -> Line:
        return Line(
            conversation_id=thing.conversation_id,
            message_id=thing.message_id,
            title=thing.title,
            text=" ".join(thing.text.split()),
            when=self.tr("Deleted {day}").format(day=_day(thing.trashed)),
            icon="pencil" if thing.message_id else "message-square",
        )

    def _restore(self, lines: Sequence[Line]) -> None:
        whole = tuple(line.conversation_id for line in lines if not line.message_id)
        if whole:
            self._history.do(TakeBackConversations(whole))
        for line in lines:
            if line.message_id:
                self._history.do(TakeBackBranch(line.conversation_id, line.message_id))

    async def _purge(self, lines: Sequence[Line]) -> None:
        known = (self._things.get((line.conversation_id, line.message_id)) for line in lines)
        try:
            await self._store.trash.purge([thing for thing in known if thing is not None])
        except StoreFailed as error:
            self._page.show_failed(problems.sentence(error))
            return
        await self._show()


def _day(time: datetime) -> str:
    at = time.astimezone()
    return QLocale().toString(QDate(at.year, at.month, at.day), QLocale.FormatType.ShortFormat)
