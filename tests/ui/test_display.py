from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.display import Display
from ui import display

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only X11 and Wayland can be missing")


def test_no_variable_means_no_screen() -> None:
    assert not display.available({})


def test_a_display_that_nobody_serves_is_no_screen() -> None:
    assert not display.available({"DISPLAY": ":4711"})


def test_nonsense_is_no_screen() -> None:
    assert not display.available({"DISPLAY": "nonsense"})


def test_a_running_x_server_is_a_screen(x_display: Display) -> None:
    assert display.available({"DISPLAY": x_display.name})


def test_a_wayland_socket_that_nobody_serves_is_no_screen(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(tmp_path / "wayland-7"))
    assert not display.available({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)})


def test_a_wayland_compositor_that_accepts_is_a_screen(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert display.available({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)})


def test_another_computer_that_does_not_answer_is_no_screen() -> None:
    assert not display.available({"DISPLAY": "localhost:55"})


def test_a_wayland_name_without_a_socket_is_no_screen(tmp_path: Path) -> None:
    assert not display.available({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)})


def test_other_platforms_of_qt_need_no_screen() -> None:
    assert display.available({"QT_QPA_PLATFORM": "offscreen"})


def test_without_a_screen_the_window_says_so_and_ends_with_2(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "app"],
        env={"FOVEA_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.strip() == display.NO_DISPLAY
    assert ended.stdout == ""
