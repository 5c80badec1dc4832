"""Messages, pictures and libraries for the tests of the store."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import apsw

from app.domain.message import Message, Part, PicturePart, Role, Status, TextPart
from app.domain.picture import Picture
from app.paths import make_home
from app.store.database import Store

LIBRARIES = Path(__file__).resolve().parents[2] / "data" / "libraries"
BYTES = b"not really a picture, but the store does not look into it"


def picture(data: bytes = BYTES) -> Picture:
    """What would be known about `data`."""
    return Picture(
        sha256=hashlib.sha256(data).hexdigest(), format="png", width=4, height=3, byte_count=len(data)
    )


def question(text: str = "What is this?", *, shows: bytes | None = None) -> Message:
    """A question on its way."""
    parts: tuple[Part, ...] = (TextPart(text=text),)
    if shows is not None:
        parts = (PicturePart(sha256=picture(shows).sha256, name="photo.png"), *parts)
    return _message(Role.USER, None, parts)


def answer(to: Message) -> Message:
    """An answer on its way, still empty."""
    return _message(Role.ASSISTANT, to.id, ())


def grown(message: Message, text: str, status: Status = Status.STREAMING) -> Message:
    """The message with `text`."""
    return message.replace(parts=(TextPart(text=text),), status=status)


def raw(home: Path) -> apsw.Connection:
    """A connection that knows nothing of Fovea; closing it merges no log. It waits for its turn to
    write: an open library is indexed at any moment."""
    connection = apsw.Connection(str(home / "fovea.db"), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_busy_timeout(5000)
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    return connection


def golden_versions() -> list[int]:
    """The schemas of which tests/data keeps a library."""
    return sorted(int(path.stem.removeprefix("version-")) for path in LIBRARIES.glob("version-*.sql"))


def plant(home: Path, version: int) -> None:
    """A closed library as a Fovea of that schema left it, with its picture."""
    make_home(home)
    connection = apsw.Connection(str(home / "fovea.db"))
    connection.pragma("journal_mode", "wal")
    connection.execute((LIBRARIES / f"version-{version}.sql").read_text("utf-8"))
    connection.close()
    original = home / "pictures" / picture().sha256[:2] / picture().sha256[2:]
    original.parent.mkdir(parents=True)
    original.write_bytes(BYTES)


def schema_of(connection: apsw.Connection) -> set[tuple[str, ...]]:
    """Kind, name and SQL of all that a database consists of."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema")
    return {tuple(map(str, row)) for row in rows}


def sound(home: Path) -> bool:
    """Whether SQLite finds nothing wrong in the library."""
    connection = raw(home)
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


def with_store(home: Path, scene: Callable[[Store], Awaitable[None]]) -> None:
    """Play a scene with an open library."""

    async def play() -> None:
        store = await Store.open(home)
        try:
            await scene(store)
        finally:
            await store.close()

    asyncio.run(play())


def content(folder: Path) -> dict[str, bytes]:
    """The bytes of the database and its log, by name. No connection may be open in this process."""
    return {path.name: path.read_bytes() for path in folder.glob("fovea.db*") if path.suffix != ".db-shm"}


def _message(role: Role, parent_id: str | None, parts: tuple[Part, ...]) -> Message:
    return Message(
        id=uuid.uuid4().hex,
        parent_id=parent_id,
        seq=0,
        role=role,
        status=Status.SENDING,
        created=datetime.now(UTC),
        parts=parts,
    )
