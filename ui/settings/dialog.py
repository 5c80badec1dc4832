"""The settings: a list of pages at the left, the chosen page at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
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
from ui.settings.scrolling import scrolling
from ui.settings.undo_bar import UndoBar
from ui.theme import icons
from ui.widgets.notice import Notice
from ui.widgets.surfaces import Separator, Surface

FIRST_SIZE = QSize(780, 600)
SMALLEST = QSize(440, 360)


class SettingsDialog(QDialog):
    """Window-modal: `open()` it. Everything holds at once; there is nothing to confirm."""

    def __init__(self, check: Check, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumSize(SMALLEST)
        self.endpoints = EndpointsPage(check)
        self.appearance = AppearancePage()
        self.notice = Notice()
        self.undo = UndoBar()
        self.pages = QListWidget()
        self._stack = QStackedWidget()
        self._bars = _Bars((self.notice, self.undo))
        self._add_page(self.endpoints, "server", self.tr("Endpoints"))
        self._add_page(scrolling(self.appearance), "contrast", self.tr("Appearance"))
        self._lay_out()
        self.pages.currentRowChanged.connect(self._show_page)
        self.pages.setCurrentRow(0)
        self.resize(self._first_size())

    def _add_page(self, page: QWidget, icon: str, words: str) -> None:
        item = QListWidgetItem(icons.icon(icon), words)
        self.pages.addItem(item)
        self._stack.addWidget(page)

    def _lay_out(self) -> None:
        self.pages.setProperty("kind", "pages")
        self.pages.setAccessibleName(self.tr("Pages of the settings"))
        self.pages.setIconSize(QSize(18, 18))
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = Surface("window")
        beside = QVBoxLayout(left)
        beside.setContentsMargins(12, 16, 12, 12)
        beside.addWidget(self.pages)
        left.setFixedWidth(self.pages.sizeHintForColumn(0) + 2 * 12 + 8)
        right = Surface("surface")
        main = QVBoxLayout(right)
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(0)
        main.addWidget(self._stack, 1)
        main.addWidget(self._bars)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(Separator(Qt.Orientation.Vertical))
        row.addWidget(right, 1)

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
        self._stack.setCurrentIndex(row)

    def _on(self, page: QWidget) -> bool:
        return self._stack.currentWidget() is page

    def _first_size(self) -> QSize:
        room = self.screen().availableGeometry().size() - QSize(24, 48)
        return FIRST_SIZE.boundedTo(room).expandedTo(SMALLEST)


class _Bars(QWidget):
    """What is said below the page; takes no room while nothing is."""

    def __init__(self, bars: tuple[QWidget, ...]) -> None:
        super().__init__()
        self._bars = bars
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(8)
        for bar in bars:
            column.addWidget(bar)
            bar.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(any(not bar.isHidden() for bar in self._bars))
        return super().eventFilter(watched, event)
