"""The complete export: an archive with `fovea.json` and the original pictures.

An archive rather than one JSON file with the pictures in it: they are most of the bytes, stay as they
are here, and need not be in memory together; what is left is JSON that an editor opens.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, BinaryIO

from app import __version__
from app.domain.conversation import Folder
from app.domain.picture import Picture
from app.domain.record import Record
from app.transfer.document import FORMAT, MAIN, PICTURES, VERSION, ExportedConversation, ExportedPicture

ENDING = ".fovea.zip"
_OLDEST = (1980, 1, 1, 0, 0, 0)
_ENDINGS = {"jpeg": "jpg"}
_PLAIN_FILE = 0o100600 << 16


class ArchiveWriter:
    """Writes the archive: conversations one by one, then their pictures, then the rest.

    The conversations wait in `spool`, a file of nobody else's, because one entry of an archive is
    written after the other. All methods block.
    """

    def __init__(self, file: BinaryIO, spool: BinaryIO) -> None:
        self._archive = zipfile.ZipFile(file, "w", allowZip64=True)
        self._spool = spool
        self._count = 0
        self._pictures: list[ExportedPicture] = []

    def add_conversation(self, conversation: ExportedConversation) -> None:
        """Add a conversation, a message at a time: a thread that does it never holds the others up."""
        begin = ",\n" if self._count else "\n"
        self._count += 1
        self._say(begin + json.dumps(_without(conversation, "messages"))[:-1] + ', "messages": [')
        for place, message in enumerate(conversation.messages):
            self._say((",\n  " if place else "\n  ") + json.dumps(message.to_plain()))
        self._say("\n]}")

    def add_picture(self, picture: Picture, data: bytes | None) -> None:
        """Add an original; without `data` only what is known about it."""
        name = f"{PICTURES}/{picture.sha256}.{_ENDINGS.get(picture.format, picture.format)}"
        if data is not None:
            self._archive.writestr(_entry(name, zipfile.ZIP_STORED), data)
        fields = {one: getattr(picture, one) for one in Picture.__struct_fields__}
        self._pictures.append(ExportedPicture(**fields, file=name if data is not None else ""))

    def finish(self, folders: Iterable[Folder]) -> None:
        """Write `fovea.json` and end the archive."""
        head = {
            "format": FORMAT,
            "version": VERSION,
            "program": f"Fovea {__version__}",
            "exported": datetime.now(UTC).isoformat(),
            "folders": [folder.to_plain() for folder in folders],
        }
        pictures = ",\n".join(json.dumps(picture.to_plain()) for picture in self._pictures)
        self._spool.seek(0)
        with self._archive.open(_entry(MAIN, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as file:
            file.write((json.dumps(head)[:-1] + ',\n"conversations": [').encode("ascii"))
            shutil.copyfileobj(self._spool, file)
            file.write(f'\n],\n"pictures": [\n{pictures}\n]}}\n'.encode("ascii"))
        self._archive.close()

    def _say(self, text: str) -> None:
        self._spool.write(text.encode("ascii"))


def _without(conversation: ExportedConversation, name: str) -> dict[str, Any]:
    empty: Record = conversation.replace(**{name: ()})
    plain = empty.to_plain()
    del plain[name]
    return plain


def _entry(name: str, packing: int) -> zipfile.ZipInfo:
    """An entry that says nothing about this computer, its clock included."""
    entry = zipfile.ZipInfo(name, _OLDEST)
    entry.compress_type = packing
    entry.external_attr = _PLAIN_FILE
    entry.create_system = 3
    return entry
