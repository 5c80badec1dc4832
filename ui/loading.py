"""Imports the program's inside in a thread: on the main thread it would freeze the window.

Only modules without Qt may be named here. Defining a Qt class in one thread while another
delivers events has crashed PySide; `ui.filling` imports those, in small steps.
"""

from __future__ import annotations

import importlib
import threading

from PySide6.QtCore import QObject, Signal

MODULES = ("asyncio", "app.services", "app.chat.history", "app.settings", "app.log")


class Loading(QObject):
    """One thread that ends by itself."""

    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.Thread(target=self._load, name="imports", daemon=True)
        self._error: Exception | None = None

    def start(self) -> None:
        """Begin; `finished` arrives in the thread of this object."""
        self._thread.start()

    def wait(self) -> None:
        """Wait for the end; raises what an import raised."""
        if self._thread.ident is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error

    def _load(self) -> None:
        try:
            for name in MODULES:
                importlib.import_module(name)
        except Exception as error:  # noqa: BLE001  raised again in the main thread by `wait`
            self._error = error
        self.finished.emit()
