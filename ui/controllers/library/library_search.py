"""Searching all conversations while somebody types."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject

from app.domain.errors import StoreFailed
from app.domain.library import Hit
from app.services import Services
from ui import problems
from ui.controllers.library.library import filter_of
from ui.library.groups import Groups
from ui.library.list_view import LibraryView
from ui.library.rows import Line
from ui.tasks import TaskOwner

MOST = 100
AGAIN_S = 1.0
"""What is found is looked for again so often while more is indexed."""

_SEARCH = "search all conversations"


class LibrarySearch(QObject):
    """What was typed last is what counts."""

    def __init__(self, view: LibraryView, services: Services, tasks: TaskOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._store = services.store
        self._tasks = tasks

    def find(self, words: str) -> None:
        """Show where all of `words` occur in what is listed; without any, nothing."""
        if words.strip():
            self._view.hits.show_searching()
            self._tasks.start(self._find(words), _SEARCH)
        else:
            self._tasks.cancel(_SEARCH)

    async def _find(self, words: str) -> None:
        hits, complete = self._view.hits, False
        while not complete:
            try:
                found = await self._store.search.find(words, filter_of(self._view.head.wanted), MOST)
            except StoreFailed as error:
                hits.show_failed(problems.sentence(error))
                return
            groups, complete = Groups(), self._store.search.complete
            hits.show_lines([_line(hit, groups) for hit in found], complete=complete, most=MOST)
            if not complete:
                await asyncio.sleep(AGAIN_S)


def _line(hit: Hit, groups: Groups) -> Line:
    summary = hit.conversation
    return Line(
        conversation_id=summary.id,
        message_id=hit.message_id,
        title=summary.title if hit.message_id else hit.text,
        text=hit.text if hit.message_id else "",
        marks=hit.marks,
        when=groups.when(summary.changed),
        picture=summary.picture or "",
    )
