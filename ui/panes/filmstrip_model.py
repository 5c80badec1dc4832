"""The pictures of a conversation as rows."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.widgets.tooltips import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
SHA_ROLE = Qt.ItemDataRole.UserRole + 1


class FilmstripModel(QAbstractListModel):
    """One row per picture: its name, and its hash under SHA_ROLE."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[tuple[str, str]] = []

    def set_pictures(self, pictures: list[tuple[str, str]]) -> None:
        """The (sha256, name) of each picture, in order."""
        if pictures == self._pictures:
            return
        self.beginResetModel()
        self._pictures = list(pictures)
        self.endResetModel()

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
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("{name}, picture {number} of {count}").format(
                name=name, number=index.row() + 1, count=len(self._pictures)
            )
        return sha256 if role == SHA_ROLE else None
