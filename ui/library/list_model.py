"""The conversations as rows, with a heading before each day that needs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QDate,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTime,
)

if TYPE_CHECKING:
    from datetime import datetime

Index = QModelIndex | QPersistentModelIndex
ID_ROLE = Qt.ItemDataRole.UserRole + 1
PICTURE_ROLE = Qt.ItemDataRole.UserRole + 2
WHEN_ROLE = Qt.ItemDataRole.UserRole + 3
HEADING_ROLE = Qt.ItemDataRole.UserRole + 4


class LibraryRow(NamedTuple):
    """A conversation: `changed` knows its time zone, `picture` is the hash of its first picture."""

    id: str
    title: str
    changed: datetime
    picture: str | None = None


class LibraryModel(QAbstractListModel):
    """Headings are rows that cannot be selected; HEADING_ROLE is true for them."""

    def __init__(self, parent: QObject | None = None, now: Callable[[], datetime] | None = None) -> None:
        super().__init__(parent)
        self._now = now or _local_now
        self._rows: list[LibraryRow | str] = []
        self._given: list[LibraryRow] = []

    def set_rows(self, rows: list[LibraryRow]) -> None:
        """All conversations, newest change first."""
        self._given = list(rows)
        self.regroup()

    def regroup(self) -> None:
        """Set the headings again, for example after midnight."""
        grouped = self._grouped()
        if grouped != self._rows:
            self.beginResetModel()
            self._rows = grouped
            self.endResetModel()

    def row_of(self, conversation_id: str) -> QModelIndex:
        """The index of a conversation; invalid when it is not here."""
        for number, row in enumerate(self._rows):
            if isinstance(row, LibraryRow) and row.id == conversation_id:
                return self.index(number)
        return QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if isinstance(row, str):
            return self._heading_data(row, role)
        values: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: row.title,
            Qt.ItemDataRole.ToolTipRole: row.title,
            ID_ROLE: row.id,
            PICTURE_ROLE: row.picture or "",
            WHEN_ROLE: self._when(row.changed),
            HEADING_ROLE: False,
            Qt.ItemDataRole.AccessibleTextRole: f"{row.title}, {self._when(row.changed)}",
        }
        return values.get(role)

    def _heading_data(self, heading: str, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return heading
        return True if role == HEADING_ROLE else None

    def _when(self, changed: datetime) -> str:
        """The time of a change today or yesterday, else its day, as the user writes them."""
        local = changed.astimezone(self._now().tzinfo)
        short = QLocale.FormatType.ShortFormat
        if self._heading_of(changed) == self.tr("Earlier"):
            return QLocale().toString(QDate(local.year, local.month, local.day), short)
        return QLocale().toString(QTime(local.hour, local.minute), short)

    def _grouped(self) -> list[LibraryRow | str]:
        rows: list[LibraryRow | str] = []
        heading = ""
        for row in self._given:
            found = self._heading_of(row.changed)
            if found != heading:
                rows.append(found)
                heading = found
            rows.append(row)
        return rows

    def _heading_of(self, changed: datetime) -> str:
        from datetime import timedelta

        today = self._now().date()
        day = changed.astimezone(self._now().tzinfo).date()
        if day >= today:
            return self.tr("Today")
        if day == today - timedelta(days=1):
            return self.tr("Yesterday")
        return self.tr("Earlier")


def _local_now() -> datetime:
    from datetime import datetime

    return datetime.now().astimezone()
