"""A screen that nobody sees: Xvfb with openbox on it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from typing import Any

SIZE = "1280x800x24"
_START_S = 60.0
_SCREEN_VARIABLES = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "QT_SCALE_FACTOR", "XDG_CURRENT_DESKTOP")


@dataclass
class Display:
    """`name` is what DISPLAY holds, for instance ":99"."""

    name: str
    _processes: list[subprocess.Popen[bytes]]

    def environment(self, **more: str) -> dict[str, str]:
        """This process's environment with the screen in it, and `more`."""
        kept = {k: v for k, v in os.environ.items() if k not in _SCREEN_VARIABLES}
        return {**kept, "DISPLAY": self.name, **more}

    def run(self, *command: str, timeout: float = 30, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, `more` added to its environment; its output is text."""
        return subprocess.run(
            command,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(self, *command: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start a command that the caller ends and waits for; `more` goes to Popen."""
        return subprocess.Popen(command, env=self.environment(), **more)

    def close(self) -> None:
        """End the window manager, then the server."""
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def start_display(size: str = SIZE) -> Display:
    """Start the server on a number of its own choice. Raises RuntimeError when it cannot."""
    for program in ("Xvfb", "openbox", "xdotool"):
        if shutil.which(program) is None:
            raise RuntimeError(f"{program} is not installed; `make test` installs what the tests need")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    if not number:
        server.wait()
        raise RuntimeError(f"Xvfb ended with status {server.returncode}")
    display = Display(f":{number}", [server])
    with contextlib.ExitStack() as stack:
        stack.callback(display.close)
        display._processes.append(
            display.start("openbox", "--sm-disable", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        _await_window_manager(display)
        stack.pop_all()
    return display


def _await_window_manager(display: Display) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        asked = display.run("xdotool", "get_num_desktops")
        if asked.returncode == 0 and asked.stdout.strip().isdigit():
            return
        time.sleep(0.05)
    raise RuntimeError("openbox did not start")
