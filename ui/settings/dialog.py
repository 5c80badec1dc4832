"""The settings: a list of pages at the left, the chosen page at the right."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.settings.appearance_page import AppearancePage
from ui.settings.endpoints_page import Check, EndpointsPage
from ui.settings.undo_bar import UndoBar
from ui.theme import icons
from ui.widgets.notice import Notice
from ui.widgets.scrolling import Scrolling
from ui.widgets.surfaces import Separator, Surface
from ui.widgets.tab_order import stop_before, walk_through

if TYPE_CHECKING:
    from ui.settings.storage_page import StoragePage

FIRST_SIZE = QSize(780, 600)
SMALLEST = QSize(440, 360)
_APPEARANCE, _STORAGE = 1, 2


class SettingsDialog(QDialog):
    """Window-modal: `build` it, then `open()` it. Everything holds at once; there is nothing to confirm.

    Its widgets are made where they stand, from the outside to the inside, and what is not seen at
    once is made later: a dialog that is made as a whole holds up the window for many frames.
    """

    theme_chosen = Signal(str)
    storage_made = Signal(object)
    """The page of the storage (StoragePage), which somebody looks at for the first time."""
    storage_shown = Signal()

    def __init__(self, check: Check, parent: QWidget) -> None:
        super().__init__(parent)
        self._check = check
        self._theme = ""

    def build(self) -> Iterator[None]:
        """Make what is seen first; nothing else may be called before it is through."""
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumSize(SMALLEST)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left, right = Surface("window", self), Surface("surface", self)
        yield
        self.pages = QListWidget(left)
        self._lay_out_left(left)
        row.addWidget(left)
        row.addWidget(Separator(Qt.Orientation.Vertical, self))
        row.addWidget(right, 1)
        yield
        self._stack = QStackedWidget(right)
        self._bars = _Bars(right)
        self.notice, self.undo = self._bars.notice, self._bars.undo
        main = QVBoxLayout(right)
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(0)
        main.addWidget(self._stack, 1)
        main.addWidget(self._bars)
        yield
        self.endpoints = EndpointsPage(self._check, self._stack)
        self.endpoints.made.connect(self._lead_tab_to_bars)
        self._stack.addWidget(self.endpoints)
        yield
        self._lead_tab_to_bars()
        self.pages.currentRowChanged.connect(self._show_page)
        self.pages.setCurrentRow(0)
        self.resize(self._first_size())

    def _lay_out_left(self, left: Surface) -> None:
        named = (
            ("server", self.tr("Endpoints")),
            ("contrast", self.tr("Appearance")),
            ("hard-drive", self.tr("Storage")),
        )
        for icon, words in named:
            self.pages.addItem(QListWidgetItem(icons.icon(icon), words))
        self.pages.setProperty("kind", "pages")
        self.pages.setAccessibleName(self.tr("Pages of the settings"))
        self.pages.setIconSize(QSize(18, 18))
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        beside = QVBoxLayout(left)
        beside.setContentsMargins(12, 16, 12, 12)
        beside.addWidget(self.pages)
        left.setFixedWidth(self.pages.sizeHintForColumn(0) + 2 * 12 + 8)

    @cached_property
    def appearance(self) -> AppearancePage:
        """Made when it is first looked at."""
        page = AppearancePage(self._appearance_place.viewport())
        self._appearance_place.setWidget(page)
        page.theme_chosen.connect(self.theme_chosen)
        page.show_theme(self._theme)
        self._lead_tab_to_bars()
        return page

    @cached_property
    def storage(self) -> StoragePage:
        """Made when it is first looked at."""
        from ui.settings.storage_page import StoragePage

        page = StoragePage(self._storage_place.viewport())
        self._storage_place.setWidget(page)
        self.storage_made.emit(page)
        self._lead_tab_to_bars()
        return page

    @cached_property
    def _appearance_place(self) -> Scrolling:
        return self._new_place()

    @cached_property
    def _storage_place(self) -> Scrolling:
        return self._new_place()

    def _new_place(self) -> Scrolling:
        place = Scrolling(self._stack)
        self._stack.addWidget(place)
        return place

    def show_theme(self, name: str) -> None:
        """The theme in force."""
        self._theme = name
        if "appearance" in self.__dict__:
            self.appearance.show_theme(name)

    def begin_again(self) -> None:
        """As when it is first opened: the list of endpoints, and nothing said."""
        self.pages.setCurrentRow(0)
        self.endpoints.begin_again()
        self.notice.hide()
        self.undo.hide()
        self.pages.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_endpoint(self, endpoint_id: str) -> None:
        """Open the form of an endpoint."""
        self.pages.setCurrentRow(0)
        self.endpoints.open(endpoint_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes one step back before it closes."""
        if event.key() == Qt.Key.Key_Escape and self._on(self.endpoints) and self.endpoints.go_back():
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """However it closes, what was typed is told first."""
        self.endpoints.leave()
        super().done(result)

    def _show_page(self, row: int) -> None:
        if self._on(self.endpoints):
            self.endpoints.leave()
        place: QWidget = self.endpoints
        if row == _APPEARANCE:
            place = self._appearance_place
            self.appearance.show_theme(self._theme)
        elif row == _STORAGE:
            place = self._storage_place
            _ = self.storage  # with all that stands on it
            self.storage_shown.emit()
        self._stack.setCurrentWidget(place)

    def _lead_tab_to_bars(self) -> None:
        """They stand below all pages, whenever those are made."""
        walk_through((stop_before(self, outside=self._bars), *self._bars.stops))

    def _on(self, page: QWidget) -> bool:
        return self._stack.currentWidget() is page

    def _first_size(self) -> QSize:
        room = self.screen().availableGeometry().size() - QSize(24, 48)
        return FIRST_SIZE.boundedTo(room).expandedTo(SMALLEST)


class _Bars(QWidget):
    """What is said below the page; takes no room while nothing is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = Notice(self)
        self.undo = UndoBar(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(8)
        for bar in (self.notice, self.undo):
            column.addWidget(bar)
            bar.installEventFilter(self)
        self.hide()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, from top to bottom."""
        return self.notice.dismiss_button, self.undo.undo_button, self.undo.dismiss_button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(not (self.notice.isHidden() and self.undo.isHidden()))
        return super().eventFilter(watched, event)
