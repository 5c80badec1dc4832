"""Starts the window: paint first, then fill it, load the rest in a thread, run, shut down in order.

Only what the first paint needs is imported up here; ui/window_frame.py says why that matters. It is
imported by `ui.start`.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.paths import data_home
from ui import display
from ui.filling import KINDS, LATER, Filling, imported, made, taken
from ui.loading import Loading
from ui.single_instance import SingleInstance
from ui.start_trace import StartTrace
from ui.theme import ground
from ui.theme.style import ARGUMENTS
from ui.window_frame import WindowFrame

if TYPE_CHECKING:
    from ui.controllers.window import WindowController
    from ui.main_window import MainWindow

USAGE = 2
QUIT_WHEN_READY = "--quit-when-ready"


class Options(NamedTuple):
    """What the command line asks of the window."""

    pictures: tuple[Path, ...]
    quit_when_ready: bool


class Start(NamedTuple):
    """What a start passes on from stage to stage."""

    options: Options
    home: Path
    theme: str
    first: SingleInstance
    frame: WindowFrame
    trace: StartTrace


def main(arguments: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the loop takes it over in `_live`
    gc.disable()  # while everything is loaded nothing is garbage; MainThreadCollector takes over
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
    application = _application()
    first = SingleInstance(home)
    if not first.is_first() and first.hand_over(options.pictures):
        return 0
    try:
        code = _run(application, first, home, options)
    finally:
        first.close()
    from ui import restart  # not before the first paint

    restart.run_if_asked()
    return code


def _application() -> QApplication:
    QApplication.setOrganizationName("Fovea")
    QApplication.setApplicationName("fovea")
    QApplication.setApplicationDisplayName("Fovea")
    QApplication.setDesktopFileName("fovea")
    application = QApplication([*sys.argv[:1], *ARGUMENTS])
    application.setQuitOnLastWindowClosed(False)
    return application


def _run(application: QApplication, first: SingleInstance, home: Path, options: Options) -> int:
    theme = _chosen_theme(home)
    frame = WindowFrame(ground.of_theme(application, theme))
    trace = StartTrace(os.environ.get("FOVEA_START_TRACE"))
    frame.first_painted.connect(trace.first_painted)
    frame.restore_geometry()
    frame.show()
    start = Start(options, home, theme, first, frame, trace)
    window = _fill(application, start)
    if window is None:
        return 0
    import asyncio

    import qasync

    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(_live(window, start))
    return 0


def _chosen_theme(home: Path) -> str:
    """The theme alone: the module of the settings need not be loaded before the first paint."""
    try:
        text = (home / "settings.json").read_text("utf-8")
    except (OSError, ValueError):
        return "system"
    return text.partition('"theme"')[2].partition(":")[2].strip(' "\n').partition('"')[0]


def _fill(application: QApplication, start: Start) -> MainWindow | None:
    """Run Qt until the window is full and everything is imported; None if it was closed before."""
    loading = Loading()
    filling = Filling(application, start.frame, start.theme, loading)
    loop = QEventLoop()
    start.frame.first_painted.connect(filling.begin)
    start.frame.closed.connect(loop.quit)
    filling.finished.connect(loop.quit)
    loop.exec()
    loading.wait()
    start.trace.imported()
    return filling.result() if start.frame.isVisible() else None


async def _live(window: MainWindow, start: Start) -> None:
    import asyncio

    from ui.controllers.window import WindowController
    from ui.garbage import MainThreadCollector
    from ui.problems import report_uncaught
    from ui.transcript.blocks.lexers import preload

    closed = asyncio.Event()
    report_uncaught(window.show_notice)
    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, closed.set)
    controller = WindowController(window, start.home)
    start.frame.closed.connect(controller.leave)
    controller.left.connect(closed.set)
    start.first.paths_received.connect(controller.open_paths)
    collector = MainThreadCollector(window)
    try:
        await controller.start(start.options.pictures)
        collector.start()
        _tell_ready(start)
        await taken(chain(window.talk.steps(), imported(LATER), made(KINDS)))
        await asyncio.to_thread(preload)
        start.first.listen()
        await closed.wait()
    finally:
        collector.close()
        await _shut_down(window, controller, start.frame)


def _tell_ready(start: Start) -> None:
    start.trace.ready()
    if start.options.quit_when_ready:
        print(f'{{"ready_ms": {start.trace.ready_ms}, "rss_mb": {start.trace.rss_mb}}}', flush=True)
        start.frame.close()


async def _shut_down(window: MainWindow, controller: WindowController, frame: WindowFrame) -> None:
    window.save_geometry()
    frame.save_geometry()
    frame.hide()
    await controller.close()
