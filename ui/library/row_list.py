"""A list of any length: only rows that are in sight are laid out and painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QTableView

from ui.library.list_model import HEADING_ROLE, ID_ROLE, LibraryModel
from ui.library.rows import Heading

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QFocusEvent, QMouseEvent, QPaintEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from ui.library.lines import LineModel

    RowModel = LibraryModel | LineModel

AHEAD = 100
"""So many rows before the end the next ones are asked for."""

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_Action = QAbstractItemView.CursorAction


class RowList(QTableView):
    """Rows are of two heights, headings and lines without a text are of `low_height`.

    Arrow keys move, Return and a click choose; letters that are typed are told, not looked for.
    It is a table of one column, as Qt lays out a whole list anew whenever a row comes.
    """

    chosen = Signal(QModelIndex)
    menu_wanted = Signal(QPoint)
    """A menu for what is selected, at a global position."""

    typed = Signal(str)
    end_wanted = Signal()
    """The user goes to the end of a list that goes on."""

    everything_wanted = Signal()
    """The user selects all of a list that goes on."""

    left_upwards = Signal()
    """The user goes up from the first row."""

    dragged = Signal(QPoint)
    """What is selected is dragged to a global position."""

    drag_ended = Signal(QPoint, bool)
    """It was dropped there (True), or is not to be moved."""

    def __init__(self, row_height: int, low_height: int) -> None:
        super().__init__()
        self._low_height = low_height
        self.keys: dict[tuple[int, Qt.KeyboardModifier], Callable[[], object]] = {}
        """What else is done here, by keys that then do nothing in the window."""
        self._pressed: QPoint | None = None
        self._kept: QModelIndex | None = None
        self._dragging = False
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        columns, rows = self.horizontalHeader(), self.verticalHeader()
        columns.hide()
        columns.setStretchLastSection(True)
        columns.setMinimumSectionSize(1)
        rows.hide()
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(row_height)
        self.clicked.connect(self._click)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._look_ahead())

    # ---- rows

    def show_model(self, model: RowModel) -> None:
        """Show the rows of a model."""
        self.setModel(model)
        model.rowsInserted.connect(lambda _, first, last: self._size(model, range(first, last + 1)))
        model.modelReset.connect(lambda: self._size_all(model))

    def _size(self, model: RowModel, rows: range) -> None:
        for row in rows:
            if _is_low(model, row):
                self.setRowHeight(row, self._low_height)

    def _size_all(self, model: RowModel) -> None:
        """Qt keeps some heights when a list is set anew."""
        usual = self.verticalHeader().defaultSectionSize()
        for row in range(model.rowCount()):
            height = self._low_height if _is_low(model, row) else usual
            if self.rowHeight(row) != height:
                self.setRowHeight(row, height)

    def _look_ahead(self) -> None:
        model = self.model()
        bottom = self.rowAt(self.viewport().height() - 1)
        root = QModelIndex()
        if (bottom < 0 or bottom + AHEAD > model.rowCount()) and model.canFetchMore(root):
            model.fetchMore(root)

    @contextmanager
    def staying(self) -> Iterator[None]:
        """What is selected, where the keyboard is and what is seen stay while rows come and go; the
        top of the list stays the top."""
        model = self.model()
        assert isinstance(model, LibraryModel)
        bar = self.verticalScrollBar()
        selected = [index.data(ID_ROLE) for index in self.selectedIndexes()]
        current = self.currentIndex().data(ID_ROLE)
        top = self.rowAt(0)
        if top >= 0 and model.index(top).data(HEADING_ROLE):
            top += 1
        anchor = model.index(top).data(ID_ROLE) if bar.value() and top >= 0 else None
        above = self.rowViewportPosition(top) if anchor else 0
        yield
        if self.currentIndex().data(ID_ROLE) != current or len(self.selectedIndexes()) != len(selected):
            self.select([model.row_of(one) for one in selected], model.row_of(current or ""))
        if anchor and (row := model.row_of(anchor)).isValid():
            bar.setValue(bar.value() + self.rowViewportPosition(row.row()) - above)

    def select(self, rows: list[QModelIndex], current: QModelIndex) -> None:
        """Select these rows alone, with the keyboard at `current`; invalid ones are passed over."""
        selection = QItemSelection()
        for index in rows:
            if index.isValid():
                selection.select(index, index)
        model, flag = self.selectionModel(), QItemSelectionModel.SelectionFlag
        model.setCurrentIndex(current, flag.NoUpdate)
        model.select(selection, flag.ClearAndSelect)

    def mark_place(self) -> None:
        """Where the arrow keys start: the first row, where none is current. It is not chosen."""
        if not self.currentIndex().isValid():
            self.selectionModel().setCurrentIndex(
                self._edge(last=False), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # What is seen already is moved when the list is scrolled, not painted anew.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        ground: QWidget | None = self
        while ground is not None and not (ground.autoFillBackground() and ground is not self):
            ground = ground.parentWidget()
        under = ground or self
        brush = under.palette().brush(under.backgroundRole())
        QPainter(self.viewport()).fillRect(event.rect(), brush)
        super().paintEvent(event)

    # ---- keyboard

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            escapes = self._dragging and event.key() == Qt.Key.Key_Escape
            if escapes or (event.key(), event.modifiers()) in self.keys:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        do = self.keys.get((key, modifiers))
        model = self.model()
        if self._dragging and key == Qt.Key.Key_Escape:
            self._end_drag(QPoint(), dropped=False)
        elif do is not None:
            do()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not modifiers:
            self.chosen.emit(self.currentIndex())
        elif key == Qt.Key.Key_A and modifiers == CONTROL and _goes_on(model):
            self.everything_wanted.emit()
        elif key == Qt.Key.Key_End and _goes_on(model):
            self.end_wanted.emit()
        elif key == Qt.Key.Key_Up and not modifiers and self.currentIndex() == self._edge(last=False):
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        self.typed.emit(search)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: object) -> QModelIndex:
        if action in (_Action.MoveHome, _Action.MoveEnd):
            return self._edge(last=action == _Action.MoveEnd)
        if action in (_Action.MoveLeft, _Action.MoveRight):
            return self.currentIndex()
        return super().moveCursor(action, modifiers)  # type: ignore[arg-type]

    def _edge(self, *, last: bool) -> QModelIndex:
        """The first or last row that can be chosen."""
        model = self.model()
        count = model.rowCount()
        for row in range(count - 1, -1, -1) if last else range(count):
            index = model.index(row, 0)
            if not index.data(HEADING_ROLE):
                return index
        return QModelIndex()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.mark_place()
        self.viewport().update()

    # ---- pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        self._pressed = event.position().toPoint() if plain and index.isValid() else None
        many = len(self.selectionModel().selectedRows()) > 1 if plain else False
        if many and self.selectionModel().isSelected(index):
            self._kept = index  # all of them may be dragged; a click selects this one alone
            return
        self._kept = None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
        elif self._pressed is not None and not self._dragging:
            distance = (at - self._pressed).manhattanLength()
            self._dragging = distance >= QApplication.startDragDistance()
        if self._dragging:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        kept, self._kept, self._pressed = self._kept, None, None
        self._modifiers = event.modifiers()
        if self._dragging:
            self._end_drag(event.globalPosition().toPoint(), dropped=True)
        elif kept is not None:
            self.select([kept], kept)
            self.chosen.emit(kept)
            return
        super().mouseReleaseEvent(event)

    def _end_drag(self, at: QPoint, *, dropped: bool) -> None:
        self._dragging, self._pressed = False, None
        self._modifiers = SHIFT  # the release is no click
        self.drag_ended.emit(at, dropped)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if not index.isValid() or index.data(HEADING_ROLE):
            return
        if not self.selectionModel().isSelected(index):
            self.select([index], index)
        at = event.pos() if by_mouse else self.visualRect(index).center()
        self.menu_wanted.emit(self.viewport().mapToGlobal(at))

    def _click(self, index: QModelIndex) -> None:
        if not self._modifiers & (SHIFT | CONTROL):
            self.chosen.emit(index)


def _goes_on(model: QAbstractItemModel) -> bool:
    return isinstance(model, LibraryModel) and model.more


def _is_low(model: RowModel, row: int) -> bool:
    """Whether a row is a heading, or a line without a text."""
    if isinstance(model, LibraryModel):
        return isinstance(model.at(row), Heading)
    return not model.lines[row].text
