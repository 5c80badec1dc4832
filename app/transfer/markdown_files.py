"""A Markdown document on the disk, and the folder with its pictures beside it."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from app import durable_files
from app.transfer.document import ExportedConversation, pictures_of
from app.transfer.file_names import free_path, safe_name
from app.transfer.markdown import markdown_of
from app.transfer.shown_pictures import ShownPicture
from app.transfer.threads import Stopped, until

_PICTURE_LINE = re.compile(r"!\[.*\]\(([^()/\s]+)/\d{3,}%20[^()/\s]+\.jpg\)\s*")
_PICTURE_FILE = re.compile(r"\d{3,} .+\.jpg")


def write_markdown(
    conversation: ExportedConversation,
    shown: Mapping[str, ShownPicture],
    out: Path,
    overwrite: bool,
    stop: threading.Event,
) -> None:
    """The document, and before it the folder with its pictures; both or neither.

    Where a document is overwritten, the folder that it names goes with it.
    """
    there = {sha256: picture.file for sha256, picture in shown.items() if picture.file is not None}
    with _aside(_folder_of(out) if overwrite else None, out):
        if not there:
            write_pieces(markdown_of(conversation, "", {}, shown), out, overwrite, stop)
            return
        folder = free_path(out.parent, f"{out.stem} pictures", "")
        files = _picture_names(conversation, there)
        staging = Path(tempfile.mkdtemp(prefix=".fovea-", suffix=".part", dir=out.parent))
        try:
            for sha256, file in there.items():
                if stop.is_set():
                    raise Stopped
                shutil.copyfile(file, staging / files[sha256])
            durable_files.settle(staging, folder)
            staging = folder
            write_pieces(markdown_of(conversation, folder.name, files, shown), out, overwrite, stop)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise


def write_pieces(pieces: Iterable[str], out: Path, overwrite: bool, stop: threading.Event) -> None:
    """Write a text file, whole or not at all. Raises Stopped and OSError."""
    with durable_files.arriving(out, overwrite=overwrite) as file:
        for piece in until(stop, pieces):
            file.write(piece.encode("utf-8"))


@contextlib.contextmanager
def _aside(folder: Path | None, out: Path) -> Iterator[None]:
    """Without `folder`, which is gone afterwards; unless the block raises."""
    if folder is None:
        yield
        return
    place = Path(tempfile.mkdtemp(prefix=".fovea-", suffix=".part", dir=out.parent))
    try:
        folder.replace(place / folder.name)
        try:
            yield
        except BaseException:
            (place / folder.name).replace(folder)
            raise
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _folder_of(out: Path) -> Path | None:
    """The folder that a document of ours names, if it holds nothing but pictures of ours."""
    with contextlib.suppress(OSError), out.open(encoding="utf-8", errors="replace") as lines:
        found = next(filter(None, map(_PICTURE_LINE.fullmatch, lines)), None)
        name = unquote(found[1]) if found else ""
        folder = out.parent / name
        if not re.fullmatch(re.escape(f"{out.stem} pictures") + r"( \d+)?", name) or folder.is_symlink():
            return None
        if all(_PICTURE_FILE.fullmatch(path.name) for path in folder.iterdir()):
            return folder
    return None


def _picture_names(conversation: ExportedConversation, there: Mapping[str, Path]) -> dict[str, str]:
    """File names by hash: numbered, so that they lie in order, and after what they were called."""
    called = dict(reversed(list(pictures_of(conversation))))
    return {
        sha256: f"{number:03} {safe_name(Path(called[sha256]).stem)}.jpg"
        for number, sha256 in enumerate(there, 1)
    }
