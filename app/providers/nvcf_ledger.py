"""Which uploads are not deleted yet, kept on disk so that a crash leaves none behind unnoticed."""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app import durable_files
from app.domain.record import Record
from app.paths import make_home

log = logging.getLogger(__name__)

FORGOTTEN_S = 24 * 3600.0
"""After so many seconds the service has deleted an asset by itself (its documentation)."""

ALIVE_S = 3600.0
"""Where nobody can ask whether a process still runs, it is taken to for so long."""


class UndeletedAsset(Record, frozen=True):
    """An upload at `origin` that process `pid` made at `created`, in seconds since the epoch.

    `request` is the id of a request that is answered later and may still need it.
    """

    id: str
    origin: str
    created: float
    pid: int
    request: str = ""

    @property
    def orphaned(self) -> bool:
        """Whether the process that made it has ended."""
        if os.name != "posix":
            return time.time() > self.created + ALIVE_S
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except (PermissionError, OverflowError):
            pass
        return False


class AssetLedger:
    """A file for each upload, in the folder `uploads` of the user's data."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / "uploads"

    def note(self, asset: UndeletedAsset) -> None:
        """Write it down before its bytes go up.

        Where that is impossible the upload goes on: the service forgets it after a day.
        """
        try:
            make_home(self._home)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            durable_files.replace(self._path(asset.id), msgspec.json.encode(asset))
        except OSError as error:
            log.warning("an upload could not be noted in %s: %s", self._folder, error.strerror)

    def strike(self, asset_id: str) -> None:
        """It is deleted."""
        try:
            self._path(asset_id).unlink(missing_ok=True)
        except OSError as error:
            log.info("the note of an upload could not be removed: %s", error.strerror)

    def assets(self) -> list[UndeletedAsset]:
        """What is not deleted yet. What is too old or cannot be read is struck."""
        return list(self._read())

    def _read(self) -> Iterator[UndeletedAsset]:
        try:
            paths = sorted(self._folder.glob("*.json"))
        except OSError:
            return
        for path in paths:
            try:
                asset = msgspec.json.decode(path.read_bytes(), type=UndeletedAsset)
            except OSError:
                continue
            except (ValueError, RecursionError):
                self.strike(path.stem)
                continue
            if is_asset_id(asset.id) and time.time() < asset.created + FORGOTTEN_S:
                yield asset
            else:
                self.strike(path.stem)

    def _path(self, asset_id: str) -> Path:
        return self._folder / f"{asset_id}.json"


def is_asset_id(text: str) -> bool:
    """Whether it is a UUID as the service writes them; it goes into headers, addresses and file names."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
