"""The models of an endpoint as rows: a name, and a line about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QCompleter, QListView, QStyledItemDelegate

from ui.sidebar.rows import ModelRow
from ui.theme import fonts
from ui.widgets.item_state import is_hovered, is_selected
from ui.widgets.model_lines import draw_lines, size_of_lines, spoken_vision
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

Index = QModelIndex | QPersistentModelIndex

ID_ROLE = Qt.ItemDataRole.UserRole
FILTER_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLES = (
    ID_ROLE,
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
)
WIDTH = 350
"""Of the list, in pixels with text of the usual size: names are longer than the sidebar is wide."""


class ModelList(QAbstractListModel):
    """Rows to choose from; the text of each is its id, which is what is sent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[ModelRow] = []
        self._by_id: dict[str, ModelRow] = {}
        self._places: dict[str, int] = {}
        self._searched: list[str] = []

    def set_rows(self, rows: list[ModelRow]) -> None:
        """Show exactly these; of two with one id the later one counts."""
        if rows != self._rows:
            self.beginResetModel()
            self._by_id = {row.id: row for row in rows}
            self._rows = list(self._by_id.values())
            self._places = {row.id: place for place, row in enumerate(self._rows)}
            self._searched = [f"{row.id} {row.name}" for row in self._rows]
            self.endResetModel()

    def place(self, model: str) -> int:
        """Where the model of this id stands; -1 where it does not."""
        return self._places.get(model, -1)

    def row(self, index: Index) -> ModelRow:
        """The row at `index`, which may be one of a filter's."""
        return self._by_id[index.data(ID_ROLE)]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == FILTER_ROLE:  # asked for every model at every key
            return self._searched[index.row()]
        if role in ID_ROLES:
            return self._rows[index.row()].id
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._rows[index.row()].id)
        return spoken(self._rows[index.row()]) if role == Qt.ItemDataRole.AccessibleTextRole else None


class ModelFilter(QCompleter):
    """Offers every model whose id or name holds what is typed, wherever."""

    def __init__(self, models: ModelList, parent: QWidget) -> None:
        super().__init__(models, parent)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompletionRole(FILTER_ROLE)
        self.setMaxVisibleItems(8)
        popup = choices_view(models)
        self.setPopup(popup)
        popup.setItemDelegate(ModelDelegate(popup, models))

    def pathFromIndex(self, index: Index) -> str:
        return str(index.data(ID_ROLE))


class ModelDelegate(QStyledItemDelegate):
    """Draws the id (or a name and the id below), the line about it, and whether it takes pictures."""

    def __init__(self, view: QListView, models: ModelList) -> None:
        super().__init__(view)
        self._view = view
        self._models = models

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return size_of_lines(two=bool(second_line(self._models.row(index))))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, rect = self._models.row(index), option.rect
        lit = is_selected(self._view, index) or is_hovered(self._view, rect)
        draw_lines(painter, rect, (row.name or row.id, second_line(row)), row.vision, lit=lit, role="text")


def choices_view(models: ModelList) -> QListView:
    """A list that looks like what drops down from a combo box."""
    view = QListView()
    view.setProperty("kind", "choices")
    view.setMinimumWidth(WIDTH * fonts.pixels("label") // fonts.SIZES["label"])
    view.setMouseTracking(True)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setModel(models)
    return view


def second_line(row: ModelRow) -> str:
    """What stands below the name."""
    parts = [row.id if row.name not in ("", row.id) else "", row.detail]
    return " · ".join(part for part in parts if part)


def spoken(row: ModelRow) -> str:
    """The row for a screen reader."""
    parts = (row.name or row.id, row.detail, spoken_vision(row.vision))
    return ", ".join(part for part in parts if part)
