"""Where the program's own log lines go. They hold no question, no answer and no key."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MAX_BYTES = 1_000_000


def to_file(home: Path) -> None:
    """Log to logs/fovea.log in the data folder, one megabyte and one older file.

    Without a writable folder nothing is logged; the window tells the user about that elsewhere.
    """
    folder = home / "logs"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "fovea.log", maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8"
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter(FORMAT))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


def to_stderr(verbose: bool) -> None:
    """Log to stderr: warnings, or everything of level INFO when `verbose`."""
    logging.basicConfig(format=FORMAT, level=logging.INFO if verbose else logging.ERROR)
