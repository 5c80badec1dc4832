"""The list of conversations: its pages, and each conversation anew that has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.conversation import ConversationSummary
from app.domain.errors import StoreFailed
from app.domain.library import Filter, Page, Place
from app.services import Services
from ui import problems
from ui.controllers.asking.composing import ComposingController
from ui.controllers.asking.running import RunningAnswers
from ui.controllers.conversation.conversation import ConversationController
from ui.controllers.conversation.history import HistoryController
from ui.library.rows import LibraryRow, Shelf, Wanted
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.controllers.library.library_edits import LibraryEdits
    from ui.controllers.library.library_search import LibrarySearch
    from ui.controllers.library.library_trash import LibraryTrash
    from ui.library.selection import SelectionActions

FIRST = 100
PAGE = 60
_LIST, _CHANGED, _REST = "list conversations", "list what changed", "list the rest"


class LibraryController(QObject):
    """Reads one thing after the other, so that nothing older is shown over something newer."""

    export_requested = Signal(object)
    """The ids of conversations (tuple)."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        conversations: ConversationController,
        composing: ComposingController,
        history: HistoryController,
        running: RunningAnswers,
        tasks: TaskOwner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.library
        self._services = services
        self._history = history
        self._running = running
        self._tasks = tasks
        self._turn = asyncio.Lock()
        self._changed: dict[str, None] = {}
        self._after: Place | None = None
        conversations.library_changed.connect(self.show_changed)
        running.conversations_changed.connect(self._view.model.set_answering)
        self._connect(composing)

    def _connect(self, composing: ComposingController) -> None:
        view = self._view
        view.conversation_chosen.connect(composing.open)
        view.hit_chosen.connect(composing.open)
        view.model.more_wanted.connect(lambda: self._tasks.start(self._list_more(), _LIST))
        view.model.renamed.connect(lambda *given: self._edits.rename(*given))
        view.rest_wanted.connect(lambda then: self._tasks.start(self._list_rest(then), _REST))
        view.retry_requested.connect(self.list_again)
        view.trash_shown.connect(lambda: self._trash.show())
        view.search.textChanged.connect(lambda words: self._search.find(words))
        view.head.wanted_changed.connect(lambda _: self._list_other())
        view.head.choices_wanted.connect(lambda: self._tasks.start(self._offer_filters()))
        view.head.folder_named.connect(lambda *given: self._edits.name_folder(*given))
        view.head.folder_removed.connect(lambda folder: self._edits.remove_folder(folder))
        view.actions_made.connect(self._connect_actions)

    def _connect_actions(self, actions: SelectionActions) -> None:
        actions.requested.connect(lambda *given: self._edits.do(*given))
        actions.tag_wanted.connect(lambda: self._tasks.start(self._offer_tags(actions)))

    # ---- made when they are first needed

    @cached_property
    def _edits(self) -> LibraryEdits:
        from ui.controllers.library.library_edits import LibraryEdits

        made = LibraryEdits(self._view, self._history, self._running, self)
        made.export_requested.connect(self.export_requested)
        return made

    @cached_property
    def _search(self) -> LibrarySearch:
        from ui.controllers.library.library_search import LibrarySearch

        return LibrarySearch(self._view, self._services, self._tasks, self)

    @cached_property
    def _trash(self) -> LibraryTrash:
        from ui.controllers.library.library_trash import LibraryTrash

        return LibraryTrash(self._view, self._services, self._history, self._tasks, self)

    # ---- the list

    async def begin(self) -> None:
        """Show the first conversations, and the folders."""
        await self._list()
        await self._show_folders()

    def list_again(self) -> None:
        """Read the beginning of the list."""
        self._tasks.start(self._list(), _LIST)

    def show_changed(self, ids: Iterable[str]) -> None:
        """Read conversations anew, by their ids, and nothing else of the list; without any, the folders."""
        self._changed.update(dict.fromkeys(ids) or {"": None})
        if not self._tasks.runs(_CHANGED):
            self._tasks.start(self._list_changed(), _CHANGED)

    def _list_other(self) -> None:
        self._after = None
        self.list_again()
        if self._view.search.text().strip():
            self._search.find(self._view.search.text())

    async def _list(self) -> None:
        async with self._turn:
            try:
                page = await self._page(None, FIRST)
            except StoreFailed as error:
                self._view.show_failed(problems.sentence(error))
                return
            self._after = page.after
            self._view.set_rows([row_of(row) for row in page.rows], more=page.after is not None)

    async def _list_more(self, most: int = PAGE) -> None:
        async with self._turn:
            try:
                page = await self._page(self._after, most)
            except StoreFailed as error:
                self._window.show_notice(problems.sentence(error))
                self._view.append_rows((), more=False)
                return
            self._after = page.after
            self._view.append_rows([row_of(row) for row in page.rows], more=page.after is not None)

    async def _list_rest(self, then: Callable[[], object]) -> None:
        while self._view.model.more:
            await self._list_more()
        then()

    async def _list_changed(self) -> None:
        while self._changed:
            async with self._turn:
                ids = list(self._changed)
                self._changed.clear()
                try:
                    rows = await self._services.store.listing.summaries(
                        ids, filter_of(self._view.head.wanted)
                    )
                except StoreFailed as error:
                    self._window.show_notice(problems.sentence(error))
                    return
                there = {row.id for row in rows}
                gone = [one for one in ids if one and one not in there]
                for _ in self._view.parts_made():
                    await asyncio.sleep(0)
                self._view.put_rows([row_of(row) for row in rows], gone)
            if "" in ids:
                await self._show_folders()
            if self._view.head.folder.in_trash:
                self._trash.show()

    async def _page(self, after: Place | None, most: int) -> Page:
        return await self._services.store.listing.page(filter_of(self._view.head.wanted), after, most)

    # ---- folders, tags and filters

    async def _show_folders(self) -> None:
        try:
            folders = await self._services.store.shelves.folders()
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        self._view.head.show_shelves([Shelf(folder.id, folder.name) for folder in folders])

    async def _offer_filters(self) -> None:
        from ui.library.rows import Answerer

        try:
            tags = await self._services.store.listing.tags()
            models = await self._services.store.listing.models()
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        who = [Answerer(one.endpoint_id, one.endpoint, one.model) for one in models]
        self._view.head.open_filters(tags, who)

    async def _offer_tags(self, actions: SelectionActions) -> None:
        try:
            tags = await self._services.store.shelves.tags()
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        actions.ask_for_tag(list(tags))


def filter_of(wanted: Wanted) -> Filter:
    """What the library is asked for."""
    return Filter(
        folder=wanted.folder,
        tag=wanted.tag,
        endpoint_id=wanted.endpoint_id,
        model=wanted.model,
        has_pictures=wanted.has_pictures,
        pinned=wanted.pinned,
    )


def row_of(summary: ConversationSummary) -> LibraryRow:
    """A conversation as the list shows it."""
    return LibraryRow(
        id=summary.id,
        title=summary.title,
        changed=summary.changed,
        picture=summary.picture,
        tags=summary.tags,
        pinned=summary.pinned,
        touched=summary.touched,
        folder=summary.folder,
    )
