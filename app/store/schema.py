"""The numbered migrations and how they are applied."""

from __future__ import annotations

import logging
from pathlib import Path

import apsw

from app import __version__
from app.domain.errors import LibraryDamaged

log = logging.getLogger(__name__)

APPLICATION_ID = 0x466F7661  # "Fova"

CHANGED = "changed"
"""The fact whether anything was written since the last backup: yes or no."""

UNREADABLE = "a part of it cannot be read"

_FOLDER = Path(__file__).with_name("migrations")

Migrations = tuple[str, ...]


def shipped_migrations() -> Migrations:
    """The SQL of each migration; the n-th takes `user_version` from n - 1 to n.

    Raises FileNotFoundError when the program was packed without them.
    """
    files = sorted(_FOLDER.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    if not files:
        raise FileNotFoundError(_FOLDER)
    return tuple(file.read_text(encoding="utf-8") for file in files)


def version_of(connection: apsw.Connection) -> int:
    """How many migrations the database has seen."""
    return int(connection.pragma("user_version"))


def migrate(connection: apsw.Connection, migrations: Migrations) -> None:
    """Apply what the database has not seen, each migration in one transaction.

    Raises apsw.Error and LibraryDamaged; then the database is as the migration before left it.
    """
    connection.pragma("foreign_keys", False)  # a migration may rebuild a table others refer to
    for number in range(version_of(connection), len(migrations)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(migrations[number]).fetchall()
            if connection.execute("PRAGMA foreign_key_check").fetchall():
                raise LibraryDamaged(path=connection.filename, reason="it has rows without their parents")
            set_meta(connection, "program", __version__)
            connection.pragma("user_version", number + 1)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    connection.pragma("foreign_keys", True)


def meta(connection: apsw.Connection, key: str) -> str | None:
    """A fact about the library, or None."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def set_meta(connection: apsw.Connection, key: str, value: str) -> None:
    """Keep a fact about the library; the caller commits."""
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def require_sound(connection: apsw.Connection, path: Path) -> None:
    """Raises LibraryDamaged when `quick_check` finds something."""
    try:
        row = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise LibraryDamaged(path=path, reason=UNREADABLE) from error
    if row is None or row[0] != "ok":
        log.info("the check of %s says: %s", path, row and row[0])
        raise LibraryDamaged(path=path, reason=UNREADABLE)


def look_into(path: Path) -> apsw.Connection:
    """A connection that reads a database file alone, without its log, and leaves no trace, not
    even a lock. Raises apsw.Error."""
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    return apsw.Connection(f"{path.absolute().as_uri()}?immutable=1", flags=flags)
