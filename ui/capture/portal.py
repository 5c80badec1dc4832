"""The desktop's own screenshot on Wayland, through xdg-desktop-portal.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Screenshot.html
"""

from __future__ import annotations

import os
from typing import Any

from PySide6.QtCore import SLOT, QObject, QUrl, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_SCREENSHOT = "org.freedesktop.portal.Screenshot"
_REQUEST = "org.freedesktop.portal.Request"
_RESPONSE: Any = SLOT("_answer(uint,QVariantMap)")
"""PySide's own types want bytes here, and PySide wants this."""
_TAKEN, _LEFT = 0, 1


class ScreenshotPortal(QObject):
    """Asks once. Exactly one of the signals comes, unless `close` was first."""

    taken = Signal(str)
    """The path of the file that the desktop made. It is the user's from now on."""

    left = Signal()
    """The user wants none."""

    failed = Signal(str)
    """Why there is none, as a sentence."""

    def __init__(self, parent: QObject | None = None, bus: QDBusConnection | None = None) -> None:
        super().__init__(parent)
        self._bus = QDBusConnection.sessionBus() if bus is None else bus
        self._calling: QDBusPendingCallWatcher | None = None
        self._request = ""

    def ask(self) -> None:
        """Let the desktop ask the user what to capture."""
        if not self._bus.isConnected():
            self.failed.emit(self.tr("This desktop has no session bus, so nothing can be captured."))
            return
        token = f"fovea_{os.urandom(8).hex()}"
        sender = self._bus.baseService().removeprefix(":").replace(".", "_")
        self._request = f"{_PATH}/request/{sender}/{token}"
        self._bus.connect(SERVICE, self._request, _REQUEST, "Response", self, _RESPONSE)
        message = QDBusMessage.createMethodCall(SERVICE, _PATH, _SCREENSHOT, "Screenshot")
        message.setArguments(["", {"interactive": True, "modal": True, "handle_token": token}])
        self._calling = QDBusPendingCallWatcher(self._bus.asyncCall(message), self)
        self._calling.finished.connect(self._called)

    def close(self) -> None:
        """Listen no more."""
        if self._request:
            self._bus.disconnect(SERVICE, self._request, _REQUEST, "Response", self, _RESPONSE)
            self._request = ""

    @Slot("uint", "QVariantMap")
    def _answer(self, code: int, results: dict[str, object]) -> None:
        self.close()
        path = QUrl(str(results.get("uri", ""))).toLocalFile()
        if code == _TAKEN and path:
            self.taken.emit(path)
        elif code == _LEFT:
            self.left.emit()
        else:
            self.failed.emit(self.tr("The desktop did not capture anything."))

    def _called(self) -> None:
        assert self._calling is not None
        reply = self._calling.reply()
        if reply.type() != QDBusMessage.MessageType.ErrorMessage or not self._request:
            return
        self.close()
        missing = "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.UnknownMethod"
        if reply.errorName() in missing:
            self.failed.emit(
                self.tr("This desktop has no portal for screenshots, so nothing can be captured.")
            )
        else:
            self.failed.emit(self.tr("The desktop does not let Fovea capture the screen."))
