"""The shapes of an answer as a list beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.panes.shapes.choice_button import ChoiceButton
from ui.panes.shapes.list_place import INSET, LEAST_WIDTH, LOW, LOW_INSET, SHARE, WIDTH
from ui.panes.shapes.row_delegate import ROW
from ui.panes.shapes.row_list import RowList
from ui.panes.shapes.rows import Index, ShapeRows
from ui.widgets.buttons import IconButton, SmallButton
from ui.widgets.escape import keep_escape
from ui.widgets.labels import PlainLabel
from ui.widgets.surfaces import Card
from ui.widgets.switch import Switch
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QWheelEvent

    from app.domain.shape import Shape
    from ui.panes.view.zoom_bar import ZoomBar

MOST_ROWS = 14
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
    subject_chosen = Signal(str)
    """The picture, by its hash, that places are on which name none."""
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
        self.list = RowList(self.rows)
        self.list.setAccessibleName(self.tr("Shapes in the picture"))
        self.list.selectionModel().currentChanged.connect(
            lambda now, _: self.meant.emit(self.rows.meant(now))
        )
        self.list.activated.connect(self._choose)
        self.dialect = ChoiceButton()
        self.dialect.chosen.connect(self.dialect_chosen)
        self.subject = ChoiceButton()
        self.subject.chosen.connect(self.subject_chosen)
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
        for choice in (self.subject, self.dialect):
            column.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
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
        name = names.get(chosen, chosen)
        words = self.tr("Read as: {name}").format(name=name)
        spoken = self.tr("Coordinates are read as: {name}").format(name=name)
        self.dialect.set_choices(words, spoken, names, chosen, WIDTH - 60)

    def set_subjects(self, names: Mapping[str, str], chosen: str) -> None:
        """Let the user choose on which picture places are that name none; `names` by hash, none where
        each is on the picture that it names."""
        name = names.get(chosen, "")
        words = self.tr("No picture named: on {name}").format(name=name)
        spoken = self.tr("Places that name no picture are shown on {name}").format(name=name)
        self.subject.set_choices(words, spoken, names, chosen, WIDTH - 60)

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

    def open_over(self, view: QWidget, at: QWidget | None = None) -> None:
        """Appear over a view, with the keyboard `at` one of its parts, else in the list."""
        if self.parentWidget() is not view:
            if (before := self.parentWidget()) is not None:
                before.removeEventFilter(self)
                if (bar := self._bar()) is not None:
                    bar.removeEventFilter(self)
                    bar.leave(0)
            self.setParent(view)
            view.installEventFilter(self)
        if (bar := self._bar()) is not None:
            bar.installEventFilter(self)
        self.show()
        self.place()
        self.raise_()
        # One frame later, as to show the list and to draw what is meant can each take half of one.
        QTimer.singleShot(FRAME_MS, self, partial(self._take_keyboard, at))

    def _take_keyboard(self, at: QWidget | None) -> None:
        if self.isVisible() and at is not None and at.isVisible():
            at.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.isVisible():
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
            bar.leave(width + INSET if low and not self.isHidden() else 0)

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
            bar.leave(0)

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
