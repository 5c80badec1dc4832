"""Starts the window: paint first, load the rest in a thread, run, shut down in order.

Only light modules are imported up here, because everything this file needs is loaded
before the first paint.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, Signal
from PySide6.QtWidgets import QApplication

from app.paths import data_home
from ui import display
from ui.main_window import MainWindow
from ui.problems import report_uncaught
from ui.single_instance import SingleInstance
from ui.start_trace import StartTrace
from ui.theme import palette

if TYPE_CHECKING:
    from ui.controllers.window import WindowController

USAGE = 2
QUIT_WHEN_READY = "--quit-when-ready"
LOADED_LATER = (
    "asyncio",
    "qasync",
    "pydantic",
    "httpx2",
    "app.net.failures",
    "app.services",
    "app.settings",
    "app.log",
    "markdown_it",
    "pygments.lexer",
    "ui.controllers.window",
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of the window."""

    pictures: tuple[Path, ...]
    quit_when_ready: bool


def main(arguments: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    options = Options(
        pictures=tuple(Path(a) for a in arguments if a != QUIT_WHEN_READY),
        quit_when_ready=QUIT_WHEN_READY in arguments,
    )
    if unknown := [a for a in arguments if a.startswith("-") and a != QUIT_WHEN_READY]:
        print(f"There is no option {unknown[0]}. See: fovea --help", file=sys.stderr)
        return USAGE
    if not display.available():
        print(display.NO_DISPLAY, file=sys.stderr)
        return USAGE
    home = data_home()
    application = _application(home)
    first = SingleInstance(home)
    if not first.is_first() and first.hand_over(options.pictures):
        return 0
    try:
        return _run(application, first, home, options)
    finally:
        first.close()


def _application(home: Path) -> QApplication:
    QApplication.setApplicationName("fovea")
    QApplication.setApplicationDisplayName("Fovea")
    QApplication.setDesktopFileName("fovea")
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    palette.apply(application, _theme(home))
    return application


def _theme(home: Path) -> str:
    """The theme alone, because reading all settings would load pydantic before the first paint."""
    try:
        return str(json.loads((home / "settings.json").read_bytes()).get("theme", "system"))
    except (OSError, ValueError, AttributeError, RecursionError):
        return "system"


def _run(application: QApplication, first: SingleInstance, home: Path, options: Options) -> int:
    trace = StartTrace(os.environ.get("FOVEA_START_TRACE"))
    window = MainWindow()
    report_uncaught(window.show_notice)
    window.first_painted.connect(trace.first_painted)
    window.restore_geometry()
    window.show()
    if not _paint_and_load(window):
        return 0
    trace.imported()
    first.listen()
    import asyncio

    import qasync

    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(_live(window, first, home, options, trace))
    return 0


def _paint_and_load(window: MainWindow) -> bool:
    """Run Qt until the window has painted and the rest is imported; False if it was closed."""
    loading = _Loading()
    loop = QEventLoop()
    loading.finished.connect(loop.quit)
    window.first_painted.connect(loading.start)
    window.closed.connect(loop.quit)
    loop.exec()
    loading.wait()
    return window.isVisible()


class _Loading(QObject):
    """Imports what the window needs next, in a thread: on the main thread it would freeze."""

    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.Thread(target=self._load, name="imports", daemon=True)
        self._error: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Join; raises what an import raised."""
        if self._thread.ident is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error

    def _load(self) -> None:
        try:
            for name in LOADED_LATER:
                importlib.import_module(name)
        except BaseException as error:
            self._error = error
        self.finished.emit()


async def _live(
    window: MainWindow,
    first: SingleInstance,
    home: Path,
    options: Options,
    trace: StartTrace,
) -> None:
    import asyncio
    import signal

    from ui.controllers.window import WindowController

    closed = asyncio.Event()
    loop = asyncio.get_running_loop()
    window.closed.connect(closed.set)
    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, closed.set)
    controller = WindowController(window, home)
    first.paths_received.connect(controller.open_paths)
    try:
        await controller.start(options.pictures)
        gc.collect()
        gc.freeze()
        _tell_ready(options, trace, window)
        await closed.wait()
    finally:
        await _shut_down(window, controller)


def _tell_ready(options: Options, trace: StartTrace, window: MainWindow) -> None:
    trace.ready()
    if options.quit_when_ready:
        print(json.dumps({"ready_ms": trace.ready_ms, "rss_mb": trace.rss_mb}), flush=True)
        window.close()


async def _shut_down(window: MainWindow, controller: WindowController) -> None:
    window.save_geometry()
    window.hide()
    await controller.close()
