"""The whole window with its real services, in the test's own process."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor

from app.domain.message import Message
from app.providers.provider import Provider
from app.services import Services
from ui.controllers.window import WindowController
from ui.main_window import MainWindow
from ui.theme import ground
from ui.window_frame import WindowFrame

LIMIT_S = 60.0


@dataclass
class Desk:
    """A window that is open, and hands for it."""

    window: MainWindow
    controller: WindowController

    @property
    def services(self) -> Services:
        assert self.controller._services is not None
        return self.controller._services

    def answer_with(self, provider: Provider) -> None:
        """From now on questions go to `provider`, in the place of quick look."""
        self.services.registry._providers["quick-look"] = provider

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the window work until `condition` holds. Raises TimeoutError."""
        async with asyncio.timeout(LIMIT_S):
            while not condition():
                await asyncio.sleep(0.005)

    async def attach(self, *paths: Path) -> None:
        before = len(self.chips())
        self.controller.open_paths([str(path) for path in paths])
        await self.until(
            lambda: len(self.chips()) == before + len(paths) and "reading" not in self.chips().values()
        )

    def chips(self) -> dict[str, str]:
        """Name and state of each attachment."""
        return {chip.name: chip.state for chip in self.window.composer.strip.chips()}

    async def ask(self, text: str) -> None:
        """Type, send, and wait until the question is stored."""
        self.window.composer.edit.setPlainText(text)
        self.window.composer.send.click()
        await self.until(lambda: not self.window.composer.text())

    async def answered(self) -> None:
        await self.until(lambda: not self.window.composer.send.running)

    async def saved(self) -> None:
        """Wait until the disk has what the user chose, or has refused it."""
        await self.controller._choices.flush()

    async def stored(self) -> list[tuple[Message, ...]]:
        """The branch of every conversation in the library, newest change first."""
        conversations = self.services.store.conversations
        return [(await conversations.get(row.id)).branch() for row in await conversations.list()]


@asynccontextmanager
async def open_desk(home: Path, *pictures: Path, complete: bool = True) -> AsyncGenerator[Desk, None]:
    """A window on the library in `home`, closed in order at the end. Where it is not to be `complete`,
    what shows a conversation is not made yet."""
    window = MainWindow()
    frame = WindowFrame(ground.Ground(*[QColor("white")] * 3))
    frame.setCentralWidget(window)
    frame.resize(1200, 800)
    frame.show()
    for _ in window.build():
        pass
    controller = WindowController(window, home)
    frame.closed.connect(controller.leave)
    try:
        await controller.start(pictures)
        for _ in window.talk.steps() if complete else ():
            pass
        yield Desk(window, controller)
    finally:
        frame.hide()
        await controller.close()
        frame.deleteLater()
        del frame, window, controller
        await asyncio.sleep(0)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()  # here, because a worker's thread must not free a widget
