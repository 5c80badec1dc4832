"""Capturing the screen, from the wish to a picture of the next question."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QDateTime, QObject
from PySide6.QtGui import QGuiApplication, QImage

from app.pictures.intake import Offer
from ui.capture.countdown import Countdown
from ui.capture.dialog import CaptureDialog, What, Wish
from ui.capture.overlay import Choosing, Target
from ui.capture.stills import Still, Way, grab_screens, way_here
from ui.controllers.asking.attachments import AttachmentController
from ui.controllers.pictures.images import to_pixels
from ui.main_window import MainWindow
from ui.tasks import TaskOwner

HIDING_S = 0.35
"""How long a desktop may take to fade a window out. Nothing tells when it has."""

_CAPTURING = "capture"

T = TypeVar("T")


class CaptureController(QObject):
    """One capture at a time; whatever becomes of it, the window comes back."""

    def __init__(self, window: MainWindow, attachments: AttachmentController, tasks: TaskOwner) -> None:
        super().__init__(window)
        self._window = window
        self._attachments = attachments
        self._tasks = tasks
        self.way = way_here()

    def open(self) -> None:
        """Ask what to capture."""
        if self._tasks.runs(_CAPTURING):
            return
        windows = QGuiApplication.platformName() == "xcb"
        dialog = CaptureDialog(self.way, self._window, windows=windows)
        dialog.wanted.connect(lambda wish: self._tasks.start(self._capture(wish), _CAPTURING))
        dialog.open()

    async def _capture(self, wish: Wish) -> None:
        frame = self._window.window()
        if wish.hide:
            frame.hide()
        try:
            if await self._counted_down(wish.delay):
                if wish.hide:
                    await asyncio.sleep(HIDING_S)
                offer = await (
                    self._from_portal() if self.way is Way.PORTAL else self._from_screens(wish.what)
                )
            else:
                offer = None
        finally:
            frame.show()
            frame.raise_()
            frame.activateWindow()
        if offer is not None:
            self._attachments.take(offer)

    async def _counted_down(self, seconds: int) -> bool:
        """Whether the user let the time pass."""
        if not seconds:
            return True
        end: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        countdown = Countdown(seconds)
        countdown.over.connect(lambda: _settle(end, True))
        countdown.cancelled.connect(lambda: _settle(end, False))
        countdown.begin()
        try:
            return await end
        finally:
            countdown.end()
            countdown.deleteLater()

    async def _from_screens(self, what: What) -> Offer | None:
        targets = _targets() if what is What.WINDOW else None
        stills = grab_screens()
        if not stills:
            self._window.show_notice(self.tr("The screen gave no picture of itself."))
            return None
        image = _of_window(stills, self._window) if what is What.SCREEN else await _chosen(stills, targets)
        if image is None:
            return None
        return Offer(pixels=await asyncio.to_thread(to_pixels, image), name=self._name())

    async def _from_portal(self) -> Offer | None:
        from ui.capture.portal import ScreenshotPortal  # loads Qt's D-Bus, which only Wayland needs

        end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        portal = ScreenshotPortal(self)
        portal.taken.connect(lambda path: _settle(end, path))
        portal.left.connect(lambda: _settle(end, ""))
        portal.failed.connect(self._window.show_notice)
        portal.failed.connect(lambda _: _settle(end, ""))
        portal.ask()
        try:
            path = await end
        finally:
            portal.close()
            portal.deleteLater()
        return Offer(paths=(Path(path),), name=self._name()) if path else None

    def _name(self) -> str:
        now = QDateTime.currentDateTime().toString("yyyy-MM-dd HH.mm")
        return self.tr("screen capture {time}").format(time=now)


async def _chosen(stills: list[Still], targets: list[Target] | None) -> QImage | None:
    """What the user chooses of the stills; None for nothing."""
    end: asyncio.Future[QImage | None] = asyncio.get_running_loop().create_future()
    choosing = Choosing(stills, targets)
    choosing.taken.connect(lambda image: _settle(end, image))
    choosing.left.connect(lambda: _settle(end, None))
    choosing.begin()
    try:
        return await end
    finally:
        choosing.close()
        choosing.deleteLater()


def _settle(promise: asyncio.Future[T], value: T) -> None:
    if not promise.done():
        promise.set_result(value)


def _targets() -> list[Target]:
    from ui.capture.windows_x11 import windows  # only where single windows are wanted

    return windows()


def _of_window(stills: list[Still], window: MainWindow) -> QImage:
    """All of the screen that Fovea's window is on."""
    here = [still for still in stills if still.screen == window.window().screen()]
    return (here or stills)[0].image
