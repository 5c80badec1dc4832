"""What the screens show at this moment, in all their pixels."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QImage, QScreen


class Way(StrEnum):
    """How this desktop lets its screens be captured."""

    GRAB = "grab"
    """Fovea takes the pixels and lets the user choose among them."""

    PORTAL = "portal"
    """The desktop asks the user itself and gives a file."""

    NONE = "none"
    """There is no screen, or no way to it."""


_WAYS = {"xcb": Way.GRAB, "windows": Way.GRAB, "cocoa": Way.GRAB, "wayland": Way.PORTAL}


class Still(NamedTuple):
    """A screen and its pixels; `ratio` of them make a unit of the screen's geometry."""

    screen: QScreen
    image: QImage
    ratio: float

    @property
    def origin(self) -> QRect:
        """The screen's place among all screens, in pixels."""
        return QRect(self.screen.geometry().topLeft(), self.image.size())


def way_here(platform: str = "", environment: Mapping[str, str] = os.environ) -> Way:
    """How the screen can be captured on Qt's `platform`, without one that which is in use.

    An X11 program on a Wayland desktop would grab nothing but black.
    """
    platform = (platform or QGuiApplication.platformName()).partition("-")[0]
    way = _WAYS.get(platform, Way.NONE)
    return Way.PORTAL if platform == "xcb" and environment.get("WAYLAND_DISPLAY") else way


def grab_screens() -> list[Still]:
    """Every screen as it is; those that give no pixels are left out."""
    stills = []
    for screen in QGuiApplication.screens():
        pixmap = screen.grabWindow(0)
        if not pixmap.isNull():
            image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)
            ratio = image.width() / max(1, screen.geometry().width())
            image.setDevicePixelRatio(1)
            stills.append(Still(screen, image, ratio))
    return stills
