"""The conversations as rows, with a heading before each group."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.library.groups import Groups
from ui.library.rows import Heading, LibraryRow
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ui.library.rows import Key

Index = QModelIndex | QPersistentModelIndex
ID_ROLE = Qt.ItemDataRole.UserRole + 1
PICTURE_ROLE = Qt.ItemDataRole.UserRole + 2
WHEN_ROLE = Qt.ItemDataRole.UserRole + 3
HEADING_ROLE = Qt.ItemDataRole.UserRole + 4
_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsEditable
    | Qt.ItemFlag.ItemNeverHasChildren
)


class LibraryModel(QAbstractListModel):
    """The beginning of a list that may be longer; headings are rows that cannot be selected.

    HEADING_ROLE is true for a heading.
    """

    more_wanted = Signal()
    """The rows after the last one are wanted: `append_rows` brings them."""

    renamed = Signal(str, str)
    """The user gave a conversation (id) another title, in its place."""

    def __init__(self, parent: QObject | None = None, now: Callable[[], datetime] | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._rows: list[LibraryRow | Heading] = []
        self._known: dict[str, LibraryRow] = {}
        self._answering: set[str] = set()
        self.more = False
        """Whether the list goes on."""
        self._asked = False

    @cached_property
    def _groups(self) -> Groups:
        return Groups(self._now)  # not before there is something to group

    def set_rows(self, rows: Sequence[LibraryRow], *, more: bool = False) -> None:
        """A whole list, or (`more`) its beginning, in the order of their keys."""
        self.more, self._asked = more, False
        self._known = {row.id: row for row in rows}
        self._groups.renew()
        grouped = self._grouped(rows, "")
        if grouped != self._rows:
            self.beginResetModel()
            self._rows = grouped
            self.endResetModel()

    def append_rows(self, rows: Sequence[LibraryRow], *, more: bool = False) -> None:
        """The next rows of the list. One that is there already has moved since, and stays."""
        self.more, self._asked = more, False
        last = self._rows[-1].key if self._rows else (False, 0, "", 0)
        new = [row for row in rows if row.id not in self._known and (not self._rows or row.key > last)]
        if not new:
            return
        grouped = self._grouped(new, self._heading_at(len(self._rows) - 1))
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(grouped) - 1)
        self._rows += grouped
        self._known.update((row.id, row) for row in new)
        self.endInsertRows()

    def put(self, row: LibraryRow) -> None:
        """A conversation as it is now, at its place; past the end of a list that goes on, nowhere."""
        known = self._known.get(row.id)
        same_place = known is not None and known.key == row.key
        if same_place and self._groups.heading(row) == self._heading_at(self._place(row)):
            if known != row:
                self._known[row.id] = row
                at = self.index(self._place(row))
                self._rows[at.row()] = row
                self.dataChanged.emit(at, at)
            return
        if known is not None:
            self.remove(row.id)
        if not self.more or (self._rows and row.key < self._rows[-1].key):
            self._insert(row)

    def remove(self, conversation_id: str) -> None:
        """A conversation is no longer in the list; its heading goes with the last one under it."""
        row = self._known.pop(conversation_id, None)
        if row is None:
            return
        first = last = self._place(row)
        heading_follows = last + 1 == len(self._rows) or isinstance(self._rows[last + 1], Heading)
        if isinstance(self._rows[first - 1], Heading) and heading_follows:
            first -= 1
            follows = self._rows[last + 1] if last + 1 < len(self._rows) else None
            if isinstance(follows, Heading) and follows.text == self._heading_at(first - 1):
                last += 1
        self.beginRemoveRows(QModelIndex(), first, last)
        del self._rows[first : last + 1]
        self.endRemoveRows()

    def regroup(self) -> None:
        """Set the headings again, for example after midnight."""
        if not self._rows:
            return
        self._groups.renew()
        grouped = self._grouped(self.rows(), "")
        if grouped != self._rows:
            self.beginResetModel()
            self._rows = grouped
            self.endResetModel()

    def set_answering(self, ids: set[str]) -> None:
        """Mark the conversations in which something is being answered."""
        changed, self._answering = ids ^ self._answering, set(ids)
        for conversation_id in changed:
            if (at := self.row_of(conversation_id)).isValid():
                self.dataChanged.emit(at, at)

    def rows(self) -> list[LibraryRow]:
        """The conversations that are here, in order."""
        return [row for row in self._rows if isinstance(row, LibraryRow)]

    def at(self, place: int) -> LibraryRow | Heading:
        """What stands in a row."""
        return self._rows[place]

    def row(self, conversation_id: str) -> LibraryRow | None:
        """A conversation by its id, where it is here."""
        return self._known.get(conversation_id)

    def row_of(self, conversation_id: str) -> QModelIndex:
        """The index of a conversation; invalid when it is not here."""
        row = self._known.get(conversation_id)
        return QModelIndex() if row is None else self.index(self._place(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self.more and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return _FLAGS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == HEADING_ROLE:
            return isinstance(row, Heading)
        if isinstance(row, Heading):
            return row.text if role == Qt.ItemDataRole.DisplayRole else None
        give = _GIVEN.get(role)
        return None if give is None else give(self, row)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._rows[index.row()] if index.isValid() else None
        title = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not isinstance(row, LibraryRow) or not title:
            return False
        if title != row.title:
            self.renamed.emit(row.id, title)
        return True

    def spoken(self, row: LibraryRow) -> str:
        """What a screen reader says of a conversation."""
        said = [row.title, self.when(row), *row.tags]
        if row.pinned:
            said.append(self.tr("pinned"))
        if row.id in self._answering:
            said.append(self.tr("being answered"))
        return ", ".join(said)

    def when(self, row: LibraryRow) -> str:
        """When a conversation changed, as the user writes it."""
        return self._groups.when(row.changed)

    def answering(self, row: LibraryRow) -> bool:
        """Whether something is being answered in a conversation."""
        return row.id in self._answering

    def _place(self, row: LibraryRow) -> int:
        return bisect_left(self._rows, row.key, key=_key)

    def _heading_at(self, place: int) -> str:
        """The words above a row."""
        if place < 0:
            return ""
        row = self._rows[place]
        if isinstance(row, Heading):
            return row.text
        return self._groups.heading(row)

    def _insert(self, row: LibraryRow) -> None:
        place = self._place(row)
        heading = self._groups.heading(row)
        before = self._rows[place - 1] if place else None
        if isinstance(before, Heading) and before.text != heading:
            place -= 1  # its first row went before; it belongs to the one that follows
            self._rows[place] = Heading(before.text, _before(self._rows[place + 1]))
        above = self._heading_at(place - 1)
        below = self._rows[place] if place < len(self._rows) else None
        new: list[LibraryRow | Heading] = [row]
        if above == heading and place:
            pass
        elif isinstance(below, Heading) and below.text == heading:
            self._rows[place] = Heading(heading, _before(row))
            place += 1
        else:
            new.insert(0, Heading(heading, _before(row)))
            if isinstance(below, LibraryRow):  # it parts a group
                new.append(Heading(above, _before(below)))
        self.beginInsertRows(QModelIndex(), place, place + len(new) - 1)
        self._rows[place:place] = new
        self._known[row.id] = row
        self.endInsertRows()

    def _grouped(self, rows: Sequence[LibraryRow], above: str) -> list[LibraryRow | Heading]:
        """Rows with headings where another group begins than `above`."""
        grouped: list[LibraryRow | Heading] = []
        for row in rows:
            heading = self._groups.heading(row)
            if heading != above:
                grouped.append(Heading(heading, _before(row)))
                above = heading
            grouped.append(row)
        return grouped


_GIVEN: dict[int, Callable[[LibraryModel, LibraryRow], object]] = {
    Qt.ItemDataRole.DisplayRole: lambda _, row: row.title,
    Qt.ItemDataRole.EditRole: lambda _, row: row.title,
    Qt.ItemDataRole.ToolTipRole: lambda _, row: plain_tooltip(row.title),
    Qt.ItemDataRole.AccessibleTextRole: LibraryModel.spoken,
    ID_ROLE: lambda _, row: row.id,
    PICTURE_ROLE: lambda _, row: row.picture or "",
    WHEN_ROLE: LibraryModel.when,
}


def _key(row: LibraryRow | Heading) -> Key:
    return row.key


def _before(row: LibraryRow | Heading) -> Key:
    """The key of a heading: just before a row."""
    return (*row.key[:3], 0)
