"""The shapes of an answer as a list beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.panes.shapes.choice_button import ChoiceButton
from ui.panes.shapes.list_head import ListHead
from ui.panes.shapes.list_place import LOW_INSET, NARROWEST
from ui.panes.shapes.row_delegate import ROW
from ui.panes.shapes.row_list import RowList
from ui.panes.shapes.rows import Index, ShapeRows
from ui.panes.shapes.side_panel import SidePanel
from ui.widgets.escape import keep_escape

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.domain.shape import Shape

MOST_ROWS = 14
FRAME_MS = 16
PADDING, LOW_PADDING = (12, 8, 8, 12), (8, 4, 4, 4)
"""Left, top, right and bottom, the latter in a low view."""
SPACING, LOW_SPACING = 8, 4


class ShapeList(SidePanel):
    """Arrow keys go through it, and what is current stands out; Space hides or shows a label, Return
    opens what can be done with a shape."""

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
        self.head = ListHead()
        self.head.switch.toggled.connect(self.shown_changed)
        self.head.copy_requested.connect(self.copy_requested)
        self.head.close_button.clicked.connect(self.close_list)
        self.list = RowList(self.rows)
        self.list.setMinimumHeight(ROW)
        self.list.setAccessibleName(self.tr("Shapes in the picture"))
        self.list.selectionModel().currentChanged.connect(
            lambda now, _: self.meant.emit(self.rows.meant(now))
        )
        self.list.activated.connect(self._choose)
        self.dialect = ChoiceButton()
        self.dialect.chosen.connect(self.dialect_chosen)
        self.subject = ChoiceButton()
        self.subject.chosen.connect(self.subject_chosen)
        self._choices = (self.subject, self.dialect)
        self._held = False
        """Whether the keyboard is here, or was when another window got it."""
        column = self._column = QVBoxLayout(self)
        column.addWidget(self.head)
        column.addWidget(self.list, 1)
        for choice in self._choices:
            column.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow_keyboard)

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
        self.head.set_count(len(shapes))
        self.list.setAccessibleDescription(self.head.words())
        self.rows.set_shapes(shapes, groups, colours, pictures)
        if len(current) == 1 and current[0] < len(shapes):
            self.show_current(current[0])
        self.place()

    def set_dialects(self, names: Mapping[str, str], chosen: str) -> None:
        """Let the user choose how coordinates are read; `names` by id, none where there is no doubt."""
        name = names.get(chosen, chosen)
        words = self.tr("Read as: {name}").format(name=name)
        spoken = self.tr("Coordinates are read as: {name}").format(name=name)
        self.dialect.set_choices(words, spoken, names, chosen)
        self.place()

    def set_subjects(self, names: Mapping[str, str], chosen: str) -> None:
        """Let the user choose on which picture places are that name none; `names` by hash, none where
        each is on the picture that it names."""
        name = names.get(chosen, "")
        words = self.tr("On {name}").format(name=name)
        spoken = self.tr("Places that name no picture are shown on {name}").format(name=name)
        self.subject.set_choices(words, spoken, names, chosen)
        self.place()

    def show_current(self, number: int) -> None:
        """Make a shape the current row, if it is here."""
        index = self.rows.index_of(number)
        if index.isValid():
            self.list.setCurrentIndex(index)

    def tell_copied(self) -> None:
        """Say for a moment that the shapes are on the clipboard."""
        self.head.tell_copied()

    # ---- place

    def has_room(self, view: QWidget) -> bool:
        """Whether its head and a row could be read over a view."""
        _, top, _, bottom = LOW_PADDING
        least = top + self.head.sizeHint().height() + LOW_SPACING + ROW + bottom
        return min(view.width() - NARROWEST, view.height() - least) >= 2 * LOW_INSET

    def open_over(self, view: QWidget, at: QWidget | None = None) -> None:
        """Appear over a view, with the keyboard `at` one of its parts, else in the list."""
        self.stand_over(view)
        # One frame later, as to show the list and to draw what is meant can each take half of one.
        QTimer.singleShot(FRAME_MS, self, partial(self._take_keyboard, at))

    def _take_keyboard(self, at: QWidget | None) -> None:
        if at in self._kept_away():
            at = self.head.more
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

    def leave_picture(self) -> None:
        """Where it hides some of the picture it stays no longer than the keyboard is in it, and not where
        it could not be read."""
        over = self.parentWidget()
        used = self.isAncestorOf(self.window().focusWidget())
        if not used or over is None or not self.has_room(over):
            self.close_list()

    def heights(self, *, low: bool) -> tuple[int, int]:
        """With as many rows as there are, up to MOST_ROWS, and with two."""
        self._column.setContentsMargins(*(LOW_PADDING if low else PADDING))
        self._column.setSpacing(LOW_SPACING if low else SPACING)
        for choice in self._choices:
            choice.setVisible(bool(choice.words) and not low)
        self.head.keep(self._kept_away())
        others = self._column.sizeHint().height() - self.list.sizeHint().height()
        return others + min(self.rows.rowCount(), MOST_ROWS) * ROW, others + 2 * ROW

    def fit_words(self, width: int) -> None:
        """Cut what is said to the width."""
        margins = self._column.contentsMargins()
        room = width - margins.left() - margins.right()
        self.head.fit(room)
        for choice in self._choices:
            choice.fit(room)

    def stops(self) -> list[QWidget]:
        """What Tab walks through, in that order; not all of it can be seen."""
        return [*self.head.stops(), self.list, *self._choices]

    def _kept_away(self) -> list[ChoiceButton]:
        """What can be chosen now but has no place of its own."""
        return [choice for choice in self._choices if choice.words and choice.isHidden()]

    def _choose(self, index: Index) -> None:
        row = self.rows.row(index)
        if not row.is_label:
            if self.over_picture:
                self.close_list()  # the shape may lie below it
            self.chosen.emit(row.number)

    # ---- Qt

    def event(self, event: QEvent) -> bool:
        return keep_escape(event) or super().event(event)

    def _follow_keyboard(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or now.window() is not self.window():
            return  # the keyboard comes back from there
        held, self._held = self._held, self.isAncestorOf(now)
        if held and not self._held and self.over_picture and self.isVisible():
            self.close_list()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; nothing else is for the picture below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
