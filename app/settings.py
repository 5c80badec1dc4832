"""What the user chose, in one JSON file that is replaced as a whole."""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
from pathlib import Path
from typing import Any

from app import durable_files
from app.domain.model import Capability, EndpointConfig
from app.domain.record import Record
from app.domain.request import Parameters
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

    endpoints: tuple[EndpointConfig, ...] = ()
    """The user's own endpoints; one with the id of a built-in endpoint replaces it."""

    shown: tuple[str, ...] = ("quick-look", "local", "nugen", "nvidia")
    """The ids of the endpoints to choose from in the window."""

    models: dict[str, str] = {}
    """The model chosen last, by endpoint id."""

    typed_models: dict[str, tuple[str, ...]] = {}
    """The models that the user typed, by endpoint id."""

    vision: dict[str, Capability] = {}
    """What a test or the user said of a model's eyes, by "ENDPOINT_ID MODEL"."""

    parameters: dict[str, Parameters] = {}
    """What is asked of models besides the question, by endpoint id."""

    sessions: tuple[str, ...] = ()
    """The ids of the endpoints that are asked to keep conversations."""

    detail: dict[str, str] = {}
    """How large pictures go, by endpoint id: the values of `app.domain.request.Detail`."""

    system: str = ""
    """What is said before each conversation."""

    pictures_folder: str = ""
    """Whose newest pictures are shown; empty for the system's own folder of pictures."""

    prepared_bytes: int = 2_000_000_000
    """How much of the disk the pictures may take that are kept as they were sent."""


def load(home: Path) -> Settings:
    """The saved settings; the default for each that is missing or cannot be read.

    Of a list or table only the entries that cannot be read are left out. The file with what
    cannot be read is kept beside as settings.json.unreadable.
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
    values, unread = _readable(stored)
    if unread:
        log.warning("settings not read: %s", ", ".join(sorted(unread)))
        _keep_aside(path)
    return Settings.from_plain(values)


def save(home: Path, settings: Settings) -> None:
    """Write all settings so that a crash leaves the old file or the new one. Raises OSError."""
    make_home(home)
    durable_files.replace(home / FILE_NAME, json.dumps(settings.to_plain(), indent=2).encode())


def _readable(stored: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What of `stored` can be read, and the names of what cannot or only in part."""
    values: dict[str, Any] = {}
    unread: list[str] = []
    for name, value in stored.items():
        if _fits(name, value):
            values[name] = value
            continue
        unread.append(name)
        if isinstance(value, dict):
            kept: Any = {key: entry for key, entry in value.items() if _fits(name, {key: entry})}
        elif isinstance(value, list):
            kept = [entry for entry in value if _fits(name, [entry])]
        else:
            continue
        if kept:
            values[name] = kept
    return values, unread


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
