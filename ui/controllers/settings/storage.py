"""Connects the page of the storage with what is kept of pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.settings import Settings
from app.store.prepared import Kept, PreparedFiles
from ui.controllers.conversation.undo import Work
from ui.controllers.endpoints.choices import Choices
from ui.controllers.sizes import counted, size_words
from ui.settings.dialog import SettingsDialog
from ui.settings.rows import StorageRow
from ui.settings.storage_page import StoragePage
from ui.tasks import TaskOwner

LIMITS = (0, 500_000_000, 1_000_000_000, 2_000_000_000, 5_000_000_000, 10_000_000_000, 50_000_000_000)
"""Bytes to choose from."""
_MEASURE, _CLEAR = "measure what is kept", "clear what is kept"

OfferUndo = Callable[[str, Work, Work | None], None]
"""Say what was removed, how it comes back, and what makes it final."""


class Storage(QObject):
    """Nothing is counted before somebody looks, and nothing on the window's thread.

    A lower limit removes nothing before the settings are closed: until then another can be chosen.
    """

    def __init__(
        self,
        prepared: PreparedFiles,
        choices: Choices,
        tasks: TaskOwner,
        offer_undo: OfferUndo,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._prepared = prepared
        self._choices = choices
        self._tasks = tasks
        self._offer_undo = offer_undo
        self._page: StoragePage | None = None
        self._kept: Kept | None = None
        choices.changed.connect(self._follow)

    def connect_to(self, dialog: SettingsDialog) -> None:
        """Serve the page of a dialog, once there is one."""
        dialog.storage_made.connect(self._begin)
        dialog.storage_shown.connect(self._measure)

    def settle(self) -> None:
        """The settings are closed: what is beyond the limit goes."""
        if self._kept is not None and self._kept.size > self._prepared.budget:
            self._tasks.start(self._prepared.trim())
        self._kept = None

    def _begin(self, page: StoragePage) -> None:
        self._page = page
        page.limit_chosen.connect(lambda limit: self._choices.change(prepared_bytes=limit))
        page.clear_requested.connect(lambda: self._tasks.start(self._clear(), _CLEAR))
        self._show()

    def _measure(self) -> None:
        self._tasks.start(self._look(), _MEASURE)

    def _follow(self, before: Settings, after: Settings) -> None:
        if before.prepared_bytes != after.prepared_bytes:
            self._prepared.budget = after.prepared_bytes
            self._show()

    async def _look(self) -> None:
        self._kept = await self._prepared.measure()
        self._show()

    async def _clear(self) -> None:
        gone = await self._prepared.set_aside()
        await self._look()
        if gone.files:
            self._offer_undo(self._cleared(gone), self._bring_back, self._prepared.drop)

    async def _bring_back(self) -> None:
        await self._prepared.bring_back()
        await self._look()

    # ------------------------------------------------------------ words

    def _show(self) -> None:
        if self._page is None:
            return
        limit, kept = self._choices.settings.prepared_bytes, self._kept
        limits = sorted({*LIMITS, limit})
        self._page.show_row(
            StorageRow(
                used=self._used(kept),
                limit=limit,
                limits=tuple((size, size_words(size) if size else self.tr("Keep none")) for size in limits),
                over=self._over(kept, limit),
                clearable=kept is not None and kept.files > 0,
            )
        )

    def _used(self, kept: Kept | None) -> str:
        if kept is None:
            return self.tr("Counting what is kept…")
        if not kept.files:
            return self.tr("None is kept now.")
        pictures = counted(kept.files, self.tr("1 picture"), self.tr("{count} pictures"))
        return self.tr("Kept now: {size}, {pictures}").format(size=size_words(kept.size), pictures=pictures)

    def _over(self, kept: Kept | None, limit: int) -> str:
        if kept is None or kept.size <= limit:
            return self.tr("Beyond that the oldest go.")
        if not limit:
            return self.tr("All go when the settings are closed.")
        size = size_words(kept.size - limit)
        return self.tr("The oldest go when the settings are closed, at least {size}.").format(size=size)

    def _cleared(self, gone: Kept) -> str:
        words = self.tr("{size} of pictures as they were sent were cleared.")
        return words.format(size=size_words(gone.size))
