"""Fills the painted window step by step, so that no frame waits for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from ui.loading import Loading
from ui.window_frame import WindowFrame

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Filling(QObject):
    """Puts the main window into its frame, then tells `loading` to go on, or why it cannot."""

    def __init__(self, application: QApplication, frame: WindowFrame, theme: str, loading: Loading) -> None:
        super().__init__(frame)
        self.window: MainWindow | None = None
        self._application = application
        self._frame = frame
        self._theme = theme
        self._loading = loading
        self._steps: Iterator[None] = iter(())

    def begin(self) -> None:
        """The modules of the features are there."""
        self._steps = self._fill()
        self._go_on()

    def _go_on(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            self._loading.go_on()
        except Exception as error:  # noqa: BLE001  raised again in `main` by `Loading.wait`
            self._loading.fail(error)
        else:
            QTimer.singleShot(0, self._go_on)

    def _fill(self) -> Iterator[None]:
        from ui.main_window import MainWindow
        from ui.theme import icons, palette

        palette.apply(self._application, self._theme)
        yield
        self.window = MainWindow()
        self._frame.setCentralWidget(self.window)
        yield from self.window.build()
        self._application.setWindowIcon(icons.app_icon())
