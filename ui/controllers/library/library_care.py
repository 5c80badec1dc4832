"""The care for the library: copies and checks while it is open, and what can be done when it is not.

What is hardly ever needed is imported when it is.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from app.domain.errors import DiskFull, FolderNotWritable, LibraryDamaged, NotALibrary, StoreFailed
from app.services import Services
from ui import problems, restart
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from app.store.backup import Backup
    from app.store.upkeep import Upkeep
    from ui.recovery.copy_list import Copy
    from ui.recovery.dialog import CopiesDialog
    from ui.recovery.page import RecoveryPage

log = logging.getLogger(__name__)

FIRST_ROUND_MS = 60_000
NEXT_ROUND_MS = 3_600_000
_ROUND = "upkeep"
_RECOVERY = "recovery"
_TELL_EVERY_MS = 100


class LibraryCare(QObject):
    """Looks after the library of a window; `start` opens it again after it was replaced."""

    def __init__(self, window: MainWindow, home: Path, tasks: TaskOwner, start: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._home = home
        self._tasks = tasks
        self._start = start
        self._upkeep: Upkeep | None = None
        self._page: RecoveryPage | None = None
        self._dialog: CopiesDialog | None = None
        self._wanted: Path | None = None
        self._give_up = threading.Event()
        self._read = 0
        self._timer = QTimer(self, interval=FIRST_ROUND_MS)
        self._timer.timeout.connect(lambda: tasks.start(self._look_after(), _ROUND))
        self._telling = QTimer(self, interval=_TELL_EVERY_MS)
        self._telling.timeout.connect(self._tell_how_far)

    def offer(self, error: StoreFailed) -> None:
        """The library could not be opened: offer what can be done about it, if anything can."""
        if isinstance(error, (LibraryDamaged, NotALibrary)):
            self._tasks.start(self._offer(error), _RECOVERY)

    def begin(self, services: Services) -> str:
        """The library is open. Returns why nothing can be written to it, empty where it can."""
        if self._page is not None:
            self._page.deleteLater()
            self._page = None
        why = services.store.report.read_only
        if why is not None:
            self._say_read_only(why)
            return problems.sentence(why)
        self._upkeep = services.store.upkeep()
        self._timer.start()
        return ""

    async def end(self) -> None:
        """Before the library is closed: stop what is under way, and make a copy if there is time."""
        self._give_up.set()
        self._timer.stop()
        if self._upkeep is None:
            return
        if self._wanted is None:
            await self._upkeep.at_quit()
        else:  # restoring makes a copy by itself; one more could take the place of the one that is wanted
            await self._upkeep.close()

    async def after_end(self) -> None:
        """The library is closed: put the copy in its place that the user chose."""
        if self._wanted is not None:
            try:
                await asyncio.to_thread(_restore, self._home, self._wanted)
            except StoreFailed as error:
                log.error("copy not restored: %s", error)
                words = self.tr("The copy was not restored; your library is as it was.")
                restart.tell(f"{words} {problems.sentence(error)}")

    def stay(self) -> None:
        """The window was to begin anew, and stays open: the copy is not restored."""
        restart.forget()
        if self._wanted is not None and self._dialog is not None:
            self._wanted = None
            self._dialog.close()

    def open_copies(self) -> None:
        """List the copies of a library that works, to go back to one."""
        from ui.recovery.dialog import CopiesDialog

        dialog = self._dialog = CopiesDialog(self._window)
        dialog.restore_requested.connect(lambda name: self._tasks.start(self._choose(Path(name)), _RECOVERY))
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(lambda: self._tasks.cancel(_RECOVERY))
        dialog.open()
        self._tasks.start(self._list_copies(dialog), _RECOVERY)

    async def _look_after(self) -> None:
        self._timer.setInterval(NEXT_ROUND_MS)
        assert self._upkeep is not None
        try:
            await self._upkeep.run()
        except LibraryDamaged as error:
            offer = self.tr("Restore a copy…")
            self._window.show_notice(problems.sentence(error), "danger", offer, self.open_copies)
        except StoreFailed as error:
            log.warning("upkeep failed: %s", error)

    def _say_read_only(self, why: FolderNotWritable | DiskFull) -> None:
        self._window.actions_table.forbid("open", problems.sentence(why))
        self._window.composer.attach.setEnabled(False)
        self._window.pane.empty.show_sentence(self.tr("Choose a conversation to read it."), icon="image")
        words = self.tr(
            "Fovea cannot write to {path}: {reason}. You can read, search, copy and export, but not ask."
        )
        facts = {"reason": self.tr("the disk is full"), **why.facts}
        self._window.show_notice(words.format_map(facts), "warning", self.tr("Try again"), self._begin_anew)

    def _begin_anew(self) -> None:
        restart.ask()
        self._window.window().close()

    async def _list_copies(self, dialog: CopiesDialog) -> None:
        dialog.show_copies(await self._copies())

    async def _choose(self, copy: Path) -> None:
        """Check the copy while the library is still open; it is restored when that is closed."""
        assert self._dialog is not None
        self._dialog.copies.set_busy(True)
        self._dialog.line.show()
        try:
            await asyncio.to_thread(_require_usable, copy)
        except StoreFailed as error:
            self._dialog.line.hide()
            self._dialog.show_problem(problems.sentence(error))
            return
        self._wanted = copy
        self._begin_anew()

    async def _offer(self, error: StoreFailed) -> None:
        copies = await self._copies()
        can_recover = isinstance(error, LibraryDamaged) and (self._home / "fovea.db").is_file()
        if not copies and not can_recover:
            return
        page = self._page or self._make_page()
        page.show_failure(problems.sentence(error), copies, can_recover=can_recover)
        self._window.pane.show_page(page)

    def _make_page(self) -> RecoveryPage:
        from ui.recovery.page import RecoveryPage

        page = self._page = RecoveryPage()
        page.restore_requested.connect(
            lambda name: self._replace(
                page, self.tr("Restoring the copy…"), lambda: _restore(self._home, Path(name))
            )
        )
        page.use_requested.connect(
            lambda: self._replace(page, self.tr("Putting it in place…"), lambda: _use_recovered(self._home))
        )
        page.recover_requested.connect(lambda: self._tasks.start(self._recover(page), _RECOVERY))
        page.cancel_requested.connect(self._give_up.set)
        page.folder_requested.connect(self._show_folder)
        page.retry_requested.connect(self._start)
        return page

    def _replace(self, page: RecoveryPage, words: str, replace: Callable[[], None]) -> None:
        self._tasks.start(self._work(page, words, replace), _RECOVERY)

    async def _work(self, page: RecoveryPage, words: str, replace: Callable[[], None]) -> None:
        page.show_work(words)
        try:
            await asyncio.to_thread(replace)
        except StoreFailed as error:
            page.show_problem(problems.sentence(error))
            return
        self._start()

    async def _recover(self, page: RecoveryPage) -> None:
        from app.store.backup import Halted

        self._give_up.clear()
        self._read = 0
        self._telling.start()
        self._tell_how_far()
        try:
            found = await asyncio.to_thread(_recover, self._home, self._note_read, self._give_up.is_set)
        except Halted:
            page.show_problem("")
        except StoreFailed as error:
            page.show_problem(problems.sentence(error))
        else:
            page.show_found(*found)
        finally:
            self._telling.stop()
            self._give_up.set()

    def _note_read(self, rows: int) -> None:
        self._read = rows

    def _tell_how_far(self) -> None:
        if self._page is not None:
            words = self.tr("Reading what can be read: {count} entries so far…")
            self._page.show_work(words.format(count=self._read), can_cancel=True)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._home)))

    async def _copies(self) -> list[Copy]:
        return _rows(await asyncio.to_thread(_backups, self._home))


def _rows(found: Sequence[Backup]) -> list[Copy]:
    from ui.recovery.copy_list import Copy

    return [
        Copy(
            id=str(copy.path),
            made=copy.made,
            conversations=copy.conversations,
            messages=copy.messages,
            size=copy.size,
            kind=copy.why.partition("-")[0],
        )
        for copy in found
    ]


def _backups(home: Path) -> tuple[Backup, ...]:
    from app.store.backup import backups

    return backups(home)


def _require_usable(copy: Path) -> None:
    from app.store.backup import require_usable
    from app.store.schema import shipped_migrations

    require_usable(copy, len(shipped_migrations()))


def _restore(home: Path, copy: Path) -> None:
    from app.store import recovery
    from app.store.schema import shipped_migrations

    recovery.restore(home, copy, shipped_migrations())


def _recover(home: Path, told: Callable[[int], None], halt: Callable[[], bool]) -> tuple[int, int, int]:
    from app.store import recovery
    from app.store.schema import shipped_migrations

    found = recovery.recover(home, shipped_migrations(), told, halt)
    return found.conversations, found.messages, found.gaps


def _use_recovered(home: Path) -> None:
    from app.store import recovery

    recovery.use_recovered(home)
