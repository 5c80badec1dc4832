"""Fills the painted window step by step, so that no frame waits for all of it."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ui.loading import Loading
from ui.window_frame import WindowFrame

if TYPE_CHECKING:
    from ui.main_window import MainWindow

FEATURES = (
    "ui.theme.palette",
    "ui.theme.icons",
    "ui.actions",
    "ui.top_bar",
    "ui.panes.view.picture_pane",
    "ui.panes.drop",
    "ui.panes.area.pane_area",
    "ui.widgets.thumbnails",
    "ui.composer.composer",
    "ui.library.list_model",
    "ui.library.head",
    "ui.library.list_view",
    "ui.sidebar.model_picker",
    "ui.sidebar.sidebar",
    "ui.main_window",
)
"""One step each; what a module needs of the earlier ones is there already."""

CONTROLLERS = (
    "qasync",
    "ui.controllers.asking.attachments",
    "ui.controllers.conversation.thread",
    "ui.controllers.conversation.entries",
    "ui.controllers.conversation.conversation",
    "ui.controllers.asking.asking",
    "ui.controllers.endpoints.endpoints",
    "ui.controllers.conversation.editing",
    "ui.controllers.asking.composing",
    "ui.controllers.conversation.history",
    "ui.controllers.conversation.message_commands",
    "ui.controllers.library.library",
    "ui.controllers.window",
    "ui.garbage",
)
"""They stand on `app`, so they wait for the thread that loads it."""

TRANSCRIPT = (
    "ui.transcript.blocks.style",
    "ui.transcript.markdown.block",
    "ui.transcript.controls",
    "ui.transcript.furniture",
    "ui.transcript.pointer",
    "ui.transcript.layout.messages",
    "ui.transcript.layout.arrangement",
    "ui.transcript.finding.finder",
    "ui.transcript.view",
    "ui.controllers.conversation.finding",
    "ui.transcript.blocks.paragraph",
    "ui.transcript.blocks.highlighter",
    "ui.transcript.blocks.code_block",
    "ui.transcript.blocks.table_block",
    "ui.transcript.blocks.text_block",
    "ui.transcript.blocks.block_box",
    "ui.transcript.messages.frame",
    "ui.transcript.messages.message",
    "ui.transcript.markdown.references",
    "ui.transcript.markdown.document",
    "ui.transcript.markdown.line_rules",
    "ui.transcript.markdown.splitter",
    "ui.transcript.markdown.inline_rules",
    "ui.transcript.markdown.inline",
    "ui.transcript.finding.shown",
)
"""What shows a conversation and its messages: the window opens without one. `TranscriptPlace` lets them in,
once typing works or before the first conversation is shown."""

LATER = ("ui.library.selection", "PySide6.QtNetwork")
"""What is hardly waited for: several conversations chosen at once, and another start of the program."""

KINDS = (
    ("QStyle",),
    ("QAbstractSpinBox", "QCheckBox", "QCommandLinkButton", "QDateTimeEdit", "QDateEdit", "QTimeEdit"),
    ("QTextEdit", "QTextBrowser", "QDial", "QDialog", "QDialogButtonBox", "QGroupBox", "QFocusFrame"),
    ("QWizard", "QWizardPage", "QErrorMessage", "QProgressDialog", "QDockWidget", "QMenuBar"),
    ("QMessageBox", "QInputDialog", "QFontComboBox", "QFontDialog", "QStatusBar", "QScrollBar"),
    ("QFileDialog", "QColorDialog", "QSpinBox", "QDoubleSpinBox", "QProgressBar", "QRadioButton"),
    ("QGraphicsView", "QTableView", "QTableWidget", "QListWidget", "QColumnView", "QHeaderView"),
    ("QLCDNumber", "QTreeView", "QTreeWidget", "QUndoView", "QCalendarWidget", "QKeySequenceEdit"),
    ("QTabBar", "QTabWidget", "QToolBar", "QToolBox", "QRhiWidget", "QRubberBand", "QSizeGrip"),
    ("QMdiArea", "QMdiSubWindow", "QSplashScreen", "QSplitterHandle", "QSlider", "QStackedWidget"),
)
"""Classes of QtWidgets, one row a step. PySide makes them when it first meets a style, and a widget that
Qt made itself: all in one go, and the window would stand still for 10 ms and for 20."""

PAUSE_MS = 1
"""Between two steps; with none, Qt runs several of them before it paints."""

SHORT_S = 0.002
"""Steps that took no longer together are followed by another one at once: a pause would double them."""


class Filling(QObject):
    """Imports and builds the main window in its frame, then lets `loading` import the rest.

    One after the other: two threads that import wait for each other at every file.
    """

    finished = Signal()

    def __init__(
        self,
        application: QApplication,
        frame: WindowFrame,
        theme: str,
        loading: Loading,
    ) -> None:
        super().__init__(frame)
        self.window: MainWindow | None = None
        self._application = application
        self._frame = frame
        self._theme = theme
        self._error: Exception | None = None
        self._then: Callable[[], object] = loading.start
        self._steps = self._fill()
        loading.finished.connect(self._control)

    def begin(self) -> None:
        """The frame has been painted."""
        QTimer.singleShot(PAUSE_MS, self._go_on)

    def result(self) -> MainWindow:
        """The full window; raises what went wrong on the way."""
        if self._error is not None:
            raise self._error
        assert self.window is not None
        return self.window

    def _control(self) -> None:
        """What stands on `app` can be imported now."""
        self._then = self.finished.emit
        self._steps = imported(CONTROLLERS)
        self._go_on()

    def _go_on(self) -> None:
        began = time.perf_counter()
        try:
            next(self._steps)
            while time.perf_counter() - began < SHORT_S:
                next(self._steps)
        except StopIteration:
            self._then()
        except Exception as error:  # noqa: BLE001  raised again in `main` by `result`
            self._error = error
            self.finished.emit()
        else:
            QTimer.singleShot(PAUSE_MS, self._go_on)

    def _fill(self) -> Iterator[None]:
        yield from imported(FEATURES)
        from ui.main_window import MainWindow
        from ui.theme import fonts, icons, palette

        fonts.load(self._application)
        yield
        palette.apply(self._application, self._theme)
        yield
        self.window = window = MainWindow(self._frame)
        window.resize(self._frame.size())
        yield from window.build()  # hidden: Qt would lay out and paint every state on the way
        yield
        self._frame.setCentralWidget(window)
        window.show()
        yield
        self._application.setWindowIcon(icons.app_icon())


async def taken(steps: Iterator[None]) -> None:
    """Take steps one after the other; what happened meanwhile comes first."""
    import asyncio  # comes after the first paint

    for _ in steps:
        await asyncio.sleep(PAUSE_MS / 1_000)


def imported(names: tuple[str, ...]) -> Iterator[None]:
    """Import modules, one a step."""
    for name in names:
        importlib.import_module(name)
        yield


def made(kinds: tuple[tuple[str, ...], ...]) -> Iterator[None]:
    """Let PySide make classes of QtWidgets, one row a step; those that this PySide lacks are passed over."""
    for row in kinds:
        for name in row:
            getattr(QtWidgets, name, None)
        yield
