"""Where the windows of an X11 desktop are. Qt does not tell; libxcb, which Qt itself stands on, does.

The window manager lists its windows in properties of the root window:
https://specifications.freedesktop.org/wm-spec/latest/ (_NET_CLIENT_LIST_STACKING, _NET_FRAME_EXTENTS).
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterable
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint8, c_uint16, c_uint32, c_void_p
from typing import Any

from PySide6.QtCore import QRect

from ui.capture.overlay import Target

_ANY_TYPE = 0
_MOST_WORDS = 4096
_NO_WINDOWS = {"_NET_WM_WINDOW_TYPE_DESKTOP", "_NET_WM_WINDOW_TYPE_DOCK"}


class _Cookie(Structure):
    _fields_ = (("sequence", c_uint32),)


class _Geometry(Structure):
    _fields_ = (
        ("response_type", c_uint8),
        ("depth", c_uint8),
        ("sequence", c_uint16),
        ("length", c_uint32),
        ("root", c_uint32),
        ("x", ctypes.c_int16),
        ("y", ctypes.c_int16),
        ("width", c_uint16),
        ("height", c_uint16),
        ("border_width", c_uint16),
    )


class _Translated(Structure):
    _fields_ = (
        ("response_type", c_uint8),
        ("same_screen", c_uint8),
        ("sequence", c_uint16),
        ("length", c_uint32),
        ("child", c_uint32),
        ("x", ctypes.c_int16),
        ("y", ctypes.c_int16),
    )


class _Atom(Structure):
    _fields_ = (
        ("response_type", c_uint8),
        ("pad", c_uint8),
        ("sequence", c_uint16),
        ("length", c_uint32),
        ("atom", c_uint32),
    )


class _Screens(Structure):
    _fields_ = (("data", POINTER(c_uint32)), ("rem", c_int), ("index", c_int))


def windows() -> list[Target]:
    """The windows that can be seen, the topmost first, with their frames; none where nobody tells."""
    try:
        xcb, libc = ctypes.CDLL("libxcb.so.1"), ctypes.CDLL(None)
    except OSError:
        return []
    desk = _Desk(xcb, libc)
    try:
        return desk.targets()
    finally:
        desk.close()


class _Desk:
    """A connection of its own to the X server; an error there is an answer that does not come."""

    def __init__(self, xcb: Any, libc: Any) -> None:
        self._xcb = xcb
        self._free = libc.free
        self._free.argtypes = (c_void_p,)
        for name in ("xcb_connect", "xcb_get_setup", "xcb_get_property_value"):
            getattr(xcb, name).restype = c_void_p
        xcb.xcb_setup_roots_iterator.restype = _Screens
        self._connection = c_void_p(xcb.xcb_connect(None, None))
        self._atoms: dict[str, int] = {}

    def close(self) -> None:
        """End the connection."""
        self._xcb.xcb_disconnect(self._connection)

    def targets(self) -> list[Target]:
        """What `windows` gives."""
        if self._xcb.xcb_connection_has_error(self._connection):
            return []
        setup = c_void_p(self._xcb.xcb_get_setup(self._connection))
        root = self._xcb.xcb_setup_roots_iterator(setup).data[0]
        listed = self._numbers(root, "_NET_CLIENT_LIST_STACKING")
        desktop = self._numbers(root, "_NET_CURRENT_DESKTOP")
        found = [self._target(window, root) for window in reversed(listed) if self._is_seen(window, desktop)]
        return [target for target in found if target is not None]

    def _is_seen(self, window: int, desktop: list[int]) -> bool:
        place = self._numbers(window, "_NET_WM_DESKTOP")
        if place and desktop and place[0] not in (desktop[0], 0xFFFFFFFF):
            return False
        kinds = self._numbers(window, "_NET_WM_WINDOW_TYPE")
        hidden = self._atom("_NET_WM_STATE_HIDDEN") in self._numbers(window, "_NET_WM_STATE")
        return not hidden and not any(self._atom(name) in kinds for name in _NO_WINDOWS)

    def _target(self, window: int, root: int) -> Target | None:
        size = self._reply("xcb_get_geometry", _Geometry, c_uint32(window))
        place = self._reply(
            "xcb_translate_coordinates",
            _Translated,
            *(c_uint32(window), c_uint32(root), ctypes.c_int16(0), ctypes.c_int16(0)),
        )
        if size is None or place is None:
            return None  # it is gone by now
        frame = self._numbers(window, "_NET_FRAME_EXTENTS")
        left, right, top, bottom = frame if len(frame) == 4 else (0, 0, 0, 0)
        rect = QRect(place.x, place.y, size.width, size.height).adjusted(-left, -top, right, bottom)
        return Target(rect, self._property(window, "_NET_WM_NAME").decode("utf-8", "replace"))

    def _numbers(self, window: int, name: str) -> list[int]:
        data = self._property(window, name)
        return list(struct.unpack(f"={len(data) // 4}I", data[: len(data) // 4 * 4]))

    def _property(self, window: int, name: str) -> bytes:
        cookie = self._ask(
            "xcb_get_property",
            (c_uint8(0), c_uint32(window), c_uint32(self._atom(name))),
            (c_uint32(_ANY_TYPE), c_uint32(0), c_uint32(_MOST_WORDS)),
        )
        get = self._xcb.xcb_get_property_reply
        get.restype = c_void_p
        reply = get(self._connection, cookie, None)
        if not reply:
            return b""
        try:
            length = self._xcb.xcb_get_property_value_length(c_void_p(reply))
            value = self._xcb.xcb_get_property_value(c_void_p(reply))
            return ctypes.string_at(value, length) if length else b""
        finally:
            self._free(reply)

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            data = name.encode("ascii")
            reply = self._reply("xcb_intern_atom", _Atom, c_uint8(0), c_uint16(len(data)), c_char_p(data))
            self._atoms[name] = reply.atom if reply is not None else 0
        return self._atoms[name]

    def _reply(self, request: str, kind: type[Any], *arguments: Any) -> Any:
        """The answer to a request as a copy; None where there is an error instead."""
        cookie = self._ask(request, arguments)
        get = getattr(self._xcb, f"{request}_reply")
        get.restype = POINTER(kind)
        error = c_void_p()
        reply = get(self._connection, cookie, byref(error))
        if error.value:
            self._free(error)
        if not reply:
            return None
        try:
            copy = kind()
            ctypes.memmove(byref(copy), reply, ctypes.sizeof(kind))
            return copy
        finally:
            self._free(reply)

    def _ask(self, request: str, *parts: Iterable[Any]) -> _Cookie:
        function = getattr(self._xcb, request)
        function.restype = _Cookie
        arguments = [argument for part in parts for argument in part]
        cookie: _Cookie = function(self._connection, *arguments)
        return cookie
