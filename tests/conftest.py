"""What every test stands on: a data folder of its own, and a check that it leaves nothing behind.

A test fails when, unexpected, it logs a warning or worse, when a task of Fovea's outlives its loop,
when a window stays open, or when a child process or a listening socket stays. Qt's own warnings
fail a test through pytest-qt (`qt_log_level_fail`).
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from tests.display import Display, start_display
from tests.leftovers import Leftovers, close_windows, end_processes, is_ours, look_around

if TYPE_CHECKING:
    from pytestqt.wait_signal import SignalBlocker
    from qasync import QEventLoop

T = TypeVar("T")

RUN_LIMIT_S = 90.0
_SETTLE_S = 10.0
_WAIT_MS = 30_000
"""How long is waited for what never happens: long, since a busy machine is no fault of the code."""

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_session_folder = tempfile.TemporaryDirectory(prefix="fovea-tests-")
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
    _folder = Path(_session_folder.name, _variable)
    _folder.mkdir(mode=0o700)
    os.environ[_variable] = str(_folder)
# Nor is the user's keyring asked; those tests that need one bring one (tests/keyring_session.py).
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

_kept = Leftovers()

# What a machine that does other things as well takes for an example says nothing about the code. The
# examples are the same in each run, so that a change is judged and not luck; `-m soak` looks for new ones.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", _patient, derandomize=True)
settings.register_profile("soak", _patient)


def pytest_configure(config: pytest.Config) -> None:
    """Choose how examples are made up; collect no garbage while the tests are found, there is none."""
    settings.load_profile("soak" if config.option.markexpr == "soak" else "steady")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell script
        signal.signal(signal.SIGINT, signal.default_int_handler)  # which commands would inherit
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported so far stays, and the collector need not go through it again and again.

    A window is let go of with a whole collection, which took a third of a second before.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
    """What a fixture wider than one test opens is no leftover of the test that asked first."""
    if fixturedef.scope == "function":
        return (yield)
    before = look_around()
    result = yield
    _kept.add(look_around().minus(before))
    return result


def pytest_unconfigure() -> None:
    """Remove the folder that stood in for the user's own."""
    _session_folder.cleanup()


# ---------------------------------------------------------------- what holds for every test


_numbers = itertools.count()


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test. Pytest's own looks through the folders of all tests before it."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    folder = tmp_path_factory.getbasetemp() / f"{name}_{next(_numbers)}"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of this test; it does not exist yet. Children find it as $FOVEA_HOME."""
    folder = tmp_path / "home"
    monkeypatch.setenv("FOVEA_HOME", str(folder))
    return folder


class ExpectedLog:
    """The log records a test asks for: `expect_log("not read")` takes a regular expression.

    A record of level WARNING or worse that no expression finds fails the test, and so does an
    expression that finds no record.
    """

    def __init__(self) -> None:
        self.patterns: list[str] = []

    def __call__(self, pattern: str) -> None:
        self.patterns.append(pattern)

    def verdict(self, records: list[logging.LogRecord]) -> list[str]:
        """The complaints; none when all is as expected."""
        lines = [f"{r.levelname} {r.name}: {r.getMessage()}" for r in records]
        stray = [x for x in lines if not any(re.search(p, x) for p in self.patterns)]
        missing = [p for p in self.patterns if not any(re.search(p, x) for x in lines)]
        complaints = [f"unexpected log record (expect_log announces one): {x}" for x in stray]
        return complaints + [f"expected a log record with {p!r}, there was none" for p in missing]


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def expect_log() -> Iterator[ExpectedLog]:
    """Announce warnings: `expect_log("settings not read")` before they are logged."""
    expected = ExpectedLog()
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    try:
        yield expected
        gc.collect(0)  # a task nobody awaited complains when it is collected
    finally:
        logging.getLogger().removeHandler(collector)
    complaints = expected.verdict(collector.records)
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture(autouse=True)
def garbage_is_freed_here() -> Iterator[None]:
    """The collector runs between tests on the main thread, never by itself.

    By itself it would run in whichever thread allocates next; a Qt object with a timer that the
    library's thread frees, perhaps the garbage of an earlier test, takes the test run down.
    """
    gc.disable()
    yield
    counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
    if due := [generation for generation, (count, limit) in enumerate(counts) if count > limit > 0]:
        gc.collect(due[-1])


@pytest.fixture(autouse=True)
def no_leftover_tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tasks of app/ or ui/ that `asyncio.run` has to cancel at its end have no owner."""
    stray: list[str] = []
    cancel_all = asyncio.runners._cancel_all_tasks  # type: ignore[attr-defined]

    def look_then_cancel(loop: asyncio.AbstractEventLoop) -> None:
        stray.extend(repr(task) for task in asyncio.all_tasks(loop) if is_ours(task))
        cancel_all(loop)

    monkeypatch.setattr(asyncio.runners, "_cancel_all_tasks", look_then_cancel)
    yield
    if stray:
        pytest.fail("tasks outlived the run that started them:\n" + "\n".join(stray), pytrace=False)


@pytest.fixture(autouse=True)
def nothing_left_behind(home: Path) -> Iterator[None]:
    """No child process, listening socket or visible window stays when the test is over."""
    before = look_around()
    yield
    deadline = time.monotonic() + _SETTLE_S
    while not (left := _new_since(before)).empty and time.monotonic() < deadline:
        time.sleep(0.02)
    if left.empty:
        return
    end_processes(left)
    close_windows(left)
    pytest.fail("left behind: " + left.in_words(), pytrace=False)


def _new_since(before: Leftovers) -> Leftovers:
    return look_around().minus(before).minus(_kept)


# ---------------------------------------------------------------- a real event loop on Qt


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The arguments of the one QApplication."""
    return ["fovea"]


class PatientBot(QtBot):
    """Waits longer than pytest-qt's own five seconds, which a busy machine may need for a frame."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = _WAIT_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _WAIT_MS, **how: Any) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, **how)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's hands for widgets, with more patience."""
    _take_pointer_away()
    return PatientBot(request)


def _take_pointer_away() -> None:
    """Where an earlier test left it, a move to the same place would be none."""
    from PySide6.QtGui import QCursor

    QCursor.setPos(-1, -1)


@pytest.fixture
def qt_loop(qapp: object) -> Iterator[QEventLoop]:
    """A fresh qasync loop on the QApplication, closed with nothing left in it."""
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    assert isinstance(qapp, QApplication)
    qapp.setQuitOnLastWindowClosed(False)
    _take_pointer_away()
    problems: list[str] = []
    loop = QEventLoop(qapp)
    loop.set_exception_handler(lambda _, context: problems.append(_told(context)))
    asyncio.set_event_loop(loop)
    try:
        yield loop
        left = [repr(task) for task in asyncio.all_tasks(loop)]
        _end_tasks(loop)
        gc.collect(0)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    if left or problems:
        pytest.fail("\n".join([*(f"left running: {task}" for task in left), *problems]), pytrace=False)


RunAsync = Callable[[Coroutine[Any, Any, T]], T]


@pytest.fixture
def run_async(qt_loop: QEventLoop) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on the Qt loop and return its result; TimeoutError after RUN_LIMIT_S."""

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        return qt_loop.run_until_complete(asyncio.wait_for(coroutine, RUN_LIMIT_S))

    return run


def _told(context: dict[str, Any]) -> str:
    return f"the loop reports: {context.get('message')}: {context.get('exception')!r}"


def _end_tasks(loop: QEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks, timeout=2.0))
    loop.run_until_complete(loop.shutdown_asyncgens())


# ---------------------------------------------------------------- a real screen


@pytest.fixture(scope="session")
def x_display() -> Iterator[Display]:
    """An X server with a window manager, for what must be seen or dragged. Linux only."""
    if sys.platform != "linux":
        pytest.skip("Xvfb is there on Linux only")
    display = start_display()
    try:
        yield display
    finally:
        display.close()


@pytest.fixture
def run_on_display(x_display: Display) -> Callable[..., Any]:
    """Run a command on that screen to its end: `run_on_display(*argv, timeout=30) -> CompletedProcess`."""
    return x_display.run
