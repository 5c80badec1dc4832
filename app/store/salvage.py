"""Reading what can be read of a damaged database.

Every table is walked by row number. Where a page cannot be read, the walk goes on with the first
row behind it, found by halving. What then hangs in the air is given a place: a message without its
conversation gets one called "Recovered", words without their message get a message.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import apsw

from app import __version__
from app.domain.errors import LibraryDamaged, NewerLibrary
from app.store import opening, schema
from app.store.backup import Halt, Halted
from app.store.schema import Migrations
from app.store.values import time_column

TITLE = "Recovered"
AT_ONCE = 500
LAST_ROW = 2**62
WAIT_S = 1.0
_UNREADABLE = (apsw.CorruptError, apsw.NotADBError, apsw.IOError)

Progress = Callable[[int], None]
"""Told how many rows have been read."""


class Found(NamedTuple):
    """What could be read, and how many places could not."""

    conversations: int
    messages: int
    gaps: int


class _Table(NamedTuple):
    name: str
    columns: tuple[str, ...]
    numbered: bool


def salvage(path: Path, recovered: Path, migrations: Migrations, told: Progress, halt: Halt) -> Found:
    """Build a library in the new file `recovered` from what can be read of `path`.

    Raises Halted, apsw.Error, OSError, NewerLibrary, and LibraryDamaged where nothing can be read.
    """
    try:
        source = opening.connect(path, WAIT_S, apsw.SQLITE_OPEN_READONLY)
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise LibraryDamaged(path=path, reason="nothing in it can be read") from error
    try:
        source.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 0)
        for pragma, value in (("cell_size_check", False), ("writable_schema", True)):
            source.pragma(pragma, value)
        version = _version(source, path, migrations)
        recovered.touch(mode=0o600)
        target = apsw.Connection(str(recovered), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            return _fill(source, target, path, migrations[:version], _Walk(source, told, halt))
        finally:
            target.close(True)
    finally:
        source.close(True)


def _version(source: apsw.Connection, path: Path, migrations: Migrations) -> int:
    try:
        version = schema.version_of(source)
        source.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except (*_UNREADABLE, apsw.SQLError) as error:
        raise LibraryDamaged(path=path, reason="nothing in it can be read") from error
    if version > len(migrations):
        raise NewerLibrary(path=path, version=opening.writer_of(source, version))
    if version < 1:
        raise LibraryDamaged(path=path, reason="nothing in it can be read")
    return version


def _fill(
    source: apsw.Connection, target: apsw.Connection, path: Path, migrations: Migrations, walk: _Walk
) -> Found:
    target.pragma("synchronous", "OFF")  # the caller syncs the finished file
    target.pragma("application_id", schema.APPLICATION_ID)
    schema.migrate(target, migrations)
    target.pragma("foreign_keys", False)
    target.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)  # what they would write is copied too
    for table in _tables(target):
        _copy(target, table, walk)
    target.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 1)
    with target:
        _give_places(target, path)
        for again in _INDEX_AGAIN:
            target.execute(again)
        schema.set_meta(target, "program", __version__)
    schema.require_sound(target, path)
    counts = [
        target.execute(count).fetchall()[0][0]
        for count in ("SELECT count(*) FROM conversation", "SELECT count(*) FROM turn")
    ]
    if not any(counts):
        raise LibraryDamaged(path=path, reason="nothing in it can be read")
    return Found(int(str(counts[0])), int(str(counts[1])), walk.gaps)


def _tables(target: apsw.Connection) -> list[_Table]:
    """The tables that hold what the user made; an index over text is built by itself."""
    rows = target.execute(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
    ).fetchall()
    return [_Table(str(name), _columns(target, str(name)), not wr) for name, wr in rows]


def _columns(target: apsw.Connection, table: str) -> tuple[str, ...]:
    rows = target.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
    return tuple(str(name) for (name,) in rows)


def _copy(target: apsw.Connection, table: _Table, walk: _Walk) -> None:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    places = ", ".join("?" for _ in table.columns)
    insert = f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})'  # noqa: S608 - ours
    with target:
        target.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 - what creating it wrote
        for row in walk.rows(table):
            try:
                target.execute(insert, row)
            except (apsw.ConstraintError, apsw.MismatchError):
                walk.gaps += 1


class _Walk:
    """Reads tables row by row, past what cannot be read. `gaps` counts those places."""

    def __init__(self, source: apsw.Connection, told: Progress, halt: Halt) -> None:
        self._source = source
        self._told = told
        self._halt = halt
        self._count = 0
        self.gaps = 0

    def rows(self, table: _Table) -> Iterator[tuple[apsw.SQLiteValue, ...]]:
        """The rows of a table. Raises Halted."""
        columns = ", ".join(f'"{column}"' for column in table.columns)
        if not table.numbered:
            yield from self._unnumbered(f'SELECT {columns} FROM "{table.name}"')  # noqa: S608 - ours
            return
        select = f'SELECT rowid, {columns} FROM "{table.name}" WHERE rowid >= ? ORDER BY rowid'  # noqa: S608
        first: int | None = 0
        while first is not None:
            try:
                for row in self._source.execute(select, (first,)):
                    first = int(str(row[0])) + 1
                    self._read_one()
                    yield row[1:]
                return
            except _UNREADABLE:
                self.gaps += 1
                first = self._behind(select, first)
            except apsw.SQLError:  # the table itself is gone
                self.gaps += 1
                return

    def _unnumbered(self, select: str) -> Iterator[tuple[apsw.SQLiteValue, ...]]:
        try:
            for row in self._source.execute(select):
                self._read_one()
                yield row
        except (*_UNREADABLE, apsw.SQLError):
            self.gaps += 1

    def _behind(self, select: str, first: int) -> int | None:
        """The least row number from `first` on at which reading works again; None for none."""
        step = 1
        while not self._readable(select, first + step):
            step *= 2
            if first + step > LAST_ROW:
                return None
        low, high = first + step // 2, first + step
        while low < high:
            middle = (low + high) // 2
            if self._readable(select, middle):
                high = middle
            else:
                low = middle + 1
        return high

    def _readable(self, select: str, number: int) -> bool:
        try:
            self._source.execute(f"{select} LIMIT 1", (number,)).fetchall()
        except _UNREADABLE:
            return False
        return True

    def _read_one(self) -> None:
        self._count += 1
        if self._count % AT_ONCE == 0:
            self._told(self._count)
            if self._halt():
                raise Halted


def _give_places(target: apsw.Connection, path: Path) -> None:
    """Make every row refer to rows that are there."""
    now = time_column(datetime.now(UTC))
    _find_pictures(target, path.with_name("pictures"))
    lost = [str(row[0]) for row in _all(target, _MISSING_TURNS)]
    if lost:
        home = os.urandom(16).hex()
        for seq, message_id in enumerate(lost):
            _stub(
                target,
                "turn",
                id=message_id,
                conversation_id=home,
                seq=seq,
                role="assistant",
                status="interrupted",
                created=now,
            )
    for (conversation_id,) in _all(target, _MISSING_CONVERSATIONS):
        _stub(target, "conversation", id=str(conversation_id), title=TITLE, created=now, changed=now)
    target.execute(_NEAREST_PARENTS)
    for table, column, parent, key, required in _all(target, _REFERENCES):
        lacking = f'"{column}" IS NOT NULL AND "{column}" NOT IN (SELECT "{key}" FROM "{parent}")'  # noqa: S608
        target.execute(
            f'DELETE FROM "{table}" WHERE {lacking}'  # noqa: S608 - names of our own schema
            if required
            else f'UPDATE "{table}" SET "{column}" = NULL WHERE {lacking}'  # noqa: S608 - the same
        )


_INDEX_AGAIN = ("UPDATE conversation SET title = title", "UPDATE turn SET status = status")
"""The index over text is not copied; its triggers note by this what it has to be built from."""

_MISSING_TURNS = "SELECT DISTINCT turn_id FROM part WHERE turn_id NOT IN (SELECT id FROM turn)"
_MISSING_CONVERSATIONS = (
    "SELECT DISTINCT conversation_id FROM turn WHERE conversation_id NOT IN (SELECT id FROM conversation)"
)
_NEAREST_PARENTS = (
    "UPDATE turn SET parent_id = (SELECT id FROM turn AS above WHERE above.conversation_id ="
    " turn.conversation_id AND above.seq < turn.seq ORDER BY above.seq DESC LIMIT 1)"
    " WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM turn)"
)
_REFERENCES = (
    'SELECT tables.name, keys."from", keys."table", ifnull(keys."to", \'id\'), columns."notnull"'
    " FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS keys,"
    " pragma_table_info(tables.name) AS columns"
    " WHERE tables.type = 'table' AND columns.name = keys.\"from\""
)


def _find_pictures(target: apsw.Connection, pictures: Path) -> None:
    """A picture whose row is lost: its file tells enough; without one, its name stays as text."""
    missing = _all(
        target,
        "SELECT DISTINCT picture FROM part WHERE picture IS NOT NULL"
        " AND picture NOT IN (SELECT sha256 FROM picture)",
    )
    for (sha256,) in missing:
        name = str(sha256)
        file = pictures / name[:2] / name[2:]
        if len(name) == 64 and name.isalnum() and file.is_file():
            size = file.stat().st_size
            _stub(
                target, "picture", sha256=name, format="", width=1, height=1, byte_count=size, revealed="{}"
            )
        else:
            target.execute("UPDATE part SET kind = 'text', picture = NULL WHERE picture = ?", (sha256,))


def _stub(target: apsw.Connection, table: str, **values: str | int) -> None:
    """A row with `values`; what else it must have is empty."""
    required = _all(
        target,
        'SELECT name, type FROM pragma_table_info(?) WHERE "notnull" AND dflt_value IS NULL AND NOT pk',
        table,
    )
    empty = {str(name): 0 if kind == "INTEGER" else "" for name, kind in required}
    row = empty | values
    columns, places = ", ".join(row), ", ".join("?" for _ in row)
    target.execute(
        f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})",  # noqa: S608 - ours
        tuple(row.values()),
    )


def _all(target: apsw.Connection, select: str, *values: str) -> list[tuple[apsw.SQLiteValue, ...]]:
    return target.execute(select, values).fetchall()
