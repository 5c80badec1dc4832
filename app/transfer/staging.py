"""What was read of an export, put ready for the import. Written by the reader child.

contents.jsonl    one line each: ["heading", ...], then its ["message", ...] lines
1, 2, 3 ...       pictures, by numbers given here
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from app.domain.conversation import Folder
from app.domain.message import Message, TextPart
from app.domain.record import Record
from app.domain.transfer import Heading
from app.transfer import caps
from app.transfer.refusal import Unreadable

CONTENTS = "contents.jsonl"
_DATA_URL = re.compile(r"data:[^,]{0,200};base64,", re.ASCII)


class StagedPicture(Record, frozen=True):
    """A picture put ready under a number; `name` is what it is called where it is first shown."""

    sha256: str
    number: int
    name: str


class Overview(Record, frozen=True):
    """What a file holds. `source` is one of the SOURCES; `titles` are the first ones; `left_out` counts
    pictures that the messages name and that the file does not hold."""

    source: str
    conversations: int = 0
    messages: int = 0
    titles: tuple[str, ...] = ()
    folders: tuple[Folder, ...] = ()
    pictures: tuple[StagedPicture, ...] = ()
    left_out: int = 0


class Progress(NamedTuple):
    """How far reading has come: `done` of `total` conversations."""

    done: int
    total: int


class Staging:
    """Takes what a source reads, counts it, and writes it down."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pictures: dict[str, StagedPicture] = {}
        self._titles: list[str] = []
        self._conversations = 0
        self._messages = 0
        self._characters = 0
        self._bytes = 0
        self._bytes_looked_at = -caps.ROOM_STEP
        self._seen: set[str] = set()
        self.left_out = 0

    def add(self, heading: Heading, messages: Iterable[Message], to: TextIO) -> None:
        """Put a conversation ready. Raises Unreadable where it is not a tree or there is too much.

        The same goes for a disk that has no room for it.
        """
        if heading.id in self._seen:
            raise Unreadable("it holds a conversation twice")
        self._seen.add(heading.id)
        self._conversations += 1
        if self._conversations > caps.CONVERSATIONS:
            raise Unreadable(f"it holds more than {caps.CONVERSATIONS} conversations")
        if len(self._titles) < caps.NAMES_SHOWN:
            self._titles.append(heading.title)
        self._count_bytes(_write(to, "heading", heading))
        known: set[str] = set()
        seq = -1
        for message in messages:
            if message.parent_id is not None and message.parent_id not in known:
                raise Unreadable("a message in it comes before the one that it follows")
            if message.id in known or message.seq <= seq:
                raise Unreadable("messages in it share one place")
            self._count_text(message)
            known.add(message.id)
            seq = message.seq
            self._messages += 1
            if self._messages > caps.MESSAGES:
                raise Unreadable(f"it holds more than {caps.MESSAGES} messages")
            self._count_bytes(_write(to, "message", message))
        if heading.leaf and heading.leaf not in known:
            raise Unreadable("a conversation in it ends with a message that is not there")

    def picture(self, chunks: Iterable[bytes], name: str) -> str:
        """Put a picture ready and return its hash. Raises what `chunks` raises."""
        number = len(self._pictures) + 1
        digest = hashlib.sha256()
        path = self._folder / str(number)
        with path.open("wb") as file:
            for chunk in chunks:
                self._count_bytes(len(chunk))
                digest.update(chunk)
                file.write(chunk)
        sha256 = digest.hexdigest()
        if sha256 in self._pictures:
            path.unlink()
        else:
            self._pictures[sha256] = StagedPicture(sha256=sha256, number=number, name=name)
        return sha256

    def overview(self, source: str, folders: tuple[Folder, ...] = ()) -> Overview:
        """What was put ready."""
        return Overview(
            source=source,
            conversations=self._conversations,
            messages=self._messages,
            titles=tuple(self._titles),
            folders=folders,
            pictures=tuple(self._pictures.values()),
            left_out=self.left_out,
        )

    def _count_text(self, message: Message) -> None:
        length = len(message.text) + len(message.reasoning)
        if length > caps.TEXT_LENGTH:
            raise Unreadable("a message in it is longer than any answer")
        self._characters += length
        if self._characters > caps.TEXT_TOGETHER:
            raise Unreadable("its messages are longer than the file")

    def _count_bytes(self, count: int) -> None:
        """Raises Unreadable where the disk has no room for what is put ready to go into the library."""
        self._bytes += count
        if self._bytes - self._bytes_looked_at >= caps.ROOM_STEP:
            self._bytes_looked_at = self._bytes
            if shutil.disk_usage(self._folder).free < self._bytes + caps.ROOM_LEFT:
                raise Unreadable("the disk of your library has no room for it")


def picture_of_data_url(url: str) -> bytes | None:
    """The bytes of a data address; None where it is none, is broken, or is larger than a picture."""
    found = _DATA_URL.match(url)
    if found is None or len(url) > caps.PICTURE_BYTES * 4 // 3 + 1000:
        return None
    try:
        return base64.b64decode(url[found.end() :], validate=True) or None
    except (binascii.Error, ValueError):
        return None


def staged(folder: Path) -> Iterator[Heading | Message]:
    """What was put ready in `folder`, one after the other. Raises ValueError for what is not that."""
    kinds: dict[str, type[Heading] | type[Message]] = {"heading": Heading, "message": Message}
    with (folder / CONTENTS).open(encoding="ascii") as lines:
        for line in lines:
            kind, plain = json.loads(line)
            yield kinds[kind].from_plain(plain)


def instead_of_picture(name: str, why: str) -> TextPart:
    """What stands in the place of a picture that does not come along; `why` is a clause."""
    return TextPart(text=f"[Picture {name}: {why}]")


def _write(to: TextIO, kind: str, record: Record) -> int:
    """Returns how many bytes it took."""
    return to.write(json.dumps([kind, record.to_plain()]) + "\n")
