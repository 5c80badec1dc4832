"""Conversations out of the library and into it, by the menu."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog

from ui import problems

if TYPE_CHECKING:
    from app.services import Services
    from app.transfer.importing import Arriving, Refusals, Report
    from app.transfer.staging import Progress
    from ui.main_window import MainWindow
    from ui.tasks import TaskOwner
    from ui.transfer.dialog import TransferDialog

MOST_NAMED = 10
"""Pictures that need a word or were not taken; of more it is said how many."""
_EXPORT, _IMPORT = "export", "import"


class TransferController(QObject):
    """Asks for files, and shows what becomes of them in one dialog at a time."""

    imported = Signal(object)
    """The ids of conversations that are new, or have more in them than before (tuple of str)."""
    done = Signal(object)
    """An import that brought new conversations, to be undone (app.chat.edits.Imported)."""

    def __init__(self, window: MainWindow, services: Services, tasks: TaskOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._services = services
        self._tasks = tasks
        self.dialog: TransferDialog | None = None

    def ask_for_target(self, ids: Sequence[str]) -> None:
        """Export these conversations; where they go and in which format is asked for."""
        if ids:
            self._tasks.start(self._ask_for_target(tuple(ids)), _EXPORT)

    def export_library(self) -> None:
        """Export every conversation, complete."""
        self._tasks.start(self._ask_for_library(), _EXPORT)

    def ask_for_source(self) -> None:
        """Import a file that is asked for."""
        dialog = QFileDialog(self._window.window(), self.tr("Import conversations"), _documents())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        known = self.tr("Exports of Fovea, ChatGPT and Open WebUI")
        dialog.setNameFilters([f"{known} (*.zip *.json)", self.tr("All files") + " (*)"])
        dialog.fileSelected.connect(lambda path: self.take_in(Path(path)))
        self._open(dialog)

    def take_in(self, path: Path) -> None:
        """Read a file, show what it holds, and import it once the user agrees."""
        self._leave()
        self._tasks.start(self._take_in(path), _IMPORT)

    async def _ask_for_library(self) -> None:
        from app.domain.errors import StoreFailed

        try:
            headings = await self._services.store.arrivals.headings()
        except StoreFailed as error:
            self._window.show_notice(problems.sentence(error))
            return
        if headings:
            await self._ask_for_target(tuple(heading.id for heading in headings))
        else:
            self._window.show_notice(self.tr("There is no conversation to export yet."))

    async def _ask_for_target(self, ids: tuple[str, ...]) -> None:
        from app.domain.errors import StoreFailed
        from app.transfer.export import COMPLETE, FORMATS, suggested_name

        try:
            headings = await self._services.store.arrivals.headings(ids)
        except (KeyError, StoreFailed):  # it was deleted meanwhile
            return
        kinds = (COMPLETE,) if len(ids) > 1 else ("html", "pdf", "md", COMPLETE)
        filters = {f"{self._words_for(kind)} (*{FORMATS[kind]})": kind for kind in kinds}
        dialog = QFileDialog(self._window.window(), self.tr("Export"), _documents())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(filters))

        def follow(chosen: str) -> None:
            """The name gets the ending of the format."""
            ending = FORMATS[filters[chosen]]
            name = Path(next(iter(dialog.selectedFiles()), "")).name
            for known in FORMATS.values():
                name = name.removesuffix(known)
            dialog.setDefaultSuffix(ending.removeprefix("."))
            dialog.selectFile(name + ending)

        dialog.selectFile(suggested_name(headings, kinds[0]))
        dialog.setDefaultSuffix(FORMATS[kinds[0]].removeprefix("."))
        dialog.filterSelected.connect(follow)
        dialog.fileSelected.connect(
            lambda path: self.write(ids, filters[dialog.selectedNameFilter()], Path(path))
        )
        self._open(dialog)

    def write(self, ids: Sequence[str], kind: str, path: Path) -> None:
        """Export conversations to `path`, which the user agreed to overwrite where it is there."""
        self._leave()
        self._tasks.start(self._write(tuple(ids), kind, path), _EXPORT)

    async def _write(self, ids: tuple[str, ...], kind: str, path: Path) -> None:
        from app.domain.errors import FoveaError
        from app.transfer.export import Exporter

        dialog = self._show_dialog(self.tr("Export"), _EXPORT)
        dialog.show_working(self.tr("Writing {name}…").format(name=path.name))
        exporter = Exporter(self._services.store, self._services.decoder)
        page = self.tr("Printing page {done} of {total}…")
        part = self.tr("Writing conversation {done} of {total}…")
        tell = self._teller(dialog, page if kind == "pdf" else part)
        try:
            written = await exporter.export(ids, kind, path, overwrite=True, tell=tell)
        except FoveaError as error:
            self._report(dialog, problems.sentence(error), tone="danger")
            return
        lost = self.tr("The originals of these pictures are lost: {names}.").format(
            names=", ".join(written.lost)
        )
        self._report(
            dialog,
            self.tr("Exported to {path}.").format(path=written.path),
            [lost] if written.lost else (),
        )

    async def _take_in(self, path: Path) -> None:
        from app.chat.edits import Imported
        from app.domain.errors import FoveaError
        from app.transfer.importing import Importer

        dialog = self._show_dialog(self.tr("Import"), _IMPORT)
        dialog.show_working(self.tr("Reading {name}…").format(name=path.name))
        services = self._services
        importer = Importer(services.store, services.decoder)
        reading = self.tr("Reading conversation {done} of {total}…")
        try:
            async with importer.reading(path, self._teller(dialog, reading)) as arriving:
                await self._agreement(dialog, arriving)
                dialog.show_working(self.tr("Adding the conversations to your library…"))
                pictures = self.tr("Adding picture {done} of {total}…")

                async def ask(large: Refusals) -> bool:
                    wanted = await self._wanted(dialog, large)
                    dialog.show_working(self.tr("Adding the conversations to your library…"))
                    return wanted

                report = await importer.take(arriving, self._teller(dialog, pictures), ask=ask)
        except FoveaError as error:
            self._report(dialog, problems.sentence(error), tone="danger")
            return
        self._report(dialog, self._words_of(report), self._notes_of(report))
        arrived = report.arrived
        if arrived.new:
            self.done.emit(Imported(arrived.new))
        self.imported.emit((*arrived.new, *arrived.grown, *arrived.restored))

    async def _agreement(self, dialog: TransferDialog, arriving: Arriving) -> None:
        """Show what a file holds and wait until the user agrees; closing the dialog cancels."""
        from app.transfer.importing import SOURCES

        overview = arriving.overview
        words = self.tr(
            "{name} comes from {source}. Conversations: {conversations}, messages: {messages},"
            " pictures: {pictures}. What is in your library already stays as it is."
        )
        answer = _answer(dialog)
        dialog.show_contents(
            words.format(
                name=arriving.name,
                source=SOURCES[overview.source],
                conversations=overview.conversations,
                messages=overview.messages,
                pictures=len(overview.pictures),
            ),
            overview.titles,
        )
        await answer

    async def _wanted(self, dialog: TransferDialog, large: Refusals) -> bool:
        """Whether the user wants pictures of more than the usual pixels, too; nothing was added yet."""
        answer = _answer(dialog)
        dialog.show_offer(
            self.tr(
                "The file has pictures that are larger than most. They can be opened anyway, which needs"
                " more memory and time."
            ),
            self._refusals(large, self.tr("{name}: {reason}.")),
        )
        return await answer

    def _words_of(self, report: Report) -> str:
        arrived = report.arrived
        if not (arrived.new or arrived.grown or arrived.restored):
            return self.tr("Everything in the file is in your library already.")
        words = self.tr(
            "New conversations: {new}. Gone on with: {grown}. Brought back from the trash: {back}."
        )
        return words.format(new=len(arrived.new), grown=len(arrived.grown), back=len(arrived.restored))

    def _notes_of(self, report: Report) -> list[str]:
        notes = self._refusals(report.refused, self.tr("{name} was not taken: {reason}."))
        if report.left_out:
            notes.append(
                self.tr("Pictures that the file does not hold: {count}.").format(count=report.left_out)
            )
        return notes

    def _refusals(self, refused: Refusals, words: str) -> list[str]:
        notes = [words.format(name=name, reason=reason) for name, reason in refused[:MOST_NAMED]]
        if len(refused) > MOST_NAMED:
            notes.append(self.tr("And {count} more pictures.").format(count=len(refused) - MOST_NAMED))
        return notes

    def _words_for(self, kind: str) -> str:
        return {
            "html": self.tr("Web page"),
            "pdf": self.tr("PDF"),
            "md": self.tr("Markdown with pictures"),
            "json": self.tr("Complete, can be imported again"),
        }[kind]

    def _teller(self, dialog: TransferDialog, words: str) -> Callable[[Progress], None]:
        def tell(progress: Progress) -> None:
            if progress.total > 1 and self.dialog is dialog:
                done = min(progress.done + 1, progress.total)
                dialog.show_working(words.format(done=done, total=progress.total))

        return tell

    def _show_dialog(self, title: str, task: str) -> TransferDialog:
        from ui.transfer.dialog import TransferDialog

        dialog = TransferDialog(title, self._window.window())
        self.dialog = dialog
        dialog.stopped.connect(lambda: self._tasks.cancel(task))
        dialog.destroyed.connect(lambda: self._forget(dialog))
        dialog.open()
        return dialog

    def _leave(self) -> None:
        """What is still under way makes room for the next."""
        if self.dialog is not None:
            self.dialog.close()

    def _forget(self, dialog: TransferDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None

    def _report(
        self, dialog: TransferDialog, words: str, notes: Sequence[str] = (), tone: str = "positive"
    ) -> None:
        if self.dialog is dialog:
            dialog.show_result(words, notes, tone)

    @staticmethod
    def _open(dialog: QFileDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _answer(dialog: TransferDialog) -> asyncio.Future[bool]:
    """Whether what a dialog shows next is agreed to or declined; closing it ends what waits for that."""
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def hear(said: bool) -> None:
        if not answer.done():
            answer.set_result(said)

    dialog.agreed.connect(lambda: hear(True))
    dialog.declined.connect(lambda: hear(False))
    return answer


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
