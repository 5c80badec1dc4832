"""The reader child: every byte of an export from outside is parsed here.

    read   -> progress..., overview    `path`, and `staging`, the folder to put everything ready in

or `refused` with a reason. It reads one file and ends.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from app.child.channel import Channel
from app.child.confinement import confine
from app.child.frames import Frame
from app.pictures.caps import Refused
from app.pictures.files import open_regular
from app.transfer import caps, chatgpt, open_webui, own_files
from app.transfer.container import Archive
from app.transfer.document import MAIN
from app.transfer.plain_json import parse
from app.transfer.refusal import Unreadable
from app.transfer.staging import CONTENTS, Overview, Progress, Staging

_UNKNOWN = "it is no export of Fovea, ChatGPT or Open WebUI"
_BEGINNING = b"PK\3\4"
_EMPTY = b"PK\5\6"

log = logging.getLogger(__name__)


def serve(channel: Channel) -> None:
    """Read what the parent names."""
    confine(caps.MEMORY_BYTES)
    job = channel.receive()

    def tell(progress: Progress) -> None:
        channel.send(Frame("progress", progress._asdict()))

    try:
        overview = read_export(job.fields["path"], Path(job.fields["staging"]), tell)
        channel.send(Frame("overview", {}, json.dumps(overview.to_plain()).encode()))
    except (Unreadable, Refused) as refusal:
        log.info("refused: %r", refusal.__cause__)
        channel.send(Frame("refused", {"reason": str(refusal)}))
    except (MemoryError, RecursionError):
        channel.send(Frame("refused", {"reason": "reading it takes more memory than an export does"}))
    except OSError as error:
        reason = f"what is in it could not be put ready ({error.strerror})"
        channel.send(Frame("refused", {"reason": reason}))
    channel.receive()


def read_export(path: str, staging: Path, tell: Callable[[Progress], None]) -> Overview:
    """Put what the file at `path` holds ready in the folder `staging`. Raises Unreadable and Refused."""
    with open_regular(path, caps.FILE_BYTES) as file, (staging / CONTENTS).open("w", encoding="ascii") as to:
        beginning = file.read(len(_BEGINNING))
        file.seek(0)
        archive = Archive(file) if beginning in (_BEGINNING, _EMPTY) else None
        documents = _documents(file, archive)
        ready = Staging(staging)
        tell(Progress(0, 0))
        if len(documents) == 1 and own_files.is_ours(documents[0]):
            return own_files.read(documents[0], archive, ready, to, tell)
        if any(chatgpt.is_chatgpt(document) for document in documents):
            return chatgpt.read(documents, archive, ready, to, tell)
        if len(documents) == 1 and open_webui.is_open_webui(documents[0]):
            return open_webui.read(documents[0], ready, to, tell)
        raise Unreadable(_UNKNOWN)


def _documents(file: BinaryIO, archive: Archive | None) -> list[Any]:
    """The JSON of an export, parsed: of an archive with many, that which its maker is known for."""
    if archive is None:
        data = file.read(caps.JSON_BYTES + 1)
        if not data[:64].lstrip().startswith((b"{", b"[")):
            raise Unreadable(_UNKNOWN)
        return [parse(data)]
    names = [name for name in archive.names if name.endswith(".json")]
    chosen = [MAIN] if MAIN in names else sorted(filter(chatgpt.FILES.fullmatch, names)) or names[:1]
    if not chosen:
        raise Unreadable(_UNKNOWN)
    left, documents = caps.JSON_BYTES, []
    for name in chosen:
        data = archive.read(name, left)
        left -= len(data)
        documents.append(parse(data))
    return documents
