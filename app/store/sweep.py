"""Which pictures nothing names any more, and their end.

A picture goes when no message, no draft and no other row named it at two looks at least a day
apart; then its row goes, and its file once no backup names it either. Row first, then file: a crash
in between leaves a file without a row, which the next sweep finds. Times are only compared with
times that a clock could have reached: one that was noted in the future is noted anew.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw

from app.store import schema
from app.store.pictures import UNNAMED
from app.store.values import time_column

APART = timedelta(days=1)
AT_ONCE = 50
"""Files that go between two looks whether to stop."""


def unnamed(connection: apsw.Connection) -> set[str]:
    """The stored pictures that nothing in the database names. Raises apsw.Error."""
    named: set[str] = set()
    for table, column in _places(connection):
        rows = connection.execute(f'SELECT DISTINCT "{column}" FROM "{table}"')  # noqa: S608 - ours
        named.update(str(row[0]) for row in rows)
    drafts = connection.execute("SELECT json_extract(value, '$[0]') FROM draft, json_each(draft.pictures)")
    named.update(str(row[0]) for row in drafts)
    return {str(row[0]) for row in connection.execute("SELECT sha256 FROM picture")} - named


def noted(connection: apsw.Connection) -> dict[str, str]:
    """The pictures that an earlier look found unnamed, and when."""
    rows = connection.execute("SELECT key, value FROM meta WHERE key GLOB ?", (f"{UNNAMED}*",))
    return {str(key).removeprefix(UNNAMED): str(when) for key, when in rows}


def drop_rows(connection: apsw.Connection, now: datetime) -> int:
    """Note which pictures are unnamed now; delete the rows of those that were before.

    Returns how many went; the caller commits. Raises apsw.Error.
    """
    found, before = unnamed(connection), noted(connection)
    due = {sha256 for sha256 in found & before.keys() if _long_ago(before[sha256], now)}
    fresh = {sha256 for sha256 in found - due if sha256 not in before or _to_come(before[sha256], now)}
    connection.executemany("DELETE FROM picture WHERE sha256 = ?", [(sha256,) for sha256 in due])
    connection.executemany(
        "DELETE FROM meta WHERE key = ?", [(UNNAMED + sha256,) for sha256 in due | (before.keys() - found)]
    )
    for sha256 in fresh:
        schema.set_meta(connection, UNNAMED + sha256, time_column(now))
    return len(due)


def has_work(connection: apsw.Connection, now: datetime) -> bool:
    """Whether `drop_rows` would change anything."""
    found, before = unnamed(connection), noted(connection)
    return found != before.keys() or any(
        _long_ago(when, now) or _to_come(when, now) for when in before.values()
    )


def files_without_row(connection: apsw.Connection, pictures: Path, now: datetime) -> list[Path]:
    """The originals in the folder `pictures` that no row of the database is about.

    Those that somebody added within the last day are left out: their row may be on its way.
    """
    stored = {str(row[0]) for row in connection.execute("SELECT sha256 FROM picture")}
    return [path for path in _originals(pictures) if _sha256(path) not in stored and _old(path, now)]


def named_by_backups(home: Path, copies: Sequence[Path]) -> set[str]:
    """The pictures that the copies are about. Raises apsw.Error where one cannot be read."""
    named: set[str] = set()
    for path in copies:
        connection = schema.look_into(path)
        try:
            named.update(str(row[0]) for row in connection.execute("SELECT sha256 FROM picture"))
        finally:
            connection.close(True)
    return named


def remove_files(files: Sequence[Path], staging: Path, now: datetime) -> int:
    """Remove originals that nobody adds meanwhile; returns how many bytes became free.

    Each is first moved to `staging`. Whoever added it a moment before made it young by that, so it
    comes back; whoever adds it a moment later writes it anew.
    """
    freed = 0
    for path in files:
        aside = staging / _sha256(path)
        with contextlib.suppress(OSError):
            size = path.stat().st_size
            path.replace(aside)
            if _old(aside, now):
                aside.unlink()
                freed += size
            else:
                aside.replace(path)
    return freed


def _old(path: Path, now: datetime) -> bool:
    """Whether a file was written at least a day ago; one of the future was not."""
    with contextlib.suppress(OSError):
        return now.timestamp() - path.stat().st_mtime >= APART.total_seconds()
    return False


def _places(connection: apsw.Connection) -> list[tuple[str, str]]:
    """Every table and column that names a picture."""
    rows = connection.execute(
        'SELECT tables.name, keys."from" FROM sqlite_schema AS tables,'
        " pragma_foreign_key_list(tables.name) AS keys"
        " WHERE tables.type = 'table' AND keys.\"table\" = 'picture'"
    )
    return [(str(table), str(column)) for table, column in rows.fetchall()]


def _originals(pictures: Path) -> Iterator[Path]:
    for folder in pictures.glob("[0-9a-f][0-9a-f]"):
        yield from (path for path in folder.iterdir() if len(_sha256(path)) == 64)


def _sha256(path: Path) -> str:
    return path.parent.name + path.name


def _long_ago(when: str, now: datetime) -> bool:
    return now - _time(when) >= APART


def _to_come(when: str, now: datetime) -> bool:
    return _time(when) > now


def _time(when: str) -> datetime:
    """A time that was noted; one that cannot be read is still to come."""
    try:
        return datetime.fromisoformat(when).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.max.replace(tzinfo=UTC)
