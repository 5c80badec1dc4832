"""Imports what the window needs after its first paint, in a thread: on the main thread it would freeze."""

from __future__ import annotations

import importlib
import threading

from PySide6.QtCore import QObject, Signal

FEATURES = ("ui.main_window", "PySide6.QtNetwork")
REST = (
    "asyncio",
    "qasync",
    "app.services",
    "app.settings",
    "app.log",
    "markdown_it",
    "pygments.lexer",
    "ui.controllers.window",
    "ui.garbage",
)


class Loading(QObject):
    """First the features; the rest when the window has been filled with them."""

    features_imported = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.Thread(target=self._load, name="imports", daemon=True)
        self._filled = threading.Event()
        self._error: Exception | None = None

    def start(self) -> None:
        """Begin; the signals arrive in the thread of this object."""
        self._thread.start()

    def go_on(self) -> None:
        """The window has been filled."""
        self._filled.set()

    def fail(self, error: Exception) -> None:
        """The window could not be filled."""
        self._error = error
        self._filled.set()
        self.finished.emit()

    def wait(self) -> None:
        """Wait for the end; raises what an import or filling the window raised."""
        self._filled.set()
        if self._thread.ident is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error

    def _load(self) -> None:
        try:
            _import(FEATURES)
            self.features_imported.emit()
            self._filled.wait()
            _import(REST)
        except Exception as error:  # noqa: BLE001  raised again in the main thread by `wait`
            self._error = error
        self.finished.emit()


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)
