"""What the user chose, in one JSON file that is replaced as a whole."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

from pydantic import ValidationError

from app.domain.record import Record

log = logging.getLogger(__name__)

FILE_NAME = "settings.json"


class Settings(Record):
    """Defaults are what a new user gets."""

    endpoint: str = "quick-look"
    """The id of the endpoint that answers."""

    local_model: str | None = None
    """Path of the GGUF model the local engine runs."""

    local_projector: str | None = None
    """Path of the vision part that belongs to `local_model`."""

    theme: str = "system"
    """system, light or dark."""


def load(home: Path) -> Settings:
    """The saved settings; the defaults where there are none or they cannot be read.

    A file that cannot be read is kept beside as settings.json.unreadable.
    """
    path = home / FILE_NAME
    try:
        return Settings.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Settings()
    except (OSError, ValidationError) as error:
        log.warning("settings not read: %s", error)
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".json.unreadable"))
        return Settings()


def save(home: Path, settings: Settings) -> None:
    """Write all settings so that a crash leaves the old file or the new one. Raises OSError."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / FILE_NAME
    temporary = path.with_suffix(".json.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(settings.model_dump_json(indent=2))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
