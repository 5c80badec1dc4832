"""What the user chose, held once for the whole window and saved soon after every change."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app import settings as settings_file
from app.settings import Settings
from ui.tasks import TaskOwner

COLLECT_MS = 250
"""Changes within this time are one write: a slider makes many, and a disk may take long."""


class Choices(QObject):
    """The settings in force. Whoever shows or changes some of them shares this one object.

    They are written in a thread, one write after the other, the newest last; `close` writes what
    has not been written yet.
    """

    changed = Signal(object, object)
    """The settings before and those in force now (Settings, Settings)."""

    not_saved = Signal(str)
    """What was changed holds until Fovea closes, because the disk did not take it: a plain sentence."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._settings = self._written = settings_file.load(home)
        self._writing = asyncio.Lock()
        self._tasks = TaskOwner(self)
        self._collecting = QTimer(self, singleShot=True, interval=COLLECT_MS)
        self._collecting.timeout.connect(lambda: self._tasks.start(self.flush()))

    @property
    def settings(self) -> Settings:
        """Those in force, whether or not the disk has them."""
        return self._settings

    def change(self, **changes: Any) -> bool:
        """Change fields of Settings by name. False where nothing differs from before.

        Every write holds all fields, so the one after a failure makes up for it.
        """
        before = self._settings
        after = before.replace(**changes)
        if after == before:
            return False
        self._settings = after
        if not self._collecting.isActive():
            self._collecting.start()
        self.changed.emit(before, after)
        return True

    async def flush(self) -> None:
        """Write what has not been written yet; `not_saved` tells where that fails."""
        async with self._writing:
            while (settings := self._settings) != self._written:
                try:
                    await asyncio.to_thread(settings_file.save, self._home, settings)
                except OSError as error:
                    reason = error.strerror or type(error).__name__
                    self.not_saved.emit(self.tr("Not saved: {reason}").format(reason=reason))
                    return
                self._written = settings

    async def close(self) -> None:
        """Write what has not been written yet, and write no more."""
        self._collecting.stop()
        await self.flush()
        await self._tasks.close()
