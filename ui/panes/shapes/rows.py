"""Shapes as rows: each label with its shapes below it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.grounding import spoken
from ui.problems import translated
from ui.signs import one_line

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.domain.shape import Shape

Index = QModelIndex | QPersistentModelIndex
COLOUR_ROLE = Qt.ItemDataRole.UserRole
"""The colour of the label, 0 to 7."""
NOTE_ROLE = Qt.ItemDataRole.UserRole + 1
"""What stands at the end of the row: how many there are, or how sure the model is."""
HIDDEN_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether what the row stands for is not drawn (bool)."""
CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class Row(NamedTuple):
    """A label, or a shape of it, by its number among all of the answer and its rank, from 1, below the
    label."""

    label: str
    number: int = -1
    rank: int = 0

    @property
    def is_label(self) -> bool:
        """Whether this is the row of the label itself."""
        return self.number < 0


class ShapeRows(QAbstractListModel):
    """Labels, and below each its shapes. A row is made when it is asked for: of ten thousand few are."""

    hidden_changed = Signal(object)
    """The labels (frozenset) whose shapes are not to be drawn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shapes: Sequence[Shape] = ()
        self._colours: Mapping[str, int] = {}
        self._labels: list[str] = []
        self._starts = [0]
        self._of_label: Mapping[str, tuple[int, ...]] = {}
        self._pictures: Mapping[str, str] = {}
        self.hidden: frozenset[str] = frozenset()

    def set_shapes(
        self,
        shapes: Sequence[Shape],
        groups: Mapping[str, tuple[int, ...]],
        colours: Mapping[str, int],
        pictures: Mapping[str, str],
    ) -> None:
        """Show these, which go by their places; `groups` are those of each label in order, `pictures`
        the names of theirs by hash, told where there are several."""
        self.beginResetModel()
        self._shapes, self._of_label, self._colours = shapes, groups, colours
        self._pictures = pictures if len({shape.original for shape in shapes}) > 1 else {}
        self._labels = list(groups)
        self._starts = list(accumulate((1 + len(numbers) for numbers in groups.values()), initial=0))
        self.endResetModel()

    def row(self, index: Index) -> Row:
        """The row at a valid index."""
        place = index.row()
        at = bisect_right(self._starts, place) - 1
        label, rank = self._labels[at], place - self._starts[at]
        return Row(label, self._of_label[label][rank - 1], rank) if rank else Row(label)

    def meant(self, index: Index) -> tuple[int, ...]:
        """The numbers of the shapes that a row stands for; none for an invalid index."""
        if not index.isValid():
            return ()
        row = self.row(index)
        return self._of_label[row.label] if row.is_label else (row.number,)

    def index_of(self, number: int) -> QModelIndex:
        """Where a shape stands; an invalid index where it does not."""
        label = self._shapes[number].label if 0 <= number < len(self._shapes) else ""
        numbers = self._of_label.get(label, ())
        if number not in numbers:
            return QModelIndex()
        return self.index(self._starts[self._labels.index(label)] + 1 + numbers.index(number))

    def hide(self, hidden: frozenset[str]) -> None:
        """Uncheck these labels, and check all others."""
        if hidden != self.hidden:
            changed, self.hidden = hidden ^ self.hidden, hidden
            for label in changed & self._of_label.keys():  # told of all, a view looks at each row
                index = self.index(self._starts[self._labels.index(label)])
                self.dataChanged.emit(index, index)
            self.hidden_changed.emit(hidden)

    def toggle(self, label: str) -> None:
        """Hide the shapes of a label, or show them."""
        self.hide(self.hidden ^ {label})

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._starts[-1]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self.row(index).is_label:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.row(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._name(row.label) if row.is_label else self._place(row)
        if role == Qt.ItemDataRole.CheckStateRole and row.is_label:
            return UNCHECKED if row.label in self.hidden else CHECKED
        if role == COLOUR_ROLE:
            return self._colours[row.label]
        if role == NOTE_ROLE:
            return self._note(row)
        if role == HIDDEN_ROLE:
            return row.label in self.hidden
        return self._spoken(row) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or not self.row(index).is_label:
            return False
        label = self.row(index).label
        shown = Qt.CheckState(value) == CHECKED
        self.hide(self.hidden - {label} if shown else self.hidden | {label})
        return True

    def match(
        self,
        start: Index,
        role: int,
        value: object,
        hits: int = 1,
        flags: Qt.MatchFlag = Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchWrap,
    ) -> list[QModelIndex]:
        """For letters that are typed, the first label from `start` on that begins with them; to look at
        every row would take long."""
        if role != Qt.ItemDataRole.DisplayRole or not start.isValid() or not isinstance(value, str):
            return super().match(start, role, value, hits, flags)
        sought, count = value.casefold(), len(self._labels)
        first = bisect_left(self._starts, start.row())
        for at in (place % count for place in range(first, first + count)):
            if self._name(self._labels[at]).casefold().startswith(sought):
                return [self.index(self._starts[at])]
        return []

    def _name(self, label: str) -> str:
        return one_line(label) or self.tr("Unnamed")

    def _place(self, row: Row) -> str:
        shape = self._shapes[row.number]
        place = translated(spoken.place(shape), {})
        if len(self._of_label[row.label]) > 1:
            place = f"{self._which(row)}, {place}"
        picture = self._pictures.get(shape.original, "")
        return f"{place} · {one_line(picture)}" if picture else place

    def _which(self, row: Row) -> str:
        """Which of the shapes of its label it is."""
        return self.tr("{number} of {of}").format(number=row.rank, of=len(self._of_label[row.label]))

    def _note(self, row: Row) -> str:
        if row.is_label:
            return str(len(self._of_label[row.label]))
        score = self._shapes[row.number].score
        return "" if score is None else self.tr("{percent} %").format(percent=round(100 * score))

    def _spoken(self, row: Row) -> str:
        if not row.is_label:
            note = spoken.line(self._shapes[row.number])
            words = f"{one_line(translated(note.what, note.facts))}, {self._which(row)}"
            return self.tr("{words}, hidden").format(words=words) if row.label in self.hidden else words
        hidden, count = row.label in self.hidden, len(self._of_label[row.label])
        if count == 1:
            words = self.tr("{name}, 1 shape, hidden") if hidden else self.tr("{name}, 1 shape, shown")
        else:
            words = self.tr("{name}, {count} shapes, shown")
            words = self.tr("{name}, {count} shapes, hidden") if hidden else words
        return words.format(name=self._name(row.label), count=count)
