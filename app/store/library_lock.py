"""Who else has the library open."""

from __future__ import annotations

import apsw


class LibraryLock:
    """A lock that every open library shares and that one may hold alone.

    Whoever gets it alone knows that no other Fovea is at work: only then may the database be
    created, checked, migrated, and its unfinished messages be called interrupted. It is an
    SQLite lock on an empty file of its own, because SQLite locks alike on every system and the
    kernel drops them when a process dies.
    """

    def __init__(self, path: str, wait_s: float) -> None:
        """Raises apsw.Error."""
        self._connection = apsw.Connection(path)
        self._wait_ms = round(wait_s * 1000)

    def take_alone(self) -> bool:
        """Hold the lock alone if no other holds it; else share nothing and return False."""
        self._let_go()
        self._connection.set_busy_timeout(0)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except apsw.BusyError:
            return False
        return True

    def share(self) -> None:
        """Hold the lock beside others. Raises apsw.BusyError when one holds it alone too long."""
        self._let_go()
        self._connection.set_busy_timeout(self._wait_ms)
        self._connection.execute("BEGIN")
        self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()

    def close(self) -> None:
        """Let go. Harmless when closed."""
        self._connection.close(True)

    def _let_go(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")  # COMMIT would write a page
