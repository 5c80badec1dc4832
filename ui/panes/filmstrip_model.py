"""The pictures of a conversation as rows."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.signs import one_line
from ui.widgets.tooltips import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
SHA_ROLE = Qt.ItemDataRole.UserRole + 1
MARK_ROLE = Qt.ItemDataRole.UserRole + 2


class FilmstripModel(QAbstractListModel):
    """One row per picture: its name, and its hash under SHA_ROLE."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[tuple[str, str]] = []
        self._marks: dict[str, str] = {}

    def set_pictures(self, pictures: list[tuple[str, str]]) -> None:
        """The (sha256, name) of each picture, in order."""
        if pictures == self._pictures:
            return
        self.beginResetModel()
        self._pictures = list(pictures)
        self.endResetModel()

    def set_marks(self, marks: dict[str, str]) -> None:
        """What is said of pictures, by their hashes: `pinned`, `described` or `dropped`."""
        if marks != self._marks:
            self._marks = dict(marks)
            if self._pictures:
                roles = [MARK_ROLE, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole]
                self.dataChanged.emit(self.index(0), self.index(len(self._pictures) - 1), roles)

    def row_of(self, sha256: str) -> QModelIndex:
        """The index of a picture; invalid when it is not here."""
        for row, (known, _) in enumerate(self._pictures):
            if known == sha256:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._pictures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._pictures):
            return None
        sha256, name = self._pictures[index.row()]
        if role == SHA_ROLE:
            return sha256
        if role == MARK_ROLE:
            return self._marks.get(sha256, "")
        said = self._said(sha256)
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(f"{one_line(name)} ({said})" if said else one_line(name))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            place = self.tr("{name}, picture {number} of {count}").format(
                name=one_line(name), number=index.row() + 1, count=len(self._pictures)
            )
            return f"{place}, {said}" if said else place
        return None

    def _said(self, sha256: str) -> str:
        """What a picture's mark means, in words."""
        words = {
            "pinned": self.tr("always goes along"),
            "described": self.tr("goes along as words"),
            "dropped": self.tr("does not go along"),
        }
        return words.get(self._marks.get(sha256, ""), "")
