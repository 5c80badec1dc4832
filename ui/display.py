"""Whether there is a screen to open a window on. Qt itself ends with a core dump when there is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

NO_DISPLAY = (
    "There is no screen to open a window on. Without one, ask on the command line: fovea describe PICTURE"
)


def available(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether Qt would find a display server. Always true where there is no X11 or Wayland."""
    if sys.platform != "linux" or environment.get("QT_QPA_PLATFORM", "xcb") not in ("xcb", "wayland"):
        return True
    return _wayland(environment) or _x11(environment.get("DISPLAY", ""))


def _wayland(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY")
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    return bool(name) and Path(runtime, str(name)).is_socket()


def _x11(display: str) -> bool:
    host, colon, number = display.partition(":")
    if not colon:
        return False
    if host not in ("", "unix"):
        return True
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(f"/tmp/.X11-unix/X{number.partition('.')[0]}")  # noqa: S108  the X server's fixed place
    reached = socket.waitForConnected(2000)
    socket.abort()
    return reached
