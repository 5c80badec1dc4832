"""What Fovea needs to work, examined without changing anything."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from app import __version__
from app.credentials import Credentials
from app.domain.errors import StoreFailed
from app.keyring_thread import KeyringRefused
from app.local.quick_look.describer import REQUIRED
from app.paths import resource
from app.store.opening import library_is_there
from app.store.schema import shipped_migrations

ENOUGH_BYTES = 200_000_000
KEYRING_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it works, and a line about it."""

    name: str
    ok: bool
    detail: str


async def examine(home: Path) -> tuple[Finding, ...]:
    """Look at the program, the data folder and what the two local endpoints need."""
    return (
        Finding("Fovea", True, f"{__version__} on Python {platform.python_version()}"),
        _data_folder(home),
        _space(home),
        await asyncio.to_thread(_library, home),
        _packages("Quick look", *REQUIRED),
        _file("its labels", resource("models", "efficientnet-lite0.onnx")),
        _packages("Local engine", "xllamacpp"),
        await _keyring(),
    )


def _data_folder(home: Path) -> Finding:
    existing = _existing(home)
    if existing not in (home, home.parent) and os.environ.get("FOVEA_HOME"):
        return Finding("Data folder", False, f"the folder {home.parent} of FOVEA_HOME does not exist")
    if not existing.is_dir():
        return Finding("Data folder", False, f"{existing} is not a folder")
    writable = os.access(existing, os.R_OK | os.W_OK | os.X_OK)
    return Finding("Data folder", writable, str(home) if writable else f"{existing} is not writable")


def _space(home: Path) -> Finding:
    free = shutil.disk_usage(_existing(home)).free
    return Finding("Free space", free >= ENOUGH_BYTES, f"{free / 1e9:.1f} GB")


def _library(home: Path) -> Finding:
    try:
        there = library_is_there(home, shipped_migrations())
    except StoreFailed as error:
        return Finding("Library", False, error.sentence)
    return Finding("Library", True, "ready" if there else "none yet")


async def _keyring() -> Finding:
    """Which keyring there is; that none is needed for a session does not make it a fault."""
    credentials = Credentials(patience_s=KEYRING_S)
    try:
        return Finding("Keyring", True, await credentials.keyring_name())
    except KeyringRefused as refused:
        detail = f"none: {refused}, so keys are kept for the session only"
        return Finding("Keyring", refused.absent, detail if refused.absent else str(refused))
    finally:
        await credentials.aclose()


def _existing(folder: Path) -> Path:
    return next(p for p in (folder, *folder.parents) if p.exists())


def _packages(name: str, *modules: str) -> Finding:
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        needed = ", ".join(missing)
        return Finding(name, False, f"{needed} not installed: pip install 'fovea[local]'")
    return Finding(name, True, "ready")


def _file(name: str, path: Path) -> Finding:
    return Finding(name, path.is_file(), str(path))
