"""Under which heading a conversation stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ui.library.rows import LibraryRow


class Groups:
    """The days as `now` has them, in the time zone of the user, until `renew`."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self._clock = now or _local_now
        self.renew()

    def renew(self) -> None:
        """Look at the clock again."""
        from datetime import timedelta

        now = self._clock()
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self._zone = now.tzinfo
        self._year = now.year
        self._yesterday = today - timedelta(days=1)
        self._recent = (
            (today, _tr("Today")),
            (self._yesterday, _tr("Yesterday")),
            (today - timedelta(days=7), _tr("Previous 7 days")),
            (today - timedelta(days=30), _tr("Previous 30 days")),
        )
        self._pinned = _tr("Pinned")
        self._locale = QLocale()

    def heading(self, row: LibraryRow) -> str:
        """The words above its group."""
        if row.pinned:
            return self._pinned
        for since, words in self._recent:
            if row.changed >= since:
                return words
        day = row.changed.astimezone(self._zone)
        if day.year == self._year:
            return self._locale.standaloneMonthName(day.month)
        return str(day.year)

    def when(self, changed: datetime) -> str:
        """The time of a change today or yesterday, else its day, as the user writes them."""
        local = changed.astimezone(self._zone)
        short = QLocale.FormatType.ShortFormat
        if changed < self._yesterday:
            return self._locale.toString(QDate(local.year, local.month, local.day), short)
        return self._locale.toString(QTime(local.hour, local.minute), short)


def _tr(words: str) -> str:
    return QCoreApplication.translate("Groups", words)


def _local_now() -> datetime:
    from datetime import datetime

    return datetime.now().astimezone()
