"""What the user chose, in one JSON file that is replaced as a whole."""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
from pathlib import Path

from app import durable_files
from app.domain.record import Record
from app.paths import make_home

log = logging.getLogger(__name__)

FILE_NAME = "settings.json"


class Settings(Record, frozen=True):
    """Defaults are what a new user gets."""

    endpoint: str = "quick-look"
    """The id of the endpoint that answers."""

    local_model: str | None = None
    """Path of the GGUF model the local engine runs."""

    local_projector: str | None = None
    """Path of the vision part that belongs to `local_model`."""

    theme: str = "system"
    """system, light, dark or high_contrast."""


def load(home: Path) -> Settings:
    """The saved settings; the default for each that is missing or cannot be read.

    What cannot be read is kept beside as settings.json.unreadable.
    """
    path = home / FILE_NAME
    try:
        if not path.is_file():
            return _without_file(path)
        stored = json.loads(path.read_bytes())
        if not isinstance(stored, dict):
            raise ValueError("it holds no settings")
    except (OSError, ValueError, RecursionError) as error:
        log.warning("settings not read: %s", error)
        _keep_aside(path)
        return Settings()
    readable = {name: value for name, value in stored.items() if _fits(name, value)}
    if len(readable) < len(stored):
        log.warning("settings not read: %s", ", ".join(sorted(stored.keys() - readable.keys())))
        _keep_aside(path)
    return Settings(**readable)


def save(home: Path, settings: Settings) -> None:
    """Write all settings so that a crash leaves the old file or the new one. Raises OSError."""
    make_home(home)
    durable_files.replace(home / FILE_NAME, json.dumps(settings.to_plain(), indent=2).encode())


def _fits(name: str, value: object) -> bool:
    try:
        Settings.from_plain({name: value})
    except ValueError:
        return False
    return True


def _without_file(path: Path) -> Settings:
    if path.exists():  # a folder or a pipe, which reading could wait on for ever
        log.warning("settings not read: %s is not a file", path)
    return Settings()


def _keep_aside(path: Path) -> None:
    """A copy: what is readable in the file is read again at the next start."""
    with contextlib.suppress(OSError):
        shutil.copyfile(path, path.with_suffix(".json.unreadable"))
