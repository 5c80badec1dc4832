"""The library: what Fovea remembers, opened and closed as a whole."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from app.store.conversations import Conversations
from app.store.cut_off import CutOffAnswers
from app.store.indexing import Indexer
from app.store.listing import Listing
from app.store.opening import OpenReport
from app.store.pictures import Pictures
from app.store.schema import Migrations, shipped_migrations
from app.store.search import Search
from app.store.shelves import Shelves
from app.store.transactions import Transactions
from app.store.trash import Trash

if TYPE_CHECKING:
    from app.store.arrivals import Arrivals
    from app.store.upkeep import Upkeep

WAIT_S = 5.0


class Store:
    """An open library. Several programs may have one open; each write is a transaction.

    All its methods belong to the loop in which it was opened.
    """

    def __init__(self, home: Path, transactions: Transactions) -> None:
        self._home = home
        self._transactions = transactions
        self.conversations = Conversations(transactions)
        self.cut_off = CutOffAnswers(transactions)
        self.shelves = Shelves(transactions)
        self.trash = Trash(transactions)
        self.pictures = Pictures(home, transactions)
        self.listing = Listing(transactions)
        self.search = Search(transactions)

    @classmethod
    async def open(cls, home: Path, *, migrations: Migrations | None = None, wait_s: float = WAIT_S) -> Self:
        """Open the library in the folder `home`, and create it where there is none.

        Messages that were on their way when the last program ended become interrupted. One that
        can be read but not written is opened all the same; then every write raises
        FolderNotWritable. Waits `wait_s` seconds for a program that holds the library, then raises
        LibraryInUse. Raises
        FolderNotWritable, NewerLibrary, NotALibrary, LibraryDamaged, DiskFull or StoreFailed
        where it cannot be used; what is there is then left as it is. `migrations` are for tests.
        """
        if migrations is None:
            migrations = shipped_migrations()
        home = home.absolute()
        store = cls(home, await Transactions.open(home, migrations, wait_s))
        try:
            if not store.read_only:
                await store.pictures.prepare()
                store._transactions.when_idle(Indexer())
        except BaseException:
            await store.close()
            raise
        return store

    @property
    def report(self) -> OpenReport:
        """What opening found: an unclean end, messages cut off."""
        return self._transactions.report

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written; `report.read_only` says why."""
        return self.report.read_only is not None

    @cached_property
    def arrivals(self) -> Arrivals:
        """Whole conversations, that come and go."""
        from app.store.arrivals import Arrivals  # the window opens without it

        return Arrivals(self._transactions)

    def upkeep(self) -> Upkeep:
        """Who makes copies, checks the library and clears up; its user closes it first."""
        from app.store.upkeep import Upkeep  # the window is there before anybody needs it

        return Upkeep(self._home, self._transactions, self.trash)

    async def close(self) -> None:
        """Finish what was asked for and close the library. Harmless when closed."""
        await self.search.close()
        await self._transactions.close()
