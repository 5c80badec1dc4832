"""Captures an X11 screen of known colours with the whole window; run as a program on a display.

Prints one JSON line for each capture: its name, size and the SHA-256 of its RGB pixels.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import qasync
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.desk import Desk, open_desk
from ui.capture.dialog import CaptureDialog
from ui.capture.overlay import Overlay

LIMIT_S = 20


class Colours(QWidget):
    """A window whose every pixel differs from its neighbours."""

    def __init__(self, title: str, rect: QRect, flags: Qt.WindowType) -> None:
        super().__init__(None, flags | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(title)
        self.setGeometry(rect)
        ratio = self.devicePixelRatioF()
        self.image = pattern(round(rect.width() * ratio), round(rect.height() * ratio), len(title))
        self.image.setDevicePixelRatio(ratio)

    def paintEvent(self, event: object) -> None:
        QPainter(self).drawImage(0, 0, self.image)


def pattern(width: int, height: int, seed: int) -> QImage:
    """Colours that repeat after 256 rows and columns, shifted by `seed`."""
    tile = b"".join(bytes((x, y, (x * 7 + y * 13 + seed * 29) % 256)) for y in range(256) for x in range(256))
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.fillRect(image.rect(), QBrush(QImage(tile, 256, 256, 768, QImage.Format.Format_RGB888)))
    painter.end()
    return image


def hash_of(image: QImage) -> str:
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = [bytes(rgb.constScanLine(y))[: 3 * rgb.width()] for y in range(rgb.height())]
    return hashlib.sha256(b"".join(rows)).hexdigest()


def both(ground: Colours, front: Colours) -> QImage:
    """What the screen shows."""
    image = QImage(ground.image)
    painter = QPainter(image)
    painter.drawImage(front.pos(), front.image)
    painter.end()
    return image


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not condition():
            await asyncio.sleep(0.01)


async def xdotool(*arguments: object) -> None:
    command = ["xdotool", *(str(argument) for argument in arguments)]
    await asyncio.to_thread(subprocess.run, command, check=True, timeout=LIMIT_S)


def overlay() -> Overlay | None:
    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, Overlay) and w.isActiveWindow()]
    return shown[0] if shown else None


def dialog_of(desk: Desk) -> CaptureDialog | None:
    """The dialog that asks what to capture."""
    return next((one for one in desk.window.findChildren(CaptureDialog) if one.isVisible()), None)


async def capture(desk: Desk, what: str, choose: Callable[[Overlay], object] | None) -> dict[str, object]:
    """Do as a user does, from the toolbar on."""
    before = set(desk.chips())
    desk.window.actions_table["capture"].trigger()
    await until(lambda: dialog_of(desk))
    dialog = dialog_of(desk)
    assert dialog is not None
    next(button for button in dialog._whats.buttons() if button.objectName() == what).setChecked(True)
    dialog.hide_switch.setChecked(True)
    dialog.capture_button.click()
    if choose is not None:
        await until(overlay)
        shown = overlay()
        assert shown is not None
        await choose(shown)  # type: ignore[misc]
    await until(
        lambda: [c for c in desk.window.composer.strip.chips() if c.state == "ready" and c.name not in before]
    )
    await until(desk.window.window().isVisible)
    (chip,) = [chip for chip in desk.window.composer.strip.chips() if chip.name not in before]
    image = QImage(str(desk.services.store.pictures.path(chip.sha256)))
    desk.window.composer.attachment_removed.emit(chip.key)
    return {"what": what, "name": chip.name, "size": [image.width(), image.height()], "hash": hash_of(image)}


async def main(home: Path, names: list[str]) -> None:
    screen = QApplication.primaryScreen().geometry()
    ratio = QApplication.primaryScreen().devicePixelRatio()
    ground = Colours("ground", screen, Qt.WindowType.WindowStaysOnBottomHint)
    front = Colours("in front", QRect(300, 200, 160, 120), Qt.WindowType.WindowStaysOnTopHint)
    ground.show()
    front.show()
    async with open_desk(home) as desk:
        await until(lambda: ground.isVisible() and front.isVisible())

        async def drag(_: Overlay) -> None:
            await xdotool("mousemove", 101, 57, "mousedown", 1)
            await xdotool("mousemove", 200, 90, "mousemove", 243, 131, "mouseup", 1)

        async def by_keyboard(shown: Overlay) -> None:
            await xdotool("mousemove", 40, 30)
            await until(lambda: shown.selection.cursor.x() == 40)
            await xdotool("key", "Return", "Right", "Right", "shift+Right", "Down", "shift+Up", "Return")

        async def point(_: Overlay) -> None:
            await xdotool("mousemove", round(350 * ratio), round(250 * ratio), "click", 1)

        trials: dict[str, tuple[str, Callable[[Overlay], object] | None, QImage]] = {
            "region": ("region", drag, ground.image.copy(101, 57, 142, 74)),
            "window": ("window", point, front.image),
            "keyboard": ("region", by_keyboard, ground.image.copy(40, 30, 21, 9)),
            "screen": ("screen", None, both(ground, front)),
        }
        for name in names:
            what, choose, expected = trials[name]
            found = await capture(desk, what, choose)
            print(json.dumps({**found, "expected": hash_of(expected)}), flush=True)
    front.close()
    ground.close()


if __name__ == "__main__":
    application = QApplication(sys.argv)
    application.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(Path(sys.argv[1]), sys.argv[2:]))
