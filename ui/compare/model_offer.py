"""What drops down from `Add a model`: the models that are known, with a search where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QListView, QStyledItemDelegate, QVBoxLayout, QWidget

from ui.compare.heads import ModelColumn
from ui.theme import fonts, palette
from ui.widgets.item_state import is_hovered, is_selected
from ui.widgets.model_lines import draw_lines, size_of_lines, spoken_vision
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
FEW = 8
"""So many rows are seen at a glance, without a search, and are in sight at most."""
WIDTH = 340
STEPS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OfferRow(NamedTuple):
    """A model to add: who would answer in its `column`, a line about it, and whether it takes pictures,
    None where nobody has said. Without a column, `words` offer to ask the endpoint `asks` for its models,
    or, where that is empty, only tell something."""

    words: str
    detail: str = ""
    vision: bool | None = None
    column: ModelColumn | None = None
    asks: str = ""

    @property
    def spoken(self) -> str:
        """The row for a screen reader."""
        return ", ".join(filter(None, (self.words, self.detail, spoken_vision(self.vision))))


class ModelOffer(QWidget):
    """Drops down from a button, and closes with a choice, Esc or a click elsewhere."""

    chosen = Signal(object)
    """A ModelColumn."""
    asked = Signal(str)
    """The models of an endpoint are wanted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._rows: list[OfferRow] = []
        self._below: QWidget | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search models"))
        self.search.setAccessibleName(self.tr("Search models"))
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list = QListView()
        self.list.setProperty("kind", "bare")
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self._shown = _Rows(self)
        self.list.setModel(self._shown)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.clicked.connect(self._choose)
        self.list.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self.list)

    def open_below(self, button: QWidget) -> None:
        """Show it below a button, with nothing searched for."""
        self._below = button
        self.search.clear()
        self._offer_search()
        self._fit()
        self.show()
        (self.list if self.search.isHidden() else self.search).setFocus()

    def set_rows(self, rows: Sequence[OfferRow]) -> None:
        """Offer exactly these."""
        self._rows = list(rows)
        self._offer_search()
        self._filter()

    def rows(self) -> list[OfferRow]:
        """Those that are listed now."""
        return list(self._shown.rows)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A raised ground with a hairline round it."""
        painter, colors = QPainter(self), palette.current()
        painter.fillRect(self.rect(), colors.surface_raised)
        painter.setPen(colors.outline)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While words are typed, the arrows walk through the list and Return chooses."""
        if event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key = cast("QKeyEvent", event).key()
        if key in PRESSES:
            self._choose(self.list.currentIndex())
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            return True
        if watched is self.search and key in STEPS:
            self.list.keyPressEvent(cast("QKeyEvent", event))
            return True
        return super().eventFilter(watched, event)

    def _offer_search(self) -> None:
        """A search stays as long as something is searched for."""
        self.search.setHidden(len(self._rows) <= FEW and not self.search.text())

    def _filter(self) -> None:
        current = self.list.currentIndex().data(ROW_ROLE)
        words = self.search.text().casefold().split()
        found = [row for row in self._rows if all(word in row.spoken.casefold() for word in words)]
        self._shown.set_rows(found)
        place = found.index(current) if current in found else next(_pressable(found), -1)
        self.list.setCurrentIndex(self._shown.index(place))
        self._fit()

    def _choose(self, index: Index) -> None:
        row: OfferRow | None = index.data(ROW_ROLE)
        if row is not None and row.column is not None:
            self.hide()
            self.chosen.emit(row.column)
        elif row is not None and row.asks:
            self.asked.emit(row.asks)

    def _fit(self) -> None:
        """As high as the rows are, up to a few of them, and within the screen."""
        height = max(self.list.sizeHintForRow(0), 28)
        self.list.setFixedHeight(min(max(self._shown.rowCount(), 1), FEW) * height)
        if self._below is None:
            return
        self.resize(WIDTH * fonts.pixels("label") // fonts.SIZES["label"], self.sizeHint().height())
        room = self._below.screen().availableGeometry()
        at = self._below.mapToGlobal(QPoint(0, self._below.height() + 2))
        x = max(min(at.x(), room.right() - self.width()), room.left())
        y = max(min(at.y(), room.bottom() - self.height()), room.top())
        self.move(x, y)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[OfferRow] = []

    def set_rows(self, rows: list[OfferRow]) -> None:
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        none = Qt.ItemFlag.NoItemFlags
        return super().flags(index) if index.isValid() and _is_pressable(self.rows[index.row()]) else none

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(" · ".join(filter(None, (row.words, row.detail))))
        return row if role == ROW_ROLE else row.spoken if role in spoken else None


class _Delegate(QStyledItemDelegate):
    """Draws a name, the line about it below, and whether it takes pictures."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return size_of_lines(two=True)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, rect = cast("OfferRow", index.data(ROW_ROLE)), option.rect
        lit = _is_pressable(row) and (is_selected(self._view, index) or is_hovered(self._view, rect))
        role = "text" if row.column else "accent" if row.asks else "text_muted"
        draw_lines(painter, rect, (row.words, row.detail), row.vision, lit=lit, role=role)


def _is_pressable(row: OfferRow) -> bool:
    return row.column is not None or bool(row.asks)


def _pressable(rows: Sequence[OfferRow]) -> Iterator[int]:
    return (place for place, row in enumerate(rows) if _is_pressable(row))
