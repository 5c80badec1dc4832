"""Whether there is a screen to open a window on. Qt itself ends with a core dump when there is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

NO_DISPLAY = (
    "There is no screen to open a window on. Without one, ask on the command line: fovea describe PICTURE"
)


def available(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether Qt would find a display server. Always true where there is no X11 or Wayland."""
    if sys.platform != "linux" or environment.get("QT_QPA_PLATFORM", "xcb") not in ("xcb", "wayland"):
        return True
    return _wayland(environment) or _x11(environment.get("DISPLAY", ""))


def _wayland(environment: Mapping[str, str]) -> bool:
    """Whether a compositor answers. Without libwayland Qt could not talk to it either."""
    name = environment.get("WAYLAND_DISPLAY", "")
    library = _library("libwayland-client.so.0") if name else None
    if library is None:
        return False
    import ctypes

    library.wl_display_connect.restype = ctypes.c_void_p
    socket = Path(environment.get("XDG_RUNTIME_DIR", ""), name)
    connection = library.wl_display_connect(str(socket).encode())
    if connection:
        library.wl_display_disconnect(ctypes.c_void_p(connection))
    return bool(connection)


def _x11(display: str) -> bool:
    """Whether an X server answers; left to Qt to find out where libxcb is missing."""
    if not display:
        return False
    library = _library("libxcb.so.1")
    if library is None:
        return True
    import ctypes

    library.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(library.xcb_connect(display.encode(), None))
    refused = library.xcb_connection_has_error(connection)
    library.xcb_disconnect(connection)
    return not refused


def _library(name: str) -> ctypes.CDLL | None:
    import ctypes

    try:
        return ctypes.CDLL(name)
    except OSError:
        return None
