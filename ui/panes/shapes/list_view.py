"""The shapes of an answer as a list beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from ui.panes.shapes.row_delegate import ROW, STEP_IN, RowDelegate
from ui.panes.shapes.rows import CHECKED, UNCHECKED, Index, ShapeRows
from ui.theme import palette
from ui.widgets.buttons import IconButton, SmallButton
from ui.widgets.escape import keep_escape
from ui.widgets.labels import PlainLabel
from ui.widgets.surfaces import Card
from ui.widgets.switch import Switch
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from app.domain.shape import Shape
    from ui.panes.view.zoom_bar import ZoomBar

WIDTH = 264
LEAST_WIDTH = 200
SHARE = 3
"""The list takes no more than one part in so many of the pane's width, but LEAST_WIDTH anyway."""
INSET = 12
LOW_INSET = 4
LOW = 240
"""In a lower pane the list stands beside the bar, with neither to spare for its buttons."""
MOST_ROWS = 14
ROWS_AT_ONCE = 500
"""Rows that are laid out before the next frame."""
FRAME_MS = 16
COPIED_MS = 1_500


class ShapeList(Card):
    """Lies over the right edge of a picture. Arrow keys go through it, and what is current stands out;
    Space checks a label, Return opens what can be done with a shape."""

    meant = Signal(object)
    """The numbers of the shapes (tuple) that the current row stands for."""
    chosen = Signal(int)
    """The number of a shape whose menu is wanted."""
    shown_changed = Signal(bool)
    """Whether shapes are to be drawn at all."""
    hidden_changed = Signal(object)
    """The labels (frozenset) whose shapes are not to be drawn."""
    copy_requested = Signal(str)
    """All shapes are wanted on the clipboard, as "json" or as "coco"."""
    dialect_chosen = Signal(str)
    """How coordinates are to be read, by its id."""
    closed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.rows = ShapeRows(self)
        self.rows.hidden_changed.connect(self.hidden_changed)
        self.title = PlainLabel(bold=True, wrap=False)
        self.switch = Switch(self.tr("Show shapes"))
        self.switch.setToolTip(self.tr("Show shapes"))
        self.switch.setChecked(True)
        self.switch.toggled.connect(self.shown_changed)
        self.close_button = IconButton("x", self.tr("Close"), shortcut="Esc")
        self.close_button.clicked.connect(self.close_list)
        self.list = _List(self.rows)
        self.list.setAccessibleName(self.tr("Shapes in the picture"))
        self.list.selectionModel().currentChanged.connect(
            lambda now, _: self.meant.emit(self.rows.meant(now))
        )
        self.list.activated.connect(self._choose)
        self.dialect = SmallButton("")
        self.dialect.hide()
        self.json = SmallButton(self.tr("Copy as JSON"))
        self.json.clicked.connect(lambda: self.copy_requested.emit("json"))
        self.coco = SmallButton(self.tr("Copy as COCO"))
        self.coco.clicked.connect(lambda: self.copy_requested.emit("coco"))
        self._copying = {"json": (self.json, self.json.text()), "coco": (self.coco, self.coco.text())}
        for form, (button, words) in self._copying.items():
            button.setAccessibleName(words)
            button.setToolTip(plain_tooltip(words))
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(self.tr("Copied")) + 24)
            button.setProperty("form", form.upper())
        self._lay_out()
        over.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        for part in (self.title, self.switch, self.close_button):
            head.addWidget(part, 1 if part is self.title else 0)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.json, self.coco):
            foot.addWidget(button)
        foot.addStretch(1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.dialect, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(foot)

    def make_ready(self) -> None:
        """Dress it and its parts, which would else be done when it first appears."""
        for part in (self, *self.findChildren(QWidget)):
            part.ensurePolished()

    # ---- content

    def set_shapes(
        self,
        shapes: Sequence[Shape],
        groups: Mapping[str, tuple[int, ...]],
        colours: Mapping[str, int],
        pictures: Mapping[str, str],
    ) -> None:
        """Show these, as ShapeRows says."""
        current = self.rows.meant(self.list.currentIndex())
        words = self.tr("1 shape") if len(shapes) == 1 else self.tr("{count} shapes")
        self.title.setText(words.format(count=len(shapes)))
        self.rows.set_shapes(shapes, groups, colours, pictures)
        if len(current) == 1 and current[0] < len(shapes):
            self.show_current(current[0])
        self.place()

    def set_dialects(self, names: Mapping[str, str], chosen: str) -> None:
        """Let the user choose how coordinates are read; `names` by id, none where there is no doubt."""
        self.dialect.setVisible(bool(names))
        if names:
            words = self.tr("Read as: {name}").format(name=names.get(chosen, chosen))
            self.dialect.setText(
                self.dialect.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, WIDTH - 60)
            )
            self.dialect.setAccessibleName(
                self.tr("Coordinates are read as: {name}").format(name=names.get(chosen, chosen))
            )
            menu = QMenu(self)
            for dialect, name in names.items():
                action = QAction(name, menu, checkable=True, checked=dialect == chosen)
                action.triggered.connect(lambda _=False, dialect=dialect: self.dialect_chosen.emit(dialect))
                menu.addAction(action)
            before = self.dialect.menu()
            self.dialect.setMenu(menu)
            if before is not None:
                before.deleteLater()

    def show_current(self, number: int) -> None:
        """Make a shape the current row, if it is here."""
        index = self.rows.index_of(number)
        if index.isValid():
            self.list.setCurrentIndex(index)

    def tell_copied(self, form: str) -> None:
        """Say for a moment on the button that the shapes are on the clipboard."""
        button, _ = self._copying[form]
        button.setText(self.tr("Copied"))
        QTimer.singleShot(COPIED_MS, button, self._name_buttons)

    # ---- place

    def open_over(self, view: QWidget) -> None:
        """Appear over a view, with the keyboard in the list."""
        if self.parentWidget() is not view:
            if (before := self.parentWidget()) is not None:
                before.removeEventFilter(self)
                if (bar := self._bar()) is not None:
                    bar.removeEventFilter(self)
                    bar.leave_right(0)
            self.setParent(view)
            view.installEventFilter(self)
        if (bar := self._bar()) is not None:
            bar.installEventFilter(self)
        self.show()
        self.place()
        self.raise_()
        # One frame later, as to show the list and to draw what is meant can each take half of one.
        QTimer.singleShot(FRAME_MS, self, self._take_keyboard)

    def _take_keyboard(self) -> None:
        if self.isVisible():
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.rows.index(0))
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_list(self) -> None:
        """Go away, and give the keyboard back to the picture."""
        had_keyboard = self.isAncestorOf(QApplication.focusWidget() or self.window())
        self.hide()
        self.meant.emit(())
        self.closed.emit()
        over = self.parentWidget()
        if had_keyboard and over is not None:
            over.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Stand at the right of the picture, as high as the rows want and the picture allows."""
        over = self.parentWidget()
        if over is None:
            return
        bar, low = self._bar(), over.height() < LOW
        width = min(WIDTH, max(over.width() // SHARE, LEAST_WIDTH), over.width() - 2 * INSET)
        for button, _ in self._copying.values():
            button.setHidden(low)
        if self.width() != width:
            self.resize(width, self.height())
        self._name_buttons()
        rows = min(self.rows.rowCount(), MOST_ROWS) * ROW
        wanted = self._column.sizeHint().height() - self.list.sizeHint().height() + rows
        inset = LOW_INSET if low else INSET
        below = LOW_INSET if low or bar is None else max(bar.room[0], over.height() - bar.y() + INSET)
        height = max(min(wanted, over.height() - inset - below), 2 * ROW)
        self.setGeometry(over.width() - INSET - width, inset, width, height)
        if bar is not None:
            bar.leave_right(width + INSET if low and not self.isHidden() else 0)

    def _name_buttons(self) -> None:
        """In full where there is room, else by the form alone."""
        for button, words in self._copying.values():
            button.setText(words if self.width() == WIDTH else str(button.property("form")))

    def _bar(self) -> ZoomBar | None:
        """The bar of the view that the list lies over."""
        from ui.panes.view.zoom_bar import ZoomBar  # there with the first picture

        over = self.parentWidget()
        return over.findChild(ZoomBar) if over is not None else None

    def _choose(self, index: Index) -> None:
        row = self.rows.row(index)
        if not row.is_label:
            self.chosen.emit(row.number)

    # ---- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if (bar := self._bar()) is not None:
            bar.leave_right(0)

    def event(self, event: QEvent) -> bool:
        return keep_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; nothing else is for the picture below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nor is a press."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Nor is a move."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nor is what follows."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nor are two presses."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nor is the wheel."""
        event.accept()


class _List(QListView):
    def __init__(self, rows: ShapeRows) -> None:
        super().__init__()
        self.setModel(rows)
        self.setItemDelegate(RowDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "bare")
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(ROWS_AT_ONCE)
        self.setMouseTracking(True)
        # Else the card, and the picture below it with its shapes, are drawn for every row.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.setAutoFillBackground(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = QPainter(self.viewport())
        ground.fillRect(event.rect(), palette.current().surface_raised)
        ground.end()
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return means the current row on every platform; Escape goes to the panel."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif event.key() == Qt.Key.Key_Space:
            self._toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a label's row checks it, wherever in the row."""
        index = self.indexAt(event.position().toPoint())
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and event.position().x() < STEP_IN:
            self._toggle(index)

    def event(self, event: QEvent) -> bool:
        return keep_escape(event) or super().event(event)

    def _toggle(self, index: Index) -> None:
        state = index.data(Qt.ItemDataRole.CheckStateRole) if index.isValid() else None
        if state is not None:
            self.model().setData(
                index, UNCHECKED if state == CHECKED else CHECKED, Qt.ItemDataRole.CheckStateRole
            )
