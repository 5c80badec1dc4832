"""What the user chose, held once for the whole window and saved at every change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app import settings as settings_file
from app.settings import Settings


class Choices(QObject):
    """The settings in force. Whoever shows or changes some of them shares this one object."""

    changed = Signal(object, object)
    """The settings before and those in force now (Settings, Settings)."""

    not_saved = Signal(str)
    """A change holds until Fovea closes, because the disk did not take it: a plain sentence."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._settings = settings_file.load(home)

    @property
    def settings(self) -> Settings:
        """Those in force, whether or not the disk has them."""
        return self._settings

    def change(self, **changes: Any) -> bool:
        """Change fields of Settings by name and save. False where nothing differs from before.

        Every save writes all fields, so the one after a failure makes up for it.
        """
        before = self._settings
        after = before.replace(**changes)
        if after == before:
            return False
        self._settings = after
        try:
            settings_file.save(self._home, after)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.not_saved.emit(self.tr("Not saved: {reason}").format(reason=reason))
        self.changed.emit(before, after)
        return True
