"""Where things are: the program's own files and the user's data."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def resource(*parts: str) -> Path:
    """A file below resources/: beside `app` in a checkout, in a wheel and in a frozen bundle."""
    return ROOT.joinpath("resources", *parts)


def data_home() -> Path:
    """The folder of the user's library: $FOVEA_HOME, else the platform's data folder."""
    chosen = os.environ.get("FOVEA_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("fovea", appauthor=False))


def make_home(home: Path) -> None:
    """Create the data folder, for its owner only, where it is missing. Raises OSError.

    Folders above it are created only where the platform chose the place. One that the user
    chose with FOVEA_HOME may lie on a disk that is not connected now: an empty library in its
    place would look as if everything was lost.
    """
    chosen = bool(os.environ.get("FOVEA_HOME"))
    home.mkdir(mode=0o700, parents=not chosen, exist_ok=True)
