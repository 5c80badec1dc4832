"""Captures through the desktop's portal, on a bus of the test's own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from ui.capture.portal import ScreenshotPortal

DOUBLE = Path(__file__).with_name("portal_double.py")
Heard = list[tuple[str, str]]


@pytest.fixture(scope="module")
def bus() -> Iterator[str]:
    """The address of a session bus that nobody else is on."""
    if sys.platform != "linux":
        pytest.skip("portals are there on Linux only")
    daemon = shutil.which("dbus-daemon")
    assert daemon, "dbus-daemon is not installed; `make test` installs what the tests need"
    command = [daemon, "--session", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextmanager
def portal(bus: str, *answer: str) -> Iterator[subprocess.Popen[str]]:
    """A portal that gives this answer."""
    command = [sys.executable, str(DOUBLE), bus, *answer]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.terminate()


@pytest.fixture
def ask(qtbot: QtBot, bus: str) -> Iterator[Callable[[], Heard]]:
    """`ask()`: the signals that come of asking once."""
    connection = QDBusConnection.connectToBus(bus, "fovea-test")
    assert connection.isConnected()
    asked: list[ScreenshotPortal] = []

    def run() -> Heard:
        heard: Heard = []
        once = ScreenshotPortal(None, connection)
        asked.append(once)
        once.taken.connect(lambda path: heard.append(("taken", path)))
        once.left.connect(lambda: heard.append(("left", "")))
        once.failed.connect(lambda why: heard.append(("failed", why)))
        once.ask()
        qtbot.waitUntil(lambda: bool(heard))
        return heard

    yield run
    for once in asked:
        once.close()
        once.deleteLater()
    QDBusConnection.disconnectFromBus("fovea-test")


def test_the_desktop_asks_the_user_and_gives_a_file(bus: str, ask: Callable[[], Heard]) -> None:
    with portal(bus, "taken", "file:///home/me/Pictures/Screenshot%20from%20today.png") as double:
        assert ask() == [("taken", "/home/me/Pictures/Screenshot from today.png")]
        assert double.stdout is not None
        options = json.loads(double.stdout.readline())
    assert options["interactive"] is True
    assert options["handle_token"].startswith("fovea_")


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (("cancelled",), ("left", "")),
        (("failed",), ("failed", "The desktop did not capture anything.")),
        (("taken", "https://example.org/a.png"), ("failed", "The desktop did not capture anything.")),
        (("error",), ("failed", "The desktop does not let Fovea capture the screen.")),
    ],
)
def test_whatever_else_the_desktop_says_is_said(
    bus: str, ask: Callable[[], Heard], answer: tuple[str, ...], heard: tuple[str, str]
) -> None:
    with portal(bus, *answer):
        assert ask() == [heard]


def test_a_desktop_without_a_portal_is_said(ask: Callable[[], Heard]) -> None:
    assert ask() == [("failed", "This desktop has no portal for screenshots, so nothing can be captured.")]
