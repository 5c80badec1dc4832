"""Conversations as files: complete, or to be read."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from app import durable_files
from app.domain.covers import Covers
from app.domain.errors import ExportFailed, FileThere, PictureLost
from app.domain.transfer import Heading
from app.pictures.decoder import Decoder
from app.store.database import Store
from app.transfer.archive import ENDING, ArchiveWriter
from app.transfer.document import ExportedConversation, pictures_of
from app.transfer.file_names import free_path, safe_name
from app.transfer.gathering import folder_names, gather
from app.transfer.markdown_files import write_markdown, write_pieces
from app.transfer.page import page_of
from app.transfer.print_page import print_page_of
from app.transfer.printer import printed
from app.transfer.shown_pictures import ShownPicture, shown_pictures
from app.transfer.staging import Progress
from app.transfer.threads import in_thread, until, whole

FORMATS = {"json": ENDING, "md": ".md", "html": ".html", "pdf": ".pdf"}
"""The endings of files by format."""
COMPLETE = "json"
"""The format that can be imported again, with any number of conversations in one file."""
LIBRARY = "Fovea library"

Tell = Callable[[Progress], None]


class Exported(NamedTuple):
    """What was written: the file or folder, how many conversations, and the names of pictures whose
    originals the library had lost."""

    path: Path
    conversations: int
    lost: tuple[str, ...] = ()


def suggested_name(headings: Sequence[Heading], kind: str) -> str:
    """A name for the export of conversations: a file's, or a folder's where it is many documents."""
    if len(headings) == 1:
        return safe_name(headings[0].title) + FORMATS[kind]
    return LIBRARY + (FORMATS[kind] if kind == COMPLETE else "")


class Exporter:
    """Writes conversations of a library. Nothing is left of an export that fails or is cancelled."""

    def __init__(self, store: Store, decoder: Decoder) -> None:
        self._store = store
        self._decoder = decoder

    async def export(
        self,
        ids: Sequence[str],
        kind: str,
        out: Path,
        *,
        overwrite: bool = False,
        as_folder: bool = False,
        tell: Tell | None = None,
    ) -> Exported:
        """Write conversations to `out`: a file, or for many as documents a folder of files.

        With `as_folder` one document lies in a folder, too.
        `kind` is one of FORMATS. `tell` hears of each conversation, and of each page where there is
        one. Raises FileThere unless `overwrite`, which is for files alone; NoConversation,
        ExportFailed, PrintingFailed and StoreFailed.
        """
        try:
            if kind == COMPLETE:
                return await self._complete(ids, out, overwrite, tell)
            if len(ids) == 1 and not as_folder:
                lost = await self._document(ids[0], kind, out, overwrite, tell)
                return Exported(out, 1, lost)
            return await self._documents_in(ids, kind, out, tell)
        except FileExistsError as error:
            raise FileThere(path=out) from error
        except OSError as error:
            raise ExportFailed(path=out, reason=error.strerror or type(error).__name__) from error

    async def _complete(self, ids: Sequence[str], out: Path, overwrite: bool, tell: Tell | None) -> Exported:
        folders = await folder_names(self._store)
        wanted: dict[str, str] = {}
        used: set[str] = set()
        lost = []
        with contextlib.ExitStack() as files:
            file = await asyncio.to_thread(
                lambda: files.enter_context(durable_files.arriving(out, overwrite=overwrite))
            )
            spool = files.enter_context(tempfile.TemporaryFile(dir=out.parent))
            writer = ArchiveWriter(file, spool)
            for done, conversation_id in enumerate(ids):
                _told(tell, done, len(ids))
                conversation = await gather(self._store, conversation_id)
                if conversation.folder not in folders:
                    conversation = conversation.replace(folder="")
                used.add(conversation.folder)
                wanted.update(pictures_of(conversation))
                await whole(partial(writer.add_conversation, conversation))
            for sha256, name in wanted.items():
                if not await self._add_original(writer, sha256):
                    lost.append(name)
            kept = [folder for folder in folders.values() if folder.id in used]
            await whole(partial(writer.finish, kept))
            await whole(files.close)
        return Exported(out, len(ids), tuple(lost))

    async def _add_original(self, writer: ArchiveWriter, sha256: str) -> bool:
        picture = await self._store.pictures.get(sha256)
        try:
            data = await self._store.pictures.read(sha256)
        except PictureLost:
            await whole(partial(writer.add_picture, picture, None))
            return False
        await whole(partial(writer.add_picture, picture, data))
        return True

    async def _documents_in(self, ids: Sequence[str], kind: str, out: Path, tell: Tell | None) -> Exported:
        """A folder with a document for each conversation."""
        if out.exists():
            raise FileThere(path=out)
        folder = Path(tempfile.mkdtemp(prefix=".fovea-", suffix=".part", dir=out.parent))
        lost: list[str] = []
        try:
            for done, conversation_id in enumerate(ids):
                _told(tell, done, len(ids))
                title = (await self._store.arrivals.headings((conversation_id,)))[0].title
                path = free_path(folder, safe_name(title), FORMATS[kind])
                lost += await self._document(conversation_id, kind, path, False, None)
            await asyncio.to_thread(durable_files.settle, folder, out)
        except BaseException:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            raise
        return Exported(out, len(ids), tuple(lost))

    async def _document(
        self, conversation_id: str, kind: str, out: Path, overwrite: bool, tell: Tell | None
    ) -> tuple[str, ...]:
        """One conversation to read; returns the names of its pictures that are lost."""
        if not overwrite and out.exists():
            raise FileThere(path=out)
        conversation = await gather(self._store, conversation_id)
        async with self._pictures_of(conversation) as shown:
            match kind:
                case "md":
                    await in_thread(lambda stop: write_markdown(conversation, shown, out, overwrite, stop))
                case "html":
                    await in_thread(
                        lambda stop: write_pieces(page_of(conversation, shown), out, overwrite, stop)
                    )
                case _:
                    await self._print(conversation, shown, out, overwrite, tell)
        names = dict(pictures_of(conversation))
        return tuple(names[sha256] for sha256, picture in shown.items() if picture.file is None)

    @contextlib.asynccontextmanager
    async def _pictures_of(
        self, conversation: ExportedConversation
    ) -> AsyncIterator[dict[str, ShownPicture]]:
        """The pictures of the messages as documents show them, for as long as it is written."""
        wanted = [(part.sha256, part.name) for message in conversation.messages for part in message.pictures]
        covers = Covers(await self._store.conversations.showing(conversation.id))
        folder = Path(tempfile.mkdtemp(prefix="fovea-export-"))
        try:
            yield {
                sha256: picture
                async for sha256, picture in shown_pictures(
                    self._store, self._decoder, wanted, covers, folder
                )
            }
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _print(
        self,
        conversation: ExportedConversation,
        shown: Mapping[str, ShownPicture],
        out: Path,
        overwrite: bool,
        tell: Tell | None,
    ) -> None:
        numbers = {sha256: number for number, sha256 in enumerate(shown)}
        files = {numbers[sha256]: one.file for sha256, one in shown.items() if one.file is not None}
        page = await in_thread(lambda stop: "".join(until(stop, print_page_of(conversation, shown, numbers))))
        title = " ".join(conversation.title.split())
        pdf = await printed(title, page, files, tell)
        await whole(partial(_write_bytes, pdf, out, overwrite))


def _told(tell: Tell | None, done: int, total: int) -> None:
    if tell is not None:
        tell(Progress(done, total))


def _write_bytes(data: bytes, out: Path, overwrite: bool) -> None:
    with durable_files.arriving(out, overwrite=overwrite) as file:
        file.write(data)
