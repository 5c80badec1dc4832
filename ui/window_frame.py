"""The window before anything is in it: all that the first paint needs, and nothing else.

PySide builds the enums of a class when it is first used; those of `Qt` alone take an eighth of the
time to the first paint. So nothing here may touch `Qt`, and nothing may be imported that does.
"""

from __future__ import annotations

from PySide6.QtCore import QSettings, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from ui.theme.ground import Ground

SMALLEST = QSize(640, 480)
FIRST_SIZE = QSize(1280, 820)
FRAME_LEAVES = 0.92
"""The share of the screen for the inside of the window: its frame needs room too."""

BAR_HEIGHT = 44
LIBRARY_WIDTH = 240
SIDEBAR_WIDTH = 280
_GEOMETRY = "window/geometry"


class WindowFrame(QMainWindow):
    """Shows the grounds of the features until the main window takes their place."""

    closed = Signal()
    """The user closed the window, or quit."""

    first_painted = Signal()
    """The window is on the screen for the first time."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.setMinimumSize(SMALLEST)
        self.setWindowTitle("Fovea")
        skeleton = _Skeleton(ground)
        skeleton.painted.connect(self.first_painted)
        self.setCentralWidget(skeleton)

    def restore_geometry(self) -> None:
        """Be where and as large as last time, always inside the screen."""
        available = QGuiApplication.primaryScreen().availableSize()
        self.resize(FIRST_SIZE.boundedTo(available * FRAME_LEAVES).expandedTo(SMALLEST))
        geometry = QSettings().value(_GEOMETRY)
        if geometry is not None:
            self.restoreGeometry(geometry)

    def save_geometry(self) -> None:
        """Remember size and place for the next start."""
        QSettings().setValue(_GEOMETRY, self.saveGeometry())

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


class _Skeleton(QWidget):
    """The areas of the window in their colours, empty."""

    painted = Signal()

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self._ground = ground
        self._painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width, height = self.width(), self.height()
        middle = width - LIBRARY_WIDTH - SIDEBAR_WIDTH
        painter.fillRect(0, 0, width, height, self._ground.window)
        painter.fillRect(0, 0, width, BAR_HEIGHT, self._ground.surface)
        painter.fillRect(LIBRARY_WIDTH, BAR_HEIGHT + 1, middle, height - BAR_HEIGHT, self._ground.mat)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)
