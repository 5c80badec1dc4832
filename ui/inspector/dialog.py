"""The inspector: what is sent, picture by picture, beside the window that it tells of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QSplitter, QVBoxLayout, QWidget

from ui.inspector.facts_panel import FactsPanel
from ui.inspector.picture_list import PictureList
from ui.inspector.shown import ShownPicture, ShownPlan
from ui.inspector.stage import Stage
from ui.widgets.labels import PlainLabel
from ui.widgets.soft_progress import SoftProgress
from ui.widgets.surfaces import Separator, Surface

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

FIRST_SIZE = QSize(1000, 660)
SMALLEST = QSize(620, 420)
SHARES = (220, 490, 290)


class InspectorDialog(QDialog):
    """Not modal: what is changed in the window meanwhile is seen here. Escape closes it.

    It is empty until `build` has been walked through. `view` draws the pictures, which whoever made it
    puts into it when `picture_wanted` asks.
    """

    list: PictureList
    stage: Stage
    facts: FactsPanel

    picture_wanted = Signal(str, int, bool)
    """The id of a picture, the number of what is sent for it, and whether the same place of the
    original is to be seen instead."""

    way_chosen = Signal(str, str)
    """The id of a picture and the size in which it is to go."""

    rule_chosen = Signal(str, str)
    """The id of a picture and the rule by which it is to go along with later questions."""

    menu_requested = Signal(str, QPoint)
    """The menu of the picture with this id was asked for, at a place of the screen."""

    def __init__(self, view: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What is sent"))
        self.setMinimumSize(SMALLEST)
        self.shown = ShownPlan("")
        self._current = ""
        self._view_number = 0
        self._original = False
        self.title = PlainLabel(size="body", bold=True, parent=self)
        self.totals = PlainLabel(tone="muted", parent=self)
        self.busy = SoftProgress(self)
        self._view = view
        self._columns = QSplitter(Qt.Orientation.Horizontal, self)
        self._list_place = Surface("window", self._columns)
        room = self.screen().availableGeometry().size() - QSize(24, 48)
        self.resize(FIRST_SIZE.boundedTo(room).expandedTo(SMALLEST))

    def build(self) -> Iterator[None]:
        """Make the parts, a few milliseconds each, so that no frame waits for all of them."""
        self.list = PictureList(self._list_place)
        self.list.chosen.connect(self._choose)
        self.list.menu_requested.connect(self._ask_for_menu)
        yield
        self.stage = Stage(self._view, self._columns)
        self.stage.original_wanted.connect(self._show_original)
        self.stage.view_chosen.connect(self._choose_view)
        yield
        self._facts_place = Surface("surface", self._columns)
        self.facts = FactsPanel(self._facts_place)
        self.facts.way_chosen.connect(lambda way: self.way_chosen.emit(self._current, way))
        self.facts.rule_chosen.connect(lambda rule: self.rule_chosen.emit(self._current, rule))
        yield
        yield from self.facts.build()
        self._lay_out()

    @property
    def current(self) -> str:
        """The id of the picture that is looked at; empty without any."""
        return self._current

    def show_plan(self, shown: ShownPlan) -> None:
        """Show what is sent; the picture that was looked at stays, where it is still there."""
        self.shown = shown
        self.title.setText(shown.title)
        self.totals.setText(shown.totals)
        self.totals.setVisible(bool(shown.totals and shown.pictures))
        self.set_busy(False)
        if self._picture() is None:
            self._current, self._view_number = shown.first, 0
            self._original = False
        self.list.show_pictures(shown.pictures, self._current)
        self._list_place.setVisible(len(shown.pictures) > 1)
        self._facts_place.setVisible(bool(shown.pictures))
        self._show_current()

    def look_at(self, picture_id: str) -> None:
        """Show one of the pictures."""
        index = self.list.rows.row_of(picture_id)
        if index.isValid():
            self.list.setCurrentIndex(index)

    def take_keyboard(self) -> None:
        """Let the arrow keys go through the pictures, or move the only one."""
        several = len(self.shown.pictures) > 1
        (self.list if several else self.stage.view).setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """Whether something newer is on its way."""
        self.busy.setVisible(busy)
        self._busy_gap.setVisible(not busy)

    def show_waiting(self, sentence: str) -> None:
        """Something newer is on its way: where nothing was shown yet, say what is awaited."""
        if not self.shown.title:
            self.title.setText(self.windowTitle())
            self.stage.set_controls(False)
            self.stage.show_waiting(sentence)
        self.set_busy(bool(self.shown.title))

    def set_thumbnail(self, sha256: str, image: QImage) -> None:
        """The small image of a picture."""
        self.list.set_thumbnail(sha256, image)

    def _lay_out(self) -> None:
        head = Surface("surface", self)
        words = QVBoxLayout(head)
        words.setContentsMargins(16, 12, 16, 10)
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.totals)
        self._busy_gap = QWidget(self)
        self._busy_gap.setFixedHeight(self.busy.height() or 3)
        for place, widget, margin in ((self._list_place, self.list, 8), (self._facts_place, self.facts, 0)):
            inside = QVBoxLayout(place)
            inside.setContentsMargins(margin, margin, margin, margin)
            inside.addWidget(widget)
        columns = self._columns
        columns.setChildrenCollapsible(False)
        columns.setHandleWidth(1)
        columns.setStretchFactor(1, 1)
        columns.setSizes(list(SHARES))
        self._list_place.setMinimumWidth(120)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.busy)
        column.addWidget(self._busy_gap)
        column.addWidget(Separator(parent=self))
        column.addWidget(columns, 1)
        self.set_busy(False)

    def _picture(self) -> ShownPicture | None:
        return next((picture for picture in self.shown.pictures if picture.id == self._current), None)

    def _ask_for_menu(self, picture_id: str, at: QPoint) -> None:
        if any(picture.id == picture_id and picture.rule for picture in self.shown.pictures):
            self.menu_requested.emit(picture_id, at)

    def _choose(self, picture_id: str) -> None:
        self._current, self._view_number, self._original = picture_id, 0, False
        self._show_current()

    def _choose_view(self, number: int) -> None:
        self._view_number = number
        self._show_current()

    def _show_original(self, original: bool) -> None:
        self._original = original
        self._show_current()

    def _show_current(self) -> None:
        picture = self._picture()
        if picture is None:
            nothing = self.tr("There is no picture in this conversation or in the question.")
            self.stage.show_nothing(self.shown.totals or nothing, "image")
            self.stage.set_controls(False)
            return
        self.stage.set_controls(True)
        self._view_number = min(self._view_number, max(0, len(picture.views) - 1))
        goes = bool(picture.views)
        self.stage.set_comparable("" if goes else picture.line)
        self.stage.set_original(self._original or not goes)
        self.stage.show_views([view.title for view in picture.views], self._view_number)
        self.facts.show_picture(picture, self._view_number)
        self.picture_wanted.emit(picture.id, self._view_number, self._original or not goes)
