"""The window: places the features side by side. It decides nothing; ui/controllers connects them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSettings, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMessageBox, QSplitter, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.composer.composer import Composer
from ui.library.list_view import LibraryView
from ui.panes.drop import DropTarget
from ui.panes.filmstrip import Filmstrip
from ui.panes.offered import OfferedPictures
from ui.panes.picture_pane import PicturePane
from ui.shortcuts_dialog import ShortcutsDialog
from ui.sidebar.sidebar import Sidebar
from ui.top_bar import TopBar
from ui.transcript.view import TranscriptView
from ui.widgets.notice import Notice

SMALLEST = QSize(640, 480)
FIRST_SIZE = QSize(1280, 820)
FRAME_LEAVES = 0.92
"""The share of the screen for the inside of the window: its frame needs room too."""
SIDEBAR_NEEDS = 1100
LIBRARY_NEEDS = 800
LIBRARY_WIDTH = 240
SIDEBAR_WIDTH = 280
COLUMN_WIDTH = 820


class MainWindow(QMainWindow):
    """Library left, pictures and conversation in the middle, model right, composer below."""

    closed = Signal()
    """The user closed the window, or quit."""

    first_painted = Signal()
    """The window is on the screen for the first time."""

    pictures_offered = Signal(object, bool)
    """Something that may hold pictures was dropped, or pasted (True): OfferedPictures."""

    def __init__(self) -> None:
        super().__init__()
        self._painted = False
        self._wide: tuple[bool, bool] | None = None
        self.setMinimumSize(SMALLEST)
        self.actions_table = Actions(self)
        self.top_bar = TopBar(self.actions_table)
        self.library = LibraryView()
        self.pane = PicturePane()
        self.filmstrip = Filmstrip()
        self.transcript = TranscriptView()
        self.notice = Notice()
        self.composer = Composer()
        self.sidebar = Sidebar()
        self.drops = DropTarget(self)
        self._early_offers: list[tuple[OfferedPictures, bool]] = []
        self.pictures_offered.connect(self._keep_early_offer)
        self.drops.pictures_offered.connect(lambda offered: self.pictures_offered.emit(offered, False))
        self.composer.pictures_offered.connect(lambda offered: self.pictures_offered.emit(offered, True))
        self.composer.set_send_blocked(self.tr("Your library is being opened."))
        self._place()
        self._connect_own_actions()
        self.set_title("")
        self.show_conversation(False)

    def set_title(self, title: str) -> None:
        """Name the open conversation; empty for a new one."""
        shown = title or self.tr("New conversation")
        self.top_bar.set_title(shown)
        self.setWindowTitle(shown)

    def show_conversation(self, shown: bool) -> None:
        """Show the transcript beside the pictures, or the pictures alone before the first question."""
        self.transcript.setVisible(shown)

    def show_notice(self, text: str) -> None:
        """Say something above the composer until it is dismissed; plain text."""
        self.notice.show_text(text)

    def take_early_offers(self) -> list[tuple[OfferedPictures, bool]]:
        """What was dropped or pasted before somebody listened; from now on the signal alone tells."""
        self.pictures_offered.disconnect(self._keep_early_offer)
        offers, self._early_offers = self._early_offers, []
        return offers

    def show_failure(self, text: str) -> None:
        """The library cannot be opened: say why in place of the pictures, and block sending."""
        self.pane.show_problem(text)
        self.composer.set_send_blocked(text)

    def confirm_link(self, url: str, open_link: Callable[[], object]) -> None:
        """Show the whole address, decoded, and open it only when the user says so."""
        shown = QUrl(url).toDisplayString(QUrl.ComponentFormattingOption.FullyDecoded)
        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Open this address in your browser?"))
        box.setInformativeText(shown)
        box.setStandardButtons(QMessageBox.StandardButton.Open | QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Open).clicked.connect(lambda _: open_link())
        box.finished.connect(box.deleteLater)
        box.open()

    def restore_geometry(self) -> None:
        """Where and how large the window was, always inside the screen."""
        available = QGuiApplication.primaryScreen().availableSize()
        self.resize(FIRST_SIZE.boundedTo(available * FRAME_LEAVES).expandedTo(SMALLEST))
        settings = QSettings()
        geometry = settings.value("window/geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        for name, splitter in self._splitters():
            if (state := settings.value(f"window/{name}")) is not None:
                splitter.restoreState(state)

    def save_geometry(self) -> None:
        """Remember size, place and splitters for the next start."""
        settings = QSettings()
        settings.setValue("window/geometry", self.saveGeometry())
        for name, splitter in self._splitters():
            settings.setValue(f"window/{name}", splitter.saveState())

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if not self._painted and event.type() == QEvent.Type.Paint:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)
        return handled

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = (self.width() >= LIBRARY_NEEDS, self.width() >= SIDEBAR_NEEDS)
        if wide != self._wide:
            self._wide = wide
            self.library.setVisible(wide[0])
            self.sidebar.setVisible(wide[1])

    def _keep_early_offer(self, offered: OfferedPictures, pasted: bool) -> None:
        self._early_offers.append((offered, pasted))

    def _place(self) -> None:
        self._rows = QSplitter(Qt.Orientation.Vertical)
        self._rows.addWidget(self._pictures())
        self._rows.addWidget(self.transcript)
        self._rows.setSizes([1, 1])
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._rows, 1)
        column.addWidget(_centred(self.notice, self.composer))
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        for widget in (self.library, middle, self.sidebar):
            self._columns.addWidget(widget)
        self._columns.setStretchFactor(1, 1)
        self._columns.setSizes([LIBRARY_WIDTH, FIRST_SIZE.width(), SIDEBAR_WIDTH])
        for _, splitter in self._splitters():
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        root = QWidget()
        rows = QVBoxLayout(root)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.top_bar)
        rows.addWidget(self._columns, 1)
        self.setCentralWidget(root)

    def _pictures(self) -> QWidget:
        pictures = QWidget()
        column = QVBoxLayout(pictures)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pane, 1)
        column.addWidget(self.filmstrip)
        return pictures

    def _connect_own_actions(self) -> None:
        actions = self.actions_table
        actions["library"].triggered.connect(lambda: _toggle(self.library))
        actions["sidebar"].triggered.connect(lambda: _toggle(self.sidebar))
        actions["quit"].triggered.connect(self.close)
        actions["write"].triggered.connect(self.composer.focus_text)
        actions["model"].triggered.connect(self._choose_model)
        actions["shortcuts"].triggered.connect(lambda: ShortcutsDialog(self).open())
        view = self.pane.view
        for name, zoom in (
            ("zoom-in", view.zoom_in),
            ("zoom-out", view.zoom_out),
            ("zoom-fit", view.fit),
            ("zoom-full", view.show_full),
        ):
            actions[name].triggered.connect(zoom)

    def _choose_model(self) -> None:
        self.sidebar.show()
        self.sidebar.focus_endpoint()

    def _splitters(self) -> tuple[tuple[str, QSplitter], ...]:
        return (("rows", self._rows), ("columns", self._columns))


def _centred(*widgets: QWidget) -> QWidget:
    """Widgets below each other, in the middle, no wider than reads well."""
    column = QWidget()
    column.setMaximumWidth(COLUMN_WIDTH)
    rows = QVBoxLayout(column)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(8)
    for widget in widgets:
        rows.addWidget(widget)
    frame = QWidget()
    centred = QHBoxLayout(frame)
    centred.setContentsMargins(24, 8, 24, 16)
    centred.addWidget(column)
    return frame


def _toggle(widget: QWidget) -> None:
    widget.setVisible(not widget.isVisible())
